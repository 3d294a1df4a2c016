//! The engine's side of the WIT.

#![allow(missing_docs, reason = "generated from the WIT, which has the documentation")]

wasmtime::component::bindgen!({
    path: "wit",
    world: "acme:model/imports",
    imports: { default: async | trappable },
    with: {
        "airssys:core/capabilities": airssys_wasm::wit::capabilities,
        "acme:model/inference.model": crate::open::Open,
    },
});
