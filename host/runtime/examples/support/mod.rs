//! The component of the examples: one that is made of text, so that they need no toolchain.

#![allow(dead_code, reason = "each example uses what it needs")]

include!("../../tests/runtime/support.rs");

/// Nothing is kept between runs.
pub fn cache() -> airssys_wasm::CacheFolder {
    airssys_wasm::CacheFolder::Disabled
}

/// A folder with components of these names.
pub fn folder_with_components(names: &[&str]) -> std::io::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    for name in names {
        std::fs::write(folder.path().join(format!("{name}.wasm")), guest())?;
    }
    Ok(folder)
}
