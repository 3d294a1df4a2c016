//! What is measured beside the host: programs of their own below `peers`, with a lock file of their own, built by the same
//! compiler as the host.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::names::{EXTISM, LIBRARY};
use crate::task::{Beside, Program};

/// Where they are, in the checkout.
const FOLDER: &str = "host/bench/peers";

/// All of them.
pub struct Peers(Option<Built>);

struct Built {
    extism: PathBuf,
    rust_plugin: PathBuf,
    go_plugin: PathBuf,
    native: Program,
}

impl Peers {
    /// Nothing beside the host.
    pub fn left_out() -> Self {
        Self(None)
    }

    /// Builds them for the checkout at `root`, with the profile of this program.
    ///
    /// # Errors
    /// Fails when one cannot be built: the option that leaves them out is in the text.
    pub fn build(root: &Path) -> Result<Self> {
        Self::built(root).map(|built| Self(Some(built))).context(
            "failed to build what is measured beside the host; `cargo dev bench --without-peers` measures the rest",
        )
    }

    fn built(root: &Path) -> Result<Built> {
        eprintln!("== building what is measured beside the host");
        let folder = root.join(FOLDER);
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        let target = root.join(target).join("peers");
        let package = |name: &str| format!("--package=airssys-wasm-bench-{name}");
        let mut cargo = cargo(&folder, &target);
        cargo.args([package("extism"), package("native"), package("library")]);
        if !cfg!(debug_assertions) {
            cargo.arg("--release");
        }
        run(cargo)?;
        let programs = target.join(if cfg!(debug_assertions) { "debug" } else { "release" });

        let mut plugin = self::cargo(&folder, &target);
        plugin.args([&package("plugin"), "--release", "--target", "wasm32-unknown-unknown"]);
        run(plugin)?;

        let go_plugin = target.join("plugin-go.wasm");
        let mut go = Command::new("go");
        go.current_dir(folder.join("plugin-go")).args(["build", "-buildmode=c-shared", "-o"]).arg(&go_plugin).arg(".");
        go.env("GOOS", "wasip1").env("GOARCH", "wasm").env("GOWORK", "off").env("GOTOOLCHAIN", "local");
        run(go)?;

        Ok(Built {
            extism: programs.join("airssys-wasm-bench-extism"),
            rust_plugin: target.join("wasm32-unknown-unknown/release/airssys_wasm_bench_plugin.wasm"),
            go_plugin,
            native: Program {
                file: programs.join("airssys-wasm-bench-native"),
                argument: programs.join("libairssys_wasm_bench_library.so"),
            },
        })
    }

    /// What calls of a guest are compared with, besides what needs no program of its own.
    pub fn of_calls(&self, guest: &str) -> Vec<Beside> {
        let mut beside = vec![self.extism(guest)];
        if guest == "rust" {
            let native = self.0.as_ref().map(|built| built.native.clone()).ok_or_else(left_out);
            beside.push(Beside { name: LIBRARY.to_owned(), program: native });
        }
        beside
    }

    /// The plug-in of Extism in the language of a guest.
    pub fn extism(&self, guest: &str) -> Beside {
        let plugin = |plugin: fn(&Built) -> &PathBuf| {
            let built = self.0.as_ref().ok_or_else(left_out)?;
            Ok(Program { file: built.extism.clone(), argument: plugin(built).clone() })
        };
        let program = match guest {
            "rust" => plugin(|built| &built.rust_plugin),
            "go" => plugin(|built| &built.go_plugin),
            "js" | "js@quickjs" => {
                Err("its compiler for JavaScript, extism-js, is a program that no package registry has".to_owned())
            }
            "python" => Err("its compiler for Python, extism-py, is a program that no package registry has".to_owned()),
            _ => Err(format!("its kit for {guest} is in no package registry")),
        };
        Beside { name: EXTISM.to_owned(), program }
    }
}

fn left_out() -> String {
    "left out with --without-peers".to_owned()
}

fn cargo(folder: &Path, target: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(folder).args(["build", "--locked", "--target-dir"]).arg(target);
    cargo
}

fn run(mut command: Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("failed to start {program}"))?;
    if !status.success() {
        bail!("{program} in {}: {status}", command.get_current_dir().unwrap_or(Path::new(".")).display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_measured_says_why() {
        let peers = Peers::left_out();
        let reasons = |guest: &str| -> Vec<String> {
            let beside = peers.of_calls(guest).into_iter();
            beside.map(|beside| beside.program.expect_err("nothing was built")).collect()
        };
        assert_eq!(reasons("rust"), vec![left_out(); 2]);
        assert_eq!(reasons("go"), [left_out()]);
        for guest in ["js", "js@quickjs", "python", "c"] {
            let [reason] = reasons(guest).try_into().expect("one way");
            assert!(reason.contains("package registry"), "{guest}: {reason}");
        }
    }
}
