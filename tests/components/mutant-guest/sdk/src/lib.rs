//! The Rust SDK with one lie at a time, chosen by `LIE` in the component's environment. Where none is told, it is the SDK
//! itself. `conformance/runner/src/self_test/guests.rs` lists the lies and what must notice each.

#[doc(hidden)]
pub mod __private;
pub mod connections;
pub mod directories;
pub mod files;
pub mod host_services;
pub mod paths;
pub mod processes;
pub mod signals;
pub mod tcp;
pub mod udp;

pub use truth::*;

use std::cell::RefCell;

thread_local! {
    static LIE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Whether this lie is told.
fn lies(lie: &str) -> bool {
    LIE.with_borrow(|told| told == lie)
}
