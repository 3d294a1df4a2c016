//! Whether each SDK can be published: packed as its registry takes it, and used from there, where nothing of this
//! repository lies beside it. That of C is tried by its own tests, which install it.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::steps::{command, run};
use crate::tools;

/// Packs and uses them all.
///
/// # Errors
/// Fails when one cannot be packed, or used without the repository.
pub fn check(root: &Path) -> Result<()> {
    let folder = tempfile::tempdir().context("failed to make a folder")?;
    rust(root)?;
    go(root, &folder.path().join("go"))?;
    javascript(root, &folder.path().join("javascript"))?;
    python(root, &folder.path().join("python"))
}

/// Cargo unpacks what it has packed and compiles that.
fn rust(root: &Path) -> Result<()> {
    let packages = ["--package", "airssys-wasm-sdk-macros", "--package", "airssys-wasm-sdk"];
    let mut package = command(root, "cargo", &["package", "--quiet", "--allow-dirty", "--all-features"]);
    package.args(packages);
    run(package)
}

/// A module is what git has of its folder. A program that requires it is built for WebAssembly and vetted.
fn go(root: &Path, folder: &Path) -> Result<()> {
    let module = folder.join("sdk");
    copy_tracked(root, "sdk-go", &module)?;
    if !module.join("LICENSE").is_file() {
        bail!("the Go module has no LICENSE, without which pkg.go.dev shows no documentation");
    }
    let program = folder.join("program");
    std::fs::create_dir_all(&program)?;
    std::fs::copy(root.join("sdk-go/examples/hello/main.go"), program.join("main.go"))?;
    std::fs::copy(module.join("go.sum"), program.join("go.sum"))?;
    let go_mod = std::fs::read_to_string(module.join("go.mod"))?;
    let line = |word: &str| go_mod.lines().find(|line| line.starts_with(word)).unwrap_or_default().to_owned();
    let path = line("module ").trim_start_matches("module ").to_owned();
    let version = line("go ");
    let requirements = go_mod.lines().filter(|line| line.contains(" v")).map(|line| line.replace("require ", ""));
    let requirements: Vec<String> = requirements.map(|line| format!("require {}", line.trim())).collect();
    let text = format!(
        "module example.com/program\n\n{version}\n\nrequire {path} v0.0.0\n\n{}\n\nreplace {path} => ../sdk\n",
        requirements.join("\n")
    );
    std::fs::write(program.join("go.mod"), text)?;
    for (words, folder) in
        [(&["vet", "-unsafeptr=false", "./..."][..], &module), (&["build", "-o", "program.wasm", "."], &program)]
    {
        let mut go = command(folder, "go", words);
        go.env("GOFLAGS", "-mod=mod").env("GOWORK", "off").env("GOTOOLCHAIN", "local");
        if folder == &program {
            go.env("GOOS", "wasip1").env("GOARCH", "wasm").env("GOFLAGS", "-mod=mod -ldflags=-checklinkname=0");
        }
        run(go)?;
    }
    Ok(())
}

/// Every file that git has of a folder.
fn copy_tracked(root: &Path, folder: &str, to: &Path) -> Result<()> {
    // With what is new and not ignored: a check comes before a commit.
    let words = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", folder];
    let listed = command(root, "git", &words).output().context("failed to start git")?;
    if !listed.status.success() {
        bail!("git ls-files: {}", String::from_utf8_lossy(&listed.stderr));
    }
    for name in String::from_utf8(listed.stdout)?.split('\0').filter(|name| !name.is_empty()) {
        let (from, to) = (root.join(name), to.join(Path::new(name).strip_prefix(folder)?));
        if from.is_file() {
            std::fs::create_dir_all(to.parent().context("a file is in a folder")?)?;
            std::fs::copy(&from, &to).with_context(|| format!("failed to copy {name}"))?;
        }
    }
    Ok(())
}

/// The package is imported from its tarball: every name that it exports resolves to a file in it.
fn javascript(root: &Path, folder: &Path) -> Result<()> {
    let package = folder.join("node_modules/@airssys/wasm");
    std::fs::create_dir_all(&package)?;
    let place = folder.to_string_lossy().into_owned();
    let pack = ["pack", "--silent", "--ignore-scripts", "--pack-destination", &place];
    let packed = command(&root.join("sdk-js"), "npm", &pack).output().context("failed to start npm")?;
    if !packed.status.success() {
        bail!("npm pack: {}", String::from_utf8_lossy(&packed.stderr));
    }
    let tarball = String::from_utf8(packed.stdout)?.trim().to_owned();
    let words = ["-xzf", &tarball, "--strip-components=1", "-C", "node_modules/@airssys/wasm"];
    run(command(folder, "tar", &words))?;
    std::fs::write(folder.join("package.json"), "{\"type\": \"module\"}")?;
    std::fs::write(folder.join("test.mjs"), JAVASCRIPT)?;
    let words = ["--import", "@airssys/wasm/testing/register", "test.mjs"];
    run(command(folder, "node", &words))
}

const JAVASCRIPT: &str = r#"
import { existsSync, readFileSync } from "node:fs";
const folder = "node_modules/@airssys/wasm/";
const { exports } = JSON.parse(readFileSync(folder + "package.json", "utf8"));
for (const [name, targets] of Object.entries(exports)) {
  for (const file of Object.values(targets)) {
    if (!existsSync(folder + file)) throw new Error(`${name}: ${file} is not in the package`);
  }
  if (targets.default) await import("@airssys/wasm" + name.slice(1));
}
"#;

/// The wheel is installed by itself, and every module of it is imported that needs no component around it.
fn python(root: &Path, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let python = tools::python(root)?;
    let place = folder.join("wheels");
    let mut wheel =
        command(folder, &python, &["-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]);
    wheel.arg("--wheel-dir").arg(&place).arg(root.join("sdk-python"));
    run(wheel)?;
    let wheels: Vec<_> = std::fs::read_dir(&place)?.collect::<std::io::Result<_>>()?;
    let [wheel] = wheels.as_slice() else { bail!("{} wheels instead of one", wheels.len()) };
    let mut install = command(
        folder,
        &python,
        &[
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-index",
            "--no-deps",
            "--target",
            "site",
        ],
    );
    install.arg(wheel.path());
    run(install)?;
    let mut import = command(folder, &python, &["-c", PYTHON]);
    import.env("PYTHONPATH", folder.join("site")).env("PYTHONDONTWRITEBYTECODE", "1");
    run(import)
}

const PYTHON: &str = r#"
import pathlib
import airssys_wasm.testing
import airssys_wasm.files, airssys_wasm.tcp, airssys_wasm.processes, airssys_wasm.errors
where = pathlib.Path(airssys_wasm.__file__)
assert "site" in where.parts, f"{where} is not the wheel's"
assert (where.parent / "py.typed").is_file(), "the wheel has no py.typed"
"#;
