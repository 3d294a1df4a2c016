//! A fake host: unit tests of a component run under `cargo test`, with no runtime.
//!
//! It is a fake, made for the tests of a component's own logic: files are real ones below a temporary folder, messages
//! are kept, the clock stands still until it is moved. Servers and programs are those that the test [scripts](FakeHost::add_server), sockets of
//! the component itself are in memory, and nothing reaches the network or starts a process of the machine. What it does
//! not offer fails with `Unsupported` and says so.
//!
//! Whatever is permitted, it takes the paths and commands that a real host takes. A path that ends in `/` or `/.` leads to
//! nothing but a directory: a file is not found behind one, nor made there. A command cannot set or inherit `LD_PRELOAD` and
//! the other variables with which any program would load code that is not its own.
//!
//! The component may do what its `Component.toml` asks for, and nothing else, as if the operator had granted all of that;
//! a refusal is the one of a real host. The file is found in the current folder, which `cargo test` makes that of the
//! crate, or the nearest one above. A test [`permit`](FakeHost::permit)s more, or [`deny`](FakeHost::deny)s some of it.
//!
//! ```
//! use airssys_wasm_sdk::testing::FakeHost;
//! use airssys_wasm_sdk::{FilesystemError, files};
//!
//! let host = FakeHost::new();
//! // What stands below [permissions] of the Component.toml of a component, which this documentation has not.
//! host.permit(r#"filesystem = [{ action = "read", path = "/data/**" }]"#);
//! host.put("/data/a.txt", "one\ntwo\n");
//! assert_eq!(files::read_file("/data/a.txt").unwrap(), b"one\ntwo\n");
//!
//! host.deny("/data/a.txt");
//! let refused = files::read_file("/data/a.txt").unwrap_err();
//! assert!(matches!(refused, FilesystemError::PermissionDenied(_)));
//! ```
//!
//! A host belongs to the thread that made it, as each test has one of its own. Methods marked `#[operation]` are called
//! like any method; the rest of the life cycle through [`Component`](crate::Component).

pub(crate) mod filesystem;
pub(crate) mod host_services;
pub(crate) mod network;
mod permissions;
pub(crate) mod process;
mod records;
mod state;

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::processes::ProcessOutput;
use crate::tcp::Endpoint;
use crate::{Caller, ComponentConfig, ComponentId, ComponentMetadata, ExecutionContext, ResourceLimits, Timestamp};

use permissions::Permissions;
pub use records::{LogRecord, ProgramCall, SentMessage, SentRequest};
use state::State;
#[cfg(any(feature = "log", feature = "tracing"))]
pub(crate) use state::is_there;

/// A host for one test. When it is dropped, its files are gone.
#[derive(Debug)]
pub struct FakeHost {
    state: Rc<State>,
}

impl Default for FakeHost {
    fn default() -> Self {
        Self::new()
    }
}

impl FakeHost {
    /// Starts a host for this thread: no files, no other components, 2001-09-09T01:46:40Z. What may be done stands in the
    /// `Component.toml` in the current folder or the nearest one above; without one, nothing may.
    ///
    /// # Panics
    /// When this thread has a host already, the `Component.toml` cannot be read, or no temporary folder can be made.
    pub fn new() -> Self {
        let folder = std::env::current_dir().expect("there is a current folder");
        match folder.ancestors().map(|folder| folder.join("Component.toml")).find(|file| file.is_file()) {
            Some(file) => Self::with_manifest(file),
            None => Self::start(Permissions::default(), Some(folder)),
        }
    }

    /// Starts a host as [`new`](Self::new) does, for a component whose `Component.toml` is this file.
    ///
    /// # Panics
    /// As [`new`](Self::new) does.
    pub fn with_manifest(file: impl AsRef<Path>) -> Self {
        let file = file.as_ref();
        let permissions = fs::read_to_string(file).map_err(|error| error.to_string()).and_then(|text| {
            let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
            match table.get("permissions") {
                None => Ok(Permissions::default()),
                Some(section) => Permissions::read(section.as_table().ok_or("permissions is not a table")?),
            }
        });
        let permissions = permissions.unwrap_or_else(|problem| panic!("{}: {problem}", file.display()));
        Self::start(permissions, None)
    }

    fn start(permissions: Permissions, unfound: Option<PathBuf>) -> Self {
        Self { state: State::start(permissions, unfound) }
    }

    /// Puts a file where the component sees it, with the folders it lies in.
    ///
    /// # Panics
    /// When the path is not absolute or the file cannot be written.
    pub fn put(&self, path: &str, content: impl AsRef<[u8]>) {
        let file = self.state.place(path).expect("an absolute path");
        fs::create_dir_all(file.parent().expect("not the root")).expect("folders can be made");
        fs::write(file, content).expect("a file can be written");
    }

    /// Makes an empty folder, as a host does that mounts one there.
    ///
    /// # Panics
    /// When the path is not absolute or the folder cannot be made.
    pub fn mount(&self, path: &str) {
        fs::create_dir_all(self.state.place(path).expect("an absolute path")).expect("a folder can be made");
    }

