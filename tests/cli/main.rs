//! The command-line tool as its users meet it.

mod components;
mod messages;
mod new;
