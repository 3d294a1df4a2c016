//! Our own host, asked in the words of the protocol.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use airssys_wasm::config::{Dns, TrustStore};
use airssys_wasm::engine_types::ResourceAny;
use airssys_wasm::policy::{AuditRecord, AuditSink, ComponentId, Limits, Permissions};
use airssys_wasm::records::{LogRecord, LogSink};
use airssys_wasm::{
    CacheFolder, CallOptions, Caller, Component, Error, HealthStatus, Mount, Runtime, RuntimeConfig, Source,
};
use anyhow::{Context, Result, bail};

use super::protocol::{Audited, HostError, Load, Logged, Records, Reply, Request, Settings};
use super::val::Val;
use crate::causes::chain;

/// Whether permissions are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Policy {
    /// As the component declares and the host grants.
    #[default]
    Enforced,
    /// Everything is allowed, whatever it declares: a host without our policy, to see what the suite says about one.
    Absent,
}

impl Policy {
    /// What a host with it calls itself.
    pub(super) fn host_name(self) -> String {
        match self {
            Self::Enforced => NAME.to_owned(),
            Self::Absent => format!("{NAME} without its policy"),
        }
    }
}

/// Name and version.
pub(super) const NAME: &str = concat!("airssys-wasm ", env!("CARGO_PKG_VERSION"));

/// Our own host.
pub struct OwnHost {
    runtime: Runtime,
    policy: Policy,
    instances: Mutex<HashMap<String, Arc<Instance>>>,
    /// The first component of each file, for its code: the file is read once, and not again for each case.
    files: Mutex<HashMap<String, Component>>,
}

struct Instance {
    component: Option<Component>,
    recorder: Arc<Recorder>,
    resources: Mutex<Resources>,
}

#[derive(Default)]
struct Resources {
    next: u64,
    kept: HashMap<u64, ResourceAny>,
}

type Answered = Result<Reply, HostError>;

impl OwnHost {
    /// Starts it.
    ///
    /// # Errors
    /// The engine does not start.
    pub fn new(settings: &Settings, policy: Policy) -> Result<Self> {
        let runtime = Runtime::new(config(settings)?).context("failed to start the host under test")?;
        Ok(Self { runtime, policy, instances: Mutex::default(), files: Mutex::default() })
    }

    /// Does what is asked.
    ///
    /// # Errors
    /// What the host says instead.
    pub async fn ask(&self, request: Request) -> Answered {
        match request {
            Request::Start { .. } => Err(refused("started-before", "the host has started")),
            Request::Load(load) => self.load(*load).await,
            Request::Invoke { component, interface, function, arguments } => {
                let instance = self.instance(&component)?;
                let arguments =
                    arguments.into_iter().map(|val| instance.write_engine(val)).collect::<Result<_, _>>()?;
                let returned = instance.component()?.invoke(&interface, &function, arguments).await;
                let returned = returned.map_err(|error| told(&error))?;
                Ok(Reply::Value(returned.into_iter().next().map(|val| instance.read_engine(val)).transpose()?))
            }
            Request::Drop { component, resource } => {
                let instance = self.instance(&component)?;
                let kept = instance.resources().kept.remove(&resource);
                let kept = kept.ok_or_else(|| refused("stale-resource", "there is no such resource"))?;
                done(instance.component()?.drop_resource(kept).await)
            }
            Request::Execute { component, operation, input, external, trace_parent } => {
                let instance = self.instance(&component)?;
                let mut options = CallOptions::default();
                options.caller = Some(external.map_or(Caller::Host, Caller::External));
                options.trace_parent = trace_parent;
                let returned = instance.component()?.call_with(&operation, input.0, options).await;
                returned.map(|output| Reply::Value(Some(Val::bytes(&output)))).map_err(|error| told(&error))
            }
            Request::Message { component, from, message } => {
                let from = id(&from)?;
                done(self.instance(&component)?.component()?.deliver_message(&from, message.0).await)
            }
            Request::Init { component } => done(self.instance(&component)?.component()?.initialize().await),
            Request::Shutdown { component } => done(self.instance(&component)?.component()?.shutdown().await),
            Request::Health { component } => {
                let health = self.instance(&component)?.component()?.health().await.map_err(|error| told(&error))?;
                let case = |status: HealthStatus| Val::Enum(format!("{status:?}").to_lowercase());
                Ok(Reply::Value(Some(case(health.status))))
            }
            Request::Metadata { component } => {
                let metadata = self.instance(&component)?.component()?.metadata().await;
                Ok(Reply::Value(Some(metadata_val(&metadata.map_err(|error| told(&error))?))))
            }
            Request::Unload { component } => {
                let unloaded = self.runtime.unload(&id(&component)?).await;
                // Only what was written down is kept.
                let recorder = Arc::clone(&self.instance(&component)?.recorder);
                let gone = Instance { component: None, recorder, resources: Mutex::default() };
                self.instances().insert(component, Arc::new(gone));
                done(unloaded)
            }
            Request::Records { component } => Ok(Reply::Records(self.instance(&component)?.recorder.records())),
            Request::Stats { component } => {
                let stats = serde_json::to_value(self.instance(&component)?.component()?.stats());
                let stats = stats.and_then(serde_json::from_value::<BTreeMap<String, u64>>);
                stats.map(Reply::Stats).map_err(|error| refused("host-fault", &error.to_string()))
            }
        }
    }

