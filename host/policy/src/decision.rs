//! The one gate: who asks, for what, and yes or no.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use serde::Serialize;

use crate::{
    AuditRecord, AuditSink, ComponentId, Decision, FilesystemAction, Host, MountProblem, NetworkAction, Permissions,
    ProcessAction, Surroundings, is_guarded_address,
};

/// Records are kept, and what is asked for may be any text of the guest's: no more of it is kept than a path can be long.
const MAX_RECORDED_BYTES: usize = 4096;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// Something done to a file or directory.
    Filesystem {
        /// What is done.
        action: FilesystemAction,
        /// The absolute guest path that is really meant, `..` and symlinks resolved. Any other path is denied.
        path: String,
    },
    /// Something done on the network.
    Network {
        /// What is done.
        action: NetworkAction,
        /// The name or IP address as the guest gave it.
        host: String,
        /// The port, where there is one; looking up a name has none.
        port: Option<u16>,
        /// The address that the name led to. Asked without it, the answer tells whether the name may be looked up; each
        /// address found has to be asked for again, because a name's permission does not cover guarded addresses.
        address: Option<IpAddr>,
    },
    /// Something done with a program.
    Process {
        /// What is done.
        action: ProcessAction,
        /// The resolved absolute path of the program.
        program: String,
    },
    /// A message or request.
    Messaging {
        /// Whom it is for.
        target: ComponentId,
    },
}

impl Access {
    /// The kind of permission that this takes, as in `filesystem.read`.
    pub fn action(&self) -> &'static str {
        match self {
            Access::Filesystem { action: FilesystemAction::Read, .. } => "filesystem.read",
            Access::Filesystem { action: FilesystemAction::Write, .. } => "filesystem.write",
            Access::Filesystem { action: FilesystemAction::Delete, .. } => "filesystem.delete",
            Access::Filesystem { action: FilesystemAction::List, .. } => "filesystem.list",
            Access::Network { action: NetworkAction::Outbound, .. } => "network.outbound",
            Access::Network { action: NetworkAction::Inbound, .. } => "network.inbound",
            Access::Network { action: NetworkAction::Resolve, .. } => "network.resolve",
            Access::Process { action: ProcessAction::Spawn, .. } => "process.spawn",
            Access::Process { action: ProcessAction::Signal, .. } => "process.signal",
            Access::Messaging { .. } => "messaging.send",
        }
    }

    /// What it is done to: a guest path, `host:port`, a program or a component.
    pub fn resource(&self) -> String {
        match self {
            Access::Filesystem { path, .. } => path.clone(),
            Access::Network { host, port, address, .. } => {
                let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
                let port = port.map(|port| format!(":{port}")).unwrap_or_default();
                let address = address.map(|address| format!(" ({address})")).unwrap_or_default();
                format!("{host}{port}{address}")
            }
            Access::Process { program, .. } => program.clone(),
            Access::Messaging { target } => target.to_string(),
        }
    }
}

/// The operation of the contract that asks: package, interface, resource if any, and function, as in
/// `ext-filesystem/files.open` or `ext-filesystem/directories.directory-cursor.next`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Operation(pub &'static str);

impl Operation {
    /// The name.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

/// The one gate of one component. What passes is declared by the component and granted by the host; nothing else does.
#[derive(Clone)]
pub struct Gate(Arc<Rules>);

#[derive(Clone)]
struct Rules {
    component: Arc<ComponentId>,
    declared: Permissions,
    granted: Permissions,
    audit: Arc<dyn AuditSink>,
    surroundings: Option<Arc<dyn Surroundings>>,
}

impl Gate {
    /// A gate for `component`, which declares some permissions and is granted others; decisions go to `audit`.
    pub fn new(component: ComponentId, declared: Permissions, granted: Permissions, audit: Arc<dyn AuditSink>) -> Gate {
        Gate(Arc::new(Rules { component: Arc::new(component), declared, granted, audit, surroundings: None }))
    }

    /// The same gate on a machine with these surroundings, whose addresses no permission for a name covers, nor `*`.
    pub fn within(self, surroundings: Arc<dyn Surroundings>) -> Gate {
        Gate(Arc::new(Rules { surroundings: Some(surroundings), ..Arc::unwrap_or_clone(self.0) }))
    }

