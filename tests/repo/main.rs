//! The repository checks itself.

mod contract;
mod rooms;
