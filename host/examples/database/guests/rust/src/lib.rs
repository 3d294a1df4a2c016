//! Answers queries from a database of the host.

use airssys_wasm_sdk::{ExecutionError, component};
use serde::Deserialize;
use serde_json::{Value as Json, json};

mod host {
    wit_bindgen::generate!({ path: "wit/acme-database", world: "imports", generate_all });
}

use host::acme::database::client::{self, Failure, Value};

/// The largest whole number that a double holds with all those below it.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

#[derive(Deserialize)]
struct Question {
    database: String,
    sql: String,
    #[serde(default)]
    parameters: Vec<Json>,
}

#[derive(Default)]
struct Database;

#[component]
impl Database {
    /// The input is `{"database": "…", "sql": "…", "parameters": […]}`; the output is the rows, or `{"error": {"code": "…"}}`.
    #[operation]
    fn query(&mut self, input: String) -> Result<String, ExecutionError> {
        let invalid = |problem: String| ExecutionError::InvalidInput(problem);
        let question: Question = serde_json::from_str(&input).map_err(|error| invalid(error.to_string()))?;
        let parameters = question.parameters.into_iter().map(parameter).collect::<Option<Vec<_>>>();
        let parameters = parameters.ok_or_else(|| invalid("a parameter is null, a number or text".to_owned()))?;
        let answer = match client::query(&question.database, &question.sql, &parameters) {
            Ok(rows) => rows.into_iter().map(|row| row.into_iter().map(shown).collect::<Json>()).collect(),
            Err(failure) => json!({ "error": told(failure) }),
        };
        Ok(answer.to_string())
    }
}

fn parameter(value: Json) -> Option<Value> {
    match value {
        Json::Null => Some(Value::Null),
        Json::Number(number) => number.as_f64().map(Value::Number),
        Json::String(text) => Some(Value::Text(text)),
        _ => None,
    }
}

fn shown(value: Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Number(number) if number.fract() == 0.0 && number.abs() <= MAX_WHOLE => json!(number as i64),
        Value::Number(number) => json!(number),
        Value::Text(text) => text.into(),
        Value::Blob(bytes) => json!({ "blob": bytes }),
    }
}

fn told(failure: Failure) -> Json {
    match failure {
        Failure::PermissionDenied(denial) => json!({
            "code": "permission-denied",
            "operation": denial.operation,
            "resource": denial.resource,
            "missing": denial.missing,
        }),
        Failure::InvalidSql(message) => json!({ "code": "invalid-sql", "message": message }),
        Failure::TooLarge => json!({ "code": "too-large" }),
        Failure::TimedOut => json!({ "code": "timed-out" }),
    }
}