    /// The content of a file, if there is one.
    pub fn get(&self, path: &str) -> Option<Vec<u8>> {
        fs::read(self.state.place(path)?).ok()
    }

    /// Permits more than the `Component.toml` asks for: one or more lines as they stand there below `[permissions]`.
    ///
    /// # Panics
    /// When it is not a line of permissions.
    pub fn permit(&self, lines: &str) {
        let table: Result<toml::Table, _> = lines.parse().map_err(|error: toml::de::Error| error.to_string());
        let permissions = table.and_then(|table| Permissions::read(&table));
        let permissions = permissions.unwrap_or_else(|problem| panic!("no line of [permissions]: {problem}"));
        self.state.permissions.borrow_mut().extend(permissions);
    }

    /// Permits from now on everything that the test does not deny.
    pub fn permit_all(&self) {
        self.state.permits_all.set(true);
    }

    /// Refuses from now on, whatever is permitted, a path and all below it, a program, a component, or an endpoint with its port or with any:
    /// `/data`, `/usr/bin/sort`, `acme/other`, `example.com:443` or `example.com`.
    pub fn deny(&self, resource: &str) {
        self.state.rest.borrow_mut().denied.push(resource.to_owned());
    }

    /// Adds another component, one that can be sent to and is listed.
    ///
    /// # Panics
    /// When it is not `namespace/name@version`.
    pub fn add_component(&self, id: &str) -> ComponentId {
        let id: ComponentId = id.parse().expect("namespace/name@version");
        self.state.rest.borrow_mut().components.push(ComponentMetadata {
            id: id.clone(),
            description: String::new(),
            authors: Vec::new(),
            license: None,
            operations: Vec::new(),
        });
        id
    }

    /// Adds a server: it is given the bytes of each write of a connection, and answers. What has been read to the end is
    /// the end of the connection. It takes TLS for its own name.
    ///
    /// ```
    /// use airssys_wasm_sdk::tcp;
    /// use airssys_wasm_sdk::testing::FakeHost;
    ///
    /// let host = FakeHost::new();
    /// host.permit_all();
    /// host.add_server(("example.com", 7), |data| data.to_vec());
    /// let stream = tcp::connect(("example.com", 7), None).unwrap();
    /// stream.write_all(b"echo").unwrap();
    /// assert_eq!(stream.read_exact(4), Ok(b"echo".to_vec()));
    /// ```
    pub fn add_server(&self, endpoint: impl Into<Endpoint>, answer: impl FnMut(&[u8]) -> Vec<u8> + 'static) {
        self.state.network.borrow_mut().add_server(endpoint.into(), Box::new(answer));
    }

    /// Adds a program, by its absolute path. It runs when the component waits for it or reads from it.
    ///
    /// ```
    /// use airssys_wasm_sdk::processes::{Command, ExitStatus, ProcessOutput};
    /// use airssys_wasm_sdk::testing::FakeHost;
    ///
    /// let host = FakeHost::new();
    /// host.permit_all();
    /// host.add_program("/bin/cat", |call| {
    ///     ProcessOutput { status: ExitStatus::Code(0), stdout: call.stdin.clone(), stderr: Vec::new() }
    /// });
    /// assert_eq!(Command::new("/bin/cat").run(b"text").unwrap().stdout, b"text");
    /// ```
    pub fn add_program(&self, path: &str, script: impl FnMut(&ProgramCall) -> ProcessOutput + 'static) {
        self.state.programs.borrow_mut().add(path, Box::new(script));
    }

    /// From now on this component's mailbox is full.
    pub fn fill_mailbox(&self, id: &ComponentId) {
        self.state.rest.borrow_mut().full.push(id.clone());
    }

    /// Moves the clock.
    pub fn set_time(&self, time: Timestamp) {
        self.state.rest.borrow_mut().time = time;
    }

    /// The messages sent so far.
    pub fn messages(&self) -> Vec<SentMessage> {
        self.state.rest.borrow().messages.clone()
    }

    /// The requests sent so far.
    pub fn requests(&self) -> Vec<SentRequest> {
        self.state.rest.borrow().requests.clone()
    }

    /// The records logged so far.
    pub fn log(&self) -> Vec<LogRecord> {
        self.state.rest.borrow().log.clone()
    }

    /// A context for [`Component::execute`](crate::Component::execute): a call of the host, without a deadline.
    pub fn context(&self) -> ExecutionContext {
        ExecutionContext { request_id: "test".to_owned(), caller: Caller::Host, deadline: None, trace_parent: None }
    }

    /// A configuration for [`Component::init`](crate::Component::init): the id, and nothing else.
    ///
    /// # Panics
    /// When it is not `namespace/name@version`.
    pub fn config(&self, id: &str) -> ComponentConfig {
        ComponentConfig {
            id: id.parse().expect("namespace/name@version"),
            environment: Vec::new(),
            data: None,
            limits: ResourceLimits { max_memory_bytes: None, max_cpu_time_ms: None, max_execution_time_ms: None },
        }
    }
}

impl Drop for FakeHost {
    fn drop(&mut self) {
        State::end();
        // It lies in the system's temporary folder: what cannot be removed now, the system removes.
        let _ = fs::remove_dir_all(&self.state.root);
    }
}
