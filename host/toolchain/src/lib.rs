//! Guest toolchains of airssys-wasm: install, diagnose, generate bindings, build components.
//!
//! A component is built from its Component.toml:
//!
//! ```no_run
//! use airssys_wasm_toolchain::{BuildRequest, Cache, Silent, build};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let request = BuildRequest::new("hello/Component.toml");
//!     let built = build(&request, &Cache::open(None)?, &Silent)?;
//!     println!("{}: {} bytes", built.component.display(), built.bytes);
//!     Ok(())
//! }
//! ```
//!
//! Every language has its route below [`mod@build`]; all end in the same checks: the component is valid, imports nothing
//! that its world does not have, and carries its Component.toml. Tools that the user does not have come, pinned, into
//! the [`Cache`].

pub mod adapter;
pub mod bindings;
pub mod build;
mod cache;
mod causes;
mod clang;
pub mod component;
mod component_error;
pub mod contract;
mod doctor;
pub mod environment;
mod error;
mod error_kind;
mod guard;
mod inspect;
mod install;
mod install_error;
mod interrupt;
pub mod pins;
mod progress;
mod sections;
mod talk;
mod tool;
mod world;

pub use build::read_text;
pub use build::{BuildError, BuildRequest, Built, build};
pub use cache::{CACHE_VARIABLE, Cache, CacheError};
pub use doctor::{DoctorReport, LanguageReport, Status, ToolReport, doctor};
pub use error::Error;
pub use error_kind::ErrorKind;
pub use install::install;
pub use install_error::InstallError;
pub use interrupt::interrupt;
pub use progress::{Event, Progress, Silent};
pub use tool::ToolError;
pub use world::{WitError, World};
