//! Asks a model of the host.

use airssys_wasm_sdk::{ExecutionError, component};
use serde::Deserialize;
use serde_json::{Value as Json, json};

mod host {
    wit_bindgen::generate!({ path: "wit/acme-model", world: "imports", generate_all });
}

use host::acme::model::inference::{Failure, Model};

#[derive(Deserialize)]
struct Question {
    model: String,
    features: Vec<f64>,
}

#[derive(Default)]
struct Inference;

#[component]
impl Inference {
    /// The input is `{"model": "…", "features": […]}`; the output is the numbers that the model gives, or
    /// `{"error": {"code": "…"}}`.
    #[operation]
    fn infer(&mut self, input: String) -> Result<String, ExecutionError> {
        let question: Question =
            serde_json::from_str(&input).map_err(|error| ExecutionError::InvalidInput(error.to_string()))?;
        // The model goes back to the host when it goes out of scope.
        let answer = Model::open(&question.model).and_then(|model| model.infer(&question.features));
        Ok(answer.map_or_else(|failure| json!({ "error": told(failure) }), |numbers| json!(numbers)).to_string())
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
        Failure::NotFound(message) => json!({ "code": "not-found", "message": message }),
        Failure::InvalidInput(message) => json!({ "code": "invalid-input", "message": message }),
        Failure::Busy => json!({ "code": "busy" }),
    }
}
