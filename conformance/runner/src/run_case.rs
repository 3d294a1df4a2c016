//! One case on one driver: load, prepare, step by step, check.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use airssys_wasm::Val;
use airssys_wasm::policy::{ComponentId, Limits, Permissions};
use airssys_wasm::{Component, LoadOptions};
use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use crate::case::{Case, Instance, Kind};
use crate::contract::{Contract, Operation};
use crate::expect::{ExpectedDenial, Matcher};
use crate::fixture::{Fixture, HostUnderTest};
use crate::lifecycle;
use crate::recorder::{self, Recorder};
use crate::report::Failure;
use crate::scope::{Datum, Scope};
use crate::value::{build, resource_name, show};

/// Name of the instance under test among the instances of a case.
const SELF: &str = "self";
/// Namespace of the ids under which a case's instances run.
const NAMESPACE: &str = "conformance";
/// How long `until` repeats its step.
const UNTIL: Duration = Duration::from_secs(10);
/// How long a whole case may take: more than any deadline within it.
const CASE: Duration = Duration::from_secs(90);

/// A host whose permission check is broken in one way; the suite must notice.
#[derive(Debug, Clone, Default)]
pub struct LaxHost {
    /// Granted and declared on top of what the case says.
    pub extra: Permissions,
}

/// What one case on one driver came to.
#[derive(Debug)]
pub enum Verdict {
    /// All as it says.
    Pass,
    /// Something was not as it says.
    Fail(Box<Failure>),
    /// The operation is not exported by the driver.
    Missing(String),
    /// The suite or the machine failed, not the driver.
    Harness(String),
}

/// What a step came to: a difference is the driver's or host's, an error the harness's.
pub(crate) type Stepped = Result<Result<(), String>>;

/// A case while it runs.
pub(crate) struct Running<'a> {
    contract: &'a Contract,
    case: &'a Case,
    host: &'a HostUnderTest,
    fixture: Fixture<'a>,
    scope: Scope,
    instances: BTreeMap<String, (Component, Arc<Recorder>)>,
    denials: Vec<ExpectedDenial>,
}

/// Runs one case on the component in `driver`.
pub async fn run_case(
    contract: &Contract,
    host: &HostUnderTest,
    driver: &Path,
    case: &Case,
    seed: u64,
    environment: &[(String, String)],
    lax: &LaxHost,
) -> Verdict {
    let started = Running::start(contract, host, driver, case, seed, environment, lax).await;
    let mut running = match started {
        Ok(Ok(running)) => running,
        Ok(Err(failure)) => return Verdict::Fail(Box::new(failure)),
        Err(error) => return Verdict::Harness(format!("{error:#}")),
    };
    let verdict = match tokio::time::timeout(CASE, running.steps()).await {
        Ok(Ok(verdict)) => verdict,
        Ok(Err(error)) => Verdict::Harness(format!("{error:#}")),
        Err(_) => Verdict::Fail(Box::new(Failure::new("the case", format!("did not end within {CASE:?}")))),
    };
    running.stop().await;
    match running.fixture.leftovers().await {
        Ok(Ok(())) => verdict,
        Ok(Err(left)) if matches!(verdict, Verdict::Pass) => Verdict::Harness(left),
        Ok(Err(_)) => verdict,
        Err(error) => Verdict::Harness(format!("{error:#}")),
    }
}

/// The id of an instance of a case.
pub(crate) fn instance_id(name: &str) -> ComponentId {
    format!("{NAMESPACE}/{name}@1.0.0").parse().expect("a valid id")
}

