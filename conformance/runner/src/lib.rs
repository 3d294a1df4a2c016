//! Checks every SDK of airssys-wasm against every operation of its contract, through a real host.
//!
//! The suite is data and drivers: cases below `conformance/cases`, one driver component per SDK below
//! `conformance/drivers`. The operations are those of the WIT; one without its cases is reported as missing.

pub mod case;
mod causes;
pub mod contract;
pub mod drivers;
pub mod expect;
pub mod expectations;
pub mod fixture;
pub mod host;
mod instance_id;
mod join;
mod lifecycle;
mod recorder;
pub mod report;
pub mod run_case;
pub mod scope;
pub mod self_test;
mod suite;
pub mod value;

pub use report::Report;
pub use suite::{RunOptions, Suite};
