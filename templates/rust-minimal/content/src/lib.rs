//! Says hello.

use airssys_wasm_sdk::{ExecutionError, component};

#[derive(Default)]
struct Greeter;

#[component]
impl Greeter {
    /// Greets whom the input names.
    #[operation]
    fn greet(&mut self, name: String) -> Result<String, ExecutionError> {
        if name.is_empty() {
            return Err(ExecutionError::InvalidInput("a name is needed".to_owned()));
        }
        Ok(format!("Hello, {name}!"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greets_by_name() {
        let answer = Greeter.greet("World".to_owned());
        assert_eq!(answer.unwrap(), "Hello, World!");
    }

    #[test]
    fn nobody_is_not_greeted() {
        let error = Greeter.greet(String::new()).unwrap_err();
        assert!(matches!(error, ExecutionError::InvalidInput(_)));
    }
}
