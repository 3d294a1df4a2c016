//! How to read what each tool says: what is an error, what is only progress, and the causes that are known, each with what
//! helps against it. Where no cause is known, nothing is advised: what the tool says stands for itself.

use crate::pins::Pins;
use crate::talk::{Cause, Ear};

/// cargo and rustc.
pub(crate) const RUST: Ear = Ear {
    error: Some(|line| line.starts_with("error")),
    progress: Some(cargo_progress),
    causes: RUST_CAUSES,
    end: None,
};

/// The status lines of cargo: a verb that ends in the same column everywhere.
fn cargo_progress(line: &str) -> bool {
    const VERB_END: usize = 12;
    let is_verb = |verb: &str| verb.chars().all(|c| c.is_ascii_alphabetic()) && verb.starts_with(char::is_uppercase);
    line.get(..VERB_END).is_some_and(|verb| verb.starts_with(' ') && is_verb(verb.trim_start()))
        && line.get(VERB_END..=VERB_END) == Some(" ")
}

const RUST_CAUSES: &[Cause] = &[
    Cause {
        signs: &["target may not be installed"],
        help: |line| {
            let target = between(line, "the `", "`").unwrap_or(&Pins::get().rust.target);
            format!("run: rustup target add {target}")
        },
    },
    Cause { signs: &["unknown argument: -fuse-ld"], help: rust_linker },
    Cause { signs: &["rust-lld: error: unknown argument"], help: rust_linker },
    Cause { signs: &["error: linker `", "not found"], help: rust_linker },
    Cause { signs: &["unknown argument", "-fuse-ld"], help: rust_linker },
    Cause {
        signs: &["failed to resolve import `env::"],
        help: |line| {
            let function = between(line, "`env::", "`").unwrap_or("it");
            format!("no crate defines {function}: link the library that does")
        },
    },
    Cause {
        signs: &["failed to resolve import `__wbindgen"],
        help: |_| "a crate calls JavaScript: leave out the feature by which it does".to_owned(),
    },
    Cause {
        signs: &["could not execute process `", "rustc"],
        help: |_| {
            "cargo is told to run another program in place of rustc: look at rustc and rustc-wrapper in [build] of cargo's \
             configuration"
                .to_owned()
        },
    },
    Cause { signs: &["__getrandom_"], help: |_| RANDOMNESS.to_owned() },
    // getrandom and those who ask it.
    Cause { signs: &["wasm*-unknown-unknown targets are not supported by default"], help: |_| RANDOMNESS.to_owned() },
    Cause { signs: &["wasm32-unknown-unknown", "not supported by default"], help: |_| RANDOMNESS.to_owned() },
    Cause {
        signs: &["wasm target is unsupported by mio"],
        help: |_| {
            "tokio's features net, rt-multi-thread and full need an operating system: leave them out, and connect with the \
             SDK's tcp, or with std::net and wasi = true in [build]"
                .to_owned()
        },
    },
    Cause {
        signs: &["no library targets found in package"],
        help: |_| {
            "a component is a library: write src/lib.rs, and [lib] with crate-type = [\"cdylib\"] in Cargo.toml"
                .to_owned()
        },
    },
    Cause {
        signs: &["current package believes it's in a workspace when it's not"],
        help: |_| {
            "there is a Cargo.toml with [workspace] in a folder above: add this folder to its members, or write an empty \
             [workspace] into this Cargo.toml"
                .to_owned()
        },
    },
    Cause {
        signs: &["rustc ", " is not supported by the following package"],
        help: |_| {
            "update Rust with rustup, or take earlier versions of these packages with cargo update --precise".to_owned()
        },
    },
    Cause { signs: &["requires rustc ", " or newer"], help: |_| "update Rust with rustup".to_owned() },
    Cause {
        signs: &["cannot update the lock file", "--locked"],
        help: |_| "run cargo update --workspace where Cargo.lock is, and keep the result".to_owned(),
    },
    Cause {
        signs: &["failed to parse lock file"],
        help: |_| {
            "Cargo.lock is damaged or of a later cargo: mend it, or remove it and let cargo write it anew".to_owned()
        },
    },
    Cause {
        signs: &["only accepted on the nightly compiler"],
        help: |_| {
            "a flag that starts with -Z is set in cargo's configuration or in the environment: leave it out".to_owned()
        },
    },
    Cause {
        signs: &["no matching package named"],
        help: |_| {
            "there is no crate of that name where its dependency says: look at its spelling, path or registry"
                .to_owned()
        },
    },
    Cause { signs: &["Could not resolve host"], help: rust_network },
    Cause { signs: &["Could not connect to server"], help: rust_network },
    Cause { signs: &["Couldn't connect to server"], help: rust_network },
    Cause { signs: &["network failure seems to have happened"], help: rust_network },
    Cause { signs: &["failed to download from `"], help: rust_network },
    Cause { signs: &["--offline was specified"], help: rust_network },
    Cause { signs: &["(you may try without --offline)"], help: rust_network },
    Cause {
        signs: &["failed to run custom build command for `"],
        help: |line| {
            let package = between(line, "`", "`").unwrap_or("that crate");
            format!(
                "{package} has a build script that does not work for WebAssembly: many bind a library in C; look for a feature of \
                 the crate that does without"
            )
        },
    },
];

