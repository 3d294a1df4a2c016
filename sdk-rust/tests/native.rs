//! What the SDK does without a host: conversions, defaults, messages.

use std::io::ErrorKind;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use airssys_wasm_sdk::component_lifecycle::{FromInput, IntoOutput};
use airssys_wasm_sdk::host_services::MessagingError;
use airssys_wasm_sdk::processes::ExitStatus;
use airssys_wasm_sdk::stdio::StdioStream;
use airssys_wasm_sdk::{
    Component, ComponentConfig, ComponentError, ComponentId, ComponentMetadata, ExecutionContext, ExecutionError,
    FilesystemError, HealthStatus, NetworkError, PermissionDenial, ProcessError, Timestamp,
};

fn id() -> ComponentId {
    ComponentId { namespace: "acme".to_owned(), name: "hello".to_owned(), version: "1.2.0".to_owned() }
}

fn denial() -> PermissionDenial {
    PermissionDenial {
        operation: "ext-filesystem/files.open".to_owned(),
        resource: "/data/a".to_owned(),
        missing: "filesystem = [{ action = \"read\", path = \"/data/a\" }]".to_owned(),
    }
}

/// A component that overrides nothing.
struct Plain;

impl Component for Plain {
    fn init(_config: ComponentConfig) -> Result<Self, ComponentError> {
        Ok(Self)
    }

    fn execute(&mut self, operation: &str, _: Vec<u8>, _: ExecutionContext) -> Result<Vec<u8>, ExecutionError> {
        Err(ExecutionError::UnknownOperation(operation.to_owned()))
    }

    fn metadata() -> ComponentMetadata {
        ComponentMetadata {
            id: id(),
            description: String::new(),
            authors: Vec::new(),
            license: None,
            operations: Vec::new(),
        }
    }
}

#[test]
fn filesystem_errors_become_io_errors_of_the_matching_kind() {
    let text = || "/data/a".to_owned();
    let kinds = [
        (FilesystemError::NotFound(text()), ErrorKind::NotFound),
        (FilesystemError::PermissionDenied(denial()), ErrorKind::PermissionDenied),
        (FilesystemError::AlreadyExists(text()), ErrorKind::AlreadyExists),
        (FilesystemError::InvalidPath(text()), ErrorKind::InvalidInput),
        (FilesystemError::NotADirectory(text()), ErrorKind::NotADirectory),
        (FilesystemError::IsADirectory(text()), ErrorKind::IsADirectory),
        (FilesystemError::DirectoryNotEmpty(text()), ErrorKind::DirectoryNotEmpty),
        (FilesystemError::TooManyLinks(text()), ErrorKind::Other),
        (FilesystemError::NameTooLong(text()), ErrorKind::InvalidFilename),
        (FilesystemError::CrossDevice(text()), ErrorKind::CrossesDevices),
        (FilesystemError::Locked(text()), ErrorKind::WouldBlock),
        (FilesystemError::InvalidArgument(text()), ErrorKind::InvalidInput),
        (FilesystemError::Unsupported(text()), ErrorKind::Unsupported),
        (FilesystemError::QuotaExceeded(text()), ErrorKind::QuotaExceeded),
        (FilesystemError::TooManyOpenFiles, ErrorKind::Other),
        (FilesystemError::Io(text()), ErrorKind::Other),
    ];
    for (error, kind) in kinds {
        let message = error.to_string();
        let converted = std::io::Error::from(error.clone());
        assert_eq!(converted.kind(), kind, "{message}");
        assert_eq!(converted.downcast::<FilesystemError>().expect("the cause is kept"), error);
    }
}

