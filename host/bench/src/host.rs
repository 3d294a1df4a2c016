//! The host as an embedder uses it: nothing here knows more than the public API.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use airssys_wasm::{CacheFolder, Component, LoadOptions, Runtime, RuntimeConfig};
use anyhow::{Context, Result, bail};

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
        let tokio = tokio::runtime::Runtime::new().context("failed to start Tokio")?;
        let mut config = RuntimeConfig::default();
        config.cache = CacheFolder::At(cache.to_owned());
        Ok(Self { tokio, runtime: Arc::new(Runtime::new(config)?) })
    }

    /// Runs a future as an embedder's server would: in a task.
    fn in_a_task<T: Send + 'static>(&self, future: impl Future<Output = T> + Send + 'static) -> T {
        match self.tokio.block_on(self.tokio.spawn(future)) {
            Ok(value) => value,
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        }
    }

    /// Loads a component, and `init`s it.
    ///
    /// # Errors
    /// Fails as [`Runtime::load_component`].
    pub fn load(&self, file: &Path) -> Result<Component> {
        let (runtime, file) = (Arc::clone(&self.runtime), file.to_owned());
        Ok(self.in_a_task(async move { runtime.load_component(file).await })?)
    }

    /// Makes a further instance of a component that is loaded, under an id of its own: the times until it is there,
    /// until `init` has returned, and until it has answered a call.
    ///
    /// # Errors
    /// Fails as loading and calling do.
    pub fn further_instance(&self, first: &Component, number: usize) -> Result<(Component, [Duration; 3])> {
        let (runtime, first) = (Arc::clone(&self.runtime), first.clone());
        self.in_a_task(async move {
            let mut options = LoadOptions::default();
            options.id = Some(format!("airssys/further-{number}@1.0.0").parse()?);
            options.start = false;
            let started = Instant::now();
            let component = runtime.load_component_with(&first, options).await?;
            let made = started.elapsed();
            component.initialise().await?;
            let initialised = started.elapsed();
            echo(&component, &[0x5a; 16]).await?;
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
