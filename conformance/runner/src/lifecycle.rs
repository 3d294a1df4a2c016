//! Steps that call the lifecycle of an instance.

use airssys_wasm::Val;
use airssys_wasm::{CallOptions, Caller, Component, Error, HealthStatus};
use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::expect::{ExpectedDenial, Matcher};
use crate::run_case::{chain, instance_id};
use crate::scope::Scope;

/// Runs a lifecycle step and matches its result.
pub(crate) async fn step(
    scope: &Scope,
    component: &Component,
    step: &Value,
) -> Result<(Vec<ExpectedDenial>, Result<(), String>)> {
    let object = step.as_object().context("a step is an object")?;
    let expected = |key: &str| object.get("returns").or_else(|| object.get(key)).cloned().unwrap_or(Value::Null);
    let (operation, expected, returned) = if let Some(operation) = object.get("execute") {
        let name = scope.text(operation)?;
        let input = object.get("with").map_or(Ok(Vec::new()), |input| scope.bytes(input))?;
        let mut options = CallOptions::default();
        if let Some(caller) = object.get("caller") {
            options.caller = Some(match caller.get("external") {
                Some(name) => Caller::External(scope.text(name)?),
                None => Caller::Host,
            });
        }
        if let Some(parent) = object.get("trace-parent") {
            options.trace_parent = Some(scope.text(parent)?);
        }
        let returned = component.call_with(&name, input, options).await;
        let returned = returned.map(|output| Val::List(output.into_iter().map(Val::U8).collect()));
        ("execute", object.get("returns").cloned().unwrap_or(Value::Null), returned.map(|val| Some(Box::new(val))))
    } else if let Some(message) = object.get("message") {
        let from = object.get("from").and_then(Value::as_str).context("a message needs \"from\"")?;
        let returned = component.send_message(&instance_id(from), scope.bytes(message)?).await;
        ("handle-message", object.get("returns").cloned().unwrap_or(Value::Null), returned.map(|()| None))
    } else if object.contains_key("init") {
        ("init", expected("init"), component.initialise().await.map(|()| None))
    } else if object.contains_key("shutdown") {
        ("shutdown", expected("shutdown"), component.shutdown().await.map(|()| None))
    } else if object.contains_key("health") {
        let health = component.health().await;
        let case = |status: HealthStatus| Val::Enum(format!("{status:?}").to_lowercase());
        ("health", expected("health"), health.map(|health| Some(Box::new(case(health.status)))))
    } else if object.contains_key("metadata") {
        let metadata = component.metadata().await;
        ("metadata", expected("metadata"), metadata.map(|metadata| Some(Box::new(metadata_val(&metadata)))))
    } else {
        bail!("the format has no such step: {step}")
    };
    Ok(matched(scope, operation, &expected, returned))
}

fn matched(
    scope: &Scope,
    operation: &str,
    expected: &Value,
    returned: Result<Option<Box<Val>>, Error>,
) -> (Vec<ExpectedDenial>, Result<(), String>) {
    let stepped = match (expected, returned) {
        (Value::Null, Ok(_)) => Ok(()),
        (expected, Ok(value)) => {
            let operation = format!("{}.{operation}", crate::contract::LIFECYCLE);
            let mut matcher = Matcher { scope, operation: &operation, denials: Vec::new() };
            // `health` and `metadata` return the value itself, the others a result.
            let plain = matches!(value.as_deref(), Some(Val::Enum(_) | Val::Record(_)));
            let stepped = match value {
                Some(value) if plain && expected.get("ok").is_none() => matcher.matches(expected, &value),
                value => matcher.matches(expected, &Val::Result(Ok(value))),
            };
            return (matcher.denials, stepped);
        }
        (expected, Err(Error::Guest(guest))) if expected.get("err").is_some() => {
            let text = Box::new(Val::String(guest.failure.text().to_owned()));
            let failure = Val::Variant(guest.failure.case().to_owned(), Some(text));
            Matcher { scope, operation, denials: Vec::new() }.matches(&expected["err"], &failure)
        }
        (expected, Err(error)) => error_matches(scope, expected, &error),
    };
    (Vec::new(), stepped)
}

/// Whether an error is the trap, the limit or the refusal by the host that the case expects.
pub(crate) fn error_matches(scope: &Scope, expected: &Value, error: &Error) -> Result<(), String> {
    let text =
        |key: &str| expected.get(key).map(|json| scope.text(json).map_err(|error| error.to_string())).transpose();
    if let Some(part) = text("trap")? {
        return trap_matches(&part, error);
    }
    let code = match text("refused")? {
        Some(code) => Some(code),
        None => text("limit")?,
    };
    if code.as_deref() == Some(error.code()) {
        return Ok(());
    }
    Err(format!("expected {expected}, got {}: {}", error.code(), chain(error)))
}

/// Whether the error is a trap of the guest whose text has the part.
fn trap_matches(part: &str, error: &Error) -> Result<(), String> {
    let text = chain(error);
    match error {
        Error::Trap(_) if text.contains(part) => Ok(()),
        Error::Trap(_) => Err(format!("expected {part:?} in the trap, got {text}")),
        _ => Err(format!("expected a trap, got {}: {text}", error.code())),
    }
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
