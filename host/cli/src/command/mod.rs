//! One module a subcommand.

pub mod build;
pub mod call;
pub mod completions;
pub mod conformance;
pub mod doctor;
pub mod inspect;
pub mod locate;
pub mod new;
mod settings;
pub mod toolchain;
