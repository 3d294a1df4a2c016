//! Why a component was not loaded.

use std::path::PathBuf;

use airssys_wasm_policy::{ComponentId, ComponentName, ManifestErrors};

use crate::contract;
use crate::fault::Fault;
use crate::names::{Bounded, MAX_NAME_BYTES};
use crate::unknown_imports::{UPDATE, UnknownImports};

/// Why a component was not loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file could not be read.
    #[error("failed to read the file")]
    Read(#[source] std::io::Error),
    /// The path leads to a folder.
    #[error("it is a folder, not a file")]
    Folder,
    /// The file has more than [`MAX_COMPONENT_BYTES`](crate::limits::MAX_COMPONENT_BYTES).
    #[error("it is larger than the {} bytes that a component may have", contract::MAX_COMPONENT_BYTES)]
    TooLarge,
    /// There is nothing in the file.
    #[error("the file is empty")]
    Empty,
    /// The bytes are something else.
    #[error("it is not WebAssembly, it looks like {looks_like}")]
    NotWebAssembly {
        /// What they are taken for, e.g. "a gzip archive".
        looks_like: &'static str,
    },
    /// It begins like a component, and ends in the middle of something.
    #[error("it is cut off: the file ends too early, after {size} bytes")]
    Truncated {
        /// How much of it there is, in bytes.
        size: usize,
    },
    /// A core module is not a component; `wasm-tools component new` and the build command make one of the other.
    #[error("it is a core WebAssembly module, not a component")]
    CoreModule,
    /// It begins like a component but is not a valid one, or it is larger than the engine's pool allows.
    #[error("it is not a component that this host can run")]
    Invalid(#[source] wasmtime::Error),
    /// There is no `airssys:manifest` section in it.
    #[error("it carries no Component.toml (custom section `{}`)", contract::MANIFEST_SECTION)]
    NoManifest,
    /// What it carries as Component.toml is not text.
    #[error("its Component.toml is not UTF-8 (byte {at} of the custom section `{}`)", contract::MANIFEST_SECTION)]
    ManifestNotText {
        /// Where the first byte is that does not belong to a character.
        at: usize,
    },
    /// It carries more than one Component.toml, and every reader could take another.
    #[error("it carries {count} Component.toml (custom sections `{}`)", contract::MANIFEST_SECTION)]
    SeveralManifests {
        /// How many.
        count: usize,
    },
    /// The Component.toml in it is wrong.
    #[error("its Component.toml is wrong")]
    Manifest(#[source] ManifestErrors),
    /// It imports what this host does not have.
    #[error("it imports what this host does not have:{0}")]
    UnknownImports(UnknownImports),
    /// It imports a known interface with other types.
    #[error("an import does not have the type this host offers")]
    IncompatibleImport(#[source] wasmtime::Error),
    /// It was built for a later version of the contract, and uses something new in it.
    #[error("it was built for {asked}, this host has version {} of the contract", contract::CONTRACT_VERSION)]
    NewerContract {
        /// The package and version that it imports from.
        asked: String,
        /// What does not fit.
        #[source]
        source: wasmtime::Error,
    },
    /// It was built for a version of the contract that is not compatible with this host's.
    #[error("it exports {}, this host calls version {} of it", exports.escape_debug(), contract::CONTRACT_VERSION)]
    OtherContract {
        /// Its lifecycle, by the whole name.
        exports: String,
    },
    /// It lacks the lifecycle, so it is not a component of this framework.
    #[error("it does not export {}@{}, {}", contract::LIFECYCLE, contract::CONTRACT_VERSION, exported(exports, *more))]
    NoLifecycle {
        /// What it exports instead, as far as a message has room for it.
        exports: Vec<String>,
        /// How many more exports there are.
        more: usize,
    },
    /// It has the lifecycle with other types.
    #[error("its {} is not of the types of version {}", contract::LIFECYCLE, contract::CONTRACT_VERSION)]
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
    #[error(
        "its metadata says {}, its Component.toml says {manifest}",
        Bounded::of(metadata.escape_debug(), MAX_NAME_BYTES)
    )]
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
    /// It is not the component that the embedder expects: [`Start::expect_name`](crate::Start::expect_name).
    #[error("it is {found}, not {expected}")]
    UnexpectedName {
        /// What its Component.toml calls it.
        found: ComponentName,
        /// What it should be called.
        expected: ComponentName,
    },
    /// More components wait to be compiled than the host lets wait.
    #[error("{waiting} components wait to be compiled already")]
    TooManyCompilations {
        /// How many wait.
        waiting: usize,
    },
    /// A component could write to a folder from which the host runs code:
    /// [`RuntimeConfig::protected_folders`](crate::RuntimeConfig).
    #[error("its mount {guest:?} would let it write to the folder {}, from which the host runs code", folder.display())]
    ProtectedFolder {
        /// Where it would be mounted.
        guest: String,
        /// What lies in the mount, or in what the mount lies.
        folder: PathBuf,
    },
    /// A folder to mount cannot be used.
    #[error("its mounts cannot be used")]
    Mounts(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Text of an error of the engine. It quotes names of the file.
const MAX_ENGINE_TEXT_BYTES: usize = 4 << 10;

impl LoadError {
    /// A file that the engine does not take.
    pub(crate) fn invalid(error: wasmtime::Error) -> Self {
        Self::Invalid(cut(error))
    }

    /// Whose fault this is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Read(_)
            | Self::Folder
            | Self::TooLarge
            | Self::Empty
            | Self::NotWebAssembly { .. }
            | Self::Truncated { .. }
            | Self::CoreModule
            | Self::DuplicateId(_)
            | Self::OtherRuntime(_)
            | Self::ProtectedFolder { .. }
            | Self::Mounts(_) => Fault::Caller,
            Self::TooManyCompilations { .. } => Fault::Host,
            Self::Invalid(_)
            | Self::NoManifest
            | Self::ManifestNotText { .. }
            | Self::SeveralManifests { .. }
            | Self::Manifest(_)
            | Self::UnknownImports(_)
            | Self::IncompatibleImport(_)
            | Self::NewerContract { .. }
            | Self::OtherContract { .. }
            | Self::NoLifecycle { .. }
            | Self::WrongWorld(_)
            | Self::LimitTooHigh { .. }
            | Self::MetadataMismatch { .. }
            | Self::MetadataTooLarge { .. }
            | Self::UnexpectedName { .. } => Fault::Guest,
        }
    }

    /// A stable name of the case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read(_) => "unreadable",
            Self::Folder => "folder",
            Self::TooLarge => "component-too-large",
            Self::Empty => "empty-file",
            Self::NotWebAssembly { .. } => "not-webassembly",
            Self::Truncated { .. } => "truncated-component",
            Self::CoreModule => "core-module",
            Self::Invalid(_) => "invalid-component",
            Self::NoManifest => "no-manifest",
            Self::ManifestNotText { .. } | Self::Manifest(_) => "bad-manifest",
            Self::SeveralManifests { .. } => "several-manifests",
            Self::UnknownImports(_) => "unknown-imports",
            Self::IncompatibleImport(_) => "incompatible-import",
            Self::NewerContract { .. } => "newer-contract",
            Self::OtherContract { .. } => "other-contract",
            Self::NoLifecycle { .. } | Self::WrongWorld(_) => "wrong-world",
            Self::LimitTooHigh { .. } => "limit-too-high",
            Self::MetadataMismatch { .. } => "metadata-mismatch",
            Self::MetadataTooLarge { .. } => "metadata-too-large",
            Self::DuplicateId(_) => "duplicate-id",
            Self::OtherRuntime(_) => "other-runtime",
            Self::UnexpectedName { .. } => "unexpected-name",
            Self::TooManyCompilations { .. } => "too-many-compilations",
            Self::ProtectedFolder { .. } | Self::Mounts(_) => "bad-mounts",
        }
    }

    /// What to do about it, if that is known.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::Read(_) | Self::Folder | Self::NotWebAssembly { .. } => {
                "name a component: the .wasm file that `airssys-wasm build` made"
            }
            Self::TooLarge => "build it without debug information, and leave out what it does not use",
            Self::Empty | Self::Truncated { .. } => "copy or download the file again, or build it again",
            Self::CoreModule => {
                "make a component of it: `airssys-wasm build` does for a folder with a Component.toml, \
                 `wasm-tools component new` for a module that carries the type of its world"
            }
            Self::Invalid(_) => "build it again; `wasm-tools validate` says more about files that other tools made",
            Self::NoManifest => "build it with `airssys-wasm build`, which puts Component.toml into it",
            Self::ManifestNotText { .. } | Self::SeveralManifests { .. } | Self::Manifest(_) => {
                "correct Component.toml and build the component again with `airssys-wasm build`"
            }
            // Each import has its own.
            Self::UnknownImports(_) => return None,
            Self::IncompatibleImport(_) | Self::WrongWorld(_) => {
                "build it again with the SDK that belongs to this version of airssys-wasm"
            }
            Self::NewerContract { .. } | Self::OtherContract { .. } => {
                return Some(format!("{UPDATE}; this is {}", env!("CARGO_PKG_VERSION")));
            }
            Self::NoLifecycle { .. } => "build it with an SDK of airssys-wasm: `airssys-wasm build`",
            Self::LimitTooHigh { limit, .. } => {
                return Some(format!("lower {limit} in [limits] of its Component.toml, or raise what the host allows"));
            }
            Self::MetadataMismatch { .. } => {
                "give the same name and version in both; SDKs take them from Component.toml when the component is built"
            }
            Self::MetadataTooLarge { .. } => "shorten what its metadata says: description, authors, operations",
            Self::DuplicateId(_) => "load it under another id, or unload the other one first",
            Self::OtherRuntime(_) => "load it from its file here, too",
            Self::UnexpectedName { .. } => "load the file of the component that is meant",
            Self::TooManyCompilations { .. } => "load it again when the others have been compiled",
            Self::ProtectedFolder { .. } => {
                "mount another folder, mount this one read-only, or move that folder elsewhere"
            }
            Self::Mounts(_) => "mount folders of the host that exist, each at a guest path of its own",
        };
        Some(help.to_owned())
    }
}

/// The same error, unless its text is longer than anybody reads: then as much of that as is.
pub(crate) fn cut(error: wasmtime::Error) -> wasmtime::Error {
    let text = Bounded::of(format_args!("{error:#}"), MAX_ENGINE_TEXT_BYTES);
    if text.len() + char::MAX.len_utf8() <= MAX_ENGINE_TEXT_BYTES { error } else { wasmtime::Error::msg(text) }
}

/// What a component exports, for a message.
fn exported(exports: &[String], more: usize) -> String {
    if exports.is_empty() {
        return "and exports nothing at all".to_owned();
    }
    // They are a stranger's, and may hold what no terminal should get.
    let mut listed: Vec<String> = exports.iter().map(|name| name.escape_debug().to_string()).collect();
    if more > 0 {
        listed.push(format!("and {more} more"));
    }
    format!("it exports {}", listed.join(", "))
}
