//! The same for programs without a Tokio runtime: each function waits where it is called.
//!
//! A call goes the same way as one from a task. It must not come from a task itself, which would hold up others.
//!
//! ```
//! # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/runtime/support.rs")); }
//! use airssys_wasm::RuntimeConfig;
//! use airssys_wasm::blocking::Runtime;
//!
//! # let mut config = RuntimeConfig::default();
//! # config.cache = airssys_wasm::CacheFolder::Disabled;
//! # let component = support::guest();
//! let runtime = Runtime::new(config)?;
//! let component = runtime.start(component)?;
//! assert_eq!(component.call("echo", "hello")?, b"hello");
//! component.shutdown()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::component::CallOptions;
use crate::error::{HostFault, Result};
use crate::runtime_config::RuntimeConfig;
use crate::source::Source;
use crate::start_builder::Start;
use crate::{component, runtime};

/// A [`Runtime`](crate::Runtime) with threads of its own. Clones are cheap and mean the same.
#[derive(Debug, Clone)]
pub struct Runtime {
    tokio: Arc<tokio::runtime::Runtime>,
    runtime: runtime::Runtime,
}

/// A [`Component`](crate::Component) that is called by waiting. Clones are cheap and mean the same.
#[derive(Debug, Clone)]
pub struct Component {
    tokio: Arc<tokio::runtime::Runtime>,
    component: component::Component,
}

impl Runtime {
    /// Makes a runtime.
    ///
    /// # Errors
    ///
    /// As [`Runtime::new`](crate::Runtime::new), and when no threads can be had.
    pub fn new(config: RuntimeConfig) -> Result<Self> {
        Self::of(runtime::Runtime::new(config)?)
    }

    /// One that waits for another.
    ///
    /// # Errors
    ///
    /// [`HostFault`] when no threads can be had.
    pub fn of(runtime: runtime::Runtime) -> Result<Self> {
        let tokio = tokio::runtime::Builder::new_multi_thread().enable_all().thread_name("airssys-wasm").build();
        let tokio = Arc::new(tokio.map_err(|error| HostFault::new("start the threads of the runtime", error))?);
        Ok(Self { tokio, runtime })
    }

    /// Starts a component, from a file, from bytes, or from code that was compiled.
    ///
    /// # Errors
    ///
    /// As [`Runtime::start`](crate::Runtime::start).
    pub fn start(&self, source: impl Into<Source>) -> Result<Component> {
        self.start_with(source, |start| start)
    }

    /// Starts a component with settings of its own: `runtime.start_with(file, |start| start.replicas(2))`.
    ///
    /// # Errors
    ///
    /// As [`Runtime::start`](crate::Runtime::start).
    pub fn start_with(&self, source: impl Into<Source>, settings: impl FnOnce(Start) -> Start) -> Result<Component> {
        let component = wait(&self.tokio, settings(self.runtime.start(source)).into_future())?;
        Ok(Component { tokio: Arc::clone(&self.tokio), component })
    }

    /// The one that this waits for.
    pub fn runtime(&self) -> &runtime::Runtime {
        &self.runtime
    }
}

impl Component {
    /// As [`Component::call`](crate::Component::call).
    ///
    /// # Errors
    ///
    /// The same.
    pub fn call(&self, operation: &str, input: impl AsRef<[u8]>) -> Result<Vec<u8>> {
        wait(&self.tokio, self.component.call(operation, input))
    }

    /// As [`Component::call_with`](crate::Component::call_with).
    ///
    /// # Errors
    ///
    /// The same.
    pub fn call_with(&self, operation: &str, input: impl AsRef<[u8]>, options: CallOptions) -> Result<Vec<u8>> {
        wait(&self.tokio, self.component.call_with(operation, input, options))
    }

    /// As [`Component::call_json`](crate::Component::call_json).
    ///
    /// # Errors
    ///
    /// The same.
    pub fn call_json<O: DeserializeOwned + Send + 'static>(
        &self,
        operation: &str,
        input: &impl Serialize,
    ) -> Result<O> {
        wait(&self.tokio, self.component.call_json(operation, input))
    }

    /// As [`Component::shutdown`](crate::Component::shutdown).
    ///
    /// # Errors
    ///
    /// The same.
    pub fn shutdown(&self) -> Result<()> {
        wait(&self.tokio, self.component.shutdown())
    }

    /// The one that this waits for, for everything else.
    pub fn component(&self) -> &component::Component {
        &self.component
    }
}

/// Waits for a future. Most calls are over when they are looked at for the first time, and then nobody has to be told how
/// to wake this thread.
fn wait<F: Future>(tokio: &tokio::runtime::Runtime, future: F) -> F::Output {
    let mut future = pin!(future);
    {
        let _context = tokio.enter();
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return output;
        }
    }
    tokio.block_on(future)
}