/// What helps a crate that wants random numbers where nobody gives any.
const RANDOMNESS: &str = "random numbers come from the host with wasi = true in [build] of Component.toml";

fn rust_linker(_: &str) -> String {
    let target = &Pins::get().rust.target;
    let variable = format!("CARGO_TARGET_{}", target.to_uppercase().replace('-', "_"));
    format!(
        "a guest is linked by rust-lld: take the other linker out of [target.{target}] (linker, rustflags) in cargo's \
         configuration, out of {variable}_LINKER and {variable}_RUSTFLAGS, and out of what build scripts ask for"
    )
}

fn rust_network(_: &str) -> String {
    "the crates come from the network, once: connect, or name a mirror in [source] of cargo's configuration".to_owned()
}

/// go.
pub(crate) const GO: Ear = Ear {
    error: None,
    progress: Some(|line| line.starts_with("go: downloading ") || line.starts_with("go: extracting ")),
    causes: GO_CAUSES,
    end: None,
};

const GO_CAUSES: &[Cause] = &[
    Cause { signs: &["no required module provides package go.bytecodealliance.org/pkg"], help: go_bindings },
    Cause { signs: &["missing go.sum entry", "go.bytecodealliance.org/pkg"], help: go_bindings },
    Cause {
        signs: &["no required module provides package "],
        help: |line| {
            let package = word_after(line, "no required module provides package ").unwrap_or("it");
            format!("run: go get {package}")
        },
    },
    Cause { signs: &["missing go.sum entry"], help: |_| "run: go mod tidy".to_owned() },
    Cause { signs: &["updates to go.mod needed"], help: |_| "run: go mod tidy".to_owned() },
    Cause { signs: &["updates to go.sum needed"], help: |_| "run: go mod tidy".to_owned() },
    Cause {
        signs: &["checksum mismatch"],
        help: |_| {
            "the module is another one than go.sum says: if that is meant, remove its lines from go.sum and run go mod tidy".to_owned()
        },
    },
    Cause {
        signs: &["inconsistent vendoring in "],
        help: |_| "run: go mod vendor, or take -mod=vendor out of GOFLAGS".to_owned(),
    },
    Cause { signs: &["errors parsing", "go.work"], help: |_| "mend that go.work, or build with GOWORK=off".to_owned() },
    Cause { signs: &["go.work", "but go.work lists go "], help: |_| "run: go work use".to_owned() },
    Cause { signs: &["errors parsing", "go.mod"], help: |_| "mend that go.mod".to_owned() },
    Cause {
        signs: &["requires go >= ", "running go "],
        help: |line| {
            let version = word_after(line, "requires go >= ").unwrap_or("that version").trim_end_matches(';');
            format!("install Go {version} or newer: no other Go than the installed one is used")
        },
    },
    Cause {
        signs: &["replacement directory ", " does not exist"],
        help: |_| "correct the replace directive in go.mod: its folder is not there".to_owned(),
    },
    Cause {
        signs: &["build constraints exclude all Go files in "],
        help: |_| {
            "that package has nothing for GOOS=wasip1 GOARCH=wasm, or needs C: look for one in Go alone, or for a build tag of \
             its own"
                .to_owned()
        },
    },
    Cause {
        signs: &["package ", " is not in std"],
        help: |_| {
            "a path without a dot is the standard library's: begin it with the module's path of go.mod".to_owned()
        },
    },
    Cause {
        signs: &["undefined: syscall."],
        help: |_| {
            "that package needs an operating system, which components do not have: look for a build tag of its own"
                .to_owned()
        },
    },
    Cause {
        signs: &["undefined: unix."],
        help: |_| {
            "that package needs an operating system, which components do not have: look for a build tag of its own"
                .to_owned()
        },
    },
    Cause {
        signs: &["invalid reference to "],
        help: |_| {
            "a package reaches into another one by go:linkname, which this Go does not allow: update that package"
                .to_owned()
        },
    },
    Cause {
        signs: &["use of internal package ", " not allowed"],
        help: |_| "internal packages are for the module that has them".to_owned(),
    },
    Cause { signs: &["module lookup disabled by GOPROXY=off"], help: go_network },
    Cause { signs: &["dial tcp"], help: go_network },
    Cause { signs: &["proxyconnect"], help: go_network },
    Cause { signs: &["no such host"], help: go_network },
];