impl<'a> Running<'a> {
    async fn start(
        contract: &'a Contract,
        host: &'a HostUnderTest,
        driver: &Path,
        case: &'a Case,
        seed: u64,
        environment: &[(String, String)],
        lax: &LaxHost,
    ) -> Result<Result<Running<'a>, Failure>> {
        let mut scope = Scope::new(seed, &format!("{}:{}", case.operation, case.name), &case.body.values)?;
        for name in case.body.peers.keys().map(String::as_str).chain([SELF]) {
            let record = json!({ "namespace": NAMESPACE, "name": name, "version": "1.0.0" });
            scope.set(name, Datum::Json(record));
        }
        let mut fixture = Fixture::new(host, &case.body, &mut scope).await?;
        fixture.prepare(&mut scope, &case.body.given).await?;
        let mut running =
            Self { contract, case, host, fixture, scope, instances: BTreeMap::new(), denials: Vec::new() };
        let peers = case.body.peers.iter().map(|(name, peer)| (name.as_str(), &peer.instance, true));
        for (name, instance, start) in peers.chain([(SELF, &case.body.instance, case.body.start)]) {
            if let Err(error) = running.load(driver, name, instance, start, environment, lax).await? {
                let failure = Failure::new(&format!("load {name}"), error.to_string());
                running.stop().await;
                return Ok(Err(failure));
            }
        }
        Ok(Ok(running))
    }

    async fn load(
        &mut self,
        driver: &Path,
        name: &str,
        instance: &Instance,
        start: bool,
        environment: &[(String, String)],
        lax: &LaxHost,
    ) -> Result<Result<(), ErrorText>> {
        let recorder = Arc::new(Recorder::default());
        let mut options = LoadOptions::default();
        let filled = self.fill_permissions(&instance.permissions)?;
        let granted = instance.granted.as_ref().map(|granted| self.fill_permissions(granted)).transpose()?;
        options.granted = Some(extended(&granted.unwrap_or_else(|| filled.clone()), &lax.extra));
        options.declared = Some(extended(&filled, &lax.extra));
        options.mounts = Some(self.fixture.mounts());
        let mut pairs = environment.to_vec();
        for (key, value) in &instance.environment {
            pairs.push((self.scope.text(key)?, self.scope.text(value)?));
        }
        options.environment = Some(pairs);
        options.data = instance.data.as_ref().map(|data| self.scope.bytes(data)).transpose()?;
        options.limits = limits(&instance.limits)?;
        options.id = Some(instance_id(name));
        options.start = start;
        options.audit = Some(recorder.clone());
        options.log = Some(recorder.clone());
        match self.host.runtime.load_component_with(driver, options).await {
            Ok(component) => {
                self.instances.insert(name.to_owned(), (component, recorder));
                Ok(Ok(()))
            }
            Err(error) => Ok(Err(ErrorText(chain(&error)))),
        }
    }

    /// Permissions whose patterns and ports name values of the case.
    fn fill_permissions(&self, permissions: &Map<String, Value>) -> Result<Permissions> {
        let mut permissions = permissions.clone();
        for allowed in permissions.values_mut().filter_map(Value::as_array_mut).flatten() {
            for (name, value) in allowed.as_object_mut().into_iter().flatten() {
                let Some(text) = value.as_str() else { continue };
                let filled = self.scope.fill(text)?;
                *value = match filled.parse::<u16>() {
                    Ok(port) if name == "port" => port.into(),
                    _ => filled.into(),
                };
            }
        }
        serde_json::from_value(Value::Object(permissions)).context("permissions")
    }

    async fn stop(&mut self) {
        let resources = self.scope.take_resources();
        for (instance, resource) in resources {
            if let Some((component, _)) = self.instances.get(&instance) {
                // The instance may be gone: then its resources are too.
                let _ = component.drop_resource(resource).await;
            }
        }
        for (name, _) in std::mem::take(&mut self.instances) {
            // A case may have unloaded it itself.
            let _ = self.host.runtime.unload(&instance_id(&name)).await;
        }
    }

    async fn steps(&mut self) -> Result<Verdict> {
        let untouched = self.case.body.kind == Kind::Denied;
        let before = if untouched { Some(self.fixture.snapshot().await?) } else { None };
        let steps = &self.case.body.steps;
        for (number, step) in steps.iter().enumerate() {
            match self.step(step).await.with_context(|| format!("step {}", number + 1))? {
                Ok(()) => {}
                Err(difference) if difference.starts_with(MISSING) => return Ok(Verdict::Missing(difference)),
                Err(difference) => return Ok(self.fail(number, step, difference)),
            }
        }
        if let Some(before) = before {
            if self.denials.is_empty() {
                bail!("a denied case needs a denied result");
            }
            if let Some(difference) = before.difference(&self.fixture.snapshot().await?) {
                let difference = format!("nothing may happen on the host, but {difference}");
                return Ok(self.fail(steps.len() - 1, &Value::Null, difference));
            }
        }
        if let Err(difference) = self.audited()? {
            return Ok(self.fail(steps.len() - 1, &Value::Null, difference));
        }
        Ok(Verdict::Pass)
    }

    fn fail(&self, number: usize, step: &Value, difference: String) -> Verdict {
        let mut failure = Failure::new(&format!("step {}", number + 1), difference);
        failure.arguments = step.to_string();
        let recorders = || self.instances.values().map(|(_, recorder)| recorder);
        failure.decisions = recorders().flat_map(|recorder| recorder.newest_decisions()).collect();
        failure.log = recorders().flat_map(|recorder| recorder.newest_messages()).collect();
        failure.mask(|text| self.scope.masked(text));
        Verdict::Fail(Box::new(failure))
    }

    /// Every refusal that the steps saw, and every record that the case names, is in the audit log.
    fn audited(&self) -> Result<Result<(), String>> {
        let recorders = self.instances.values().map(|(_, recorder)| recorder.as_ref());
        recorder::audited(recorders, &self.denials, &self.case.body.audit, &self.scope)
    }

    /// Runs one step.
    pub(crate) fn step<'b>(
        &'b mut self,
        step: &'b Value,
    ) -> std::pin::Pin<Box<dyn Future<Output = Stepped> + 'b>> {
        Box::pin(async move {
            if let Some(call) = step.get("call") {
                let name = call.as_str().context("call names an operation")?;
                return self.call(name, step).await;
            }
            if let Some(name) = step.get("drop") {
                let resource = self.scope.take_resource(name.as_str().context("drop names a resource")?)?;
                let component = self.instance(step)?.0.clone();
                return Ok(component.drop_resource(resource).await.map_err(|error| chain(&error)));
            }
            if let Some(given) = step.get("given").and_then(Value::as_array) {
                self.fixture.prepare(&mut self.scope, given).await?;
                return Ok(Ok(()));
            }
            if let Some(checks) = step.get("host").and_then(Value::as_array) {
                return self.fixture.check(&self.scope, checks).await;
            }
            if let Some(wanted) = step.get("log") {
                return self.logged(step, wanted);
            }
            if let Some(inner) = step.get("until") {
                return self.until(inner).await;
            }
            if let Some(steps) = step.get("together").and_then(Value::as_array) {
                return self.together(steps).await;
            }
            if let Some(name) = step.get("unload").and_then(Value::as_str) {
                self.host.runtime.unload(&instance_id(name)).await.context("failed to unload")?;
                return Ok(Ok(()));
            }
            if let Some(wanted) = step.get("stats") {
                let stats = serde_json::to_value(self.instance(step)?.0.stats())?;
                return Ok(includes(wanted, &stats));
            }
            let component = self.instance(step)?.0.clone();
            let (denials, stepped) = lifecycle::step(&self.scope, &component, step).await?;
            self.denials.extend(denials);
            Ok(stepped)
        })
    }

    fn instance(&self, step: &Value) -> Result<&(Component, Arc<Recorder>)> {
        let name = step.get("in").and_then(Value::as_str).unwrap_or(SELF);
        self.instances.get(name).with_context(|| format!("the case has no instance {name}"))
    }

    async fn call(&mut self, name: &str, step: &Value) -> Stepped {
        let operation = self.contract.operation(name)?;
        let component = self.instance(step)?.0.clone();
        let arguments = self.arguments(operation, step)?;
        let returned = component.invoke(&operation.interface, &operation.function, arguments).await;
        let returned = match returned {
            Ok(values) => values.into_iter().next(),
            Err(error) if error.code() == "unknown-function" => {
                return Ok(Err(format!("{MISSING} {}", operation.name)));
            }
            Err(error) => {
                let expected = step.get("returns").unwrap_or(&Value::Null);
                return Ok(lifecycle::error_matches(&self.scope, expected, &error));
            }
        };
        self.matched(operation, step, returned)
    }

    fn arguments(&mut self, operation: &Operation, step: &Value) -> Result<Vec<Val>> {
        let given = step.get("with").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if given.len() != operation.parameters.len() {
            bail!("{} takes {} arguments, not {}", operation.name, operation.parameters.len(), given.len());
        }
        let mut arguments = Vec::new();
        if operation.method {
            let name = step.get("on").and_then(Value::as_str).context("a method needs \"on\"")?;
            arguments.push(Val::Resource(self.scope.resource(name)?));
        }
        for (json, ty) in given.iter().zip(&operation.parameters) {
            arguments.push(build(json, ty, &self.contract.resolve, &self.scope)?);
        }
        for (json, _) in
            given.iter().zip(&operation.parameters).filter(|(_, ty)| self.contract.is_given_away(ty))
        {
            self.scope.take_resource(resource_name(json)?)?;
        }
        Ok(arguments)
    }

    fn matched(&mut self, operation: &Operation, step: &Value, returned: Option<Val>) -> Stepped {
        let instance = step.get("in").and_then(Value::as_str).unwrap_or(SELF).to_owned();
        if let (Some(name), Some(kept)) = (step.get("save").and_then(Value::as_str), returned.as_ref().and_then(ok_of))
        {
            match kept {
                Val::Resource(resource) => self.scope.keep(name, &instance, resource),
                other => self.scope.set_result(name, other),
            }
        } else if let Some(Val::Resource(resource)) = returned.as_ref().and_then(ok_of) {
            self.scope.keep_unnamed(&instance, resource);
        }
        let Some(expected) = step.get("returns") else {
            return Ok(match returned.as_ref() {
                Some(Val::Result(Err(_))) => {
                    Err(format!("expected ok, got {}", show(returned.as_ref().expect("some"))))
                }
                _ => Ok(()),
            });
        };
        let Some(returned) = returned else {
            return Ok(if expected.is_null() { Ok(()) } else { Err("nothing was returned".to_owned()) });
        };
        let mut matcher = Matcher { scope: &self.scope, operation: &operation.name, denials: Vec::new() };
        let stepped = matcher.matches(expected, &returned);
        let denials = matcher.denials;
        self.denials.extend(denials);
        Ok(stepped)
    }

    async fn until(&mut self, inner: &Value) -> Stepped {
        let end = Instant::now() + UNTIL;
        loop {
            match self.step(inner).await? {
                Ok(()) => return Ok(Ok(())),
                Err(difference) if Instant::now() >= end => {
                    return Ok(Err(format!("not within {UNTIL:?}: {difference}")));
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(2)).await,
            }
        }
    }

    /// Starts all steps before waiting for any; they cannot keep results.
    async fn together(&mut self, steps: &[Value]) -> Stepped {
        let mut started = tokio::task::JoinSet::new();
        for (number, step) in steps.iter().enumerate() {
            let name = step.get("call").and_then(Value::as_str).context("together takes calls")?;
            let operation = self.contract.operation(name)?.clone();
            let component = self.instance(step)?.0.clone();
            let arguments = self.arguments(&operation, step)?;
            started.spawn(async move {
                let returned = component.invoke(&operation.interface, &operation.function, arguments).await;
                (number, operation, returned)
            });
        }
        while let Some(ended) = started.join_next().await {
            let (number, operation, returned) = ended?;
            let returned = match returned {
                Ok(values) => values.into_iter().next(),
                Err(error) => return Ok(Err(chain(&error))),
            };
            if let Err(difference) = self.matched(&operation, &steps[number], returned)? {
                return Ok(Err(difference));
            }
        }
        Ok(Ok(()))
    }

    fn logged(&self, step: &Value, wanted: &Value) -> Stepped {
        let level = wanted.get("level").map(|level| self.scope.text(level)).transpose()?;
        let message = wanted.get("message").map(|message| self.scope.text(message)).transpose()?;
        let fields = wanted.get("fields").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let fields: Vec<(String, String)> = fields
            .iter()
            .map(|pair| Ok((self.scope.text(&pair[0])?, self.scope.text(&pair[1])?)))
            .collect::<Result<_>>()?;
        Ok(self.instance(step)?.1.logged(level.as_deref(), message.as_deref(), &fields))
    }
}

