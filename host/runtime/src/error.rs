//! What can go wrong, and whose fault it is.
//!
//! An error that a guest returned, a guest that died, a limit that ran out, a refusal of the policy and a failure of the
//! host are different things to an operator, so they are different types here.
//!
//! What a `Display` shows of a guest's text can be shown on a terminal. It may have several lines, so that a log of lines
//! escapes their ends, with [`printable_line`].

use std::fmt;
use std::time::Duration;

use airssys_wasm_policy::{AuditRecord, ComponentId, Language, Layer, printable, printable_line};

use crate::fault::Fault;
pub use crate::guest_panic::{GuestPanic, OutputLine, PanicKind};
pub use crate::load_error::LoadError;
use crate::milliseconds::milliseconds;
use crate::trap::in_language;
pub use crate::trap::{GuestTrap, TrapKind};
pub use crate::trap_frame::{FrameOrigin, Instruction, SourceFunction, TrapFrame};
pub use crate::unknown_imports::{Missing, UnknownImport, UnknownImports};

/// The result of this crate's functions.
///
/// ```
/// use airssys_wasm::Component;
///
/// async fn greet(component: &Component) -> airssys_wasm::Result<Vec<u8>> {
///     component.call("greet", "World").await
/// }
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Anything that can go wrong between an embedder and a component.
///
/// ```
/// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/runtime/support.rs")); }
/// use airssys_wasm::Error;
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let runtime = airssys_wasm::Runtime::builder().cache(airssys_wasm::CacheFolder::Disabled).build()?;
/// let component = runtime.start(support::guest()).await?;
/// let error = component.call("fail", "no luck").await.unwrap_err();
/// assert_eq!(error.code(), "processing-failed");
/// match &error {
///     Error::Guest(error) => assert_eq!(error.failure.text(), "no luck"),
///     other => panic!("{other}"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A component was not loaded.
    #[error("failed to load {subject}")]
    Load {
        /// The file, or the id when the component came from memory.
        subject: String,
        /// Why.
        #[source]
        source: Box<LoadError>,
    },
    /// The guest answered with an error of its own.
    #[error(transparent)]
    Guest(#[from] Box<GuestError>),
    /// The guest died: a trap, a panic, an exit. Its instance is gone.
    #[error(transparent)]
    Trap(#[from] Box<GuestTrap>),
    /// The guest used up a limit. Its instance is gone.
    #[error(transparent)]
    Limit(#[from] Box<LimitExceeded>),
    /// The embedder asked for something that cannot be.
    #[error(transparent)]
    Caller(#[from] Box<CallerError>),
    /// The host failed; neither the guest nor the caller can help it.
    #[error(transparent)]
    Host(#[from] HostFault),
}

impl From<CallerError> for Error {
    fn from(error: CallerError) -> Self {
        Box::new(error).into()
    }
}

impl Error {
    /// Whose fault this is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Load { source, .. } => source.fault(),
            Self::Guest(error)
                if matches!(&error.failure, GuestFailure::Execution(ExecutionError::PermissionDenied(_))) =>
            {
                Fault::Policy
            }
            Self::Guest(_) | Self::Trap(_) | Self::Limit(_) => Fault::Guest,
            Self::Caller(_) => Fault::Caller,
            Self::Host(_) => Fault::Host,
        }
    }

    /// A stable name of the kind of error, for programs. It never depends on a message.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Load { source, .. } => source.code(),
            Self::Guest(error) => error.failure.case(),
            Self::Trap(_) => "guest-trap",
            Self::Limit(limit) => limit.limit.code(),
            Self::Caller(caller) => caller.code(),
            Self::Host(_) => "host-fault",
        }
    }

    /// What the policy refused to the guest during the call that failed: perhaps the reason why it did.
    pub fn refusals(&self) -> &[AuditRecord] {
        match self {
            Self::Guest(error) => &error.refusals,
            _ => self.trap().map_or(&[], |trap| &trap.refusals),
        }
    }

    /// How the guest ended, if it did: by a trap, or by running into a limit.
    pub fn trap(&self) -> Option<&GuestTrap> {
        match self {
            Self::Trap(trap) => Some(trap),
            Self::Limit(exceeded) => exceeded.trap.as_deref(),
            _ => None,
        }
    }

    /// The same, for who puts files and lines to it: see [`GuestTrap::locate`].
    pub fn trap_mut(&mut self) -> Option<&mut GuestTrap> {
        match self {
            Self::Trap(trap) => Some(trap),
            Self::Limit(exceeded) => exceeded.trap.as_deref_mut(),
            _ => None,
        }
    }

    /// What an operator could do about it: the lines of Component.toml, or of what the host grants, that would allow
    /// what was refused, or set the limit that was reached; for a component that was not loaded, [`LoadError::help`]; for
    /// a trap also how to see more of it.
    pub fn hint(&self) -> Option<String> {
        if let Self::Load { source, .. } = self {
            return source.help();
        }
        let mut lines = Vec::new();
        if let Self::Limit(exceeded) = self
            && let Some(key) = exceeded.limit.key()
        {
            lines.push(format!("{key} below [limits] of its Component.toml sets it, up to what the host allows"));
        }
        lines.extend(self.refusals().iter().filter_map(refused));
        let by_its_own_code = match self {
            Self::Limit(exceeded) => matches!(exceeded.limit, Limit::Stack(_)),
            _ => true,
        };
        lines.extend(self.trap().filter(|_| by_its_own_code).and_then(GuestTrap::hint));
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    pub(crate) fn load(subject: impl fmt::Display, source: LoadError) -> Self {
        Self::Load { subject: subject.to_string(), source: Box::new(source) }
    }
}

/// What a refusal would need, each part that is missing: the declaration, the grant, the mount.
fn refused(refusal: &AuditRecord) -> Option<String> {
    let permission = |place: &str| refusal.missing.as_ref().map(|missing| format!("{place} would need: {missing}"));
    let needs: Vec<String> = match refusal.layer? {
        Layer::Manifest => permission("[permissions] of its Component.toml"),
        Layer::Host => permission("what the host grants"),
        Layer::Mount => None,
    }
    .into_iter()
    .chain(refusal.mount.as_ref().map(ToString::to_string))
    .collect();
    let AuditRecord { operation, resource, .. } = refusal;
    let resource = printable_line(resource);
    (!needs.is_empty()).then(|| format!("{operation} on {resource} was refused; {}", needs.join("; and ")))
}

/// An error that the guest returned, as it returned it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("component {component} answered {operation} with {failure}")]
#[non_exhaustive]
pub struct GuestError {
    /// The component.
    pub component: ComponentId,
    /// What was called, e.g. `init` or `execute greet`.
    pub operation: String,
    /// The case and its text.
    pub failure: GuestFailure,
    /// What the policy refused to the guest during this call, the last few only.
    pub refusals: Vec<AuditRecord>,
}

/// The error case of one of the two error types of the lifecycle.
///
/// Its `Display` is for people: [`printable`], in several lines if the guest's text has
/// several.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GuestFailure {
    /// From `execute`.
    Execution(ExecutionError),
    /// From every other lifecycle function.
    Component(ComponentError),
}