fn go_bindings(_: &str) -> String {
    let module = &Pins::get().go_module;
    format!("the bindings need {path} {version}: go get {path}@{version}", path = module.path, version = module.version)
}

fn go_network(_: &str) -> String {
    "the modules come from the network, once: connect, or name a mirror with GOPROXY".to_owned()
}

/// clang, and zig in its place.
pub(crate) const C: Ear =
    Ear { error: Some(|line| line.contains("error: ")), progress: None, causes: C_CAUSES, end: None };

const C_CAUSES: &[Cause] = &[
    Cause {
        signs: &["'airssys", "file not found"],
        help: |_| "name the folder of the SDK with sdk = \"…\" in [build]".to_owned(),
    },
    Cause {
        signs: &["' file not found"],
        help: |_| {
            "headers are looked for beside the file, in build.source, in the SDK and in the C library for WebAssembly, not in \
             this machine's own"
                .to_owned()
        },
    },
    Cause {
        signs: &["with exceptions disabled"],
        help: |_| "C++ is compiled without exceptions: return errors".to_owned(),
    },
    Cause { signs: &["requires -frtti"], help: |_| "C++ is compiled without type information at run time".to_owned() },
    Cause {
        signs: &["use of typeid requires"],
        help: |_| "C++ is compiled without type information at run time".to_owned(),
    },
    Cause {
        signs: &["undefined symbol: main"],
        help: |_| {
            "a component has no main: it exports what Component.toml says, see airssys/component.h of the SDK"
                .to_owned()
        },
    },
    Cause { signs: &["undefined symbol: pthread_"], help: |_| "there are no threads in a component".to_owned() },
    Cause {
        signs: &["undefined symbol: exports_airssys_"],
        help: |_| "the component has to define this function: with the SDK, AIRSSYS_COMPONENT does".to_owned(),
    },
    Cause {
        signs: &["undefined symbol: "],
        help: |line| {
            let symbol = word_after(line, "undefined symbol: ").unwrap_or("it");
            format!("no file of build.source, of the SDK or of the C library for WebAssembly defines {symbol}")
        },
    },
    Cause {
        signs: &["duplicate symbol: "],
        help: |_| {
            "all C files of build.source are compiled: one with its own main or with tests belongs beside that folder"
                .to_owned()
        },
    },
];

/// The script with esbuild and the engines.
pub(crate) const JAVASCRIPT: Ear =
    Ear { error: Some(|line| line.contains("[ERROR]")), progress: None, causes: JAVASCRIPT_CAUSES, end: None };

const JAVASCRIPT_CAUSES: &[Cause] = &[
    Cause {
        signs: &["Could not resolve \"@airssys/wasm"],
        help: |_| "run npm install, or name the folder of the SDK with sdk = \"…\" in [build]".to_owned(),
    },
    Cause {
        signs: &["Could not resolve \""],
        help: |line| {
            let name = between(line, "\"", "\"").unwrap_or("it");
            match name {
                name if name.starts_with("node:") => format!(
                    "{name} is a part of Node, and components do not run in Node: look for a package, or a version of this \
                     one, for browsers"
                ),
                name if name.starts_with(['.', '/']) => "there is no such file".to_owned(),
                name => format!("run: npm install {}", package_of(name)),
            }
        },
    },
];

/// The name of the package that an import is of.
fn package_of(import: &str) -> String {
    let pieces = if import.starts_with('@') { 2 } else { 1 };
    import.split('/').take(pieces).collect::<Vec<_>>().join("/")
}

/// The type check.
pub(crate) const TYPESCRIPT: Ear = Ear {
    error: Some(|line| line.contains("error TS")),
    progress: None,
    causes: &[Cause {
        signs: &["error TS", "Cannot find module '", "corresponding type declarations"],
        help: |line| {
            let module = between(line, "Cannot find module '", "'").unwrap_or("it");
            let package = package_of(module);
            format!(
                "run npm install, or install types for it (@types/{package}); --no-check builds without looking at types"
            )
        },
    }],
    end: None,
};

/// componentize-py.
pub(crate) const PYTHON: Ear = Ear { error: None, progress: None, causes: PYTHON_CAUSES, end: None };

