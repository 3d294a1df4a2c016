//! What `bindgen!` makes of the contract; nothing generated here leaves the crate.

#![allow(missing_docs, reason = "generated; what leaves the crate has the documentation of the WIT")]

wasmtime::component::bindgen!({
    path: "../../wit",
    world: "airssys:worlds/full",
    // A host function may suspend the guest, and a broken invariant of the host ends the call.
    imports: { default: async | trappable },
    exports: { default: async },
    with: {
        "airssys:ext-filesystem/files.file": crate::capability::filesystem::File,
        "airssys:ext-filesystem/directories.directory-cursor": crate::capability::filesystem::DirectoryCursor,
        "airssys:ext-network/tcp.tcp-stream": crate::capability::network::TcpStream,
        "airssys:ext-network/tcp.tcp-listener": crate::capability::network::TcpListener,
        "airssys:ext-network/udp.udp-socket": crate::capability::network::UdpSocket,
        "airssys:ext-network/connections.connection-pool": crate::capability::network::ConnectionPool,
        "airssys:ext-process/processes.process": crate::capability::process::Process,
    },
});

pub use airssys::core::capabilities;
pub(crate) use airssys::core::{host_services, types};
pub(crate) use airssys::ext_filesystem::{directories, files, paths, types as filesystem_types};
pub(crate) use airssys::ext_network::{connections, tcp, types as network_types, udp};
pub(crate) use airssys::ext_process::{processes, signals, stdio, types as process_types};
