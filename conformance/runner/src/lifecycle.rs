//! Steps that call the lifecycle of an instance.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::expect::{ExpectedDenial, Matcher};
use crate::host::protocol::{HostError, Reply, Request};
use crate::host::val::{Bytes, Val};
use crate::instance_id::instance_id;
use crate::scope::Scope;

/// What a lifecycle step expects.
pub(crate) struct LifecycleStep {
    operation: &'static str,
    expected: Value,
}

impl LifecycleStep {
    /// Reads a step on `component`: what it asks of the host, and what it expects.
    ///
    /// # Errors
    /// The format has no such step.
    pub(crate) fn read(scope: &Scope, component: String, step: &Value) -> Result<(Request, Self)> {
        let object = step.as_object().context("a step is an object")?;
        let returns = object.get("returns");
        let expected = |key: &str| returns.or_else(|| object.get(key)).cloned().unwrap_or(Value::Null);
        let (operation, expected, request) = if let Some(operation) = object.get("execute") {
            let caller = object.get("caller").and_then(|caller| caller.get("external"));
            let request = Request::Execute {
                component,
                operation: scope.text(operation)?,
                input: Bytes(object.get("with").map_or(Ok(Vec::new()), |input| scope.bytes(input))?),
                external: caller.map(|name| scope.text(name)).transpose()?,
                trace_parent: object.get("trace-parent").map(|parent| scope.text(parent)).transpose()?,
            };
            ("execute", returns.cloned().unwrap_or(Value::Null), request)
        } else if let Some(message) = object.get("message") {
            let from = object.get("from").and_then(Value::as_str).context("a message needs \"from\"")?;
            let message = Bytes(scope.bytes(message)?);
            let request = Request::Message { component, from: instance_id(from), message };
            ("handle-message", returns.cloned().unwrap_or(Value::Null), request)
        } else if object.contains_key("init") {
            ("init", expected("init"), Request::Init { component })
        } else if object.contains_key("shutdown") {
            ("shutdown", expected("shutdown"), Request::Shutdown { component })
        } else if object.contains_key("health") {
            ("health", expected("health"), Request::Health { component })
        } else if object.contains_key("metadata") {
            ("metadata", expected("metadata"), Request::Metadata { component })
        } else {
            bail!("the format has no such step: {step}")
        };
        Ok((request, Self { operation, expected }))
    }

    /// Matches what the host has answered.
    pub(crate) fn matched(
        &self,
        scope: &Scope,
        answered: Result<Reply, HostError>,
    ) -> (Vec<ExpectedDenial>, Result<(), String>) {
        let Self { operation, expected } = self;
        let value = match answered {
            Ok(_) if expected.is_null() => return (Vec::new(), Ok(())),
            Ok(Reply::Value(value)) => value,
            Ok(_) => None,
            Err(HostError { guest: Some((case, text)), .. }) if expected.get("err").is_some() => {
                let failure = Val::Variant(case, Some(Box::new(Val::String(text))));
                let mut matcher = Matcher { scope, operation, denials: Vec::new() };
                return (Vec::new(), matcher.matches(&expected["err"], &failure));
            }
            Err(error) => return (Vec::new(), error_matches(scope, expected, &error)),
        };
        let operation = format!("{}.{operation}", crate::contract::LIFECYCLE);
        let mut matcher = Matcher { scope, operation: &operation, denials: Vec::new() };
        // `health` and `metadata` return the value itself, the others a result.
        let stepped = match value {
            Some(value @ (Val::Enum(_) | Val::Record(_))) if expected.get("ok").is_none() => {
                matcher.matches(expected, &value)
            }
            value => matcher.matches(expected, &Val::Result(Ok(value.map(Box::new)))),
        };
        (matcher.denials, stepped)
    }
}

/// Whether an error is the trap, the limit or the refusal by the host that the case expects.
pub(crate) fn error_matches(scope: &Scope, expected: &Value, error: &HostError) -> Result<(), String> {
    let text =
        |key: &str| expected.get(key).map(|json| scope.text(json).map_err(|error| error.to_string())).transpose();
    if let Some(part) = text("trap")? {
        return trap_matches(&part, error);
    }
    let code = match text("refused")? {
        Some(code) => Some(code),
        None => text("limit")?,
    };
    if code.as_deref() == Some(error.code.as_str()) {
        return Ok(());
    }
    Err(format!("expected {expected}, got {}: {error}", error.code))
}

/// Whether the error is a trap of the guest whose text has the part.
fn trap_matches(part: &str, error: &HostError) -> Result<(), String> {
    match error.code.as_str() {
        "guest-trap" if error.text.contains(part) => Ok(()),
        "guest-trap" => Err(format!("expected {part:?} in the trap, got {error}")),
        code => Err(format!("expected a trap, got {code}: {error}")),
    }
}