impl GuestFailure {
    /// The WIT name of the case, e.g. `invalid-input`.
    pub fn case(&self) -> &'static str {
        match self {
            Self::Execution(error) => error.case(),
            Self::Component(error) => error.case(),
        }
    }

    /// What the guest said, word for word.
    pub fn text(&self) -> &str {
        match self {
            Self::Execution(error) => error.text(),
            Self::Component(error) => error.text(),
        }
    }
}

impl GuestFailure {
    pub(crate) fn text_mut(&mut self) -> &mut String {
        match self {
            Self::Execution(error) => error.text_mut(),
            Self::Component(error) => error.text_mut(),
        }
    }
}

impl fmt::Display for GuestFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.case(), printable(self.text()))
    }
}

macro_rules! guest_cases {
    ($(#[$docs:meta])* $name:ident { $($(#[$case_docs:meta])* $case:ident = $wit:literal,)* }) => {
        $(#[$docs])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$case_docs])* $case(String),)*
        }

        impl $name {
            /// The WIT name of the case.
            pub fn case(&self) -> &'static str {
                match self { $(Self::$case(_) => $wit,)* }
            }

            /// What the guest said, word for word.
            pub fn text(&self) -> &str {
                match self { $(Self::$case(text) => text,)* }
            }

            fn text_mut(&mut self) -> &mut String {
                match self { $(Self::$case(text) => text,)* }
            }
        }
    };
}

