//! The one gate: who asks, for what, and yes or no.

use std::fmt;
use std::sync::Arc;

use crate::question::Question;
use crate::{
    Access, AuditRecord, AuditSink, ComponentId, Decision, Denial, Layer, MountProblem, NetworkAction, Operation,
    Permissions, Surroundings,
};

/// Records are kept, and what is asked for may be any text of the guest's: no more of it is kept than a path can be long.
const MAX_RECORDED_BYTES: usize = 4096;

/// The one gate of one component. What passes is declared by the component and granted by the host; nothing else does.
#[derive(Clone)]
pub struct Gate(Arc<Rules>);

#[derive(Clone)]
struct Rules {
    component: Arc<ComponentId>,
    /// The same as text, for records.
    written: String,
    declared: Permissions,
    granted: Permissions,
    audit: Arc<dyn AuditSink>,
    surroundings: Option<Arc<dyn Surroundings>>,
}

impl Gate {
    /// A gate for `component`, which declares some permissions and is granted others; decisions go to `audit`.
    pub fn new(component: ComponentId, declared: Permissions, granted: Permissions, audit: Arc<dyn AuditSink>) -> Gate {
        let written = component.to_string();
        Gate(Arc::new(Rules { component: Arc::new(component), written, declared, granted, audit, surroundings: None }))
    }

    /// The same gate on a machine with these surroundings, whose addresses no permission for a name covers, nor `*`.
    pub fn within(self, surroundings: Arc<dyn Surroundings>) -> Gate {
        Gate(Arc::new(Rules { surroundings: Some(surroundings), ..Arc::unwrap_or_clone(self.0) }))
    }

    /// The same gate with another place for its decisions: an instance of a component of which there are several.
    pub fn recording_to(&self, audit: Arc<dyn AuditSink>) -> Gate {
        Gate(Arc::new(Rules { audit, ..(*self.0).clone() }))
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
        let (refused, is_near) = self.decide(&access);
        match refused {
            None => {
                self.record(operation, &access, None, None);
                Ok(Permit { operation, access })
            }
            Some(layer) => Err(self.deny(operation, &access, layer, is_near, None)),
        }
    }

    /// Refuses what the permissions may cover and the host's mounts do not give all the same, and records that.
    pub fn refuse(&self, operation: Operation, access: &Access, mount: MountProblem) -> Denial {
        let (refused, is_near) = self.decide(access);
        self.deny(operation, access, refused.unwrap_or(Layer::Mount), is_near, Some(mount))
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
        let decision = if layer.is_none() { Decision::Allowed } else { Decision::Denied };
        let (component, resource) = (self.0.written.as_str(), shortened(access.resource()));
        let record = AuditRecord::new(component, operation.0, resource, access.action(), decision);
        self.0.audit.record(AuditRecord { missing, layer, mount, ..record });
    }

    /// Whether it would be allowed. This leaves no record: it is for leaving out of a listing what may not be seen, never
    /// for letting something happen.
    pub fn allows(&self, access: &Access) -> bool {
        self.decide(access).0.is_none()
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

    /// Who does not allow it, if anybody; and whether it goes to what is around the host.
    fn decide(&self, access: &Access) -> (Option<Layer>, bool) {
        let Some(question) = Question::of(access, self.0.surroundings.as_deref()) else {
            return (Some(Layer::Manifest), false);
        };
        let refused = if !self.0.declared.answer(&question) {
            Some(Layer::Manifest)
        } else if !self.0.granted.answer(&question) {
            Some(Layer::Host)
        } else {
            None
        };
        (refused, question.is_near)
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

#[cfg(test)]
mod tests;
