//! Starting a component: from compiled code to replicas behind a mailbox.

use std::sync::{Arc, Weak};

use airssys_wasm_policy::{Gate, Manifest};
use tokio::sync::Semaphore;

use crate::background::blocking;
use crate::capability::audit::{Decisions, Refusals};
use crate::capability::filesystem::Filesystem;
use crate::capability::host_services::directory::Directory;
use crate::capability::host_services::log::Log;
use crate::capability::host_services::messaging::Messaging;
use crate::capability::network::Network;
use crate::capability::process::Processes;
use crate::clock::Clock;
use crate::compiled::{Code, CompiledComponent};
use crate::component::Component;
use crate::error::{Error, Result};
use crate::host_state::{Capabilities, Observations};
use crate::instance::component_config;
use crate::instance::entrance::Entrance;
use crate::instance::factory::Factory;
use crate::instance::subject::Subject;
use crate::load_error::LoadError;
use crate::metadata::MAX_METADATA_BYTES;
use crate::registry::Registry;
use crate::replica::Replica;
use crate::running_component::{Parts, RunningComponent};
use crate::services::{Services, parse};
use crate::start_settings::{Granted, StartSettings};
use crate::stats::Counters;

/// Threads that a component may occupy with work that blocks. A guest waits for one thing at a time; the others are for
/// everything that goes on after a guest was interrupted. All components together have a few hundred.
const MAX_BLOCKING: usize = 4;
/// Replicas of one component.
pub const MAX_REPLICAS: usize = 10_000;

/// Why a component was not taken after it was made.
enum Refused {
    Load(Box<LoadError>),
    Call(Box<Error>),
}

impl From<LoadError> for Refused {
    fn from(error: LoadError) -> Self {
        Self::Load(Box::new(error))
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Call(Box::new(error))
    }
}

/// A component that is being started. When nobody waits for that any more, it goes.
struct Unfinished(Option<Component>);

impl Unfinished {
    fn finish(mut self) {
        self.0 = None;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(component) = &self.0 {
            component.running().end();
        }
    }
}

/// Starts a component: instantiates it, compares its metadata with its Component.toml, and calls `init`.
pub(crate) async fn start(
    services: &Arc<Services>,
    registry: &Arc<Registry>,
    compiled: &CompiledComponent,
    subject: String,
    settings: StartSettings,
) -> Result<Component> {
    let initialize = settings.initialize;
    let prepared = prepare(services, registry, compiled, settings).await;
    let (component, manifest) = prepared.map_err(|error| Error::load(&subject, error))?;
    let unfinished = Unfinished(Some(component.clone()));
    match begin(registry, &component, &manifest, initialize).await {
        Ok(()) => {
            unfinished.finish();
            Ok(component)
        }
        Err(refused) => {
            component.running().discard().await;
            Err(match refused {
                Refused::Load(error) => Error::load(subject, *error),
                Refused::Call(error) => *error,
            })
        }
    }
}

/// Everything in which the guest runs.
async fn begin(
    registry: &Arc<Registry>,
    component: &Component,
    manifest: &Manifest,
    initialize: bool,
) -> Result<(), Refused> {
    let metadata = component.metadata().await?;
    let (size, limit) = (metadata.size(), MAX_METADATA_BYTES);
    if size > limit {
        return Err(LoadError::MetadataTooLarge { size, limit }.into());
    }
    let expected = manifest.id();
    if !metadata.is_of(&expected) {
        return Err(LoadError::MetadataMismatch { metadata: metadata.id_text(), manifest: expected }.into());
    }
    let _ = component.running().metadata.set(metadata);
    if !registry.add(component.clone()) {
        return Err(LoadError::DuplicateId(component.id().clone()).into());
    }
    if initialize {
        component.initialize().await?;
    }
    Ok(())
}

