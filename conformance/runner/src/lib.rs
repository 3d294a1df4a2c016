//! Checks every SDK of airssys-wasm against every operation of its contract.
