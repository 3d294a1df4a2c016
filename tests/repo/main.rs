//! The repository checks itself.

mod contract;
mod examples;
mod limits;
mod rooms;
