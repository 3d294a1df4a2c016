//! The programs that one component starts: which it may, how they are kept in, and that nothing of them is left.
//!
//! A command becomes a [`Process`] in [`spawn`]: the [`program`] is found and asked for, everything that the child is
//! given is opened, and [`confine`] says what it may reach. Then the [`fork_server`] forks a supervisor (see [`supervise`]), which
//! starts the child and stays until everything that comes from it is gone. [`child`] is the host's side of that.
//!
//! No shell, no environment of the host, no descriptor of the host, and nothing that the component may not do itself.

mod adapter;
mod child;
mod config;
mod confine;
mod environment;
mod errno;
mod error;
mod exec;
mod fd_passing;
mod filter;
mod fork_server;
mod landlock;
mod limits;
mod listening;
mod mappings;
mod memory;
mod message;
mod places;
mod plan;
mod processes;
mod procfs;
mod program;
mod report;
mod requests;
mod run;
mod services;
mod signals;
mod spawn;
mod stdio;
mod streams;
mod strings;
mod supervise;
mod system;
mod tally;
mod task_limit;
mod types;
mod view;
mod wait;

pub use child::Process;
pub use config::ProcessConfig;
pub use error::{ProcessError, Result};
pub use services::ProcessServices;
pub use types::{
    Command, ExitStatus, Finished, PipelineOutput, ProcessInfo, ProcessLimits, ProcessOutput, ProcessState,
    ProcessUsage, Signal, SignalInfo, SignalTarget, StateChange, Stdio, Stream,
};
pub use view::Processes;

#[cfg(test)]
mod tests;
