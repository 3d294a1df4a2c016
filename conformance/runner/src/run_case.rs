//! One case on one driver: load, prepare, step by step, check.

use std::path::Path;
use std::time::{Duration, Instant};

use airssys_wasm_policy::Permissions;
use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use crate::case::{Case, Instance, Kind, PeerSdk};
use crate::contract::{Contract, Operation};
use crate::drivers::DriverFiles;
use crate::expect::{ExpectedDenial, Matcher};
use crate::fixture::{Fixture, Surroundings};
use crate::host::Host;
use crate::host::protocol::{HostError, Load, MountPoint, Records, Reply, Request};
use crate::host::val::{Bytes, Val};
use crate::instance_id::{NAMESPACE, instance_id};
use crate::join::join_all;
use crate::lifecycle::{LifecycleStep, error_matches};
use crate::recorder;
use crate::report::Failure;
use crate::scope::{Datum, Scope};
use crate::value::{build, resource_name, show};

/// Name of the instance under test among the instances of a case.
const SELF: &str = "self";
/// How long `until` repeats its step.
const UNTIL: Duration = Duration::from_secs(10);
/// How long a whole case may take: more than any deadline within it.
const CASE: Duration = Duration::from_secs(90);

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
    host: &'a Host,
    fixture: Fixture<'a>,
    scope: Scope,
    /// Names of the instances that were loaded.
    instances: Vec<String>,
    denials: Vec<ExpectedDenial>,
}

/// What all cases of a run share.
pub struct Shared<'a> {
    /// The operations.
    pub contract: &'a Contract,
    /// The host under test.
    pub host: &'a Host,
    /// What that host is set up with.
    pub surroundings: &'a Surroundings,
    /// Where the random values come from.
    pub seed: u64,
    /// Environment that every instance gets besides the case's own.
    pub environment: &'a [(String, String)],
}

/// Runs one case on these drivers: the verdict, and the decisions of the host's policy.
pub async fn run_case(shared: &Shared<'_>, drivers: DriverFiles<'_>, case: &Case) -> (Verdict, Vec<String>) {
    let mut running = match Running::new(shared, case).await {
        Ok(running) => running,
        Err(error) => return (Verdict::Harness(format!("{error:#}")), Vec::new()),
    };
    let ended = tokio::time::timeout(CASE, async {
        match running.load_all(shared, drivers).await? {
            Ok(()) => running.steps().await,
            Err(failure) => Ok(Verdict::Fail(Box::new(failure))),
        }
    });
    let verdict = match ended.await {
        Ok(Ok(verdict)) => verdict,
        Ok(Err(error)) => Verdict::Harness(format!("{error:#}")),
        Err(_) => Verdict::Fail(Box::new(Failure::new("the case", format!("did not end within {CASE:?}")))),
    };
    let decisions = running.decisions().await;
    let verdict = match (running.stop().await, verdict) {
        (Ok(Ok(())), verdict) | (Ok(Err(_)), verdict @ Verdict::Fail(_)) => verdict,
        (Ok(Err(left)), _) => Verdict::Harness(left),
        (Err(error), _) => Verdict::Harness(format!("{error:#}")),
    };
    (verdict, decisions)
}

impl<'a> Running<'a> {
    async fn new(shared: &Shared<'a>, case: &'a Case) -> Result<Self> {
        let mut scope = Scope::new(shared.seed, &format!("{}:{}", case.operation, case.name), &case.body.values)?;
        for name in case.body.peers.keys().map(String::as_str).chain([SELF]) {
            let record = json!({ "namespace": NAMESPACE, "name": name, "version": "1.0.0" });
            scope.set(name, Datum::Json(record));
        }
        let mut fixture = Fixture::new(shared.surroundings, &case.body, &mut scope).await?;
        fixture.prepare(&mut scope, &case.body.given).await?;
        let (contract, host) = (shared.contract, shared.host);
        Ok(Self { contract, case, host, fixture, scope, instances: Vec::new(), denials: Vec::new() })
    }

    async fn load_all(&mut self, shared: &Shared<'_>, drivers: DriverFiles<'_>) -> Result<Result<(), Failure>> {
        let case = self.case;
        let peers = case.body.peers.iter().map(|(name, peer)| {
            let driver = if peer.sdk == Some(PeerSdk::Each) { drivers.each } else { drivers.own };
            (name.as_str(), driver, &peer.instance, true)
        });
        for (name, driver, instance, start) in peers.chain([(SELF, drivers.own, &case.body.instance, case.body.start)])
        {
            if let Err(error) = self.load(shared, driver, name, instance, start).await? {
                return Ok(Err(Failure::new(&format!("load {name}"), error.to_string())));
            }
        }
        Ok(Ok(()))
    }

