//! The suite proves itself: guests that lie and hosts that skip a check are caught.

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

async fn run(operation: &str, lie: Option<&str>, lax: LaxHost) -> Report {
    let suite = Suite::read(&root()).expect("the suite reads");
    let options = RunOptions {
        sdks: vec!["rust".to_owned()],
        operation: Some(operation.to_owned()),
        seed: SEED,
        components: [("rust".to_owned(), liar())].into(),
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
async fn a_case_with_a_peer_of_each_sdk_is_run_for_every_pair_of_the_chosen() {
    let suite = Suite::read(&root()).expect("the suite reads");
    let nothing = tempfile::NamedTempFile::new().expect("a file");
    let mirrors = [("rust", liar()), ("go", liar()), ("c", nothing.path().to_owned())];
    let options = RunOptions {
        sdks: mirrors.iter().map(|(sdk, _)| (*sdk).to_owned()).collect(),
        case: Some("comes-from-every-language".to_owned()),
        seed: SEED,
        components: mirrors.into_iter().map(|(sdk, file)| (sdk.to_owned(), file)).collect(),
        ..RunOptions::default()
    };
    let cache = Cache::open(None).expect("a cache folder");
    let report = suite.run(&options, &cache, &Silent).await.expect("the suite runs");
    let pairs: Vec<(&str, Option<&str>, Outcome)> =
        report.cells.iter().map(|cell| (cell.sdk.as_str(), cell.peer.as_deref(), cell.outcome)).collect();
    let outcome = |sdk, peer| if sdk == "c" || peer == "c" { Outcome::Fail } else { Outcome::Pass };
    let each = ["c", "go", "rust"];
    let expected: Vec<_> =
        each.iter().flat_map(|sdk| each.map(|peer| (*sdk, Some(peer), outcome(*sdk, peer)))).collect();
    assert_eq!(pairs, expected, "{}", report.human());
    assert!(report.human().contains("messages: 4 of 9 pairs"), "{}", report.human());
    let repeated = report.cells[1].detail.as_ref().expect("it failed").repeat.clone();
    assert!(repeated.contains(" --sdk c --sdk go "), "{repeated}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_gives_the_same_cells() {
    let cells = |report: &Report| serde_json::to_string(&report.cells).expect("a report is JSON");
    let first = run("files.read-file", None, LaxHost::default()).await;
    let second = run("files.read-file", None, LaxHost::default()).await;
    assert_eq!(cells(&first), cells(&second));
}

#[test]
fn every_operation_has_its_cases() {
    let suite = Suite::read(&root()).expect("the suite reads");
    assert_eq!(suite.contract.operations().count(), 51);
    let gaps = suite.gaps();
    assert!(gaps.is_empty(), "{}", gaps.join("\n"));
}
