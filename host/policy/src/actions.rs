//! What permissions are for.

use crate::keyword::keywords;

keywords! {
    /// What is done to files.
    pub enum FilesystemAction as "filesystem action" {
        /// Reading contents and metadata.
        Read = "read" not "open" | "stat",
        /// Creating and changing.
        Write = "write" not "create" | "append" | "modify",
        /// Removing.
        Delete = "delete" not "remove" | "unlink",
        /// Learning the names in a directory.
        List = "list" not "readdir" | "browse",
    }
}

keywords! {
    /// What is done on the network.
    pub enum NetworkAction as "network action" {
        /// Connecting and sending to a host.
        Outbound = "outbound" not "connect" | "send" | "out",
        /// Listening on an address of the host's own.
        Inbound = "inbound" not "listen" | "bind" | "accept" | "in",
        /// Looking up a name.
        Resolve = "resolve" not "dns" | "lookup",
    }
}

keywords! {
    /// What is done with programs.
    pub enum ProcessAction as "process action" {
        /// Starting it.
        Spawn = "spawn" not "execute" | "exec" | "run" | "start",
        /// Sending signals to it.
        Signal = "signal" not "kill" | "terminate",
    }
}
