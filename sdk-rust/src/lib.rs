//! Write airssys-wasm components in Rust.