/// How the text of a difference starts when the driver lacks the operation.
const MISSING: &str = "the driver does not export";

/// An error with its causes, for people.
struct ErrorText(String);

impl std::fmt::Display for ErrorText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// An error and its causes in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}

fn extended(permissions: &Permissions, extra: &Permissions) -> Permissions {
    let mut all = permissions.clone();
    all.filesystem.extend(extra.filesystem.iter().cloned());
    all.network.extend(extra.network.iter().cloned());
    all.process.extend(extra.process.iter().cloned());
    all.messaging.extend(extra.messaging.iter().cloned());
    all
}

fn limits(given: &BTreeMap<String, u64>) -> Result<Limits> {
    let mut limits = Limits::default();
    for (name, value) in given {
        match name.as_str() {
            "max-memory-bytes" => limits.max_memory_bytes = Some(*value),
            "max-cpu-time-ms" => limits.max_cpu_time_ms = Some(*value),
            "max-execution-time-ms" => limits.max_execution_time_ms = Some(*value),
            "max-open-files" => limits.max_open_files = Some(u32::try_from(*value)?),
            "max-mailbox-messages" => limits.max_mailbox_messages = Some(u32::try_from(*value)?),
            other => bail!("{other} is no limit"),
        }
    }
    Ok(limits)
}

fn ok_of(val: &Val) -> Option<Val> {
    match val {
        Val::Result(Ok(Some(payload))) => Some((**payload).clone()),
        Val::Result(_) => None,
        other => Some(other.clone()),
    }
}

/// Whether a JSON object has at least the wanted members; `{"$at-least": n}` for numbers.
fn includes(wanted: &Value, got: &Value) -> Result<(), String> {
    for (name, wanted) in wanted.as_object().into_iter().flatten() {
        let value = got.get(name).ok_or_else(|| format!("there is no {name} in {got}"))?;
        let fits = match wanted.get("$at-least") {
            Some(least) => value.as_u64() >= least.as_u64(),
            None => wanted == value,
        };
        if !fits {
            return Err(format!("{name}: expected {wanted}, got {value}"));
        }
    }
    Ok(())
}
