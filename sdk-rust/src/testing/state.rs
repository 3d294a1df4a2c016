//! The state of a fake host, of which a thread has one at most.

use std::cell::{Cell, RefCell};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::network::Network;
use super::permissions::{Access, Permissions};
use super::process::Programs;
use super::records::{LogRecord, SentMessage, SentRequest};
use crate::{ComponentId, ComponentMetadata, PermissionDenial, Timestamp};

thread_local! {
    static CURRENT: RefCell<Option<Rc<State>>> = const { RefCell::new(None) };
}

/// What the imports work on.
#[derive(Debug)]
pub(in crate::testing) struct State {
    pub(in crate::testing) root: PathBuf,
    pub(in crate::testing) rest: RefCell<Rest>,
    pub(in crate::testing) permissions: RefCell<Permissions>,
    pub(in crate::testing) permits_all: Cell<bool>,
    /// Where a Component.toml was looked for in vain.
    pub(in crate::testing) unfound: Option<PathBuf>,
    /// Files and cursors that are open.
    pub(in crate::testing) open: Cell<u32>,
    pub(in crate::testing) network: RefCell<Network>,
    pub(in crate::testing) programs: RefCell<Programs>,
}

#[derive(Debug)]
pub(in crate::testing) struct Rest {
    pub(in crate::testing) denied: Vec<String>,
    pub(in crate::testing) components: Vec<ComponentMetadata>,
    pub(in crate::testing) full: Vec<ComponentId>,
    pub(in crate::testing) messages: Vec<SentMessage>,
    pub(in crate::testing) requests: Vec<SentRequest>,
    pub(in crate::testing) log: Vec<LogRecord>,
    pub(in crate::testing) time: Timestamp,
}

/// Whether this thread has a host.
#[cfg(any(feature = "log", feature = "tracing"))]
pub(crate) fn is_there() -> bool {
    State::still().is_some()
}

impl State {
    /// Makes the host of this thread, which has none.
    pub(in crate::testing) fn start(permissions: Permissions, unfound: Option<PathBuf>) -> Rc<State> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("airssys-fake-host-{}-{number}", std::process::id()));
        fs::create_dir_all(&root).expect("a temporary folder can be made");
        let rest = Rest {
            denied: Vec::new(),
            components: Vec::new(),
            full: Vec::new(),
            messages: Vec::new(),
            requests: Vec::new(),
            log: Vec::new(),
            time: Timestamp { seconds: 1_000_000_000, nanoseconds: 0 },
        };
        let state = Rc::new(State {
            root,
            rest: RefCell::new(rest),
            permissions: RefCell::new(permissions),
            permits_all: Cell::new(false),
            unfound,
            open: Cell::new(0),
            network: RefCell::default(),
            programs: RefCell::default(),
        });
        CURRENT.with_borrow_mut(|current| {
            assert!(current.is_none(), "this thread has a fake host already");
            *current = Some(Rc::clone(&state));
        });
        state
    }

    /// This thread has no host from now on.
    pub(in crate::testing) fn end() {
        CURRENT.with_borrow_mut(|current| *current = None);
    }

    /// The host of this thread.
    pub(in crate::testing) fn current() -> Rc<State> {
        Self::still().expect("no host: make an airssys_wasm_sdk::testing::FakeHost in the test")
    }

    /// The host of this thread, unless it is gone: handles may outlive it.
    pub(in crate::testing) fn still() -> Option<Rc<State>> {
        CURRENT.with_borrow(Option::clone)
    }

    /// Where a guest path lies, `..` taken by its text. `None` if it is none.
    pub(in crate::testing) fn place(&self, path: &str) -> Option<PathBuf> {
        Some(self.root.join(normal(path)?.trim_start_matches('/')))
    }

    /// Whether the component may do this, and else the refusal of a host.
    pub(in crate::testing) fn decide(
        &self,
        operation: &str,
        access: &Access<'_>,
        denied: bool,
    ) -> Result<(), PermissionDenial> {
        if !denied && (self.permits_all.get() || self.permissions.borrow().cover(access)) {
            return Ok(());
        }
        let mut missing = access.missing();
        if let (Some(folder), false) = (&self.unfound, denied) {
            missing += &format!(" (there is no Component.toml in {} or above it)", folder.display());
        }
        Err(PermissionDenial { operation: operation.to_owned(), resource: access.resource(), missing })
    }

    /// Whether messages may go to this component.
    pub(in crate::testing) fn may_send_to(&self, target: &ComponentId) -> bool {
        self.decide("", &Access::Messaging { target }, self.denies_component(target)).is_ok()
    }

    /// Whether the test refused this path, or one above it.
    pub(in crate::testing) fn denies_path(&self, path: &str) -> bool {
        let path = normal(path).unwrap_or_default();
        self.rest.borrow().denied.iter().any(|denied| Path::new(&path).starts_with(denied))
    }

    /// Whether the test refused this component.
    pub(in crate::testing) fn denies_component(&self, id: &ComponentId) -> bool {
        let name = format!("{}/{}", id.namespace, id.name);
        self.rest.borrow().denied.contains(&name)
    }
}

/// An absolute path without `.`, `..` and empty parts.
fn normal(path: &str) -> Option<String> {
    if !path.starts_with('/') || path.contains('\0') {
        return None;
    }
    let mut parts = Vec::new();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::ParentDir => drop(parts.pop()),
            _ => {}
        }
    }
    Some(format!("/{}", parts.join("/")))
}
