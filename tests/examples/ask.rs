//! `ask` in each language asks `ask` in each other.

use std::time::{Duration, Instant};

use airssys_wasm::policy::Permissions;
use airssys_wasm::{Component, Runtime, RuntimeConfig};

use crate::example::{all, answered, same, text};

/// More than any answer takes.
const ANSWER: Duration = Duration::from_secs(60);

/// Waits for what came of a request: the reply, or the text of the error that stands for it.
async fn answer(component: &Component, request: &str) -> Result<String, String> {
    let end = Instant::now() + ANSWER;
    loop {
        match text(component, "answer", request).await {
            Ok(reply) => return Ok(reply),
            Err(error) => match answered(&error) {
                ("processing-failed", "no answer yet") if Instant::now() < end => {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                (case, said) => return Err(format!("{case}: {said}")),
            },
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_language_asks_every_other() {
    let runtime = Runtime::new(RuntimeConfig::default()).expect("a runtime");
    let mut components = Vec::new();
    for example in all("ask") {
        components.push((example.language.clone(), example.load(&runtime).await));
    }
    let mut pairs = 0;
    for (asking, asker) in &components {
        for (language, target) in &components {
            let question = format!("{asking} asks: größer 大 🦀\nand a second line");
            let request = text(asker, "ask", &format!("{}\n{question}", target.id())).await;
            let request = request.unwrap_or_else(|error| panic!("{asking} does not ask {language}: {error:?}"));
            let reply = answer(asker, &request).await;
            assert_eq!(reply, Ok(format!("{language} says: {question}")), "{asking} asked");
            pairs += 1;
        }
    }
    assert_eq!(pairs, 25);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_be_asked_is_said() {
    let runtime = Runtime::new(RuntimeConfig::default()).expect("a runtime");
    let (mut malformed, mut absent, mut forbidden, mut unknown) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for example in all("ask") {
        let component = example.load(&runtime).await;
        let fails = async |operation: &str, input: &str| {
            let error = text(&component, operation, input).await.expect_err("it fails");
            let (case, said) = answered(&error);
            (example.language.clone(), (case, said.to_owned()))
        };
        malformed.push(fails("ask", "one line").await);
        absent.push(fails("ask", "examples/nobody@0.1.0\nWho?").await);
        let (language, (case, _)) = fails("ask", "others/somebody@0.1.0\nWho?").await;
        forbidden.push((language, case));
        unknown.push(fails("answer", "no such request").await);
        runtime.unload(component.id()).await.expect("unloaded");
    }
    let expected = "expected namespace/name@version and a text, a line each".to_owned();
    assert_eq!(same(malformed), ("invalid-input", expected));
    let codes = |said: Vec<(String, (&'static str, String))>| {
        same(said.into_iter().map(|(language, (case, _))| (language, case)).collect())
    };
    assert_eq!(codes(absent), "processing-failed");
    assert_eq!(same(forbidden), "permission-denied");
    assert_eq!(same(unknown), ("processing-failed", "no answer yet".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_without_permission_is_refused() {
    let runtime = Runtime::new(RuntimeConfig::default()).expect("a runtime");
    for example in all("ask") {
        let component = example.load_with(&runtime, |start| start.grant(Permissions::none())).await;
        let input = format!("{}\nhello", component.id());
        let error = text(&component, "ask", &input).await.expect_err("it is refused");
        assert_eq!(answered(&error).0, "permission-denied", "{}", example.language);
        let missing: Vec<&str> = error.refusals().iter().filter_map(|refusal| refusal.missing.as_deref()).collect();
        assert_eq!(missing.len(), 1, "{}: {error:?}", example.language);
        assert!(missing[0].starts_with("messaging = [{ target = \"examples/ask-"), "{missing:?}");
        runtime.unload(component.id()).await.expect("unloaded");
    }
}
