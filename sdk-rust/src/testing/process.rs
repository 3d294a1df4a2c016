//! `airssys:ext-process`, as the fake host gives it: programs that a test scripts. One runs when the component first
//! needs what comes of it, with the input that it has by then; until then a signal can end it.

mod child;
mod commands;
pub mod processes;
mod programs;
pub mod signals;
pub mod stdio;

pub(super) use programs::Programs;
