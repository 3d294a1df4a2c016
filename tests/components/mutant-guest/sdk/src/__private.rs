//! The exports of the component, which learn from `init` which lie to tell.

use std::marker::PhantomData;

use truth::bindings::exports::airssys::core::component_lifecycle::Guest;
use truth::{
    ComponentConfig, ComponentError, ComponentId, ComponentMetadata, ExecutionContext, ExecutionError, HealthStatus,
    RequestId,
};

pub use truth::__private::{Exported, Starting};

pub struct Adapter<T>(PhantomData<T>);

type Truth<T> = truth::__private::Adapter<T>;

impl<T: Exported> Guest for Adapter<T> {
    fn init(config: ComponentConfig) -> Result<(), ComponentError> {
        let lie = config.environment.iter().find(|(name, _)| name == "LIE");
        crate::LIE.set(lie.map(|(_, lie)| lie.clone()).unwrap_or_default());
        Truth::<T>::init(config)
    }

    fn execute(operation: String, input: Vec<u8>, context: ExecutionContext) -> Result<Vec<u8>, ExecutionError> {
        Truth::<T>::execute(operation, input, context)
    }

    fn handle_message(sender: ComponentId, message: Vec<u8>) -> Result<(), ComponentError> {
        Truth::<T>::handle_message(sender, message)
    }

    fn handle_callback(request: RequestId, outcome: Result<Vec<u8>, String>) -> Result<(), ComponentError> {
        Truth::<T>::handle_callback(request, outcome)
    }

    fn metadata() -> ComponentMetadata {
        Truth::<T>::metadata()
    }

    fn health() -> HealthStatus {
        Truth::<T>::health()
    }

    fn shutdown() -> Result<(), ComponentError> {
        Truth::<T>::shutdown()
    }
}