    async fn load(
        &mut self,
        shared: &Shared<'_>,
        driver: &Path,
        name: &str,
        instance: &Instance,
        start: bool,
    ) -> Result<Result<(), HostError>> {
        let declared = &instance.permissions;
        let granted = instance.granted.as_ref().unwrap_or(declared);
        let mut environment = shared.environment.to_vec();
        for (key, value) in &instance.environment {
            environment.push((self.scope.text(key)?, self.scope.text(value)?));
        }
        let mount = |mount: airssys_wasm::Mount| MountPoint {
            guest: mount.guest,
            host: mount.host.to_string_lossy().into_owned(),
            read_only: mount.read_only,
        };
        let load = Load {
            component: instance_id(name),
            file: driver.to_string_lossy().into_owned(),
            declared: self.fill_permissions(declared)?,
            granted: self.fill_permissions(granted)?,
            mounts: self.fixture.mounts().into_iter().map(mount).collect(),
            environment,
            data: instance.data.as_ref().map(|data| self.scope.bytes(data)).transpose()?.map(Bytes),
            limits: instance.limits.clone(),
            start,
        };
        self.instances.push(name.to_owned());
        Ok(self.host.ask(Request::Load(Box::new(load))).await?.map(|_| ()))
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

    /// Takes everything away again, whatever state it is in; a sentence about what stays all the same.
    async fn stop(&mut self) -> Stepped {
        for (instance, resource) in self.scope.take_resources() {
            // The instance may be gone: then its resources are too.
            let _ = self.host.ask(Request::Drop { component: instance_id(&instance), resource }).await?;
        }
        for name in std::mem::take(&mut self.instances) {
            // A case may have unloaded it itself.
            let _ = self.host.ask(Request::Unload { component: instance_id(&name) }).await?;
        }
        self.fixture.leftovers().await
    }

    async fn records(&self, name: &str) -> Result<Records> {
        match self.host.ask(Request::Records { component: instance_id(name) }).await? {
            Ok(Reply::Records(records)) => Ok(records),
            other => bail!("the host gives no records of {name}: {other:?}"),
        }
    }

    /// What the policy decided for each instance, in order.
    async fn decisions(&self) -> Vec<String> {
        let mut texts = Vec::new();
        for name in &self.instances {
            let Ok(records) = self.records(name).await else { continue };
            texts.extend(recorder::decisions(name, &records).iter().map(|text| self.scope.masked(text)));
        }
        if self.case.body.steps.iter().any(|step| step.get("together").is_some() || step.get("until").is_some()) {
            // What is overtaken, or has to wait, is tried and decided again: how often, no two runs agree on.
            texts.dedup();
        }
        texts
    }

    async fn steps(&mut self) -> Result<Verdict> {
        let untouched = self.case.body.kind == Kind::Denied;
        let before = if untouched { Some(self.fixture.snapshot().await?) } else { None };
        let steps = &self.case.body.steps;
        for (number, step) in steps.iter().enumerate() {
            match self.step(step).await.with_context(|| format!("step {}", number + 1))? {
                Ok(()) => {}
                Err(difference) if difference.starts_with(MISSING) => return Ok(Verdict::Missing(difference)),
                Err(difference) => return Ok(self.fail(number, step, difference).await),
            }
        }
        if let Some(before) = before {
            if self.denials.is_empty() {
                bail!("a denied case needs a denied result");
            }
            if let Some(difference) = before.difference(&self.fixture.snapshot().await?) {
                let difference = format!("nothing may happen on the host, but {difference}");
                return Ok(self.fail(steps.len() - 1, &Value::Null, difference).await);
            }
        }
        if let Err(difference) = self.audited().await? {
            return Ok(self.fail(steps.len() - 1, &Value::Null, difference).await);
        }
        Ok(Verdict::Pass)
    }

    async fn fail(&self, number: usize, step: &Value, difference: String) -> Verdict {
        let mut failure = Failure::new(&format!("step {}", number + 1), difference);
        failure.arguments = step.to_string();
        for name in &self.instances {
            let Ok(records) = self.records(name).await else { continue };
            failure.decisions.extend(recorder::newest_decisions(name, &records));
            failure.log.extend(recorder::newest_messages(&records));
        }
        failure.mask(|text| self.scope.masked(text));
        Verdict::Fail(Box::new(failure))
    }

    /// Every refusal that the steps saw, and every record that the case names, is in the audit log.
    async fn audited(&self) -> Result<Result<(), String>> {
        let mut audit = Vec::new();
        for name in &self.instances {
            audit.extend(self.records(name).await?.audit);
        }
        recorder::audited(&audit, &self.denials, &self.case.body.audit, &self.scope)
    }

    /// Runs one step.
    pub(crate) fn step<'b>(&'b mut self, step: &'b Value) -> std::pin::Pin<Box<dyn Future<Output = Stepped> + 'b>> {
        Box::pin(async move {
            if let Some(call) = step.get("call") {
                let name = call.as_str().context("call names an operation")?;
                return self.call(name, step).await;
            }
            if let Some(name) = step.get("drop") {
                let resource = self.scope.take_resource(name.as_str().context("drop names a resource")?)?;
                let dropped = self.host.ask(Request::Drop { component: self.instance(step)?, resource }).await?;
                return Ok(dropped.map(|_| ()).map_err(|error| error.to_string()));
            }
            if let Some(given) = step.get("given").and_then(Value::as_array) {
                self.fixture.prepare(&mut self.scope, given).await?;
                return Ok(Ok(()));
            }
            if let Some(checks) = step.get("host").and_then(Value::as_array) {
                return self.fixture.check(&self.scope, checks).await;
            }
            if let Some(wanted) = step.get("log") {
                return self.logged(step, wanted).await;
            }
            if let Some(inner) = step.get("until") {
                return self.until(inner).await;
            }
            if let Some(steps) = step.get("together").and_then(Value::as_array) {
                return self.together(steps).await;
            }
            if let Some(name) = step.get("unload").and_then(Value::as_str) {
                let unloaded = self.host.ask(Request::Unload { component: instance_id(name) }).await?;
                return Ok(unloaded.map(|_| ()).map_err(|error| error.to_string()));
            }
            if let Some(wanted) = step.get("stats") {
                return match self.host.ask(Request::Stats { component: self.instance(step)? }).await? {
                    Ok(Reply::Stats(stats)) => Ok(includes(wanted, &serde_json::to_value(stats)?)),
                    other => Ok(Err(format!("the host gives no counters: {other:?}"))),
                };
            }
            let (request, lifecycle) = LifecycleStep::read(&self.scope, self.instance(step)?, step)?;
            let answered = self.host.ask(request).await?;
            let (denials, stepped) = lifecycle.matched(&self.scope, answered);
            self.denials.extend(denials);
            Ok(stepped)
        })
    }

    /// The id of the instance that a step is for.
    fn instance(&self, step: &Value) -> Result<String> {
        let name = step.get("in").and_then(Value::as_str).unwrap_or(SELF);
        if !self.instances.iter().any(|instance| instance == name) {
            bail!("the case has no instance {name}");
        }
        Ok(instance_id(name))
    }

    /// The request that a `call` step makes.
    fn invocation(&mut self, operation: &Operation, step: &Value) -> Result<Request> {
        Ok(Request::Invoke {
            component: self.instance(step)?,
            interface: operation.interface.clone(),
            function: operation.function.clone(),
            arguments: self.arguments(operation, step)?,
        })
    }

    async fn call(&mut self, name: &str, step: &Value) -> Stepped {
        let operation = self.contract.operation(name)?;
        let answered = self.host.ask(self.invocation(operation, step)?).await?;
        self.answered(operation, step, answered)
    }

    fn answered(&mut self, operation: &Operation, step: &Value, answered: Result<Reply, HostError>) -> Stepped {
        match answered {
            Ok(Reply::Value(returned)) => self.matched(operation, step, returned),
            Ok(other) => bail!("the host answers to a call with {other:?}"),
            Err(error) if error.code == "unknown-function" => Ok(Err(format!("{MISSING} {}", operation.name))),
            Err(error) => {
                let expected = step.get("returns").unwrap_or(&Value::Null);
                Ok(error_matches(&self.scope, expected, &error))
            }
        }
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
        for (json, _) in given.iter().zip(&operation.parameters).filter(|(_, ty)| self.contract.is_given_away(ty)) {
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
        let mut operations = Vec::new();
        let mut asked = Vec::new();
        for step in steps {
            let name = step.get("call").and_then(Value::as_str).context("together takes calls")?;
            let operation = self.contract.operation(name)?;
            let request = self.invocation(operation, step)?;
            asked.push(self.host.ask(request));
            operations.push(operation);
        }
        let answers = join_all(asked).await;
        for ((step, operation), answered) in steps.iter().zip(operations).zip(answers) {
            if let Err(difference) = self.answered(operation, step, answered?)? {
                return Ok(Err(difference));
            }
        }
        Ok(Ok(()))
    }

    async fn logged(&self, step: &Value, wanted: &Value) -> Stepped {
        let level = wanted.get("level").map(|level| self.scope.text(level)).transpose()?;
        let message = wanted.get("message").map(|message| self.scope.text(message)).transpose()?;
        let fields = wanted.get("fields").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let fields: Vec<(String, String)> = fields
            .iter()
            .map(|pair| Ok((self.scope.text(&pair[0])?, self.scope.text(&pair[1])?)))
            .collect::<Result<_>>()?;
        let name = step.get("in").and_then(Value::as_str).unwrap_or(SELF);
        Ok(recorder::logged(&self.records(name).await?, level.as_deref(), message.as_deref(), &fields))
    }
}

/// How the text of a difference starts when the driver lacks the operation.
const MISSING: &str = "the driver does not export";

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
