//! The command-line tool as its users meet it.

mod bad_call;
mod bad_component;
mod bad_disk;
mod bad_manifest;
mod bad_project;
mod bad_toolchain;
mod build_environment;
mod build_failures;
mod builds;
mod components;
mod crashes;
mod guests;
mod interrupted;
mod javascript;
mod messages;
mod new;
mod python;
mod refusal;
mod wasi;
