//! What there is to start, and what was started: data, which calls nobody.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

use crate::Timestamp;
use crate::bindings::airssys::ext_process::types::{
    Command, ExitStatus, ProcessError, ProcessId, ProcessLimits, ProcessOutput, StateChange,
};
use crate::testing::records::ProgramCall;

pub(super) type Result<T> = std::result::Result<T, ProcessError>;

/// What a program makes of a call.
type Script = dyn FnMut(&ProgramCall) -> ProcessOutput;

/// A program that a test has scripted.
pub(in crate::testing) struct Program {
    pub(super) path: String,
    pub(super) script: RefCell<Box<Script>>,
}

impl fmt::Debug for Program {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "program {}", self.path)
    }
}

/// What there is to start, and what was started and is still held.
#[derive(Debug, Default)]
pub(in crate::testing) struct Programs {
    pub(super) programs: Vec<Rc<Program>>,
    pub(super) held: Vec<Rc<Child>>,
    pub(super) started: ProcessId,
}

impl Programs {
    pub(in crate::testing) fn add(&mut self, path: &str, script: Box<Script>) {
        self.programs.push(Rc::new(Program { path: path.to_owned(), script: RefCell::new(script) }));
    }
}

/// A child.
#[derive(Debug)]
pub(in crate::testing) struct Child {
    pub(super) id: ProcessId,
    pub(super) program: Rc<Program>,
    pub(super) command: Command,
    pub(super) started: Timestamp,
    pub(super) limits: Cell<ProcessLimits>,
    pub(super) input: RefCell<Vec<u8>>,
    pub(super) input_closed: Cell<bool>,
    pub(super) stopped: Cell<bool>,
    pub(super) exit: Cell<Option<ExitStatus>>,
    pub(super) output: RefCell<[VecDeque<u8>; 2]>,
    pub(super) changes: RefCell<VecDeque<StateChange>>,
}
