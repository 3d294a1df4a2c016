//! Guest toolchains of airssys-wasm: install, diagnose, generate bindings, build components.
