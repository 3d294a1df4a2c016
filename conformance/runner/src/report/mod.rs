//! What a run came to: JSON, with the schema `conformance/report.schema.json`, and every other form made from it.

mod badge;
mod cell;
pub mod compare;
mod document;
mod html;
mod junit;
mod markdown;
mod pairs;
mod tap;
mod text;

pub(crate) use cell::SUITE;
pub use cell::{Cell, Failure, Outcome};
pub use compare::Comparison;
pub use document::{CaseText, Report, SCHEMA, Times};
