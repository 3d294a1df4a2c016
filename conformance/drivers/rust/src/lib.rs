//! The driver of the Rust SDK: exports every operation and forwards each call through the SDK's public API.

mod dump;
mod filesystem;
mod host_services;
mod lifecycle;
mod milliseconds;
mod network;
mod process;

// The exports beyond those of every component, which the SDK makes.
mod bindings {
    wit_bindgen::generate!({
        path: "../../../wit",
        inline: "
            package airssys:driver;
            world exports {
                export airssys:core/host-services@1.0.0;
                export airssys:ext-filesystem/files@1.0.0;
                export airssys:ext-filesystem/directories@1.0.0;
                export airssys:ext-filesystem/paths@1.0.0;
                export airssys:ext-network/tcp@1.0.0;
                export airssys:ext-network/udp@1.0.0;
                export airssys:ext-network/connections@1.0.0;
                export airssys:ext-process/processes@1.0.0;
                export airssys:ext-process/stdio@1.0.0;
                export airssys:ext-process/signals@1.0.0;
            }
        ",
        world: "airssys:driver/exports",
        generate_all,
    });
}

/// What implements the exported interfaces.
struct Exports;

bindings::export!(Exports with_types_in bindings);
