//! The repository checks itself.

mod circles;
mod contract;
mod examples;
mod face;
mod folders;
mod limits;
mod workspace;
