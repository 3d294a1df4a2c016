//! Why a component was not loaded.

use std::fmt;

use airssys_wasm_policy::{ComponentId, ManifestErrors};

use crate::error::Fault;

/// Why a component was not loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file could not be read.
    #[error("failed to read the file")]
    Read(#[source] std::io::Error),
    /// The bytes are something else.
    #[error("it is not WebAssembly")]
    NotWebAssembly,
    /// A core module is not a component; `wasm-tools component new` and the build command make one of the other.
    #[error("it is a core WebAssembly module, not a component")]
    CoreModule,
    /// It begins like a component but is not a valid one, or it is larger than the engine's pool allows.
    #[error("it is not a component that this host can run")]
    Invalid(#[source] wasmtime::Error),
    /// There is no `airssys:manifest` section in it.
    #[error("it carries no Component.toml (custom section `{}`)", crate::load::MANIFEST_SECTION)]
    NoManifest,
    /// The Component.toml in it is wrong.
    #[error("its Component.toml is wrong")]
    Manifest(#[source] ManifestErrors),
    /// It imports what this host does not have.
    #[error("it imports what this host does not have: {}", UnknownImport::join(.0))]
    UnknownImports(Vec<UnknownImport>),
    /// It imports a known interface with other types.
    #[error("an import does not have the type this host offers")]
    IncompatibleImport(#[source] wasmtime::Error),
    /// It lacks the lifecycle, or has it with other types.
    #[error("it does not export airssys:core/component-lifecycle@1.0.0")]
    WrongWorld(#[source] wasmtime::Error),
    /// Its limits are above what this host allows.
    #[error("{limit} = {asked} is above the {allowed} that this host allows")]
    LimitTooHigh {
        /// The key of Component.toml.
        limit: &'static str,
        /// What it says there.
        asked: u64,
        /// What is allowed.
        allowed: u64,
    },
    /// What it says of itself is not what Component.toml says.
    #[error("its metadata says {metadata}, its Component.toml says {manifest}")]
    MetadataMismatch {
        /// The id that the guest's `metadata` gave.
        metadata: String,
        /// The id of Component.toml.
        manifest: ComponentId,
    },
    /// What it says of itself is too long.
    #[error("its metadata has {size} bytes, more than {limit}")]
    MetadataTooLarge {
        /// What there is, in bytes.
        size: usize,
        /// What there may be, in bytes.
        limit: usize,
    },
    /// A component of this id is running already.
    #[error("component {0} is loaded already")]
    DuplicateId(ComponentId),
    /// A further instance was asked for of a component that another runtime has loaded.
    #[error("component {0} was loaded by another runtime")]
    OtherRuntime(ComponentId),
    /// A folder to mount cannot be used.
    #[error("its mounts cannot be used")]
    Mounts(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl LoadError {
    /// Whose fault this is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Read(_)
            | Self::NotWebAssembly
            | Self::CoreModule
            | Self::DuplicateId(_)
            | Self::OtherRuntime(_)
            | Self::Mounts(_) => Fault::Caller,
            Self::Invalid(_)
            | Self::NoManifest
            | Self::Manifest(_)
            | Self::UnknownImports(_)
            | Self::IncompatibleImport(_)
            | Self::WrongWorld(_)
            | Self::LimitTooHigh { .. }
            | Self::MetadataMismatch { .. }
            | Self::MetadataTooLarge { .. } => Fault::Guest,
        }
    }

    /// A stable name of the case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read(_) => "unreadable",
            Self::NotWebAssembly => "not-webassembly",
            Self::CoreModule => "core-module",
            Self::Invalid(_) => "invalid-component",
            Self::NoManifest => "no-manifest",
            Self::Manifest(_) => "bad-manifest",
            Self::UnknownImports(_) => "unknown-imports",
            Self::IncompatibleImport(_) => "incompatible-import",
            Self::WrongWorld(_) => "wrong-world",
            Self::LimitTooHigh { .. } => "limit-too-high",
            Self::MetadataMismatch { .. } => "metadata-mismatch",
            Self::MetadataTooLarge { .. } => "metadata-too-large",
            Self::DuplicateId(_) => "duplicate-id",
            Self::OtherRuntime(_) => "other-runtime",
            Self::Mounts(_) => "bad-mounts",
        }
    }
}

/// An import that the host does not offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownImport {
    /// Its name, e.g. `wasi:http/types@0.2.0`.
    pub name: String,
    /// The interface of this host that looks most like it.
    pub nearest: Option<String>,
}

impl UnknownImport {
    fn join(imports: &[Self]) -> String {
        imports.iter().map(Self::to_string).collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for UnknownImport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(nearest) = &self.nearest {
            write!(f, " (nearest known: {nearest})")?;
        }
        Ok(())
    }
}