guest_cases! {
    /// `execution-error` of the contract.
    ExecutionError {
        /// The component has no operation of this name.
        UnknownOperation = "unknown-operation",
        /// The input is not what the operation takes.
        InvalidInput = "invalid-input",
        /// The operation failed.
        ProcessingFailed = "processing-failed",
        /// The guest was refused something it needs.
        PermissionDenied = "permission-denied",
        /// The guest gave up in time by itself.
        Timeout = "timeout",
        /// The guest ran out of something.
        ResourceExhausted = "resource-exhausted",
    }
}

guest_cases! {
    /// `component-error` of the contract.
    ComponentError {
        /// The guest could not start.
        InitializationFailed = "initialization-failed",
        /// The configuration is wrong.
        ConfigurationInvalid = "configuration-invalid",
        /// The message or callback was refused.
        InvalidMessage = "invalid-message",
        /// The guest ran out of something.
        ResourceExhausted = "resource-exhausted",
        /// Anything else.
        Internal = "internal",
    }
}

/// A limit that a guest used up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("component {component}{} was stopped in {operation}: {limit}", in_language(*.language))]
#[non_exhaustive]
pub struct LimitExceeded {
    /// The component.
    pub component: ComponentId,
    /// What its Component.toml says it is written in, if that says so.
    pub language: Option<Language>,
    /// What was called, e.g. `init` or `execute greet`.
    pub operation: String,
    /// Which limit, and its value.
    pub limit: Limit,
    /// Where the guest stood and what it said, when it ran into the limit by itself; none when its time was over.
    pub trap: Option<Box<GuestTrap>>,
}

/// One of the limits of a component, with the value that was in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// Wall-clock time of one call.
    ExecutionTime(Duration),
    /// CPU time of one call.
    CpuTime(Duration),
    /// Linear memory of the instance, in bytes.
    Memory(u64),
    /// Stack of the guest's WebAssembly code, in bytes. Languages with a stack of their own in linear memory may trap before.
    Stack(u64),
    /// Elements of one table.
    TableElements(u64),
    /// Handles of the component model: open files, cursors and WASI's streams together.
    Handles(u64),
    /// What one call may copy from the guest to the host, in bytes: the largest result, and the largest argument.
    CopiedBytes(u64),
}

impl Limit {
    /// A stable name of the limit: `timeout`, `cpu-time-exceeded`, `memory-exceeded`, `stack-exceeded`, `table-exceeded`,
    /// `handles-exceeded` or `copy-exceeded`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ExecutionTime(_) => "timeout",
            Self::CpuTime(_) => "cpu-time-exceeded",
            Self::Memory(_) => "memory-exceeded",
            Self::Stack(_) => "stack-exceeded",
            Self::TableElements(_) => "table-exceeded",
            Self::Handles(_) => "handles-exceeded",
            Self::CopiedBytes(_) => "copy-exceeded",
        }
    }

    /// The key of `[limits]` in Component.toml that sets it; none for what is the same for every component.
    pub fn key(&self) -> Option<&'static str> {
        match self {
            Self::ExecutionTime(_) => Some("max-execution-time-ms"),
            Self::CpuTime(_) => Some("max-cpu-time-ms"),
            Self::Memory(_) => Some("max-memory-bytes"),
            Self::Stack(_) | Self::TableElements(_) | Self::Handles(_) | Self::CopiedBytes(_) => None,
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ExecutionTime(time) => write!(f, "its {} ms of time are over", milliseconds(*time)),
            Self::CpuTime(time) => write!(f, "its {} ms of CPU time are used up", milliseconds(*time)),
            Self::Memory(bytes) => write!(f, "its {bytes} bytes of memory are used up"),
            Self::Stack(bytes) => write!(f, "its {bytes} bytes of stack are used up, perhaps by endless recursion"),
            Self::TableElements(most) => write!(f, "a table cannot have more than {most} elements"),
            Self::Handles(most) => write!(f, "it holds {most} handles and may hold no more"),
            Self::CopiedBytes(bytes) => write!(f, "more than {bytes} bytes were to be copied to the host in one call"),
        }
    }
}

