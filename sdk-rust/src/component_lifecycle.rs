//! What the host calls: the life of a component from `init` to `shutdown`.

use std::cell::RefCell;
use std::marker::PhantomData;

use crate::bindings::exports::airssys::core::component_lifecycle::Guest;
use crate::{
    ComponentConfig, ComponentError, ComponentId, ComponentMetadata, ExecutionContext, ExecutionError, HealthStatus,
    LogLevel, RequestId, host_services, output,
};

/// The name under which a request from another component arrives at [`Component::execute`].
pub const HANDLE_REQUEST: &str = "handle-request";

/// A component: what the host starts, calls and stops.
///
/// Implement it by hand and put [`macro@crate::component`] on the `impl` block, or let the attribute write it from an
/// `impl` block of `#[operation]` methods. The host calls one method at a time, [`init`](Self::init) first. A panic
/// is logged at error level and ends the instance; the host reports it as a trap.
pub trait Component: Sized + 'static {
    /// Starts the component. Called once, before anything but [`metadata`](Self::metadata).
    ///
    /// # Errors
    /// An error stops the start; its text is shown to the operator word for word. `?` makes
    /// [`ComponentError::InitializationFailed`] of the host's errors here, and [`ComponentError::Internal`] in the other
    /// functions.
    fn init(config: ComponentConfig) -> Result<Self, ComponentError>;

    /// Runs one operation: bytes in, bytes out.
    ///
    /// # Errors
    /// [`ExecutionError::UnknownOperation`] for a name that the component does not have, another case for a failure.
    fn execute(
        &mut self,
        operation: &str,
        input: Vec<u8>,
        context: ExecutionContext,
    ) -> Result<Vec<u8>, ExecutionError>;

    /// Takes a message from another component. The sender is set by the host and cannot be forged.
    ///
    /// # Errors
    /// The default refuses every message with [`ComponentError::InvalidMessage`].
    fn handle_message(&mut self, sender: ComponentId, message: Vec<u8>) -> Result<(), ComponentError> {
        let _ = message;
        Err(ComponentError::InvalidMessage(format!("messages are not handled (sent by {sender})")))
    }

    /// Takes the outcome of a request sent with [`host_services::send_request`], exactly once a request.
    ///
    /// # Errors
    /// The default accepts and forgets every outcome.
    fn handle_callback(&mut self, request: RequestId, outcome: Result<Vec<u8>, String>) -> Result<(), ComponentError> {
        let _ = (request, outcome);
        Ok(())
    }

    /// Describes the component; name and version must match `Component.toml`. May be called before `init`.
    fn metadata() -> ComponentMetadata;

    /// Says how the component is. The default is healthy.
    fn health(&self) -> HealthStatus {
        HealthStatus::Healthy
    }

    /// Ends the component. Nothing is called afterwards, and the instance is dropped when the grace period is over.
    ///
    /// # Errors
    /// An error is reported to the operator; the component is stopped all the same.
    fn shutdown(&mut self) -> Result<(), ComponentError> {
        Ok(())
    }
}

/// Type of an operation's input, for `#[operation]` methods.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no input of an operation",
    label = "the host sends bytes: take Vec<u8> or String, or implement FromInput"
)]
pub trait FromInput: Sized {
    /// Reads the bytes that the caller sent.
    ///
    /// # Errors
    /// [`ExecutionError::InvalidInput`] when they are not such a value.
    fn from_input(input: Vec<u8>) -> Result<Self, ExecutionError>;
}

impl FromInput for Vec<u8> {
    fn from_input(input: Vec<u8>) -> Result<Self, ExecutionError> {
        Ok(input)
    }
}

impl FromInput for String {
    fn from_input(input: Vec<u8>) -> Result<Self, ExecutionError> {
        String::from_utf8(input).map_err(|error| ExecutionError::InvalidInput(error.to_string()))
    }
}

/// Type of an operation's result, for `#[operation]` methods.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no result of an operation",
    label = "return Vec<u8>, String, (), or a Result of one of them with an ExecutionError"
)]
pub trait IntoOutput {
    /// Turns the result into the bytes that the caller gets.
    ///
    /// # Errors
    /// The operation's own error.
    fn into_output(self) -> Result<Vec<u8>, ExecutionError>;
}

impl IntoOutput for Vec<u8> {
    fn into_output(self) -> Result<Vec<u8>, ExecutionError> {
        Ok(self)
    }
}

impl IntoOutput for String {
    fn into_output(self) -> Result<Vec<u8>, ExecutionError> {
        Ok(self.into_bytes())
    }
}

impl IntoOutput for () {
    fn into_output(self) -> Result<Vec<u8>, ExecutionError> {
        Ok(Vec::new())
    }
}

impl<T: IntoOutput> IntoOutput for Result<T, ExecutionError> {
    fn into_output(self) -> Result<Vec<u8>, ExecutionError> {
        self.and_then(T::into_output)
    }
}

/// Where the one instance of a component lives; `#[component]` makes one static of it.
#[doc(hidden)]
pub trait Exported: Component {
    fn with<R>(run: impl FnOnce(&RefCell<Option<Self>>) -> R) -> R;
}

/// The exports of the contract over a [`Component`]; named by the expansion of `#[component]`.
#[doc(hidden)]
pub struct Adapter<T>(PhantomData<T>);

/// The message of a panic would be lost with the instance: log it first.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or("panic without a message");
        let location = panic.location().map(ToString::to_string).unwrap_or_default();
        host_services::log(LogLevel::Error, message, &[("location", &location), ("kind", "panic")]);
    }));
}

fn running<T: Exported, R>(run: impl FnOnce(&mut T) -> R) -> R {
    let result = T::with(|cell| run(cell.borrow_mut().as_mut().expect("the host calls init first")));
    output::flush();
    result
}

impl<T: Exported> Guest for Adapter<T> {
    fn init(config: ComponentConfig) -> Result<(), ComponentError> {
        log_panics();
        let component = T::init(config);
        output::flush();
        let component = component?;
        T::with(|cell| *cell.borrow_mut() = Some(component));
        Ok(())
    }

    fn execute(operation: String, input: Vec<u8>, context: ExecutionContext) -> Result<Vec<u8>, ExecutionError> {
        running::<T, _>(|component| component.execute(&operation, input, context))
    }

    fn handle_message(sender: ComponentId, message: Vec<u8>) -> Result<(), ComponentError> {
        running::<T, _>(|component| component.handle_message(sender, message))
    }

    fn handle_callback(request: RequestId, outcome: Result<Vec<u8>, String>) -> Result<(), ComponentError> {
        running::<T, _>(|component| component.handle_callback(request, outcome))
    }

    fn metadata() -> ComponentMetadata {
        // It may be the first call.
        log_panics();
        T::metadata()
    }

    fn health() -> HealthStatus {
        running::<T, _>(|component| component.health())
    }

    fn shutdown() -> Result<(), ComponentError> {
        running::<T, _>(|component| component.shutdown())
    }
}
