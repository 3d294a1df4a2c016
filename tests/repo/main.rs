//! The repository checks itself.

mod contract;
mod examples;
mod rooms;
