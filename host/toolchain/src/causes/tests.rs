//! Messages as tools write them, and what is advised then.

use super::*;
use crate::talk::Talk;

/// What is advised when a tool says this.
fn advice(ear: &Ear, lines: &str) -> String {
    let mut talk = Talk::default();
    for line in lines.lines() {
        talk.push(line, ear);
    }
    talk.help(ear).unwrap_or_else(|| "nothing".to_owned())
}

/// Each message as the tool writes it, and a part of the advice.
#[track_caller]
fn all(ear: &Ear, table: &[(&str, &str)]) {
    for (said, expected) in table {
        let advice = advice(ear, said);
        assert!(advice.contains(expected), "{said}\n{advice}");
    }
    let fitting = |cause: &Cause| table.iter().any(|(said, _)| advice(ear, said) == (cause.help)(said));
    for cause in ear.causes {
        assert!(fitting(cause), "no message shows {:?}", cause.signs);
    }
}

#[test]
fn each_cause_of_rust_has_advice_of_its_own() {
    all(
        &RUST,
        &[
            (
                "error[E0463]: can't find crate for `core`\n  = note: the `wasm32-unknown-unknown` target may not be installed",
                "rustup target add",
            ),
            ("  = note: rust-lld: error: unknown argument: -fuse-ld=mold", "[target.wasm32-unknown-unknown]"),
            ("error: linker `mold` not found", "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER"),
            ("error: could not execute process `sccache rustc -vV` (never executed)", "rustc-wrapper"),
            (
                "error: the wasm*-unknown-unknown targets are not supported by default, you may need to enable the \"js\" feature.",
                "wasi = true",
            ),
            ("error: The wasm32-unknown-unknown targets are not supported by default; you may need", "wasi = true"),
            ("rust-lld: error: undefined symbol: __getrandom_v03_custom", "wasi = true"),
            ("error: This wasm target is unsupported by mio. If using Tokio, disable the net feature.", "tokio"),
            ("              2: failed to resolve import `env::clock_ticks`", "no crate defines clock_ticks"),
            ("              2: failed to resolve import `__wbindgen_placeholder__::x`", "calls JavaScript"),
            ("error: no library targets found in package `x`", "cdylib"),
            ("error: current package believes it's in a workspace when it's not:", "empty [workspace]"),
            ("error: rustc 1.95.0 is not supported by the following package:", "--precise"),
            ("package `x` cannot be built because it requires rustc 1.99 or newer", "update Rust"),
            ("error: cannot update the lock file /x/Cargo.lock because --locked was passed", "cargo update"),
            ("error: failed to parse lock file at: /x/Cargo.lock", "Cargo.lock is damaged"),
            ("error: the option `Z` is only accepted on the nightly compiler", "-Z"),
            ("error: no matching package named `nope` found", "spelling"),
            ("  [6] Could not resolve hostname (Could not resolve host: example.org)", "network"),
            (
                "error: failed to run custom build command for `openssl-sys v0.9.1`",
                "openssl-sys v0.9.1 has a build script",
            ),
            ("error[E0308]: mismatched types", "nothing"),
        ],
    );
}

#[test]
fn each_cause_of_go_has_advice_of_its_own() {
    all(
        &GO,
        &[
            (
                "x.go:3:8: no required module provides package go.bytecodealliance.org/pkg/wit/runtime; to add it:",
                "go get go.bytecodealliance.org/pkg@v",
            ),
            (
                "main.go:3:8: no required module provides package github.com/google/uuid; to add it:",
                "run: go get github.com/google/uuid",
            ),
            (
                "main.go:4:2: missing go.sum entry for module providing package github.com/google/uuid (imported by x); to add:",
                "go mod tidy",
            ),
            ("go: updates to go.mod needed; to update it:", "go mod tidy"),
            ("verifying x@v1.0.0: checksum mismatch", "go.sum"),
            ("go: inconsistent vendoring in /x:", "go mod vendor"),
            ("go: errors parsing ../go.work:", "GOWORK=off"),
            (
                "go: module . listed in go.work file requires go >= 1.26.0, but go.work lists go 1.25; to update it:",
                "go work use",
            ),
            ("go: errors parsing go.mod:", "mend that go.mod"),
            ("go: go.mod requires go >= 1.99 (running go 1.26.8; GOTOOLCHAIN=local)", "install Go 1.99 or newer"),
            (
                "go: x@v0.0.0 (replaced by ../sdk): reading ../sdk/go.mod: replacement directory ../sdk does not exist",
                "replace",
            ),
            ("package x imports y: build constraints exclude all Go files in /go/pkg/mod/y", "wasip1"),
            ("main.go:3:8: package helo is not in std (/usr/local/go/src/helo)", "standard library"),
            ("../y/y.go:9:9: undefined: syscall.Kill", "operating system"),
            ("../y/y.go:9:9: undefined: unix.Kill", "operating system"),
            ("link: y: invalid reference to runtime.doSpin", "go:linkname"),
            ("main.go:3:8: use of internal package x/internal/y not allowed", "internal"),
            ("go: x@v1.0.0: Get \"https://example.org\": dial tcp: lookup example.org: no such host", "GOPROXY"),
            ("# x\n./main.go:7:2: undefined: nope", "nothing"),
        ],
    );
}

