//! Talks to other components: sends messages and requests, answers requests, keeps what arrives.

use airssys_wasm_sdk::host_services::{send_message, send_request};
use airssys_wasm_sdk::{ComponentError, ComponentId, ExecutionError, RequestId, component};

const TIMEOUT_MS: u32 = 5_000;

#[derive(Default)]
struct Messenger {
    arrived: Vec<String>,
}

#[component]
impl Messenger {
    /// Sends a message. Input: `namespace/name@version text`.
    #[operation]
    fn tell(&mut self, input: String) -> Result<(), ExecutionError> {
        let (target, text) = addressed(&input)?;
        Ok(send_message(&target, text.as_bytes())?)
    }

    /// Sends a request and answers its id; the outcome arrives in the inbox. Input as for `tell`.
    #[operation]
    fn ask(&mut self, input: String) -> Result<String, ExecutionError> {
        let (target, text) = addressed(&input)?;
        Ok(send_request(&target, text.as_bytes(), TIMEOUT_MS)?)
    }

    /// All that has arrived, one line each.
    #[operation]
    fn inbox(&mut self) -> String {
        match self.arrived.as_slice() {
            [] => "nothing has arrived".to_owned(),
            lines => lines.join("\n"),
        }
    }

    /// Answers a request of another component.
    #[operation]
    fn handle_request(&mut self, text: String) -> String {
        format!("my-namespace/my-component heard: {text}")
    }

    #[handle_message]
    fn take_message(
        &mut self,
        sender: ComponentId,
        message: Vec<u8>,
    ) -> Result<(), ComponentError> {
        let text = String::from_utf8_lossy(&message);
        self.arrived.push(format!("message from {sender}: {text}"));
        Ok(())
    }

    #[handle_callback]
    fn take_outcome(
        &mut self,
        request: RequestId,
        outcome: Result<Vec<u8>, String>,
    ) -> Result<(), ComponentError> {
        self.arrived.push(match outcome {
            Ok(answer) => format!("answer to {request}: {}", String::from_utf8_lossy(&answer)),
            Err(reason) => format!("no answer to {request}: {reason}"),
        });
        Ok(())
    }
}

/// Parts the target from the text.
fn addressed(input: &str) -> Result<(ComponentId, &str), ExecutionError> {
    let parts = input
        .split_once(' ')
        .and_then(|(id, text)| Some((id.parse().ok()?, text)));
    parts.ok_or_else(|| {
        let text = "the input is `namespace/name@version text`";
        ExecutionError::InvalidInput(text.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use airssys_wasm_sdk::Component;
    use airssys_wasm_sdk::testing::FakeHost;

    use super::*;

    fn other() -> ComponentId {
        "my-namespace/other@0.1.0".parse().unwrap()
    }

    #[test]
    fn a_message_is_sent() {
        let host = FakeHost::new();
        host.add_component("my-namespace/other@0.1.0");
        let told = Messenger::default().tell("my-namespace/other@0.1.0 good morning".to_owned());
        assert_eq!(told, Ok(()));
        assert_eq!(host.messages()[0].target, other());
        assert_eq!(host.messages()[0].message, b"good morning");
    }

    #[test]
    fn answers_and_messages_arrive_in_the_inbox() {
        let host = FakeHost::new();
        host.add_component("my-namespace/other@0.1.0");
        let mut component = Messenger::default();
        assert_eq!(component.inbox(), "nothing has arrived");

        let id = component
            .ask("my-namespace/other@0.1.0 how are you?".to_owned())
            .unwrap();
        assert_eq!(host.requests()[0].request, b"how are you?");
        component
            .handle_callback(id.clone(), Ok(b"well".to_vec()))
            .unwrap();
        component
            .handle_callback("lost".to_owned(), Err("timeout".to_owned()))
            .unwrap();
        component
            .handle_message(other(), b"hello".to_vec())
            .unwrap();
        let expected = format!(
            "answer to {id}: well\nno answer to lost: timeout\nmessage from my-namespace/other@0.1.0: hello"
        );
        assert_eq!(component.inbox(), expected);
    }

    #[test]
    fn a_request_is_answered() {
        let host = FakeHost::new();
        let mut component = Messenger::default();
        let answer = component.execute("handle-request", b"hello".to_vec(), host.context());
        let expected = "my-namespace/my-component heard: hello";
        assert_eq!(answer.unwrap(), expected.as_bytes());
    }

    #[test]
    fn what_cannot_be_sent_is_an_error() {
        let host = FakeHost::new();
        host.deny("my-namespace/secret");
        let tell = |input: &str| Messenger::default().tell(input.to_owned()).unwrap_err();
        assert!(matches!(tell("hello"), ExecutionError::InvalidInput(_)));
        let unknown = tell("my-namespace/nobody@0.1.0 hello");
        assert!(
            matches!(unknown, ExecutionError::ProcessingFailed(_)),
            "{unknown:?}"
        );
        let refused = tell("my-namespace/secret@0.1.0 hello");
        assert!(
            matches!(&refused, ExecutionError::PermissionDenied(text) if text.contains("messaging = "))
        );
    }
}
