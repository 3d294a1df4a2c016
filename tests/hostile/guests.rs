//! The hostile guest of each language, built from source when that has changed.

use std::path::PathBuf;
use std::sync::OnceLock;

use airssys_wasm_policy::Engine;
use airssys_wasm_tests::root;
use airssys_wasm_toolchain::{BuildRequest, Cache, Silent, build};

/// A language, and of JavaScript an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guest {
    Rust,
    Go,
    StarlingMonkey,
    QuickJs,
    Python,
    C,
}

use Guest::{C, Go, Python, QuickJs, Rust, StarlingMonkey};

impl Guest {
    /// All of them.
    pub const ALL: [Guest; 6] = [Rust, Go, StarlingMonkey, QuickJs, Python, C];

    /// How a person calls it.
    pub fn name(self) -> &'static str {
        match self {
            Rust => "Rust",
            Go => "Go",
            StarlingMonkey => "JavaScript (StarlingMonkey)",
            QuickJs => "JavaScript (QuickJS)",
            Python => "Python",
            C => "C",
        }
    }

    /// Where its source is.
    pub fn folder(self) -> PathBuf {
        let folder = match self {
            Rust => "rust",
            Go => "go",
            StarlingMonkey | QuickJs => "js",
            Python => "python",
            C => "c",
        };
        root().join("tests/components/hostile").join(folder)
    }

    /// Its component. The bytes, because the allocator of each thread that reads a file keeps as much in hand afterwards.
    pub fn component(self) -> Vec<u8> {
        static BUILT: [OnceLock<Vec<u8>>; 6] = [const { OnceLock::new() }; 6];
        let built = BUILT[self as usize].get_or_init(|| {
            let mut request = BuildRequest::new(self.folder().join("Component.toml"));
            if matches!(self, StarlingMonkey | QuickJs) {
                request.engine = Some(if self == QuickJs { Engine::Quickjs } else { Engine::Starlingmonkey });
            }
            let cache = Cache::open(None).expect("the toolchains have a cache");
            match build(&request, &cache, &Silent) {
                Ok(built) => std::fs::read(built.component).expect("what was built is readable"),
                Err(error) => panic!("the guest in {} cannot be built: {error}; {:?}", self.name(), error.help()),
            }
        });
        built.clone()
    }

    /// Linear memory that its runtime needs with room for an attack, in bytes.
    pub fn memory(self) -> u64 {
        let mebibytes = match self {
            Rust | Go | QuickJs | C => 32,
            StarlingMonkey | Python => 64,
        };
        mebibytes << 20
    }

    /// Whether it gets memory without writing to it, so that a large result costs the machine nothing.
    pub fn is_native(self) -> bool {
        matches!(self, Rust | Go | C)
    }
}
