//! What others install without a compiler: the command, packed for each platform, with checksums.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::steps::{Steps, command, run as run_command};

/// The file beside the archives, in the form that `sha256sum --check` reads.
const CHECKSUMS: &str = "SHA256SUMS";
/// What goes with the program.
const DOCUMENTS: &[&str] = &["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];
const PROGRAM: &str = "airssys-wasm";
const PROGRAM_MODE: u32 = 0o755;
const DOCUMENT_MODE: u32 = 0o644;

/// Compiles and packs the program for each of these platforms.
///
/// # Errors
/// Fails when a platform cannot be compiled for, or a file cannot be written.
pub fn run(root: &Path, targets: &[String], folder: &Path) -> Result<()> {
    let targets = if targets.is_empty() { vec![own_target(root)?] } else { targets.to_vec() };
    fs::create_dir_all(folder).with_context(|| format!("failed to make {}", folder.display()))?;
    let mut steps = Steps::new(root, targets.len());
    let mut archives = Vec::new();
    for target in &targets {
        steps.run(target, |root| {
            let program = compile(root, target)?;
            let name = format!("{PROGRAM}-{}-{target}", env!("CARGO_PKG_VERSION"));
            let archive = folder.join(format!("{name}.tar.gz"));
            let mut files = vec![(program, PROGRAM, PROGRAM_MODE)];
            files.extend(DOCUMENTS.iter().map(|document| (root.join(document), *document, DOCUMENT_MODE)));
            pack(&archive, &name, &files).with_context(|| format!("failed to write {}", archive.display()))?;
            archives.push(archive);
            Ok(())
        })?;
    }
    let sums = folder.join(CHECKSUMS);
    fs::write(&sums, checksums(&archives)?).with_context(|| format!("failed to write {}", sums.display()))?;
    for file in archives.iter().chain([&sums]) {
        println!("{}", file.display());
    }
    Ok(())
}

/// The platform of this machine's compiler.
fn own_target(root: &Path) -> Result<String> {
    let output = command(root, "rustc", &["--print", "host-tuple"]).output().context("failed to start rustc")?;
    let target = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if !output.status.success() || target.is_empty() {
        bail!("rustc does not say which platform this is: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(target)
}

fn compile(root: &Path, target: &str) -> Result<PathBuf> {
    let words = ["build", "--locked", "--release", "--package", "airssys-wasm-cli", "--target", target];
    run_command(command(root, "cargo", &words))
        .with_context(|| format!("is the target there (rustup target add {target}), and a linker for it?"))?;
    let folder = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    Ok(root.join(folder).join(target).join("release").join(PROGRAM))
}

/// Writes files as a compressed archive with one folder in it. Equal files make equal archives: no time, no owner.
fn pack(archive: &Path, folder: &str, files: &[(PathBuf, &str, u32)]) -> Result<()> {
    let mut packed = tar::Builder::new(GzEncoder::new(File::create(archive)?, Compression::best()));
    for (path, name, mode) in files {
        let file = File::open(path).with_context(|| format!("failed to read {}", path.display()))?;
        let mut header = tar::Header::new_gnu();
        header.set_size(file.metadata()?.len());
        header.set_mode(*mode);
        packed.append_data(&mut header, format!("{folder}/{name}"), file)?;
    }
    packed.into_inner()?.finish()?.flush()?;
    Ok(())
}

/// A line a file: its SHA-256, two spaces, its name.
fn checksums(files: &[PathBuf]) -> Result<String> {
    let mut lines = String::new();
    for file in files {
        let mut hasher = Sha256::new();
        let mut reader = File::open(file).with_context(|| format!("failed to read {}", file.display()))?;
        let mut buffer = [0; 64 << 10];
        loop {
            match reader.read(&mut buffer)? {
                0 => break,
                read => hasher.update(&buffer[..read]),
            }
        }
        for byte in hasher.finalize() {
            write!(lines, "{byte:02x}")?;
        }
        writeln!(lines, "  {}", file.file_name().context("an archive has a name")?.to_string_lossy())?;
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn equal_files_make_equal_archives_that_tar_and_sha256sum_read() {
        let _children = crate::CHILDREN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("program"), "#!/bin/sh\necho it runs\n").unwrap();
        fs::write(at("README.md"), "read me").unwrap();
        let files = [(at("program"), PROGRAM, PROGRAM_MODE), (at("README.md"), "README.md", DOCUMENT_MODE)];
        pack(&at("one.tar.gz"), "tool-1", &files).unwrap();
        // Touched: the time of a file is no part of an archive.
        fs::write(at("README.md"), "read me").unwrap();
        pack(&at("two.tar.gz"), "tool-1", &files).unwrap();
        assert_eq!(fs::read(at("one.tar.gz")).unwrap(), fs::read(at("two.tar.gz")).unwrap());
        fs::write(at(CHECKSUMS), checksums(&[at("one.tar.gz"), at("two.tar.gz")]).unwrap()).unwrap();

        let shell = |script: &str| {
            let output = Command::new("/bin/sh").current_dir(folder.path()).args(["-c", script]).output().unwrap();
            assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap()
        };
        shell(&format!("sha256sum --check --strict {CHECKSUMS}"));
        assert_eq!(shell("tar -xzf one.tar.gz && tool-1/airssys-wasm && cat tool-1/README.md"), "it runs\nread me");
        assert!(
            !Command::new("/bin/sh")
                .current_dir(folder.path())
                .args(["-c", &format!("echo >> one.tar.gz; sha256sum --check --strict --status {CHECKSUMS}")])
                .status()
                .unwrap()
                .success()
        );
    }
}
