//! `airssys:core/host-services`: the log, messages between components, time.

mod adapter;
pub(crate) mod directory;
pub(crate) mod log;
pub(crate) mod messaging;
pub(crate) mod outbox;
pub(crate) mod recent_output;
pub(crate) mod record;
