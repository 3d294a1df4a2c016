//! What waits in a mailbox.

use std::collections::BTreeMap;

use super::route::Revision;
use super::sender::{Lane, Sender};

/// A message on its way into the mailbox.
pub(crate) struct Parcel<J> {
    pub(crate) sender: Sender,
    /// Whose messages it must not overtake.
    pub(crate) lane: Lane,
    pub(crate) place: f64,
    pub(crate) bytes: u64,
    pub(crate) job: J,
}

/// Why something was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotTaken {
    Full,
    Closed,
}

/// Something that waits: a job for whoever comes, or a caller who wants a replica.
pub(super) enum Waits<J, C> {
    Job { job: J, bytes: u64, lane: Option<Lane>, is_late: bool },
    Caller(C),
}

/// Something that waits for its turn.
pub(super) struct Waiting<J, C> {
    pub(super) number: u64,
    pub(super) sender: Sender,
    pub(super) place: f64,
    pub(super) waits: Waits<J, C>,
}

/// What one sender has in the mailbox.
pub(super) struct Turns<J, C> {
    /// What could be taken, by revision and in the order of sending.
    pub(super) ready: BTreeMap<Revision, BTreeMap<u64, Waiting<J, C>>>,
    /// Its messages, those behind others of their lane included.
    pub(super) messages: u32,
}
