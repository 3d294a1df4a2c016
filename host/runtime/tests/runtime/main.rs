//! What an embedder can rely on, tried out with small guests.

mod common;
mod invoke;
mod lifecycle;
mod limits;
mod loading;
mod messaging;
mod mutants;
mod network;
mod support;
