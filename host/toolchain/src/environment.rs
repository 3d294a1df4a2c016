//! What of the author's environment the tools see that build guests.
//!
//! A variable that speaks of programs for this machine cannot apply to a guest, so a tool does not see it. All others it
//! sees: where registries are, which proxies lead there, what the source itself reads at compile time.
//!
//! | tool | does not see | sees of it |
//! |---|---|---|
//! | cargo | `RUSTFLAGS`, `CARGO_ENCODED_RUSTFLAGS`, `CARGO_BUILD_*`, wrappers of rustc, what an outer cargo says of itself | flags that hold on every target (`--cfg`, lints, `-C opt-level` and the like), from `RUSTFLAGS` and from `rustflags` of `[build]` in cargo's configuration; `[target.wasm32-unknown-unknown]` and `CARGO_TARGET_WASM32_*` as they are |
//! | go | `CGO_*`, `GO111MODULE`, `GOOS`, `GOARCH`, `GOTOOLCHAIN` | flags of `GOFLAGS` that hold on every target (`-tags`, `-mod` and the like), also those of `go env -w`; a go.work that has the module in it |
//! | clang, zig | the search paths and options that compilers read (`CPATH`, `C_INCLUDE_PATH`, `LIBRARY_PATH`, …) | |
//! | node | `NODE_OPTIONS`, `NODE_PATH` | |
//! | npm | options that change what is installed, or where | the registry and how it is reached |
//! | python | `PYTHON*` | the active virtual environment |
//! | pip | options that change what is installed, or where | the index and how it is reached, pip.conf |

use std::env;

/// Variables that a tool does not see.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unseen {
    names: &'static [&'static str],
    prefixes: &'static [&'static str],
}

/// For cargo and rustc.
pub(crate) const RUST: Unseen = Unseen {
    names: &[
        "CARGO",
        "RUSTC",
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
        "OUT_DIR",
    ],
    prefixes: &["CARGO_BUILD_", "CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CFG_", "CARGO_FEATURE_"],
};

/// For go. What it is told instead stands beside its call.
pub(crate) const GO: Unseen =
    Unseen { names: &["GOFLAGS", "GOOS", "GOARCH", "GOTOOLCHAIN", "GO111MODULE", "CC", "CXX"], prefixes: &["CGO_"] };

/// For clang, and zig in its place.
pub(crate) const C: Unseen = Unseen {
    names: &[
        "CPATH",
        "C_INCLUDE_PATH",
        "CPLUS_INCLUDE_PATH",
        "OBJC_INCLUDE_PATH",
        "LIBRARY_PATH",
        "COMPILER_PATH",
        "GCC_EXEC_PREFIX",
        "CCC_OVERRIDE_OPTIONS",
        "CCC_ADD_ARGS",
        "DEPENDENCIES_OUTPUT",
        "SUNPRO_DEPENDENCIES",
        "SDKROOT",
        "MACOSX_DEPLOYMENT_TARGET",
        "CFLAGS",
        "CXXFLAGS",
        "CPPFLAGS",
        "LDFLAGS",
        "ZIG_LIB_DIR",
        "ZIG_LIBC",
    ],
    prefixes: &[],
};

/// For node.
pub(crate) const NODE: Unseen = Unseen {
    names: &["NODE_OPTIONS", "NODE_PATH", "NODE_ENV", "ESBUILD_BINARY_PATH", "ESBUILD_MAX_BUFFER"],
    prefixes: &[],
};

/// For python3. Its variables are about how it runs, which is decided here, and where its own modules are.
pub(crate) const PYTHON: Unseen = Unseen { names: &["__PYVENV_LAUNCHER__"], prefixes: &["PYTHON"] };

