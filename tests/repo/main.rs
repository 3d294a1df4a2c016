//! The repository checks itself.

mod circles;
mod contract;
mod examples;
mod folders;
mod limits;
mod workspace;