    async fn load(&self, load: Load) -> Answered {
        let recorder = Arc::new(Recorder::default());
        let permissions = |given: Permissions| match self.policy {
            Policy::Enforced => given,
            Policy::Absent => everything(),
        };
        let mount = |mount: &super::protocol::MountPoint| match mount.read_only {
            true => Mount::read_only(&mount.guest, &mount.host),
            false => Mount::writable(&mount.guest, &mount.host),
        };
        let limits = limits(&load.limits).map_err(|error| refused("unknown-limit", &error.to_string()))?;
        let source = self.files().get(&load.file).map_or_else(|| Source::from(load.file.as_str()), Source::from);
        let mut start = self.runtime.start(source).id(id(&load.component)?).limits(limits);
        start = start.declare(permissions(load.declared)).grant(permissions(load.granted));
        start = start.replace_mounts(load.mounts.iter().map(mount)).replace_environment(load.environment);
        start = start.audit(recorder.clone()).log(recorder.clone());
        if let Some(data) = load.data {
            start = start.data(data.0);
        }
        if !load.start {
            start = start.uninitialized();
        }
        let (component, answered) = match start.await {
            Ok(component) => {
                self.files().entry(load.file).or_insert_with(|| component.clone());
                (Some(component), Ok(Reply::Done))
            }
            Err(error) => (None, Err(told(&error))),
        };
        let instance = Instance { component, recorder, resources: Mutex::default() };
        self.instances().insert(load.component, Arc::new(instance));
        answered
    }

    fn instance(&self, component: &str) -> Result<Arc<Instance>, HostError> {
        let unknown = || refused("unknown-component", &format!("{component} is not loaded"));
        self.instances().get(component).cloned().ok_or_else(unknown)
    }

