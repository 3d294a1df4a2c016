//! The contract, generated from its WIT.

wit_bindgen::generate!({
    path: "wit",
    world: "airssys:worlds/full",
    generate_all,
    pub_export_macro: true,
    export_macro_name: "export_component",
    default_bindings_module: "airssys_wasm_sdk::bindings",
    additional_derives: [PartialEq, Eq],
});
