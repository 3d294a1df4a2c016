//! What `bindgen!` makes of the contract; nothing generated here leaves the crate.

wasmtime::component::bindgen!({
    path: "../../wit",
    world: "airssys:worlds/with-filesystem",
    // A host function may suspend the guest, and a broken invariant of the host ends the call.
    imports: { default: async | trappable },
    exports: { default: async },
    with: {
        "airssys:ext-filesystem/files.file": crate::capability::filesystem::File,
        "airssys:ext-filesystem/directories.directory-cursor": crate::capability::filesystem::DirectoryCursor,
    },
});

pub(crate) use airssys::core::{capabilities, host_services, types};
pub(crate) use airssys::ext_filesystem::{directories, files, paths, types as filesystem_types};
