//! What a process of its own measures. This program starts itself with one of these, so that nothing that another
//! measurement leaves in a process is taken for part of this one.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A component file, and the folder of compiled ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// The file.
    pub component: PathBuf,
    /// The folder.
    pub cache: PathBuf,
}

/// A task, as it is written on the command line of the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// First loads; the last one leaves compiled code in the folder.
    Compile(Code),
    /// Loads from compiled code, and further instances.
    Starting(Code),
    /// Further instances beside those of a peer.
    Instances {
        /// The component.
        code: Code,
        /// What it is compared with.
        beside: Beside,
    },
    /// Memory, and what many calls leave behind.
    Memory(Code),
    /// Calls, beside all other ways.
    Calls {
        /// The component.
        code: Code,
        /// The ways that are programs of their own.
        beside: Vec<Beside>,
    },
    /// Serves calls of so many components.
    Loaded {
        /// The component.
        code: Code,
        /// How many there shall be.
        count: usize,
    },
    /// Serves calls of a component with so many replicas.
    Replicas {
        /// The component.
        code: Code,
        /// How many.
        replicas: usize,
    },
    /// Serves calls of so many instances of the engine alone.
    Engine {
        /// The component.
        code: Code,
        /// How many.
        instances: usize,
    },
    /// Operations of a guest.
    Operations(Code),
    /// Decisions of the policy.
    Permission,
    /// Gives back the bytes that come through a pipe.
    Echo,
    /// Does something so often, for its instructions to be counted.
    Counted {
        /// The component.
        code: Code,
        /// What.
        what: Counted,
        /// How often.
        times: usize,
    },
}

/// A way that is a program of its own, or the reason why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// What it is called.
    pub name: String,
    /// The program.
    pub program: Result<Program, String>,
}

/// A program and its argument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// Its file.
    pub file: PathBuf,
    /// What it is given.
    pub argument: PathBuf,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// A call of 16 bytes through the public API.
    Call,
    /// One of 64 KiB.
    LargeCall,
    /// A further instance with `init` and one call, and its shutdown.
    Instance,
    /// A decision of the policy that is a yes.
    Allowed,
    /// One that is a no.
    Refused,
}
