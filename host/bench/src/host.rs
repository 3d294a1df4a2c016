//! The host as an embedder uses it: nothing here knows more than the public API.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use airssys_wasm::{CacheFolder, Component, Runtime, RuntimeConfig, Start};
use anyhow::{Context, Result, bail};

/// The payload of calls that are about something else.
pub const SMALL: [u8; 16] = [0x5a; 16];

/// A runtime, and the Tokio that it runs on.
pub struct Host {
    tokio: tokio::runtime::Runtime,
    runtime: Arc<Runtime>,
}

impl Host {
    /// A host like any other, with the compiled components in a folder of their own.
    ///
    /// # Errors
    /// Fails as [`Runtime::new`].
    pub fn new(cache: &Path) -> Result<Self> {
        Self::with_config(cache, RuntimeConfig::default())
    }

    /// As [`Host::new`], with more settings.
    ///
    /// # Errors
    /// Fails as [`Runtime::new`].
    pub fn with_config(cache: &Path, config: RuntimeConfig) -> Result<Self> {
        Self::on(tokio::runtime::Runtime::new().context("failed to start Tokio")?, cache, config)
    }

    /// A host on this thread alone, where what is done does not depend on which thread wakes up first.
    ///
    /// # Errors
    /// Fails as [`Runtime::new`].
    pub fn on_this_thread(cache: &Path, config: RuntimeConfig) -> Result<Self> {
        let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Self::on(tokio.context("failed to start Tokio")?, cache, config)
    }

    fn on(tokio: tokio::runtime::Runtime, cache: &Path, mut config: RuntimeConfig) -> Result<Self> {
        config.cache = CacheFolder::At(cache.to_owned());
        Ok(Self { tokio, runtime: Arc::new(Runtime::new(config)?) })
    }