/// For pip: what would install something else, or somewhere else. `--target` and the hashes are given.
pub(crate) const PIP: Unseen = Unseen {
    names: &[
        "PIP_TARGET",
        "PIP_PREFIX",
        "PIP_ROOT",
        "PIP_USER",
        "PIP_REQUIRE_VIRTUALENV",
        "PIP_DRY_RUN",
        "PIP_NO_BINARY",
        "PIP_ONLY_BINARY",
        "PIP_CONSTRAINT",
        "PIP_REQUIREMENT",
        "PIP_EDITABLE",
        "PIP_NO_DEPS",
        "PIP_PYTHON",
        "PIP_PLATFORM",
        "PIP_PYTHON_VERSION",
        "PIP_IMPLEMENTATION",
        "PIP_ABI",
        "PIP_REPORT",
        "PIP_QUIET",
        "PIP_LOG",
    ],
    prefixes: &["PYTHON"],
};

/// For npm: what would install something else, or somewhere else. npm takes these names in any case.
pub(crate) const NPM: Unseen = Unseen {
    names: &["NODE_OPTIONS", "NODE_PATH", "NODE_ENV", "INIT_CWD"],
    prefixes: &[
        "npm_config_global",
        "npm_config_prefix",
        "npm_config_local_prefix",
        "npm_config_location",
        "npm_config_omit",
        "npm_config_include",
        "npm_config_only",
        "npm_config_optional",
        "npm_config_production",
        "npm_config_dev",
        "npm_config_dry_run",
        "npm_config_package_lock",
        "npm_config_install_",
        "npm_config_legacy_",
        "npm_config_workspace",
        "npm_config_include_workspace_root",
        "npm_config_cpu",
        "npm_config_os",
        "npm_config_libc",
        "npm_config_cache",
        "npm_config_bin_links",
        "npm_config_save",
        "npm_config_json",
        "npm_config_loglevel",
        "npm_config_before",
        "npm_config_node_options",
        "npm_config_script_shell",
        "npm_lifecycle_",
        "npm_package_",
    ],
};

impl Unseen {
    /// Those that are set now.
    pub(crate) fn set(self) -> impl Iterator<Item = std::ffi::OsString> {
        env::vars_os().map(|(name, _)| name).filter(move |name| name.to_str().is_some_and(|name| self.has(name)))
    }

    /// Whether a variable is one of them. The names of npm's variables differ in case.
    fn has(self, name: &str) -> bool {
        let begins = |prefix: &&str| {
            name.get(..prefix.len()).is_some_and(|start| match prefix.starts_with("npm_") {
                true => start.eq_ignore_ascii_case(prefix),
                false => start == *prefix,
            })
        };
        self.names.contains(&name) || self.prefixes.iter().any(begins)
    }
}

/// The flags of `RUSTFLAGS` and its like that hold on every target: for what a guest is, not for what a machine is.
/// Of `-C`, these are the options that do not speak of a linker, a processor or a way to unwind.
pub(crate) fn rust_flags_of_guests(flags: &[String]) -> Vec<String> {
    const CODEGEN: &[&str] = &[
        "codegen-units",
        "debug-assertions",
        "debuginfo",
        "embed-bitcode",
        "inline-threshold",
        "llvm-args",
        "metadata",
        "no-prepopulate-passes",
        "opt-level",
        "overflow-checks",
        "passes",
        "remark",
        "strip",
        "symbol-mangling-version",
    ];
    let mut kept = Vec::new();
    let mut flags = flags.iter().map(String::as_str);
    while let Some(flag) = flags.next() {
        // Options with their values apart: the value is the next flag.
        let (name, value, pieces) = match flag {
            "-C"
            | "--codegen"
            | "--cfg"
            | "--check-cfg"
            | "-A"
            | "-W"
            | "-D"
            | "-F"
            | "-Z"
            | "-L"
            | "-l"
            | "--allow"
            | "--warn"
            | "--deny"
            | "--forbid"
            | "--cap-lints"
            | "--remap-path-prefix"
            | "--extern"
            | "--sysroot" => {
                let value = flags.next().unwrap_or_default();
                (flag, value, vec![flag.to_owned(), value.to_owned()])
            }
            joined => {
                let short = ["-C", "-A", "-W", "-D", "-F"].into_iter().find(|short| joined.starts_with(short));
                let (name, value) = match (joined.split_once('='), short) {
                    (_, Some(short)) => (short, &joined[short.len()..]),
                    (Some((name, value)), None) => (name, value),
                    (None, None) => (joined, ""),
                };
                (name, value, vec![joined.to_owned()])
            }
        };
        let holds = match name {
            "-C" | "--codegen" => {
                CODEGEN.contains(&value.split('=').next().unwrap_or_default().replace('_', "-").as_str())
            }
            "--cfg"
            | "--check-cfg"
            | "-A"
            | "-W"
            | "-D"
            | "-F"
            | "--allow"
            | "--warn"
            | "--deny"
            | "--forbid"
            | "--cap-lints"
            | "--remap-path-prefix" => true,
            _ => false,
        };
        if holds {
            kept.extend(pieces);
        }
    }
    kept
}

