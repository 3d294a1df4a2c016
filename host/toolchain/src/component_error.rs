//! Why something is not a component, or not one of its world.

use crate::contract::UnknownWorld;

/// A module or component that is not as it should be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ComponentError {
    /// There is no such world.
    #[error(transparent)]
    UnknownWorld(#[from] UnknownWorld),
    /// It is not WebAssembly, or not valid.
    #[error("not a valid component: {0}")]
    Invalid(String),
    /// It cannot be made a component.
    #[error("failed to make a component of the module: {0}")]
    Encode(String),
    /// It imports what its world does not have.
    #[error("the component imports {}, which world {world} does not have", .imports.join(", "))]
    Imports {
        /// The world.
        world: String,
        /// The interfaces, by their whole names.
        imports: Vec<String>,
    },
    /// It does not export what its world demands.
    #[error("the component does not export {}, which world {world} demands", .exports.join(", "))]
    Exports {
        /// The world.
        world: String,
        /// The interfaces, by their whole names.
        exports: Vec<String>,
    },
    /// An interface is of another type than in its world.
    #[error("the component does not fit world {world}: {problem}")]
    Type {
        /// The world.
        world: String,
        /// Where they differ.
        problem: String,
    },
}

impl ComponentError {
    /// What to do about it, if that is known.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            ComponentError::Imports { imports, .. } => {
                return missing_permission(imports).or_else(|| undeclared(imports));
            }
            ComponentError::Type { .. } => "its SDK was made for another version of the contract",
            ComponentError::Invalid(_) => "build it again; `wasm-tools validate` says more about files of other tools",
            _ => return None,
        };
        Some(help.to_owned())
    }

    /// A stable name of the case.
    pub fn code(&self) -> &'static str {
        match self {
            ComponentError::UnknownWorld(_) => "unknown-world",
            ComponentError::Invalid(_) => "invalid-component",
            ComponentError::Encode(_) => "encode-failed",
            ComponentError::Imports { .. } => "unexpected-imports",
            ComponentError::Exports { .. } => "missing-exports",
            ComponentError::Type { .. } => "wrong-types",
        }
    }
}

/// The line of Component.toml that brings the first of these interfaces, if they are of an extension of the contract.
fn missing_permission(imports: &[String]) -> Option<String> {
    imports.iter().find_map(|import| {
        let (extension, rest) = import.strip_prefix("airssys:ext-")?.split_once('/')?;
        let interface = rest.split('@').next().unwrap_or(rest);
        let example = match extension {
            "filesystem" => r#"filesystem = [{ action = "read", path = "/data/**" }]"#,
            "network" => r#"network = [{ action = "outbound", host = "example.com", port = 443 }]"#,
            "process" => r#"process = [{ action = "spawn", program = "/usr/bin/git" }]"#,
            _ => return None,
        };
        Some(format!(
            "{interface} comes with permissions for {extension}: write what the component needs into [permissions] of \
             Component.toml, as in {example}"
        ))
    })
}

/// The line of Component.toml that allows the first of these interfaces, if they are of a host's own.
fn undeclared(imports: &[String]) -> Option<String> {
    let import = imports.iter().find(|import| !import.starts_with("airssys:") && !import.starts_with("wasi:"))?;
    let (package, _) = import.split_once('/')?;
    let folder = package.replace(':', "-");
    Some(format!(
        "if the host provides it, write \"{import}\" = {{ wit = \"wit/{folder}\" }} into [imports] of Component.toml, with \
         the folder of its WIT"
    ))
}