const PYTHON_CAUSES: &[Cause] = &[Cause {
    signs: &["ModuleNotFoundError: No module named '"],
    help: |line| {
        let module = between(line, "'", "'").unwrap_or("it");
        format!(
            "{module} has to be beside the program, in the SDK, or installed in the project's virtual environment (.venv, venv, or \
             the active one), for Python alone"
        )
    },
}];

/// pip.
pub(crate) const PIP: Ear = Ear { error: None, progress: None, causes: PIP_CAUSES, end: None };

const PIP_CAUSES: &[Cause] = &[
    Cause {
        signs: &["No module named pip"],
        help: |line| {
            let python = line.split(": No module").next().unwrap_or("that Python");
            format!(
                "give {python} pip (python3 -m ensurepip, or the system's package python3-pip), or leave the virtual environment \
                 that has none"
            )
        },
    },
    Cause { signs: &["Configuration file contains"], help: pip_configuration },
    Cause { signs: &["Configuration file could not be loaded"], help: pip_configuration },
    Cause {
        signs: &["Could not find an activated virtualenv"],
        help: |_| {
            "take require-virtualenv out of pip's configuration (pip config list shows it), or set PIP_CONFIG_FILE=/dev/null".to_owned()
        },
    },
    Cause {
        signs: &["Can not combine '--user' and '--target'"],
        help: |_| {
            "take user = true out of pip's configuration (pip config list shows it), or set PIP_CONFIG_FILE=/dev/null"
                .to_owned()
        },
    },
    Cause {
        signs: &["Cannot set --home and --prefix together"],
        help: |_| {
            "take prefix out of pip's configuration (pip config list shows it), or set PIP_CONFIG_FILE=/dev/null"
                .to_owned()
        },
    },
    Cause {
        signs: &["THESE PACKAGES DO NOT MATCH THE HASHES"],
        help: |_| "the index gives another package than the pinned: name another one with PIP_INDEX_URL".to_owned(),
    },
    Cause { signs: &["No space left on device"], help: |_| "make room on the disk of the cache".to_owned() },
    Cause {
        signs: &["CERTIFICATE_VERIFY_FAILED"],
        help: |_| {
            "the index shows a certificate that is not trusted here: name the authority's file with PIP_CERT".to_owned()
        },
    },
    Cause {
        signs: &["ProxyError"],
        help: |_| "look at HTTPS_PROXY: that proxy does not answer as it should".to_owned(),
    },
];

fn pip_configuration(_: &str) -> String {
    "mend that pip configuration (pip config debug lists the files), or set PIP_CONFIG_FILE=/dev/null".to_owned()
}

/// npm.
pub(crate) const NPM: Ear = Ear { error: None, progress: None, causes: NPM_CAUSES, end: None };

const NPM_CAUSES: &[Cause] = &[
    Cause {
        signs: &["EINTEGRITY"],
        help: |_| {
            "the registry gives another package than the pinned: name another one with npm_config_registry".to_owned()
        },
    },
    Cause { signs: &["ENOSPC"], help: |_| "make room on the disk of the cache".to_owned() },
    Cause { signs: &["npm error code E401"], help: npm_access },
    Cause { signs: &["npm error code E403"], help: npm_access },
    Cause { signs: &["npm ERR! code E401"], help: npm_access },
    Cause { signs: &["npm ERR! code E403"], help: npm_access },
    Cause { signs: &["SELF_SIGNED_CERT_IN_CHAIN"], help: npm_certificate },
    Cause { signs: &["UNABLE_TO_GET_ISSUER_CERT"], help: npm_certificate },
    Cause { signs: &["UNABLE_TO_VERIFY_LEAF_SIGNATURE"], help: npm_certificate },
    Cause { signs: &["Invalid Version"], help: |_| "this npm is too old for the lock file: update Node.js".to_owned() },
];

fn npm_access(_: &str) -> String {
    "the registry wants to know who asks: look at the tokens in .npmrc, or name another one with npm_config_registry"
        .to_owned()
}

fn npm_certificate(_: &str) -> String {
    "the registry shows a certificate that is not trusted here: name the authority's file with NODE_EXTRA_CA_CERTS"
        .to_owned()
}

fn between<'a>(line: &'a str, start: &str, end: &str) -> Option<&'a str> {
    Some(line.split_once(start)?.1.split_once(end)?.0)
}

fn word_after<'a>(line: &'a str, start: &str) -> Option<&'a str> {
    line.split_once(start)?.1.split_whitespace().next().map(|word| word.trim_end_matches([';', ':', ',']))
}

#[cfg(test)]
mod tests;
