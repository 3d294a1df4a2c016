//! The operations under test and their types, read from the WIT.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use wit_parser::{Function, FunctionKind, Handle, Resolve, Type, TypeDefKind, WorldItem};

/// The world that every driver targets: its exports are what the suite checks.
pub const DRIVER_WORLD: &str = "driver";

/// The interface whose functions the host calls by itself, in the order of a component's life.
pub const LIFECYCLE: &str = "core/component-lifecycle";

/// The parsed contract.
#[derive(Debug)]
pub struct Contract {
    /// The WIT.
    pub resolve: Resolve,
    operations: BTreeMap<String, Operation>,
}

/// One operation of the contract.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its name in reports and audit records, e.g. `ext-filesystem/files.file.read`.
    pub name: String,
    /// The exported interface, e.g. `airssys:ext-filesystem/files@1.0.0`.
    pub interface: String,
    /// The exported function, e.g. `[method]file.read`.
    pub function: String,
    /// Whether the first parameter is the resource that the method is called on.
    pub method: bool,
    /// Types of the parameters, without that of the resource.
    pub parameters: Vec<Type>,
    /// Type of the result.
    pub result: Option<Type>,
    /// The error cases that its documentation names, without the denial.
    pub errors: Vec<String>,
}

impl Contract {
    /// Reads the WIT folder.
    ///
    /// # Errors
    /// Fails when it does not parse or has no world [`DRIVER_WORLD`].
    pub fn read(wit: &Path) -> Result<Self> {
        let mut resolve = Resolve::default();
        let (package, _) = resolve.push_path(wit).with_context(|| format!("failed to parse {}", wit.display()))?;
        let world = resolve.select_world(&[package], Some(DRIVER_WORLD))?;
        let mut operations = BTreeMap::new();
        for item in resolve.worlds[world].exports.values() {
            let WorldItem::Interface { id, .. } = item else { continue };
            let interface = &resolve.interfaces[*id];
            let full = resolve.id_of(*id).context("an exported interface has no name")?;
            let short = short_name(&full)?;
            for function in interface.functions.values() {
                let operation = describe(function, &full, short);
                operations.insert(operation.name.clone(), operation);
            }
        }
        Ok(Self { resolve, operations })
    }

    /// Whether an argument of the type is a handle that the callee keeps.
    pub fn is_given_away(&self, ty: &Type) -> bool {
        matches!(ty, Type::Id(id) if matches!(self.resolve.types[*id].kind, TypeDefKind::Handle(Handle::Own(_))))
    }

    /// Every operation, sorted by name.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.values()
    }

    /// The operation of a full name, or of a short one without its package (`files.open`).
    ///
    /// # Errors
    /// Fails when there is none, with the nearest name.
    pub fn operation(&self, name: &str) -> Result<&Operation> {
        if let Some(operation) = self.operations.get(name) {
            return Ok(operation);
        }
        let short = |full: &str| full.split_once('/').map_or(full.to_owned(), |(_, short)| short.to_owned());
        if let Some(operation) = self.operations.values().find(|operation| short(&operation.name) == name) {
            return Ok(operation);
        }
        let known: Vec<String> = self.operations.keys().map(|full| short(full)).collect();
        match airssys_wasm_policy::suggest(name, known.iter().map(String::as_str)) {
            Some(near) => bail!("the contract has no operation {name}; did you mean {near}?"),
            None => bail!("the contract has no operation {name}"),
        }
    }
}

/// `airssys:ext-filesystem/files@1.0.0` is `ext-filesystem/files`.
fn short_name(interface: &str) -> Result<&str> {
    let (_, rest) = interface.split_once(':').with_context(|| format!("{interface} has no namespace"))?;
    Ok(rest.split_once('@').map_or(rest, |(name, _)| name))
}

/// The names before the colon of each item below `Errors:`, as in "- `timeout`, `io`: as described in `network-error`.".
fn documented_errors(docs: &str) -> Vec<String> {
    let Some((_, list)) = docs.split_once("Errors:") else { return Vec::new() };
    let mut errors = Vec::new();
    for item in list.split("\n- ").skip(1) {
        let names = item.split_once("`:").map_or("", |(names, _)| names);
        let names = names.split(',').map(|name| name.trim().trim_matches('`'));
        errors.extend(names.filter(|name| *name != "permission-denied" && !name.is_empty()).map(str::to_owned));
    }
    errors
}

fn describe(function: &Function, interface: &str, short: &str) -> Operation {
    let method = matches!(function.kind, FunctionKind::Method(_));
    Operation {
        name: format!("{short}.{}", function.name.rsplit(']').next().unwrap_or(&function.name)),
        interface: interface.to_owned(),
        function: function.name.clone(),
        method,
        parameters: function.params.iter().skip(usize::from(method)).map(|parameter| parameter.ty).collect(),
        result: function.result,
        errors: documented_errors(function.docs.contents.as_deref().unwrap_or_default()),
    }
}