#[test]
fn each_cause_of_c_has_advice_of_its_own() {
    all(
        &C,
        &[
            ("hello.c:1:10: fatal error: 'airssys/component.h' file not found", "sdk = "),
            ("hello.c:1:10: fatal error: 'zlib.h' file not found", "not in this machine's own"),
            ("x.cpp:2:3: error: cannot use 'throw' with exceptions disabled", "without exceptions"),
            ("x.cpp:2:3: error: use of dynamic_cast requires -frtti", "type information"),
            ("x.cpp:2:3: error: use of typeid requires -frtti", "type information"),
            ("wasm-ld: error: crt1.o: undefined symbol: main", "no main"),
            ("wasm-ld: error: a.o: undefined symbol: pthread_create", "threads"),
            (
                "wasm-ld: error: a.o: undefined symbol: exports_airssys_core_component_lifecycle_init",
                "AIRSSYS_COMPONENT",
            ),
            ("wasm-ld: error: a.o: undefined symbol: deflate", "defines deflate"),
            ("wasm-ld: error: duplicate symbol: helper", "belongs beside"),
            ("hello.c:3:1: error: expected ';'", "nothing"),
        ],
    );
}

#[test]
fn each_cause_of_javascript_has_advice_of_its_own() {
    all(
        &JAVASCRIPT,
        &[
            ("✘ [ERROR] Could not resolve \"@airssys/wasm/tcp\"", "sdk = "),
            ("✘ [ERROR] Could not resolve \"node:sqlite\"", "a part of Node"),
            ("✘ [ERROR] Could not resolve \"@scope/name/deep\"", "npm install @scope/name"),
            ("✘ [ERROR] Could not resolve \"./nope\"", "no such file"),
            ("✘ [ERROR] Expected \";\"", "nothing"),
        ],
    );
}

#[test]
fn types_of_a_package_that_are_missing_are_told_from_wrong_types() {
    all(
        &TYPESCRIPT,
        &[
            (
                "src/index.ts(1,17): error TS2307: Cannot find module 'x/y' or its corresponding type declarations.",
                "@types/x",
            ),
            ("src/index.ts(3,7): error TS2322: Type 'number' is not assignable to type 'string'.", "nothing"),
        ],
    );
}

#[test]
fn each_cause_of_pythons_tools_has_advice_of_its_own() {
    all(&PYTHON, &[("ModuleNotFoundError: No module named 'requests'", "requests has to be")]);
    all(
        &PIP,
        &[
            ("/v/bin/python3: No module named pip", "give /v/bin/python3 pip"),
            ("Configuration file contains invalid utf-8 characters in /x/pip.conf.", "mend that pip configuration"),
            ("Configuration file could not be loaded.", "mend that pip configuration"),
            ("ERROR: Could not find an activated virtualenv (required).", "require-virtualenv"),
            ("ERROR: Can not combine '--user' and '--target'", "user = true"),
            ("ERROR: Cannot set --home and --prefix together", "prefix"),
            ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "PIP_INDEX_URL"),
            ("OSError: [Errno 28] No space left on device", "make room"),
            ("SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "PIP_CERT"),
            ("ProxyError('Cannot connect to proxy.'", "HTTPS_PROXY"),
        ],
    );
}

#[test]
fn each_cause_of_npm_has_advice_of_its_own() {
    all(
        &NPM,
        &[
            ("npm error code EINTEGRITY", "npm_config_registry"),
            ("npm error code ENOSPC", "make room"),
            ("npm error code E401", "tokens"),
            ("npm error code SELF_SIGNED_CERT_IN_CHAIN", "NODE_EXTRA_CA_CERTS"),
            ("npm error Invalid Version: ", "update Node.js"),
        ],
    );
}

#[test]
fn cargos_status_lines_are_told_from_the_rest() {
    for (line, expected) in [
        ("     Locking 41 packages to latest compatible versions", true),
        ("   Compiling serde v1.0.0", true),
        (" Downloading crates ...", true),
        ("    Updating crates.io index", true),
        ("error: could not compile `x`", false),
        ("   |         ^^^ not found", false),
        ("warning: unused variable", false),
    ] {
        assert_eq!(cargo_progress(line), expected, "{line}");
    }
}
