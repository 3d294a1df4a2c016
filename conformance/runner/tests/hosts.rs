//! Hosts behind the protocol: ours gives what it gives without it, one without our policy fails what the policy decides and
//! nothing else, and one that does not keep to the protocol is the harness's error and no failure of a guest.

use std::collections::BTreeSet;
use std::path::PathBuf;

use airssys_wasm_conformance::host::protocol::{Answer, Ask, Outcome as Answered, PROTOCOL, Request, Settings};
use airssys_wasm_conformance::host::{Policy, serve};
use airssys_wasm_conformance::report::Comparison;
use airssys_wasm_conformance::{Report, RunOptions, Suite};
use airssys_wasm_toolchain::{Cache, Silent};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

/// Any fixed number: a failure here must be repeatable.
const SEED: u64 = 20_260_102;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("two folders down").to_owned()
}

/// Our own host, by the program of this repository.
fn own(arguments: &str) -> String {
    let folder = std::env::current_exe().expect("a running test has a file");
    let folder = folder.ancestors().nth(2).expect("target/debug/deps");
    let program = folder.join("airssys-wasm");
    assert!(program.is_file(), "{} is not there: cargo build --workspace --bins", program.display());
    format!("{} conformance host{arguments}", program.display())
}

async fn run(host: Option<String>, operation: Option<&str>) -> Report {
    let suite = Suite::read(&root()).expect("the suite reads");
    let options = RunOptions {
        sdks: vec!["rust".to_owned()],
        operation: operation.map(str::to_owned),
        seed: SEED,
        host,
        ..RunOptions::default()
    };
    suite.run(&options, &Cache::open(None).expect("a cache folder"), &Silent).await.expect("the suite runs")
}

#[tokio::test(flavor = "multi_thread")]
async fn our_host_gives_the_same_behind_the_protocol() {
    let (own_host, behind) = (run(None, Some("files.*")).await, run(Some(own("")), Some("files.*")).await);
    let comparison = Comparison::of(&own_host, &behind);
    assert!(comparison.is_no_worse() && behind.is_green(), "{}", comparison.human());
    assert_eq!(own_host.cells.len(), behind.cells.len());
    assert!(behind.host.starts_with("airssys-wasm "));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_without_our_policy_fails_what_the_policy_decides_and_nothing_else() {
    let report = run(Some(own(" --without-policy")), None).await;
    let suite = Suite::read(&root()).expect("the suite reads");
    let name = |operation: &str, case: &str| format!("{operation} {case}");
    let due: BTreeSet<String> = suite
        .cases
        .iter()
        .filter(|case| case.is_decided_by_policy())
        .map(|case| name(&case.operation, &case.name))
        .collect();
    let failed: BTreeSet<String> = report
        .cells
        .iter()
        .filter(|cell| !cell.outcome.is_green())
        .map(|cell| name(&cell.operation, &cell.case))
        .collect();
    let list = |set: &BTreeSet<String>, other: &BTreeSet<String>| {
        set.difference(other).cloned().collect::<Vec<_>>().join("\n  ")
    };
    assert!(!due.is_empty());
    assert!(
        due == failed,
        "passed without the policy:\n  {}\nfailed without being decided by it:\n  {}",
        list(&due, &failed),
        list(&failed, &due)
    );
    println!(
        "{} of {} cases failed without the policy, exactly those that it decides",
        failed.len(),
        report.cells.len()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_none_is_an_error_of_the_run() {
    let suite = Suite::read(&root()).expect("the suite reads");
    for (command, expected) in [
        ("/nowhere/host", "failed to start the host"),
        ("true", "has ended"),
        ("echo nonsense", "is no answer"),
        (r#"echo {"id":9,"ok":"done"}"#, "nobody has sent"),
    ] {
        let options = RunOptions {
            sdks: vec!["rust".to_owned()],
            operation: Some("files.read-file".to_owned()),
            host: Some(command.to_owned()),
            ..RunOptions::default()
        };
        let ended = suite.run(&options, &Cache::open(None).expect("a cache folder"), &Silent).await;
        let error = format!("{:#}", ended.expect_err("no host"));
        // A program that ends at once may be gone before it is asked.
        let gone = error.contains("takes no requests");
        assert!(error.contains(expected) || gone, "{command}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_is_what_the_schema_says() {
    let schema = std::fs::read_to_string(root().join("conformance/host.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let (suite_side, host_side) = tokio::io::duplex(1 << 16);
    let (input, output) = tokio::io::split(host_side);
    let served = tokio::spawn(serve::serve(BufReader::new(input), output, Policy::Enforced));
    let (answers, mut requests) = tokio::io::split(suite_side);
    let mut answers = BufReader::new(answers).lines();

    let component = "conformance/self@1.0.0".to_owned();
    let settings = Settings { list_entries: 10, shutdown_grace_ms: 1000, ..Settings::default() };
    let asked = [
        Request::Start { protocol: PROTOCOL.to_owned(), settings },
        Request::Records { component: component.clone() },
        Request::Load(Box::new(airssys_wasm_conformance::host::protocol::Load::unstarted(
            component.clone(),
            &root().join("no-such.wasm"),
        ))),
        Request::Records { component },
    ];
    let mut outcomes = Vec::new();
    for (id, request) in (1..).zip(asked) {
        let line = serde_json::to_string(&Ask { id, request }).unwrap();
        requests.write_all(format!("{line}\n").as_bytes()).await.unwrap();
        let answer = answers.next_line().await.unwrap().expect("an answer");
        for line in [&line, &answer] {
            let json: Value = serde_json::from_str(line).unwrap();
            let problems: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
            assert!(problems.is_empty(), "{line}: {}", problems.join("\n"));
        }
        let answer: Answer = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer.id, id);
        outcomes.push(match answer.outcome {
            Answered::Ok(_) => "ok".to_owned(),
            Answered::Error(error) => error.code,
        });
    }
    assert_eq!(outcomes, ["ok", "unknown-component", "unreadable", "ok"]);
    drop((requests, answers));
    served.await.unwrap().expect("it ends with its input");
}

#[test]
fn the_lines_in_the_documentation_are_what_the_schema_says() {
    let text = std::fs::read_to_string(root().join("conformance/host.md")).unwrap();
    let (_, shown) = text.split_once("```text\n").expect("it shows a conversation");
    let (shown, _) = shown.split_once("```").expect("which ends");
    let schema = std::fs::read_to_string(root().join("conformance/host.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    // There, a line is broken where it is too long to be read.
    let lines = shown.replace("\n    ", " ");
    for line in lines.lines() {
        let json: Value = serde_json::from_str(&line[3..]).unwrap_or_else(|error| panic!("{line}: {error}"));
        let problems: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(problems.is_empty(), "{line}: {}", problems.join("\n"));
        // The schema and the types say the same, and the arrow says who speaks.
        match &line[..3] {
            "-> " => drop(serde_json::from_value::<Ask>(json).unwrap_or_else(|error| panic!("{line}: {error}"))),
            "<- " => drop(serde_json::from_value::<Answer>(json).unwrap_or_else(|error| panic!("{line}: {error}"))),
            _ => panic!("who says {line}?"),
        }
    }
    assert_eq!(lines.lines().count(), 6, "three requests and their answers");
}
