//! The airssys-wasm command.

fn main() {}