    /// Whose gate it is.
    pub fn component(&self) -> &ComponentId {
        &self.0.component
    }

    /// Decides, records the decision, and hands out a permit only with a yes.
    ///
    /// # Errors
    /// The denial, with the permission that is missing and who would have to give it.
    pub fn authorize(&self, operation: Operation, access: Access) -> Result<Permit, Denial> {
        let is_near = self.is_near(&access);
        match self.refused_by(&access, is_near) {
            None => {
                self.record(operation, &access, None, None);
                Ok(Permit { operation, access })
            }
            Some(layer) => Err(self.deny(operation, &access, layer, is_near, None)),
        }
    }

    /// Refuses what the permissions may cover and the host's mounts do not give all the same, and records that.
    pub fn refuse(&self, operation: Operation, access: &Access, mount: MountProblem) -> Denial {
        let is_near = self.is_near(access);
        let layer = self.refused_by(access, is_near).unwrap_or(Layer::Mount);
        self.deny(operation, access, layer, is_near, Some(mount))
    }

    /// The folder to mount so that this is there: where the permissions begin that the component declares for it, else
    /// the outermost one.
    pub fn folder_for(&self, path: &str) -> String {
        let declared = self.0.declared.filesystem.iter().filter(|declared| declared.path.matches(path));
        let start = declared.map(|declared| declared.path.literal_start()).max_by_key(String::len);
        match start {
            // A single file is declared: its folder is what can be mounted.
            Some(start) if start == path => path.rsplit_once('/').map(|(folder, _)| folder.to_owned()),
            Some(start) => Some(start),
            None => path.split('/').nth(1).map(|name| format!("/{name}")),
        }
        .filter(|folder| folder.len() > 1)
        .unwrap_or_else(|| "/".to_owned())
    }

    fn deny(
        &self,
        operation: Operation,
        access: &Access,
        layer: Layer,
        is_near: bool,
        mount: Option<MountProblem>,
    ) -> Denial {
        let missing = Permissions::covering_at(access, is_near).map(|line| line.to_string()).unwrap_or_default();
        self.record(operation, access, Some((layer, missing.clone())), mount.clone());
        let (component, resource) = (self.0.component.clone(), access.resource());
        Denial { component, operation, resource, missing, layer, mount: mount.map(Box::new) }
    }

    fn record(
        &self,
        operation: Operation,
        access: &Access,
        refused: Option<(Layer, String)>,
        mount: Option<MountProblem>,
    ) {
        let (layer, missing) = refused.unzip();
        self.0.audit.record(AuditRecord {
            component: self.0.component.to_string(),
            operation: operation.0.to_owned(),
            resource: shortened(access.resource()),
            action: access.action().to_owned(),
            decision: if layer.is_none() { Decision::Allowed } else { Decision::Denied },
            missing,
            layer,
            mount,
            count: 1,
            dropped_before: 0,
        });
    }

    /// Whether it would be allowed. This leaves no record: it is for leaving out of a listing what may not be seen, never
    /// for letting something happen.
    pub fn allows(&self, access: &Access) -> bool {
        self.refused_by(access, self.is_near(access)).is_none()
    }

    /// Whether it would be allowed on everything that is or ever will be below its path as well; for handing a whole tree
    /// to something that asks no more questions. This leaves no record.
    pub fn allows_below(&self, access: &Access) -> bool {
        self.0.declared.cover_below(access) && self.0.granted.cover_below(access)
    }

    /// Whether this would be allowed on this port of every address there is; for handing the port to something that cannot
    /// tell addresses apart. This leaves no record.
    pub fn allows_every_address(&self, action: NetworkAction, port: u16) -> bool {
        self.0.declared.cover_every_address(action, port) && self.0.granted.cover_every_address(action, port)
    }

    /// What is declared, and what is granted; only what both cover is allowed. For finding out what is worth asking for.
    pub fn permissions(&self) -> [&Permissions; 2] {
        [&self.0.declared, &self.0.granted]
    }