#[test]
fn network_errors_become_io_errors_of_the_matching_kind() {
    let text = || "example.com".to_owned();
    let kinds = [
        (NetworkError::PermissionDenied(denial()), ErrorKind::PermissionDenied),
        (NetworkError::ConnectionRefused, ErrorKind::ConnectionRefused),
        (NetworkError::ConnectionReset, ErrorKind::ConnectionReset),
        (NetworkError::ConnectionAborted, ErrorKind::ConnectionAborted),
        (NetworkError::NotConnected, ErrorKind::NotConnected),
        (NetworkError::Timeout, ErrorKind::TimedOut),
        (NetworkError::HostUnreachable, ErrorKind::HostUnreachable),
        (NetworkError::NetworkUnreachable, ErrorKind::NetworkUnreachable),
        (NetworkError::AddressInUse, ErrorKind::AddrInUse),
        (NetworkError::AddressNotAvailable, ErrorKind::AddrNotAvailable),
        (NetworkError::NameNotFound(text()), ErrorKind::NotFound),
        (NetworkError::TemporaryResolverFailure(text()), ErrorKind::Other),
        (NetworkError::InvalidArgument(text()), ErrorKind::InvalidInput),
        (NetworkError::Unsupported(text()), ErrorKind::Unsupported),
        (NetworkError::TlsHandshake(text()), ErrorKind::InvalidData),
        (NetworkError::CertificateInvalid(text()), ErrorKind::InvalidData),
        (NetworkError::DatagramTooLarge, ErrorKind::InvalidInput),
        (NetworkError::EndOfStream(u64::MAX), ErrorKind::UnexpectedEof),
        (NetworkError::PoolExhausted, ErrorKind::TimedOut),
        (NetworkError::TooManySockets, ErrorKind::Other),
        (NetworkError::Io(text()), ErrorKind::Other),
    ];
    for (error, kind) in kinds {
        let converted = std::io::Error::from(error.clone());
        assert_eq!(converted.kind(), kind, "{error}");
        assert_eq!(converted.downcast::<NetworkError>().expect("the cause is kept"), error);
    }
}

#[test]
fn process_errors_become_io_errors_of_the_matching_kind() {
    let text = || "/bin/true".to_owned();
    let kinds = [
        (ProcessError::PermissionDenied(denial()), ErrorKind::PermissionDenied),
        (ProcessError::ProgramNotFound(text()), ErrorKind::NotFound),
        (ProcessError::NotExecutable(text()), ErrorKind::Other),
        (ProcessError::ProcessNotFound(u32::MAX), ErrorKind::NotFound),
        (ProcessError::AlreadyExited(ExitStatus::Code(-1)), ErrorKind::Other),
        (ProcessError::NotPiped(StdioStream::Stdout), ErrorKind::InvalidInput),
        (ProcessError::StdinClosed, ErrorKind::BrokenPipe),
        (ProcessError::Timeout, ErrorKind::TimedOut),
        (ProcessError::TooManyProcesses, ErrorKind::Other),
        (ProcessError::OutputTooLarge(u64::MAX), ErrorKind::Other),
        (ProcessError::InvalidArgument(text()), ErrorKind::InvalidInput),
        (ProcessError::Unsupported(text()), ErrorKind::Unsupported),
        (ProcessError::Io(text()), ErrorKind::Other),
    ];
    for (error, kind) in kinds {
        let converted = std::io::Error::from(error.clone());
        assert_eq!(converted.kind(), kind, "{error}");
        assert_eq!(converted.downcast::<ProcessError>().expect("the cause is kept"), error);
    }
}

#[test]
fn every_refusal_has_one_form() {
    let form = "permission denied: ext-filesystem/files.open on /data/a: needs filesystem = [{ action = \"read\", path = \
                \"/data/a\" }] in [permissions] of Component.toml, and the operator's grant";
    for message in [
        denial().to_string(),
        FilesystemError::PermissionDenied(denial()).to_string(),
        MessagingError::PermissionDenied(denial()).to_string(),
        NetworkError::PermissionDenied(denial()).to_string(),
        ProcessError::PermissionDenied(denial()).to_string(),
        std::io::Error::from(FilesystemError::PermissionDenied(denial())).to_string(),
    ] {
        assert_eq!(message, form);
    }
    let never = PermissionDenial { missing: String::new(), ..denial() };
    let form = "permission denied: ext-filesystem/files.open on /data/a: no permission can allow it";
    assert_eq!(FilesystemError::PermissionDenied(never).to_string(), form);
}

#[test]
fn an_error_of_the_host_that_leaves_a_function_of_the_life_cycle_tells_which_it_was() {
    let text = "/data/a: not found";
    for error in [
        ComponentError::from(FilesystemError::NotFound("/data/a".to_owned())),
        ComponentError::from(std::io::Error::from(FilesystemError::NotFound("/data/a".to_owned()))),
    ] {
        assert_eq!(error, ComponentError::Internal(text.to_owned()));
    }
    let starting = airssys_wasm_sdk::__private::Starting::new();
    for error in [
        ComponentError::from(FilesystemError::NotFound("/data/a".to_owned())),
        ComponentError::from(std::io::Error::other(text)),
    ] {
        assert_eq!(error, ComponentError::InitializationFailed(text.to_owned()));
    }
    assert_eq!(
        ComponentError::from(MessagingError::PermissionDenied(denial())),
        ComponentError::InitializationFailed(denial().to_string())
    );
    assert_eq!(
        ComponentError::from(NetworkError::Timeout),
        ComponentError::InitializationFailed("timed out".to_owned())
    );
    assert_eq!(
        ComponentError::from(ProcessError::Timeout),
        ComponentError::InitializationFailed("timed out".to_owned())
    );
    drop(starting);
    assert_eq!(ComponentError::from(NetworkError::Timeout), ComponentError::Internal("timed out".to_owned()));
}

