//! Which components a runtime has, by id.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use airssys_wasm_policy::ComponentId;

use crate::capability::host_services::directory::{Addressee, Directory};
use crate::component::Component;
use crate::running_component::RunningComponent;

/// The components of one runtime. It keeps them running; a handle alone does so too.
#[derive(Default)]
pub(crate) struct Registry {
    components: RwLock<BTreeMap<ComponentId, Component>>,
}

impl Registry {
    /// Adds a component, unless there is one of the same id.
    pub(crate) fn add(&self, component: Component) -> bool {
        let mut components = self.components.write().unwrap_or_else(PoisonError::into_inner);
        match components.entry(component.id().clone()) {
            std::collections::btree_map::Entry::Occupied(_) => false,
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(component);
                true
            }
        }
    }

    /// Removes this very component; another one that has taken its id stays.
    pub(crate) fn remove(&self, running: &RunningComponent) {
        let mut components = self.components.write().unwrap_or_else(PoisonError::into_inner);
        let id: &ComponentId = running.id();
        let removed = match components.get(id) {
            Some(component) if std::ptr::eq(Arc::as_ptr(component.running()), running) => components.remove(id),
            _ => None,
        };
        drop(components);
        // The last handle of a component may go here, which takes its time.
        drop(removed);
    }

    pub(crate) fn get(&self, id: &ComponentId) -> Option<Component> {
        self.read().get(id).cloned()
    }

    pub(crate) fn list(&self) -> Vec<Component> {
        self.read().values().cloned().collect()
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, BTreeMap<ComponentId, Component>> {
        self.components.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Directory for Registry {
    fn find(&self, id: &ComponentId) -> Option<Arc<dyn Addressee>> {
        let component = self.read().get(id).map(|component| Arc::clone(component.running()))?;
        Some(component)
    }

    fn ids(&self) -> Vec<ComponentId> {
        self.read().keys().cloned().collect()
    }
}