/// Everything before that.
async fn prepare(
    services: &Arc<Services>,
    registry: &Arc<Registry>,
    compiled: &CompiledComponent,
    settings: StartSettings,
) -> Result<(Component, Manifest), LoadError> {
    let Code { text, manifest, source_map, pre, indices, compiled: code, .. } = &**compiled.code();
    let manifest = match settings.manifest {
        Some(other) if *other != **text => {
            let other: Arc<str> = other.into();
            blocking(move |_| parse(&other)).await?
        }
        _ => manifest.clone(),
    };
    if let Some(name) = settings.expected_name
        && name != manifest.component.name
    {
        return Err(LoadError::UnexpectedName { found: manifest.component.name, expected: name });
    }
    let config = &services.config;
    let declared_limits = manifest.limits.overlaid(&settings.limits);
    let limits = services.resolve(&declared_limits)?;
    let replicas = settings.replicas.max(1);
    if replicas > MAX_REPLICAS {
        let (asked, allowed) = (replicas as u64, MAX_REPLICAS as u64);
        return Err(LoadError::LimitTooHigh { limit: "replicas", asked, allowed });
    }
    let id = Arc::new(settings.id.unwrap_or_else(|| manifest.id()));
    let declared = settings.declared.unwrap_or_else(|| manifest.permissions.clone());
    let granted = match settings.granted {
        Some(Granted::Declared) => declared.clone(),
        Some(Granted::These(permissions)) => permissions,
        None => config.granted.clone(),
    };
    let audit = settings.audit.unwrap_or_else(|| Arc::clone(&config.audit));
    let counters = Arc::<Counters>::default();
    let decisions = Arc::new(Decisions::new(audit, Arc::clone(&counters)));
    let gate = Gate::new((*id).clone(), declared, granted, Arc::new(Refusals::new(Arc::clone(&decisions))));
    let gate = gate.within(services.network.surroundings());

    let mounts = settings.mounts.unwrap_or_else(|| config.mounts.clone());
    let (its_gate, its_limits) = (gate.clone(), config.filesystem_limits.clone());
    let (files, descriptors) = (limits.open_files, services.descriptors.clone());
    let protected = Arc::clone(&services.protected);
    let is_empty = mounts.is_empty();
    let open = move || {
        let filesystem = Filesystem::open_mounts(its_gate, &mounts, its_limits, files, descriptors)
            .map_err(|error| LoadError::Mounts(error.into()))?;
        filesystem.writable_roots().try_for_each(|(guest, root)| protected.check(guest, root))?;
        Ok::<_, LoadError>(filesystem)
    };
    // A quota is measured, and a mount may be far away; without one there is nothing to wait for.
    let filesystem = if is_empty { open()? } else { blocking(move |_| open()).await? };
    let network = Network::new(gate.clone(), Arc::clone(&services.network));
    let environment = settings.environment.unwrap_or_else(|| manifest.config.environment.clone());
    let (process_gate, process_files) = (gate.clone(), filesystem.clone());
    let processes = Processes::new(process_gate, process_files, environment.clone(), Arc::clone(&services.processes));

    let data = settings.data.or_else(|| manifest.config.data.clone());
    let stop = Arc::default();
    let subject = Arc::new(Subject {
        id: Arc::clone(&id),
        content: *code.content.as_bytes(),
        language: manifest.build.language,
        source_map: source_map.clone(),
        limits,
        ticker: services.ticker.clone(),
    });
    let factory = Arc::new(Factory {
        subject: Arc::clone(&subject),
        config: component_config((&*id).into(), environment, data, &declared_limits),
        shutdown_grace: config.shutdown_grace,
        engine: services.engine.clone(),
        pre: pre.clone(),
        indices: indices.clone(),
        interfaces: services.interfaces.clone(),
    });
    let log = Log::new((*id).clone(), Arc::clone(&counters), settings.log.or_else(|| config.log.clone()));
    let (log, clock, places) = (Arc::new(log), Arc::new(Clock::default()), Arc::new(Semaphore::new(MAX_BLOCKING)));
    let leaving = Arc::downgrade(registry);
    let running = RunningComponent::new(Parts {
        factory: Arc::clone(&factory),
        compiled: compiled.clone(),
        log: Arc::clone(&log),
        memory: services.memory.clone(),
        counters,
        stop: Arc::clone(&stop),
        unregister: Box::new(move |component: &RunningComponent| {
            if let Some(registry) = leaving.upgrade() {
                registry.remove(component);
            }
        }),
    });
    let weak: Weak<Registry> = Arc::downgrade(registry);
    let directory: Weak<dyn Directory> = weak;
    for _ in 0..replicas {
        running.add_replica(|outbox, counters| {
            // Each has a gate of its own, so that the refusals of one call are not those of another at the same time.
            let refusals = Arc::new(Refusals::new(Arc::clone(&decisions)));
            let gate = gate.recording_to(refusals.clone());
            let filesystem = filesystem.behind(gate.clone());
            let network = network.behind(gate.clone());
            let processes = processes.behind(gate.clone(), filesystem.clone());
            let messaging =
                Messaging { id: Arc::clone(&id), gate: gate.clone(), directory: Weak::clone(&directory), outbox };
            let capabilities = Capabilities {
                gate,
                filesystem,
                network,
                processes,
                messaging,
                clock: Arc::clone(&clock),
                blocking: Arc::clone(&places),
                memory: services.memory.clone(),
            };
            let observations = Observations { log: Arc::clone(&log), recent_output: Arc::default() };
            let (subject, stop) = (Arc::clone(&subject), Arc::clone(&stop));
            let entrance = Entrance { subject, observations, refusals, counters, stop };
            Replica::new(Arc::clone(&factory), entrance, capabilities)
        });
    }
    Ok((Component::new(running), manifest))
}