#[test]
fn errors_of_the_host_become_errors_of_an_operation() {
    let refused = ExecutionError::from(FilesystemError::PermissionDenied(denial()));
    assert!(matches!(refused, ExecutionError::PermissionDenied(text) if text.contains("Component.toml")));
    let refused = ExecutionError::from(MessagingError::PermissionDenied(denial()));
    assert!(matches!(refused, ExecutionError::PermissionDenied(text) if text.contains("Component.toml")));
    let full = ExecutionError::from(FilesystemError::TooManyOpenFiles);
    assert_eq!(full, ExecutionError::ResourceExhausted("too many open files".to_owned()));
    let full = ExecutionError::from(NetworkError::PoolExhausted);
    assert_eq!(full, ExecutionError::ResourceExhausted("all connections of the pool are in use".to_owned()));
    let full = ExecutionError::from(ProcessError::OutputTooLarge(7));
    assert_eq!(full, ExecutionError::ResourceExhausted("output larger than 7 bytes".to_owned()));
    for late in [ExecutionError::from(NetworkError::Timeout), ExecutionError::from(ProcessError::Timeout)] {
        assert_eq!(late, ExecutionError::Timeout("timed out".to_owned()));
    }
    let failed = ExecutionError::from(FilesystemError::NotFound("/a".to_owned()));
    assert_eq!(failed, ExecutionError::ProcessingFailed("/a: not found".to_owned()));
}

#[test]
fn ids_are_read_as_they_are_printed() {
    assert_eq!("acme/hello@1.2.0".parse(), Ok(id()));
    for wrong in ["", "acme", "acme/hello", "acme/hello@", "/hello@1.0.0", "acme/@1.0.0"] {
        assert!(wrong.parse::<ComponentId>().is_err(), "{wrong}");
    }
}

#[test]
fn timestamps_become_system_times() {
    let time = SystemTime::from(Timestamp { seconds: 1_700_000_000, nanoseconds: 42 });
    assert_eq!(time, UNIX_EPOCH + Duration::new(1_700_000_000, 42));
    assert!(SystemTime::from(Timestamp { seconds: u64::MAX, nanoseconds: 0 }) > time);
}

#[test]
fn text_input_must_be_utf_8() {
    assert_eq!(String::from_input("héllo".as_bytes().to_vec()), Ok("héllo".to_owned()));
    assert!(matches!(String::from_input(vec![0xff]), Err(ExecutionError::InvalidInput(_))));
    assert_eq!(Vec::from_input(vec![0xff, 0]), Ok(vec![0xff, 0]));
}

#[test]
fn results_become_bytes() {
    assert_eq!("héllo".to_owned().into_output(), Ok("héllo".as_bytes().to_vec()));
    assert_eq!(().into_output(), Ok(Vec::new()));
    assert_eq!(Ok(vec![1, 2]).into_output(), Ok(vec![1, 2]));
    let error = ExecutionError::ProcessingFailed("why".to_owned());
    assert_eq!(Err::<String, _>(error.clone()).into_output(), Err(error));
}

#[test]
fn a_component_that_handles_no_messages_refuses_them_and_says_from_whom() {
    let refused = Plain.handle_message(id(), b"hello".to_vec());
    let Err(ComponentError::InvalidMessage(text)) = refused else { panic!("expected a refusal, got {refused:?}") };
    assert!(text.contains("acme/hello@1.2.0"), "{text}");
}

#[test]
fn a_plain_component_is_healthy_and_takes_callbacks_and_shutdown() {
    assert_eq!(Plain.health(), HealthStatus::Healthy);
    assert_eq!(Plain.handle_callback("id".to_owned(), Ok(Vec::new())), Ok(()));
    assert_eq!(Plain.shutdown(), Ok(()));
}

#[test]
fn the_component_in_the_documentation_is_the_example() {
    let documentation = include_str!("../src/lib.rs");
    let example = include_str!("../examples/hello/src/lib.rs");
    let quoted: Vec<String> = example.lines().map(|line| format!("//! {line}").trim_end().to_owned()).collect();
    assert!(documentation.contains(&quoted.join("\n")), "expected {}", quoted.join("\n"));
}