/// What an embedder asked for and cannot have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallerError {
    /// The component was shut down or unloaded, or its runtime is gone.
    #[error("component {0} is gone")]
    ComponentGone(ComponentId),
    /// The component has not been initialized.
    #[error("component {0} is not initialized")]
    NotInitialized(ComponentId),
    /// `init` comes once.
    #[error("component {0} is initialized already")]
    AlreadyInitialized(ComponentId),
    /// The caller's own timeout passed before the component came to this call; the component is untouched.
    #[error("component {0} did not come to the call in time")]
    NotReached(ComponentId),
    /// The mailbox takes no more messages.
    #[error("the mailbox of component {0} is full")]
    MailboxFull(ComponentId),
    /// A message or request is larger than the host carries.
    #[error("{size} bytes are more than the {limit} that one message may have")]
    PayloadTooLarge {
        /// What was to be sent, in bytes.
        size: usize,
        /// What may be sent, in bytes.
        limit: usize,
    },
    /// The component exports no such function.
    #[error("the component exports no function {function} in {interface}")]
    UnknownFunction {
        /// The interface asked for.
        interface: String,
        /// The function asked for.
        function: String,
    },
    /// The lifecycle is called through the methods made for it, which keep its order.
    #[error("component-lifecycle cannot be called by name")]
    LifecycleByName,
    /// The arguments do not have the types of the function.
    #[error("the arguments do not fit {function}: {reason}")]
    WrongArguments {
        /// The function.
        function: String,
        /// What does not fit.
        reason: String,
    },
    /// An interface of the embedder's own cannot be added to a runtime.
    #[error("the interface {package} cannot be added: {reason}")]
    WrongInterface {
        /// Its package.
        package: String,
        /// What is wrong.
        reason: String,
    },
    /// What was to be sent as JSON, or came back, is no JSON of the shape that was asked for.
    #[error("{operation} takes or gives other JSON than was asked for: {reason}")]
    NotJson {
        /// The operation.
        operation: String,
        /// What does not fit.
        reason: String,
    },
    /// A resource of an instance that is gone, or one that was dropped or given away.
    #[error("the resource does not belong to the running instance of component {0}")]
    StaleResource(ComponentId),
    /// As many instances as the runtime may have are running.
    #[error("no room for an instance of component {0}: too many are running")]
    TooManyInstances(ComponentId),
    /// No component of this id is loaded.
    #[error("component {0} is not loaded")]
    UnknownComponent(ComponentId),
}

impl CallerError {
    /// A stable name of the case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ComponentGone(_) => "component-gone",
            Self::NotInitialized(_) => "not-initialized",
            Self::AlreadyInitialized(_) => "already-initialized",
            Self::NotReached(_) => "not-reached",
            Self::MailboxFull(_) => "mailbox-full",
            Self::PayloadTooLarge { .. } => "payload-too-large",
            Self::UnknownFunction { .. } => "unknown-function",
            Self::LifecycleByName => "lifecycle-by-name",
            Self::WrongArguments { .. } => "wrong-arguments",
            Self::WrongInterface { .. } => "wrong-interface",
            Self::NotJson { .. } => "not-json",
            Self::StaleResource(_) => "stale-resource",
            Self::TooManyInstances(_) => "too-many-instances",
            Self::UnknownComponent(_) => "component-not-found",
        }
    }
}

/// A failure of the host itself.
#[derive(Debug, thiserror::Error)]
#[error("host fault: failed to {action}")]
#[non_exhaustive]
pub struct HostFault {
    /// What the host was doing.
    pub action: String,
    /// Why it could not.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl HostFault {
    pub(crate) fn new(action: impl Into<String>, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { action: action.into(), source: source.into() }
    }
}
