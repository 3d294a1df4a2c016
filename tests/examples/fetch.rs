//! `fetch` from a web server on loopback, with a certificate that the host trusts, and with one that it does not.

use airssys_wasm::config::TrustStore;
use airssys_wasm::policy::Permissions;
use airssys_wasm::{Fault, Runtime, RuntimeConfig, Start};

use crate::example::{Example, all, answered, same, text};
use crate::fixes::apply_until_it_works;
use crate::server::{Authority, CUT, PATH, SHORT, Server};

/// What is no URL of a page.
const MALFORMED: &[&str] = &[
    "",
    "127.0.0.1",
    "https://",
    "http://127.0.0.1/",
    "https://127.0.0.1:99999/",
    "https://127.0.0.1/a b",
    "https://127.0.0.1/ä",
    "https://127.0.0.1/a\r\nX-More: yes",
];

/// Bytes of every value, more than one piece of TLS takes.
fn page() -> Vec<u8> {
    (0..200_000_u32).map(|at| (at % 251) as u8).chain(0..=255).collect()
}

/// A runtime that trusts one authority.
fn runtime(authority: &Authority) -> Runtime {
    let mut config = RuntimeConfig::default();
    config.network.trust = TrustStore::Roots(vec![authority.certificate()]);
    Runtime::new(config).expect("a runtime")
}

/// May reach the server. A name does not open the way to loopback; the address itself does.
fn reaching(server: &Server) -> impl FnOnce(Start) -> Start {
    let line =
        format!(r#"network = [{{ action = "outbound", host = "127.0.0.1", port = {} }}]"#, server.address.port());
    let permissions = Permissions::parse(&line, "grants.toml").expect("a permission");
    |start| start.declare(permissions.clone()).grant(permissions)
}

async fn failure(example: &Example, runtime: &Runtime, server: &Server, url: &str) -> (&'static str, String) {
    let component = example.load_with(runtime, reaching(server)).await;
    let error = text(&component, "fetch", url).await.expect_err("it fails");
    runtime.unload(component.id()).await.expect("unloaded");
    let (case, said) = answered(&error);
    (case, said.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn fetch_gets_the_page() {
    let authority = Authority::new("trusted");
    let server = authority.serve(page()).await;
    let runtime = runtime(&authority);
    let mut requests = Vec::new();
    for example in all("fetch") {
        let component = example.load_with(&runtime, reaching(&server)).await;
        let url = format!("https://{}{PATH}", server.address);
        let got = component.call("fetch", url).await.expect("the page comes");
        assert!(got == page(), "{}: {} bytes of {}", example.language, got.len(), page().len());
        runtime.unload(component.id()).await.expect("unloaded");
        requests.push((example.language.clone(), server.take_requests()));
    }
    let expected = format!("GET {PATH} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address);
    assert_eq!(same(requests), [expected]);
}

#[tokio::test(flavor = "multi_thread")]
async fn fetch_takes_a_response_for_whole_when_it_has_the_length_that_its_header_says() {
    let authority = Authority::new("trusted");
    let server = authority.serve(page()).await;
    let runtime = runtime(&authority);
    let mut short = Vec::new();
    for example in all("fetch") {
        let component = example.load_with(&runtime, reaching(&server)).await;
        let got = component.call("fetch", format!("https://{}{CUT}", server.address)).await.expect("the page comes");
        assert!(got == page(), "{}: {} bytes of {}", example.language, got.len(), page().len());
        runtime.unload(component.id()).await.expect("unloaded");
        let url = format!("https://{}{SHORT}", server.address);
        short.push((example.language.clone(), failure(&example, &runtime, &server, &url).await));
    }
    assert_eq!(same(short), ("processing-failed", "the connection ended in the middle of the response".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn fetch_says_what_is_wrong() {
    let authority = Authority::new("trusted");
    let server = authority.serve(page()).await;
    let runtime = runtime(&authority);
    let (mut absent, mut malformed) = (Vec::new(), Vec::new());
    for example in all("fetch") {
        let url = format!("https://{}/elsewhere", server.address);
        absent.push((example.language.clone(), failure(&example, &runtime, &server, &url).await));
        for url in MALFORMED {
            let said = failure(&example, &runtime, &server, url).await;
            malformed.push((format!("{} with {url:?}", example.language), said));
        }
    }
    assert_eq!(same(absent), ("processing-failed", "HTTP/1.1 404 Not Found".to_owned()));
    assert_eq!(same(malformed), ("invalid-input", "expected https://host[:port]/path".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn fetch_takes_no_page_from_a_server_that_the_host_does_not_trust() {
    let server = Authority::new("unknown").serve(page()).await;
    let runtime = runtime(&Authority::new("trusted"));
    let mut said = Vec::new();
    for example in all("fetch") {
        let url = format!("https://{}{PATH}", server.address);
        said.push((example.language.clone(), failure(&example, &runtime, &server, &url).await));
    }
    for (language, (case, text)) in &said {
        assert_eq!(*case, "processing-failed", "{language}: {text}");
        assert!(text.contains("certificate"), "{language}: {text}");
    }
    assert_eq!(server.take_requests(), Vec::<String>::new(), "nothing is asked of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fetch_is_refused_names_what_to_add() {
    let authority = Authority::new("trusted");
    let server = authority.serve(page()).await;
    let runtime = runtime(&authority);
    let url = format!("https://{}{PATH}", server.address);
    let mut applied = Vec::new();
    for example in all("fetch") {
        // What it declares is for another host.
        let component = example.load(&runtime).await;
        let refused = component.call("fetch", url.as_str()).await.expect_err("it is refused");
        assert_eq!(refused.fault(), Fault::Policy, "{}: {refused:?}", example.language);
        runtime.unload(component.id()).await.expect("unloaded");
        assert_eq!(server.take_requests(), Vec::<String>::new(), "{}", example.language);

        let (got, lines) = apply_until_it_works(&runtime, &example, |start| start, "fetch", url.as_bytes()).await;
        assert!(got == page(), "{}: {} bytes", example.language, got.len());
        assert_eq!(server.take_requests().len(), 1, "{}", example.language);
        applied.push((example.language.clone(), lines));
    }
    let expected =
        format!(r#"network = [{{ action = "outbound", host = "127.0.0.1", port = {} }}]"#, server.address.port());
    assert_eq!(same(applied).into_iter().collect::<Vec<_>>(), [expected]);
}
