//! The command-line tool as its users meet it.

mod components;
mod crashes;
mod messages;
mod new;