    /// Whether it goes to what is around the host. To listen is on an address of the machine in any case.
    fn is_near(&self, access: &Access) -> bool {
        let Access::Network { action: NetworkAction::Outbound, host, address, .. } = access else { return false };
        let address = Host::parse(host, *address).and_then(|host| host.address());
        match (&self.0.surroundings, address) {
            (Some(surroundings), Some(address)) => !is_guarded_address(address) && surroundings.include(address),
            _ => false,
        }
    }

    fn refused_by(&self, access: &Access, is_near: bool) -> Option<Layer> {
        if !self.0.declared.cover_at(access, is_near) {
            Some(Layer::Manifest)
        } else if !self.0.granted.cover_at(access, is_near) {
            Some(Layer::Host)
        } else {
            None
        }
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate")
            .field("component", &self.0.component)
            .field("declared", &self.0.declared)
            .field("granted", &self.0.granted)
            .finish_non_exhaustive()
    }
}

/// As much of a resource as an audit record keeps.
fn shortened(mut resource: String) -> String {
    if resource.len() > MAX_RECORDED_BYTES {
        resource.truncate(resource.floor_char_boundary(MAX_RECORDED_BYTES));
        resource.push('…');
    }
    resource
}

/// The proof of a yes. Only [`Gate::authorize`] makes one, it cannot be copied, and what it allows takes it by value:
/// code that skips the question does not compile.
///
/// ```compile_fail,E0451
/// use airssys_wasm_policy::{Access, FilesystemAction, Operation, Permit};
/// let access = Access::Filesystem { action: FilesystemAction::Read, path: "/etc/passwd".to_owned() };
/// let forged = Permit { operation: Operation("ext-filesystem/files.open"), access };
/// ```
/// ```compile_fail,E0599
/// fn twice(permit: airssys_wasm_policy::Permit) {
///     let again = permit.clone();
/// }
/// ```
/// ```compile_fail,E0382
/// fn twice(permit: airssys_wasm_policy::Permit) {
///     drop(permit);
///     drop(permit);
/// }
/// ```
/// ```compile_fail,E0277
/// fn made<T: Default>() -> T { T::default() }
/// let forged: airssys_wasm_policy::Permit = made();
/// ```
#[derive(Debug)]
#[must_use = "a permit allows one operation, which takes it"]
pub struct Permit {
    operation: Operation,
    access: Access,
}

impl Permit {
    /// What was asked for and allowed. The operation does this and nothing else.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// The operation that asked.
    pub fn operation(&self) -> Operation {
        self.operation
    }
}

/// Who did not allow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// The component does not declare it in its Component.toml.
    Manifest,
    /// The component declares it, but the host does not grant it.
    Host,
    /// The component declares it and the host grants it, but the host's mounts do not show it, or only for reading.
    Mount,
}

/// A no, with what would have made it a yes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{operation} on {resource:?} is not permitted to {component}\n{}", self.hint())]
pub struct Denial {
    /// Who asked.
    pub component: Arc<ComponentId>,
    /// What was called.
    pub operation: Operation,
    /// On what: a guest path, a host and port, a program or a component.
    pub resource: String,
    /// The line of `[permissions]` that would have allowed it, no more than it. Empty if no permission can: the path was
    /// not a resolved one, the host neither a name nor an address, or the target no component's name.
    pub missing: String,
    /// Who did not allow it.
    pub layer: Layer,
    /// What the host's mounts lack, whoever else did not allow it either.
    pub mount: Option<Box<MountProblem>>,
}

impl Denial {
    /// What to write where, for a person to read.
    pub fn hint(&self) -> String {
        if self.missing.is_empty() {
            return "help: no permission can allow this".to_owned();
        }
        let mount = self.mount.as_ref().map(|mount| format!("{mount}; its operator can change that"));
        let how = match self.layer {
            Layer::Manifest => "the component does not declare it; its author can, in its Component.toml",
            Layer::Host => "the component declares it, the host does not grant it; its operator can",
            Layer::Mount => return format!("help: {}", mount.unwrap_or_default()),
        };
        let besides = mount.map(|mount| format!("\n\nbesides, {mount}")).unwrap_or_default();
        format!("help: {how}:\n\n    [permissions]\n    {}{besides}", self.missing)
    }
}

#[cfg(test)]
mod tests;