    /// Runs a future as an embedder's server would: in a task.
    pub fn in_a_task<T: Send + 'static>(&self, future: impl Future<Output = T> + Send + 'static) -> T {
        match self.tokio.block_on(self.tokio.spawn(future)) {
            Ok(value) => value,
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        }
    }

    /// Starts a component.
    ///
    /// # Errors
    /// Fails as [`Runtime::start`].
    pub fn load(&self, file: &Path) -> Result<Component> {
        self.load_with(file, |start| start)
    }

    /// Starts a component with settings of its own.
    ///
    /// # Errors
    /// Fails as [`Runtime::start`].
    pub fn load_with(&self, file: &Path, settings: impl FnOnce(Start) -> Start) -> Result<Component> {
        let start = settings(self.runtime.start(file));
        Ok(self.in_a_task(start.into_future())?)
    }

    /// Loads a component with so many replicas.
    ///
    /// # Errors
    /// Fails as [`Runtime::start`].
    pub fn replicas(&self, file: &Path, replicas: usize) -> Result<Component> {
        self.load_with(file, |start| start.replicas(replicas))
    }

    /// Loads a component for a program that has no Tokio, under an id of its own.
    ///
    /// # Errors
    /// Fails as starting one does, and when there are no threads.
    pub fn blocking(&self, file: &Path) -> Result<airssys_wasm::blocking::Component> {
        let runtime = airssys_wasm::blocking::Runtime::of(Runtime::clone(&self.runtime))?;
        let id = "airssys/blocking@1.0.0".parse()?;
        Ok(runtime.start_with(file, |start| start.id(id))?)
    }

    /// As [`Host::calls`], of a program that has no Tokio.
    ///
    /// # Errors
    /// Fails as the calls do.
    pub fn calls_blocking(
        component: &airssys_wasm::blocking::Component,
        payload: &[u8],
        calls: usize,
    ) -> Result<Duration> {
        let started = Instant::now();
        for _ in 0..calls {
            if component.call("echo", payload)?.len() != payload.len() {
                bail!("the guest gives back another number of bytes than it was given");
            }
        }
        Ok(started.elapsed())
    }

    /// Makes a further instance of a component that is loaded, under an id of its own: the times until it is there,
    /// until `init` has returned, and until it has answered a call.
    ///
    /// # Errors
    /// Fails as loading and calling do.
    pub fn further_instance(&self, first: &Component, number: usize) -> Result<(Component, [Duration; 3])> {
        let (runtime, first) = (Arc::clone(&self.runtime), first.clone());
        self.in_a_task(async move {
            let id = format!("airssys/further-{number}@1.0.0").parse()?;
            let started = Instant::now();
            let component = runtime.start(&first).id(id).uninitialized().await?;
            let made = started.elapsed();
            component.initialize().await?;
            let initialised = started.elapsed();
            echo(&component, &SMALL).await?;
            Ok((component, [made, initialised, started.elapsed()]))
        })
    }

    /// Calls once and looks at the answer.
    ///
    /// # Errors
    /// Fails as the call does, and when another answer comes.
    pub fn check(&self, component: &Component, payload: &[u8]) -> Result<()> {
        let (component, payload) = (component.clone(), payload.to_vec());
        self.in_a_task(async move { echo(&component, &payload).await })
    }

    /// Calls one after the other from a task, and says how long they took together.
    ///
    /// # Errors
    /// Fails as the calls do.
    pub fn calls(&self, component: &Component, payload: &Arc<Vec<u8>>, calls: usize) -> Result<Duration> {
        let (component, payload) = (component.clone(), Arc::clone(payload));
        self.in_a_task(async move { batch(&component, &payload, calls).await })
    }

    /// Calls from several tasks at once, and says how long they took together. Each makes its share of the calls.
    ///
    /// # Errors
    /// Fails as the calls do.
    pub fn calls_of(
        &self,
        component: &Component,
        payload: &Arc<Vec<u8>>,
        tasks: usize,
        calls: usize,
    ) -> Result<Duration> {
        let (component, payload) = (component.clone(), Arc::clone(payload));
        self.in_a_task(async move {
            let started = Instant::now();
            let mut callers = tokio::task::JoinSet::new();
            for caller in 0..tasks {
                let (component, payload) = (component.clone(), Arc::clone(&payload));
                let share = (calls + caller) / tasks;
                callers.spawn(async move { batch(&component, &payload, share).await });
            }
            while let Some(ended) = callers.join_next().await {
                ended.context("a caller panicked")??;
            }
            Ok(started.elapsed())
        })
    }

    /// Calls each of some components in turn, from a task, and says how long that took.
    ///
    /// # Errors
    /// Fails as the calls do.
    pub fn calls_in_turn(
        &self,
        components: &Arc<Vec<Component>>,
        first: usize,
        payload: &Arc<Vec<u8>>,
        calls: usize,
    ) -> Result<Duration> {
        let (components, payload) = (Arc::clone(components), Arc::clone(payload));
        self.in_a_task(async move {
            let started = Instant::now();
            for component in components.iter().cycle().skip(first % components.len()).take(calls) {
                if component.call("echo", payload.as_slice()).await?.len() != payload.len() {
                    bail!("the guest gives back another number of bytes than it was given");
                }
            }
            Ok(started.elapsed())
        })
    }

    /// Calls an operation one time after the other from a task, and says how long that took.
    ///
    /// # Errors
    /// Fails as the calls do.
    pub fn operation(&self, component: &Component, operation: &str, input: &str, calls: usize) -> Result<Duration> {
        let (component, operation, input) = (component.clone(), operation.to_owned(), input.to_owned());
        self.in_a_task(async move {
            let started = Instant::now();
            for _ in 0..calls {
                component.call(&operation, input.as_str()).await?;
            }
            Ok(started.elapsed())
        })
    }

    /// As [`Host::calls`], from this thread, which is none of Tokio's.
    ///
    /// # Errors
    /// Fails as the calls do.
    pub fn calls_from_outside(&self, component: &Component, payload: &[u8], calls: usize) -> Result<Duration> {
        self.tokio.block_on(batch(component, payload, calls))
    }

    /// Runs `visit` in a task, with a component.
    pub fn with<F, T>(&self, component: &Component, visit: impl FnOnce(Component) -> F) -> T
    where
        F: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        self.in_a_task(visit(component.clone()))
    }

    /// Ends a component.
    ///
    /// # Errors
    /// Fails as [`Component::shutdown`].
    pub fn shut_down(&self, component: Component) -> Result<()> {
        Ok(self.in_a_task(async move { component.shutdown().await })?)
    }
}

async fn echo(component: &Component, payload: &[u8]) -> Result<()> {
    if component.call("echo", payload).await? != payload {
        bail!("the guest gives back other bytes than it was given");
    }
    Ok(())
}

async fn batch(component: &Component, payload: &[u8], calls: usize) -> Result<Duration> {
    let started = Instant::now();
    for _ in 0..calls {
        let output = component.call("echo", payload).await?;
        if output.len() != payload.len() {
            bail!("the guest gives back another number of bytes than it was given");
        }
    }
    Ok(started.elapsed())
}
