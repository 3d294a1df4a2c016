//! The command-line tool as its users meet it.

mod bad_call;
mod bad_component;
mod bad_disk;
mod bad_manifest;
mod bad_project;
mod bad_toolchain;
mod bytes;
mod caches;
mod components;
mod crashes;
mod guests;
mod inspected;
mod interrupted;
mod javascript;
mod messages;
mod missing;
mod new;
mod programs;
mod python;
mod refusal;
mod settings;
mod slow;
mod strangers;
mod together;
mod wasi;
