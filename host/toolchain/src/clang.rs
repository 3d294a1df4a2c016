//! The C compilers that can make WebAssembly, and the flags each wants.
//!
//! In this order: a wasi-sdk named by WASI_SDK_PATH, clang with wasi-libc from the system's packages, and zig, which is
//! a clang with everything in one package.

use std::env;
use std::path::{Path, PathBuf};

use crate::pins::Pins;
use crate::progress::Silent;
use crate::tool::{self, Tool};
use crate::{causes, environment};

/// The stack of a guest, in bytes. It lies below the data, so that running over its end traps instead of
/// overwriting data.
const STACK_BYTES: u32 = 256 * 1024;

/// Which compiler it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A wasi-sdk, with its own libraries.
    WasiSdk,
    /// The system's clang, with the system's wasi-libc.
    System,
    /// zig, as clang.
    Zig,
}

/// A C compiler for WebAssembly.
#[derive(Debug, Clone)]
pub(crate) struct Clang {
    pub(crate) kind: Kind,
    pub(crate) program: PathBuf,
    pub(crate) version: String,
    /// Where a wasi-sdk has its libraries, and where zig keeps what it compiled.
    folder: PathBuf,
}

/// The compilers the user brings: a wasi-sdk, or clang with lld and wasi-libc.
pub(crate) fn users_own() -> Option<Clang> {
    wasi_sdk().or_else(system)
}

/// The wasi-sdk that WASI_SDK_PATH names, if there is one.
pub(crate) fn wasi_sdk() -> Option<Clang> {
    let folder = PathBuf::from(env::var_os("WASI_SDK_PATH").filter(|path| !path.is_empty())?);
    let program = folder.join("bin").join(format!("clang{}", env::consts::EXE_SUFFIX));
    let version = version(&program)?;
    Some(Clang { kind: Kind::WasiSdk, program, version, folder: folder.join("share/wasi-sysroot") })
}

/// What Debian and its like call the folders of wasi-libc.
const SYSTEM_INCLUDE: &str = "/usr/include/wasm32-wasi";
const SYSTEM_LIB: &str = "/usr/lib/wasm32-wasi";

fn system() -> Option<Clang> {
    if !Path::new(SYSTEM_INCLUDE).is_dir() || !Path::new(SYSTEM_LIB).is_dir() {
        return None;
    }
    let plain = [("clang".to_owned(), "wasm-ld".to_owned())];
    let numbered = (14..=30).rev().map(|number| (format!("clang-{number}"), format!("wasm-ld-{number}")));
    plain.into_iter().chain(numbered).find_map(|(clang, linker)| {
        let program = tool::find(&clang)?;
        tool::find(&linker)?;
        let version = version(&program)?;
        tool::at_least(&version, &Pins::get().minimum.clang).then(|| Clang {
            kind: Kind::System,
            program,
            version,
            folder: PathBuf::new(),
        })
    })
}

fn version(program: &Path) -> Option<String> {
    Tool::new("clang", program).arg("--version").run(&Silent).ok().and_then(|text| tool::version_in(&text))
}

impl Clang {
    /// zig in the role of clang; it keeps the libraries it compiles for itself in `cache`.
    pub(crate) fn zig(program: PathBuf, cache: PathBuf) -> Clang {
        let version = Pins::get().pypi["ziglang"].version.clone();
        Clang { kind: Kind::Zig, program, version, folder: cache }
    }

    /// A run that compiles C, or C++, for WebAssembly. Folders called `scratch` may be used for its own needs.
    pub(crate) fn compile(&self, cpp: bool, debug: bool, scratch: &Path) -> Tool {
        let tool = match self.kind {
            Kind::Zig => Tool::new("zig", &self.program)
                .arg(if cpp { "c++" } else { "cc" })
                // zig's clang adds checks that abort by themselves, which a release build does not want.
                .args(["-target", "wasm32-wasi", "-fno-sanitize=undefined"]),
            Kind::WasiSdk => Tool::new("clang", self.driver(cpp))
                .arg("--target=wasm32-wasi")
                .arg(format!("--sysroot={}", self.folder.display())),
            Kind::System => Tool::new("clang", self.driver(cpp))
                .arg("--target=wasm32-wasi")
                .arg(format!("--sysroot={}", scratch.join("sysroot").display())),
        };
        let standard = if cpp { "-std=c++17" } else { "-std=c11" };
        let optimisation = if debug { "-O0" } else { "-Os" };
        // zig takes assertions out of what it optimises, which the others do not.
        let tool = tool.args([standard, optimisation, "-UNDEBUG", "-mexec-model=reactor"]);
        let tool = if cpp { tool.args(["-fno-exceptions", "-fno-rtti"]) } else { tool };
        let tool = tool.unseen(environment::C).ear(causes::C);
        self.environment(tool)
    }

    /// A run that links a reactor module.
    pub(crate) fn link(&self, cpp: bool, debug: bool, scratch: &Path) -> Tool {
        let tool = self.compile(cpp, debug, scratch).arg(format!("-Wl,-z,stack-size={STACK_BYTES}"));
        // Otherwise some strip what they link, names included.
        let tool = tool.arg("-g");
        match self.kind {
            // zig always puts the stack first, and does not know the flag.
            Kind::Zig => tool,
            Kind::WasiSdk | Kind::System => tool.arg("-Wl,--stack-first"),
        }
    }

    fn driver(&self, cpp: bool) -> PathBuf {
        match (cpp, self.program.file_name()) {
            (true, Some(name)) => self.program.with_file_name(name.to_string_lossy().replacen("clang", "clang++", 1)),
            _ => self.program.clone(),
        }
    }

    fn environment(&self, tool: Tool) -> Tool {
        match self.kind {
            Kind::Zig => tool
                .env("ZIG_GLOBAL_CACHE_DIR", self.folder.join("global"))
                .env("ZIG_LOCAL_CACHE_DIR", self.folder.join("local")),
            Kind::WasiSdk | Kind::System => tool,
        }
    }

    /// Makes the folders that a compile run expects in `scratch`.
    pub(crate) fn prepare(&self, scratch: &Path) -> std::io::Result<()> {
        if self.kind == Kind::System {
            // A sysroot of our own: with the system's root as sysroot the host's headers would leak in.
            let sysroot = scratch.join("sysroot");
            std::fs::create_dir_all(&sysroot)?;
            link_folder(Path::new(SYSTEM_INCLUDE), &sysroot.join("include"))?;
            link_folder(Path::new(SYSTEM_LIB), &sysroot.join("lib"))?;
        }
        Ok(())
    }
}

#[cfg(unix)]
fn link_folder(folder: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(folder, link)
}

#[cfg(not(unix))]
fn link_folder(_: &Path, _: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}
