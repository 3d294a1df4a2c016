//! Which components a runtime has, by id.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use airssys_wasm_policy::ComponentId;

use crate::component::Component;
use crate::core::Core;

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
    pub(crate) fn remove(&self, core: &Arc<Core>) {
        let mut components = self.components.write().unwrap_or_else(PoisonError::into_inner);
        if components.get(&core.id).is_some_and(|component| Arc::ptr_eq(component.core(), core)) {
            components.remove(&core.id);
        }
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
