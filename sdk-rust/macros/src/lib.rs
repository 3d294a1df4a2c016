//! The #[component] attribute of airssys-wasm-sdk.
