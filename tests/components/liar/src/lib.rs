//! The mirror of the Rust SDK with one lie at a time, chosen by `LIE` in its environment. The suite must catch each.

#[path = "../../../../conformance/drivers/rust/src/dump.rs"]
mod dump;
#[path = "../../../../conformance/drivers/rust/src/filesystem.rs"]
mod filesystem;
#[path = "../../../../conformance/drivers/rust/src/host_services.rs"]
mod host_services;
mod lies;
#[path = "../../../../conformance/drivers/rust/src/lifecycle.rs"]
mod lifecycle;

mod bindings {
    wit_bindgen::generate!({
        path: "../../../wit",
        inline: "
            package airssys:mirror-driver;
            world exports {
                export airssys:core/host-services@1.0.0;
                export airssys:ext-filesystem/files@1.0.0;
                export airssys:ext-filesystem/directories@1.0.0;
                export airssys:ext-filesystem/paths@1.0.0;
            }
        ",
        world: "airssys:mirror-driver/exports",
        generate_all,
    });
}

/// What tells the truth.
struct Exports;

/// What is exported.
struct Liar;

bindings::export!(Liar with_types_in bindings);
