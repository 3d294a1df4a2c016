//! What a fake host keeps of what the component did.

use crate::{ComponentId, LogLevel, RequestId};

/// A message that the component sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMessage {
    /// To whom.
    pub target: ComponentId,
    /// What.
    pub message: Vec<u8>,
}

/// A request that the component sent. The test plays the answer by calling
/// [`handle_callback`](crate::Component::handle_callback).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentRequest {
    /// The id that the component was given.
    pub id: RequestId,
    /// To whom.
    pub target: ComponentId,
    /// What.
    pub request: Vec<u8>,
    /// How long the component waits for the outcome, in milliseconds.
    pub timeout_ms: u32,
    /// Whether the component cancelled it.
    pub cancelled: bool,
}

/// A record that the component logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRecord {
    /// How important it is.
    pub level: LogLevel,
    /// The text.
    pub message: String,
    /// Names and values.
    pub fields: Vec<(String, String)>,
}

/// How a program that a test has scripted was called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramCall {
    /// Its arguments, without the program itself.
    pub arguments: Vec<String>,
    /// The variables that the command sets, names and values.
    pub environment: Vec<(String, String)>,
    /// The guest path of the directory that it starts in.
    pub working_directory: Option<String>,
    /// All of its input.
    pub stdin: Vec<u8>,
}
