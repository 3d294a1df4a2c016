//! What `bindgen!` makes of the contract; nothing generated here leaves the crate.

wasmtime::component::bindgen!({
    path: "../../wit",
    inline: "
        package airssys:host;
        world host-world {
            include airssys:worlds/with-filesystem@1.0.0;
            include airssys:worlds/with-process@1.0.0;
        }
    ",
    // A host function may suspend the guest, and a broken invariant of the host ends the call.
    imports: { default: async | trappable },
    exports: { default: async },
    with: {
        "airssys:ext-filesystem/files.file": crate::capability::filesystem::File,
        "airssys:ext-filesystem/directories.directory-cursor": crate::capability::filesystem::DirectoryCursor,
        "airssys:ext-process/processes.process": crate::capability::process::Process,
    },
});

pub(crate) use airssys::core::{capabilities, host_services, types};
pub(crate) use airssys::ext_filesystem::{directories, files, paths, types as filesystem_types};
pub(crate) use airssys::ext_process::{processes, signals, stdio, types as process_types};