    fn files(&self) -> MutexGuard<'_, HashMap<String, Component>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn instances(&self) -> MutexGuard<'_, HashMap<String, Arc<Instance>>> {
        self.instances.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Instance {
    fn component(&self) -> Result<&Component, HostError> {
        self.component.as_ref().ok_or_else(|| refused("unknown-component", "it was not loaded"))
    }

    fn resources(&self) -> MutexGuard<'_, Resources> {
        self.resources.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_engine(&self, val: Val) -> Result<airssys_wasm::engine_types::Val, HostError> {
        use airssys_wasm::engine_types::Val as Engine;
        let all =
            |items: Vec<Val>| items.into_iter().map(|item| self.write_engine(item)).collect::<Result<Vec<_>, _>>();
        let inner = |inner: Option<Box<Val>>| inner.map(|val| self.write_engine(*val).map(Box::new)).transpose();
        Ok(match val {
            Val::Bool(value) => Engine::Bool(value),
            Val::U8(value) => Engine::U8(value),
            Val::U16(value) => Engine::U16(value),
            Val::U32(value) => Engine::U32(value),
            Val::U64(value) => Engine::U64(value),
            Val::S32(value) => Engine::S32(value),
            Val::String(value) => Engine::String(value),
            Val::List(items) => Engine::List(all(items)?),
            Val::Tuple(items) => Engine::Tuple(all(items)?),
            Val::Record(fields) => {
                let fields = fields.into_iter().map(|(name, value)| Ok((name, self.write_engine(value)?)));
                Engine::Record(fields.collect::<Result<_, HostError>>()?)
            }
            Val::Variant(name, payload) => Engine::Variant(name, inner(payload)?),
            Val::Enum(name) => Engine::Enum(name),
            Val::Option(some) => Engine::Option(inner(some)?),
            Val::Result(Ok(payload)) => Engine::Result(Ok(inner(payload)?)),
            Val::Result(Err(payload)) => Engine::Result(Err(inner(payload)?)),
            Val::Flags(names) => Engine::Flags(names),
            Val::Resource(number) => {
                let resource = self.resources().kept.get(&number).copied();
                Engine::Resource(resource.ok_or_else(|| refused("stale-resource", "there is no such resource"))?)
            }
        })
    }

    fn read_engine(&self, val: airssys_wasm::engine_types::Val) -> Result<Val, HostError> {
        use airssys_wasm::engine_types::Val as Engine;
        let all =
            |items: Vec<Engine>| items.into_iter().map(|item| self.read_engine(item)).collect::<Result<Vec<_>, _>>();
        let inner = |inner: Option<Box<Engine>>| inner.map(|val| self.read_engine(*val).map(Box::new)).transpose();
        Ok(match val {
            Engine::Bool(value) => Val::Bool(value),
            Engine::U8(value) => Val::U8(value),
            Engine::U16(value) => Val::U16(value),
            Engine::U32(value) => Val::U32(value),
            Engine::U64(value) => Val::U64(value),
            Engine::S32(value) => Val::S32(value),
            Engine::String(value) => Val::String(value),
            Engine::List(items) => Val::List(all(items)?),
            Engine::Tuple(items) => Val::Tuple(all(items)?),
            Engine::Record(fields) => {
                let fields = fields.into_iter().map(|(name, value)| Ok((name, self.read_engine(value)?)));
                Val::Record(fields.collect::<Result<_, HostError>>()?)
            }
            Engine::Variant(name, payload) => Val::Variant(name, inner(payload)?),
            Engine::Enum(name) => Val::Enum(name),
            Engine::Option(some) => Val::Option(inner(some)?),
            Engine::Result(Ok(payload)) => Val::Result(Ok(inner(payload)?)),
            Engine::Result(Err(payload)) => Val::Result(Err(inner(payload)?)),
            Engine::Flags(names) => Val::Flags(names),
            Engine::Resource(resource) => {
                let mut resources = self.resources();
                resources.next += 1;
                let number = resources.next;
                resources.kept.insert(number, resource);
                Val::Resource(number)
            }
            other => return Err(refused("host-fault", &format!("the contract has no such type: {other:?}"))),
        })
    }
}

fn done(result: airssys_wasm::Result<()>) -> Answered {
    result.map(|()| Reply::Done).map_err(|error| told(&error))
}

fn refused(code: &str, text: &str) -> HostError {
    HostError { code: code.to_owned(), text: text.to_owned(), guest: None }
}

fn told(error: &Error) -> HostError {
    let guest = match error {
        Error::Guest(guest) => Some((guest.failure.case().to_owned(), guest.failure.text().to_owned())),
        _ => None,
    };
    // The protocol has one code for what guests answer, with the guest's own beside it.
    let code = if guest.is_some() { "guest-error" } else { error.code() };
    HostError { code: code.to_owned(), text: chain(error), guest }
}

fn id(text: &str) -> Result<ComponentId, HostError> {
    text.parse().map_err(|_| refused("bad-id", &format!("{text} is no id of a component")))
}

fn config(settings: &Settings) -> Result<RuntimeConfig> {
    let mut config = RuntimeConfig::default();
    config.filesystem_limits.max_list_entries = usize::try_from(settings.list_entries)?;
    config.shutdown_grace = Duration::from_millis(settings.shutdown_grace_ms);
    config.network.limits.max_sockets = settings.sockets;
    config.network.limits.resolver_timeout = Duration::from_millis(settings.resolver_timeout_ms);
    let servers = settings.name_servers.iter().map(|server| server.parse()).collect::<Result<_, _>>();
    config.network.dns = Dns::Servers(servers.context("a name server is an address with a port")?);
    config.network.trust = TrustStore::Roots(settings.trusted_certificates.iter().map(|der| der.0.clone()).collect());
    config.processes.max_processes = settings.processes;
    config.processes.search_path = settings.program_folders.iter().map(PathBuf::from).collect();
    if let Some(folder) = &settings.compiled {
        config.cache = CacheFolder::At(folder.into());
    }
    Ok(config)
}

fn limits(given: &BTreeMap<String, u64>) -> Result<Limits> {
    let mut limits = Limits::default();
    for (name, value) in given {
        match name.as_str() {
            "max-memory-bytes" => limits.max_memory_bytes = Some(*value),
            "max-cpu-time-ms" => limits.max_cpu_time = Some(Duration::from_millis(*value)),
            "max-execution-time-ms" => limits.max_execution_time = Some(Duration::from_millis(*value)),
            "max-open-files" => limits.max_open_files = Some(u32::try_from(*value)?),
            "max-mailbox-messages" => limits.max_mailbox_messages = Some(u32::try_from(*value)?),
            other => bail!("{other} is no limit"),
        }
    }
    Ok(limits)
}

/// Permission for everything, as far as permissions go.
fn everything() -> Permissions {
    const ALL: &str = r#"
        filesystem = [
            { action = "read", path = "/**" }, { action = "write", path = "/**" },
            { action = "delete", path = "/**" }, { action = "list", path = "/**" },
        ]
        network = [
            { action = "outbound", host = "*" }, { action = "outbound", host = "0.0.0.0/0" }, { action = "outbound", host = "::/0" },
            { action = "inbound", host = "*" }, { action = "inbound", host = "0.0.0.0/0" }, { action = "inbound", host = "::/0" },
            { action = "resolve", host = "*" }, { action = "resolve", host = "0.0.0.0/0" }, { action = "resolve", host = "::/0" },
        ]
        process = [{ action = "spawn", program = "/**" }, { action = "signal", program = "/**" }]
        messaging = [{ target = "*/*" }]
    "#;
    Permissions::parse(ALL, "everything").expect("valid permissions")
}

fn metadata_val(metadata: &airssys_wasm::ComponentMetadata) -> Val {
    let string = |text: &str| Val::String(text.to_owned());
    let strings = |list: &[String]| Val::List(list.iter().map(|text| string(text)).collect());
    let field = |name: &str, value: Val| (name.to_owned(), value);
    Val::Record(vec![
        field(
            "id",
            Val::Record(vec![
                field("namespace", string(&metadata.namespace)),
                field("name", string(&metadata.name)),
                field("version", string(&metadata.version)),
            ]),
        ),
        field("description", string(&metadata.description)),
        field("authors", strings(&metadata.authors)),
        field("license", Val::Option(metadata.license.as_deref().map(|text| Box::new(string(text))))),
        field("operations", strings(&metadata.operations)),
    ])
}

/// Keeps the records of one instance.
#[derive(Debug, Default)]
struct Recorder(Mutex<Records>);

impl Recorder {
    fn records(&self) -> Records {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl AuditSink for Recorder {
    fn record(&self, record: AuditRecord) {
        let decision = match record.decision {
            airssys_wasm::policy::Decision::Allowed => "allowed",
            airssys_wasm::policy::Decision::Denied => "denied",
        };
        let AuditRecord { operation, resource, action, missing, .. } = record;
        let (operation, action) = (operation.into_owned(), action.into_owned());
        let record = Audited { operation, resource, action, decision: decision.to_owned(), missing };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).audit.push(record);
    }
}

impl LogSink for Recorder {
    fn record(&self, record: &LogRecord) {
        let record = Logged {
            level: format!("{:?}", record.level).to_lowercase(),
            message: record.message.clone(),
            fields: record.fields.clone(),
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).log.push(record);
    }
}
