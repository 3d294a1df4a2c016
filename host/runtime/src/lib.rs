//! Runs airssys-wasm components: deny by default, bounded, observable.
