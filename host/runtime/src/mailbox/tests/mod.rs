//! The rules of the mailbox, on the queue alone; and the mailbox between threads, under a model checker.

mod rules;
mod schedules;

use std::sync::Arc;

use super::queue::{Bounds, Next, Queue};
use super::route::{Revision, Route};
use super::sender::{Lane, Sender};
use super::waiting::{NotTaken, Parcel};
use airssys_wasm_policy::ComponentId;

/// A component that sends.
fn component(name: &str) -> Arc<ComponentId> {
    Arc::new(format!("test/{name}@1.0.0").parse().unwrap())
}

/// A message of a component, in its own name.
fn parcel<J>(name: &str, job: J) -> Parcel<J> {
    let id = component(name);
    Parcel { sender: Sender::Component(Arc::clone(&id)), lane: Lane(id), place: 0.5, bytes: 1, job }
}
