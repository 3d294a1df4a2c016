//! From Component.toml to a component: one route a language, with the same beginning and end.

mod c;
mod cargo_folder;
mod cargo_settings;
mod declared;
mod diagnose;
mod error;
mod foreign;
mod go;
mod inputs;
mod javascript;
mod job;
mod project;
mod python;
mod read;
mod request;
mod run;
mod rust;
mod scripts;
mod typescript;

pub use error::BuildError;
pub use read::read_text;
pub use request::{BuildRequest, Built};
pub use run::build;
