//! The suite proves itself: guests that lie and hosts that skip a check are caught.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use airssys_wasm_conformance::report::{Outcome, Report};
use airssys_wasm_conformance::run_case::LaxHost;
use airssys_wasm_conformance::{RunOptions, Suite};
use airssys_wasm_policy::Permissions;
use airssys_wasm_toolchain::{BuildRequest, Cache, Silent};

/// Any fixed number: a failure here must be repeatable.
const SEED: u64 = 20_260_101;

/// Each lie, and the operations among which it must be caught.
const LIES: &[(&str, &str)] = &[
    ("clock-stopped", "host-services.current-time"),
    ("constant-answer", "files.read-file"),
    ("denial-ignored", "files.delete-file"),
    ("denial-reworded", "files.delete-file"),
    ("enum-case-changed", "host-services.log"),
    ("error-code-changed", "files.read-file"),
    ("fields-swapped", "directories.measure"),
    ("flag-lost", "paths.set-permissions"),
    ("handle-leaked", "files.*"),
    ("last-byte-dropped", "files.write-file"),
    ("list-order-reversed", "directories.list-directory"),
    ("offset-ignored", "files.file.read-at"),
    ("option-lost", "directories.find"),
    ("sleep-skipped", "host-services.sleep"),
    ("u64-cut-to-53-bits", "files.file.seek"),
    ("variant-case-swapped", "files.file.seek"),
    ("write-pretended", "files.file.write"),
];

/// Permission checks that a host may skip, and the operations among which it must be noticed.
const SKIPPED: &[(&str, &str)] = &[
    (r#"{"filesystem":[{"action":"read","path":"/data/**"}]}"#, "files.read-file"),
    (r#"{"filesystem":[{"action":"write","path":"/data/**"}]}"#, "files.write-file"),
    (r#"{"filesystem":[{"action":"delete","path":"/data/**"}]}"#, "directories.remove-directory-all"),
    (r#"{"filesystem":[{"action":"list","path":"/data/**"}]}"#, "directories.list-directory"),
    (r#"{"messaging":[{"target":"conformance/*"}]}"#, "host-services.send-message"),
    (r#"{"network":[{"action":"outbound","host":"127.0.0.0/8"}]}"#, "tcp.connect"),
    (r#"{"network":[{"action":"outbound","host":"127.0.0.0/8"}]}"#, "udp.udp-socket.send-to"),
    (r#"{"network":[{"action":"inbound","host":"127.0.0.0/8"}]}"#, "tcp.listen"),
    (r#"{"network":[{"action":"resolve","host":"*"}]}"#, "connections.resolve-host"),
    (r#"{"process":[{"action":"spawn","program":"/**"}]}"#, "processes.run"),
    (r#"{"process":[{"action":"signal","program":"/**"}]}"#, "signals.kill"),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("two folders down").to_owned()
}

fn liar() -> PathBuf {
    static LIAR: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let request = BuildRequest::new(root().join("tests/components/liar/Component.toml"));
        let cache = Cache::open(None).expect("a cache folder");
        airssys_wasm_toolchain::build(&request, &cache, &Silent).expect("the liar builds").component
    };
    LIAR.get_or_init(build).clone()
}

/// The liar in its place: it exports no more than what it lies about.
fn in_place_of_the_mirror(operation: &str) -> BTreeMap<String, PathBuf> {
    let lied_about = ["files.", "directories.", "paths.", "host-services."];
    let replaces = lied_about.iter().any(|interface| operation.starts_with(interface));
    replaces.then(|| ("rust".to_owned(), liar())).into_iter().collect()
}

async fn run(operation: &str, lie: Option<&str>, lax: LaxHost) -> Report {
    let suite = Suite::read(&root()).expect("the suite reads");
    let options = RunOptions {
        sdks: vec!["rust".to_owned()],
        operation: Some(operation.to_owned()),
        seed: SEED,
        components: in_place_of_the_mirror(operation),
        environment: lie.map(|lie| ("LIE".to_owned(), lie.to_owned())).into_iter().collect(),
        lax,
        ..RunOptions::default()
    };
    let cache = Cache::open(None).expect("a cache folder");
    suite.run(&options, &cache, &Silent).await.expect("the suite runs")
}

fn count(report: &Report, outcome: Outcome) -> usize {
    report.cells.iter().filter(|cell| cell.outcome == outcome).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_liar_passes_when_it_tells_the_truth() {
    for operation in ["files.*", "directories.*", "host-services.*", "paths.*"] {
        let report = run(operation, None, LaxHost::default()).await;
        assert!(report.is_green(), "{}", report.human());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_lie_is_caught() {
    for (lie, operation) in LIES {
        let report = run(operation, Some(lie), LaxHost::default()).await;
        assert_ne!(count(&report, Outcome::Fail), 0, "{lie} is not caught by {operation}");
        assert_eq!(count(&report, Outcome::HarnessError), 0, "{lie}: {}", report.human());
        println!("{lie}: caught by {} of {} cases", count(&report, Outcome::Fail), report.cells.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_skipped_permission_check_is_caught() {
    for (extra, operation) in SKIPPED {
        let extra: Permissions = serde_json::from_str(extra).expect("permissions");
        let report = run(operation, None, LaxHost { extra }).await;
        assert_ne!(count(&report, Outcome::Fail), 0, "not caught by {operation}");
        let wrong = report
            .cells
            .iter()
            .find(|cell| cell.outcome == Outcome::Fail && cell.kind == airssys_wasm_conformance::case::Kind::Ok);
        assert!(wrong.is_none(), "a lax host fails only what must be refused: {}", report.human());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_gives_the_same_cells() {
    let cells = |report: &Report| {
        let mut cells = report.cells.clone();
        cells.iter_mut().for_each(|cell| cell.milliseconds = 0);
        serde_json::to_string(&cells).expect("a report is JSON")
    };
    for operation in ["files.read-file", "udp.udp-socket.receive", "processes.wait-any"] {
        let first = run(operation, None, LaxHost::default()).await;
        let second = run(operation, None, LaxHost::default()).await;
        assert_eq!(cells(&first), cells(&second));
    }
}

#[test]
fn every_operation_has_its_cases() {
    let suite = Suite::read(&root()).expect("the suite reads");
    assert_eq!(suite.contract.operations().count(), 115);
    let gaps = suite.gaps();
    assert!(gaps.is_empty(), "{}", gaps.join("\n"));
}
