//! The memory of this process as the system sees it.

use anyhow::{Context, Result};

/// Resident memory of this process, in bytes.
///
/// # Errors
/// Fails where the system does not say: elsewhere than on Linux.
pub fn resident_bytes() -> Result<u64> {
    let status =
        std::fs::read_to_string("/proc/self/status").context("failed to ask for the memory of this process")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("the system does not say VmRSS")?;
    let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse().context("VmRSS is no number")?;
    Ok(kibibytes << 10)
}
