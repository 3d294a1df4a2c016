//! Where the measurements were taken, and with what.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use airssys_wasm_toolchain::{Cache, doctor};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// A machine and the tools on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// Threads that run at a time.
    pub cores: usize,
    /// Memory, in bytes.
    pub memory_bytes: u64,
    /// What the processor calls itself.
    pub cpu: String,
    /// The operating system and its version.
    pub kernel: String,
    /// How many threads wanted to run in the minute before: above the cores, the numbers are too high.
    pub load: f64,
    /// The compiler of the host.
    pub rustc: String,
    /// The engine.
    pub wasmtime: String,
    /// What the guests were built with: versions by tool.
    pub toolchains: BTreeMap<String, String>,
    /// What is measured beside the host: versions by package. The engine is the one of Extism.
    pub peers: BTreeMap<String, String>,
}

/// Describes this machine, for the checkout at `root`.
///
/// # Errors
/// Fails where the system does not say: elsewhere than on Linux.
pub fn describe(root: &Path) -> Result<Machine> {
    let memory = field("/proc/meminfo", "MemTotal")?;
    let kibibytes: u64 = memory.trim_end_matches("kB").trim().parse().context("MemTotal is no number")?;
    let load = read("/proc/loadavg")?;
    let rustc = Command::new("rustc").arg("--version").output().context("failed to run rustc")?;
    let mut toolchains = BTreeMap::new();
    for language in doctor(&Cache::open(None)?).languages {
        for tool in language.tools {
            toolchains.extend(tool.version.map(|version| (tool.tool, version)));
        }
    }
    let lock = read(&root.join("host/bench/peers/Cargo.lock").to_string_lossy())?;
    let peers = ["extism", "extism-pdk", "wasmtime"].map(|package| (package.to_owned(), locked(&lock, package)));
    let peers = peers.into_iter().filter_map(|(package, version)| Some((package, version?)));
    Ok(Machine {
        cores: std::thread::available_parallelism()?.get(),
        memory_bytes: kibibytes << 10,
        cpu: field("/proc/cpuinfo", "model name").unwrap_or_else(|_| std::env::consts::ARCH.to_owned()),
        kernel: format!("{} {}", read("/proc/sys/kernel/ostype")?.trim(), read("/proc/sys/kernel/osrelease")?.trim()),
        load: load.split(' ').next().unwrap_or_default().parse().context("the load is no number")?,
        rustc: String::from_utf8(rustc.stdout)?.trim().to_owned(),
        wasmtime: locked(&read(&root.join("Cargo.lock").to_string_lossy())?, "wasmtime")
            .context("Cargo.lock does not name wasmtime")?,
        toolchains,
        peers: peers.collect(),
    })
}

fn read(file: &str) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("failed to read {file}"))
}

/// The value of a `name: value` line.
fn field(file: &str, name: &str) -> Result<String> {
    let text = read(file)?;
    let mut pairs = text.lines().filter_map(|line| line.split_once(':'));
    let value = pairs.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim().to_owned());
    value.with_context(|| format!("{file} does not say {name}"))
}

/// The version of a package in a lock file.
fn locked(lock: &str, package: &str) -> Option<String> {
    let (_, rest) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    rest.split('"').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_is_the_locked_one() {
        let lock = "[[package]]\nname = \"wasmtime-wasi\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"wasmtime\"\nversion = \"48.0.8\"\n";
        assert_eq!(locked(lock, "wasmtime").as_deref(), Some("48.0.8"));
        assert_eq!(locked(lock, "wasm"), None);
    }
}
