//! The repository checks itself.

mod circles;
mod contract;
mod examples;
mod face;
mod features;
mod folders;
mod limits;
mod workspace;
