//! Lies about messages, time and the log.

use truth::host_services as truth_of;
pub use truth::host_services::*;
use truth::{ComponentId, LogLevel, Timestamp};

use crate::lies;

pub fn log(level: LogLevel, message: &str, fields: &[(&str, &str)]) {
    truth_of::log(if lies("enum-case-changed") { LogLevel::Info } else { level }, message, fields);
}

pub fn send_message(target: &ComponentId, message: &[u8]) -> Result<(), MessagingError> {
    if lies("message-not-sent") {
        return Ok(());
    }
    truth_of::send_message(target, message)
}

pub fn current_time() -> Timestamp {
    if lies("clock-stopped") {
        return Timestamp { seconds: 1_000_000_000, nanoseconds: 0 };
    }
    truth_of::current_time()
}

pub fn sleep(duration_ms: u32) {
    if !lies("sleep-skipped") {
        truth_of::sleep(duration_ms);
    }
}

pub fn list_components() -> Vec<ComponentId> {
    let mut components = truth_of::list_components();
    if lies("a-component-left-out") {
        components.pop();
    }
    components
}
