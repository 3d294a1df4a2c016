//! What an embedder says of the permissions for its interfaces, and whether permissions fit that.

use std::collections::HashSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{FieldKind, InterfacePermission, MAX_FIELDS, PackageName, check_action, check_field, too_many_fields};
use crate::{InvalidValue, Permissions, suggest};

/// What an embedder's package is asked with: actions, and for each the fields that a permission has to have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct InterfaceDescription {
    /// The package, as in `acme:database`.
    pub package: PackageName,
    /// What can be done.
    pub actions: Vec<ActionDescription>,
}

/// One action of an embedder's package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ActionDescription {
    /// What it is called: `query`.
    pub name: String,
    /// The fields that each permission for it has, at most eight.
    pub fields: Vec<FieldDescription>,
}

/// One field of an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FieldDescription {
    /// What it is called: `table`.
    pub name: String,
    /// What its values are.
    pub kind: FieldKind,
}

impl FieldDescription {
    /// A field whose values are names.
    pub fn name(name: impl Into<String>) -> FieldDescription {
        FieldDescription { name: name.into(), kind: FieldKind::Name }
    }

    /// A field whose values are absolute paths.
    pub fn path(name: impl Into<String>) -> FieldDescription {
        FieldDescription { name: name.into(), kind: FieldKind::Path }
    }

    /// A field whose values are hosts.
    pub fn host(name: impl Into<String>) -> FieldDescription {
        FieldDescription { name: name.into(), kind: FieldKind::Host }
    }
}

impl InterfaceDescription {
    /// A package with nothing to ask about yet.
    pub fn of(package: PackageName) -> InterfaceDescription {
        InterfaceDescription { package, actions: Vec::new() }
    }

    /// The same with one more action.
    pub fn action(
        mut self,
        name: impl Into<String>,
        fields: impl IntoIterator<Item = FieldDescription>,
    ) -> InterfaceDescription {
        self.actions.push(ActionDescription { name: name.into(), fields: fields.into_iter().collect() });
        self
    }

    /// Checks that permissions can be written for all of it: names are kebab-case, none is there twice, and no action has
    /// more than eight fields.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn validate(&self) -> Result<(), InvalidValue> {
        let twice = |kind: &str, name: &str| InvalidValue::new(format!("{kind} {name:?} is described twice"));
        let mut actions = HashSet::new();
        for action in &self.actions {
            check_action(&action.name)?;
            if !actions.insert(action.name.as_str()) {
                return Err(twice("action", &action.name));
            }
            if action.fields.len() > MAX_FIELDS {
                return Err(too_many_fields());
            }
            let mut fields = HashSet::new();
            for field in &action.fields {
                check_field(&field.name)?;
                if !fields.insert(field.name.as_str()) {
                    return Err(twice("field", &field.name));
                }
            }
        }
        Ok(())
    }
}

/// A permission for an interface that no such interface asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InterfaceProblem {
    /// Where it is in the permissions, as in `"acme:database"[0].table`.
    pub key: String,
    /// What is wrong, in lower case and without a full stop.
    pub problem: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl fmt::Display for InterfaceProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.problem)?;
        match &self.help {
            Some(help) => write!(f, " (help: {help})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for InterfaceProblem {}

impl Permissions {
    /// Checks the permissions for interfaces of an embedder's own, word for word, against what the embedder says of them.
    /// All that is wrong comes back, in the order of the packages.
    ///
    /// Reading permissions checks their form alone, because whoever builds or looks at a component does not know the
    /// embedder. A permission that does not fit allows nothing.
    pub fn check(&self, described: &[InterfaceDescription]) -> Vec<InterfaceProblem> {
        let mut problems = Vec::new();
        for (package, permissions) in &self.interfaces {
            let Some(description) = described.iter().find(|known| known.package == *package) else {
                let packages: Vec<&str> = described.iter().map(|known| known.package.as_str()).collect();
                problems.push(InterfaceProblem {
                    key: format!("\"{package}\""),
                    problem: "this host has no interface that asks for it".to_owned(),
                    help: near(package.as_str(), &packages),
                });
                continue;
            };
            for (index, permission) in permissions.iter().enumerate() {
                let key = format!("\"{package}\"[{index}]");
                permission.check(description, &mut |field, InvalidValue { problem, help }| {
                    problems.push(InterfaceProblem { key: format!("{key}.{field}"), problem, help });
                });
            }
        }
        problems
    }
}

impl InterfacePermission {
    fn check(&self, description: &InterfaceDescription, report: &mut dyn FnMut(&str, InvalidValue)) {
        let Some(action) = description.actions.iter().find(|action| action.name == self.action) else {
            let names: Vec<&str> = description.actions.iter().map(|action| action.name.as_str()).collect();
            let problem = format!("unknown action {:?}", self.action);
            return report("action", InvalidValue { problem, help: near(&self.action, &names) });
        };
        let names: Vec<&str> = action.fields.iter().map(|field| field.name.as_str()).collect();
        for name in self.fields.keys().filter(|name| !names.contains(&name.as_str())) {
            report(name, InvalidValue { problem: "unknown field".to_owned(), help: near(name, &names) });
        }
        for FieldDescription { name, kind } in &action.fields {
            let Some(pattern) = self.fields.get(name) else {
                let all = match kind {
                    FieldKind::Name | FieldKind::Host => "*",
                    FieldKind::Path => "/**",
                };
                report(name, InvalidValue::with_help("missing", format!("write {name} = \"{all}\" for every {kind}")));
                continue;
            };
            if let Err(invalid) = pattern.check(*kind) {
                report(name, invalid);
            }
        }
    }
}

/// The nearest of the known words, or all of them.
fn near(unknown: &str, known: &[&str]) -> Option<String> {
    match suggest(unknown, known.iter().copied()) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None if known.is_empty() => None,
        None => Some(format!("known here: {}", known.join(", "))),
    }
}
