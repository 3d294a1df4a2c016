//! The mailbox of a component: everything that wants one of its replicas, and the replicas that are free.
//!
//! A caller that finds a free replica takes it along and runs the guest in its own task: there is neither a channel nor a
//! second task. A caller that finds none waits, and is given the next one. A message has no task of its own; [`Workers`]
//! start one for a replica that has messages to take. The rules are those of [`queue`]. While nothing waits, callers park
//! replicas where the next call of their thread finds them: see [`parking`].

#[cfg_attr(test, allow(clippy::duplicate_mod, reason = "the tests have it a second time, with other locks"))]
mod parking;
mod queue;
mod route;
mod sender;
#[cfg_attr(test, allow(clippy::duplicate_mod, reason = "the tests have it a second time, with other locks"))]
mod shared;
#[cfg(test)]
mod tests;
mod thread_number;
mod waiting;

/// The locks, in whose place the tests put those of a model checker.
mod sync {
    pub(super) use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

    pub(super) use super::thread_number::thread_number;
}

pub(crate) use queue::{Bounds, Taken};
pub(crate) use route::Revision;
pub(crate) use sender::{Lane, Sender};
pub(crate) use shared::{Mailbox, Workers};
pub(crate) use waiting::{NotTaken, Parcel};
