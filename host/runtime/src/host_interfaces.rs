//! The interfaces that an embedder adds to a runtime.

use std::any::{Any, TypeId};
use std::collections::BTreeSet;
use std::sync::Arc;

use airssys_wasm_policy::{InterfaceDescription, InterfaceName};
use wasmtime::component::Linker;

use crate::error::CallerError;
use crate::host_state::{Capabilities, HostState, Observations};
use crate::interface_scope::InterfaceScope;

/// An interface of the embedder's own, which the contract does not have. Its types and its linking are made by the engine's
/// `bindgen!` from its WIT, as `host/examples` of the repository show; who may do what through it is asked at the gate that
/// is asked for everything else.
///
/// ```
/// use airssys_wasm::engine_types::{self, Guest, Linker};
/// use airssys_wasm::host_interface::InterfaceScope;
/// use airssys_wasm::policy::{InterfaceDescription, InterfaceName};
/// use airssys_wasm::{HostInterface, Runtime};
///
/// /// Tells a component the id that it runs under, which takes no permission.
/// struct Identity;
///
/// impl HostInterface for Identity {
///     type State = InterfaceScope;
///
///     fn imports(&self) -> Vec<InterfaceName> {
///         vec!["acme:identity/identity@0.1.0".parse().expect("a name")]
///     }
///
///     fn describe(&self) -> InterfaceDescription {
///         InterfaceDescription::of("acme:identity".parse().expect("a package"))
///     }
///
///     fn link(linker: &mut Linker<Guest>) -> engine_types::Result<()> {
///         linker.instance("acme:identity/identity@0.1.0")?.func_wrap("own-id", |mut store, (): ()| {
///             Ok((store.data_mut().interface::<Identity>().component().to_string(),))
///         })
///     }
///
///     fn start(&self, scope: InterfaceScope) -> InterfaceScope {
///         scope
///     }
/// }
///
/// let runtime = Runtime::builder().host_interface(Identity);
/// # let runtime = runtime.cache(airssys_wasm::CacheFolder::Disabled);
/// let runtime = runtime.build()?;
/// assert_eq!(runtime.host_interfaces().len(), 1);
/// # Ok::<(), airssys_wasm::Error>(())
/// ```
pub trait HostInterface: Send + Sync + 'static {
    /// What one instance of a component has of it: the type for which the generated traits are implemented.
    type State: Send + 'static;

    /// The interfaces, as components import them: `acme:database/client@0.1.0`.
    fn imports(&self) -> Vec<InterfaceName>;

    /// The actions that it asks for, and the fields of each, for the permissions of its package.
    fn describe(&self) -> InterfaceDescription;

    /// Adds the generated functions, with [`Guest::interface`](HostState::interface) for where the state is.
    ///
    /// # Errors
    ///
    /// Those of the engine.
    fn link(linker: &mut Linker<HostState>) -> wasmtime::Result<()>
    where
        Self: Sized;

    /// The state of an instance that begins.
    fn start(&self, scope: InterfaceScope) -> Self::State;
}

/// A [`HostInterface`] of any type.
trait AnyInterface: Send + Sync {
    fn link(&self, linker: &mut Linker<HostState>) -> wasmtime::Result<()>;
    fn start(&self, scope: InterfaceScope) -> (TypeId, Box<dyn Any + Send>);
}

impl<T: HostInterface> AnyInterface for T {
    fn link(&self, linker: &mut Linker<HostState>) -> wasmtime::Result<()> {
        T::link(linker)
    }

    fn start(&self, scope: InterfaceScope) -> (TypeId, Box<dyn Any + Send>) {
        (TypeId::of::<T>(), Box::new(HostInterface::start(self, scope)))
    }
}

/// An interface, and what it says of itself.
type Described = (Arc<InterfaceDescription>, Arc<dyn AnyInterface>);

/// All that an embedder has added.
#[derive(Clone, Default)]
pub(crate) struct HostInterfaces {
    all: Arc<Vec<Described>>,
    /// The names that can be imported.
    names: Arc<BTreeSet<String>>,
}

impl HostInterfaces {
    /// Adds one.
    pub(crate) fn add<T: HostInterface>(&mut self, interface: T) -> Result<(), CallerError> {
        let description = HostInterface::describe(&interface);
        let wrong = |reason: String| CallerError::WrongInterface { package: description.package.to_string(), reason };
        let imports = HostInterface::imports(&interface);
        if imports.is_empty() {
            return Err(wrong("it has no interface that a component could import".to_owned()));
        }
        for name in &imports {
            let name = name.to_string();
            if !name.starts_with(&format!("{}/", description.package)) {
                return Err(wrong(format!("{name} is not of this package")));
            }
            if !Arc::make_mut(&mut self.names).insert(name.clone()) {
                return Err(wrong(format!("{name} has been added already")));
            }
        }
        if self.descriptions().any(|other| other.package == description.package) {
            return Err(wrong(
                "the package has been described already: describe all of its interfaces at once".to_owned(),
            ));
        }
        Arc::make_mut(&mut self.all).push((Arc::new(description), Arc::new(interface)));
        Ok(())
    }

    pub(crate) fn descriptions(&self) -> impl Iterator<Item = &InterfaceDescription> {
        self.all.iter().map(|(description, _)| &**description)
    }

    /// Whether one of them is imported by this name.
    pub(crate) fn has(&self, import: &str) -> bool {
        self.names.contains(import)
    }

    /// Adds them to what guests can import.
    pub(crate) fn link(&self, linker: &mut Linker<HostState>) -> wasmtime::Result<()> {
        self.all.iter().try_for_each(|(_, interface)| interface.link(linker))
    }

    /// The states of one instance.
    pub(crate) fn start(
        &self,
        capabilities: &Capabilities,
        observations: &Observations,
    ) -> Vec<(TypeId, Box<dyn Any + Send>)> {
        let scope = |description: &Arc<InterfaceDescription>| {
            InterfaceScope::new(Arc::clone(description), capabilities, observations)
        };
        self.all.iter().map(|(description, interface)| interface.start(scope(description))).collect()
    }
}

impl HostState {
    /// What this instance has of an interface of the embedder's own.
    ///
    /// # Panics
    ///
    /// If the interface was not added to the runtime: nothing of it can be called then.
    pub fn interface<T: HostInterface>(&mut self) -> &mut T::State {
        let states = self.interfaces.iter_mut();
        let mut found = states.filter(|(interface, _)| *interface == TypeId::of::<T>());
        found.find_map(|(_, state)| state.downcast_mut()).expect("an interface that is linked has a state")
    }
}