/// The flags of `GOFLAGS` that hold on every target.
pub(crate) fn go_flags_of_guests(flags: &str) -> String {
    const KEPT: &[&str] =
        &["asmflags", "gcflags", "insecure", "mod", "modcacherw", "modfile", "overlay", "p", "pgo", "tags", "v", "x"];
    quoted_fields(flags)
        .into_iter()
        .filter(|flag| {
            let name = flag.trim_start_matches('-').split('=').next().unwrap_or_default();
            KEPT.contains(&name)
        })
        .map(|flag| if flag.contains(char::is_whitespace) { format!("'{flag}'") } else { flag })
        .collect::<Vec<_>>()
        .join(" ")
}

/// The fields of a list as Go writes it: apart by white space, in quotes where there is white space in one.
fn quoted_fields(list: &str) -> Vec<String> {
    let mut fields = Vec::new();
    let mut rest = list.trim_start();
    while let Some(first) = rest.chars().next() {
        let (field, after) = match first {
            '\'' | '"' => rest[1..].split_once(first).unwrap_or((&rest[1..], "")),
            _ => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        fields.push(field.to_owned());
        rest = after.trim_start();
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_hides_what_begins_with_it_and_a_name_itself_alone() {
        for (unseen, name, expected) in [
            (RUST, "RUSTFLAGS", true),
            (RUST, "CARGO_BUILD_TARGET", true),
            (RUST, "CARGO_HOME", false),
            (RUST, "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", false),
            (RUST, "RUSTUP_TOOLCHAIN", false),
            (GO, "CGO_CFLAGS", true),
            (GO, "GOPROXY", false),
            (C, "CPATH", true),
            (C, "SOURCE_DATE_EPOCH", false),
            (PYTHON, "PYTHONHOME", true),
            (PIP, "PIP_INDEX_URL", false),
            (PIP, "PIP_REQUIRE_VIRTUALENV", true),
            (NPM, "NPM_CONFIG_CACHE", true),
            (NPM, "npm_config_registry", false),
        ] {
            assert_eq!(unseen.has(name), expected, "{name}");
        }
    }

    #[test]
    fn flags_of_rust_that_speak_of_a_machine_do_not_reach_a_guest() {
        for (flags, expected) in [
            ("-C link-arg=-fuse-ld=mold", ""),
            ("-Clinker=clang --cfg tokio_unstable", "--cfg tokio_unstable"),
            ("-C target-cpu=native -D warnings", "-D warnings"),
            ("-C panic=unwind -Copt-level=1", "-Copt-level=1"),
            ("-Zsanitizer=address -Z threads=8", ""),
            ("-L /usr/lib -lfoo -C debug_assertions=on", "-C debug_assertions=on"),
            ("--cfg=a --extern x=y", "--cfg=a"),
        ] {
            let flags: Vec<String> = flags.split(' ').map(str::to_owned).collect();
            assert_eq!(rust_flags_of_guests(&flags).join(" "), expected, "{flags:?}");
        }
    }

    #[test]
    fn flags_of_go_that_speak_of_a_machine_do_not_reach_a_guest() {
        for (flags, expected) in [
            ("-race", ""),
            ("-race -tags=a,b", "-tags=a,b"),
            ("'-tags=a b' -buildmode=pie --mod=vendor", "'-tags=a b' --mod=vendor"),
            ("\"-ldflags=-s -w\" -cover", ""),
            ("", ""),
        ] {
            assert_eq!(go_flags_of_guests(flags), expected, "{flags}");
        }
    }
}
