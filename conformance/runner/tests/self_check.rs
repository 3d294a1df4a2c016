//! The suite proves itself: every mutant is killed, expectations hold both ways, and what belongs to nothing is an error.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use airssys_wasm_conformance::report::{Outcome, Report};
use airssys_wasm_conformance::self_test::{self, SelfTestOptions};
use airssys_wasm_conformance::{RunOptions, Suite};
use airssys_wasm_toolchain::{Cache, Silent};
use tempfile::TempDir;

/// Any fixed number: a failure here must be repeatable.
const SEED: u64 = 20_260_101;
/// A case that passes with every SDK.
const OPERATION: &str = "ext-filesystem/files.read-file";
const CASE: &str = "gives-the-whole-file";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("two folders down").to_owned()
}

fn cache() -> Cache {
    Cache::open(None).expect("a cache folder")
}

fn mutant_guest() -> PathBuf {
    static MUTANT_GUEST: OnceLock<PathBuf> = OnceLock::new();
    MUTANT_GUEST
        .get_or_init(|| self_test::build_mutant_guest(&root(), &cache(), &Silent).expect("the mutant guest builds"))
        .clone()
}

/// The suite in a folder of its own, without its drivers.
fn copied() -> TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    for folder in ["wit", "conformance/cases", "conformance/expectations"] {
        copy_folder(&root().join(folder), &copy.path().join(folder));
    }
    fs::create_dir(copy.path().join("conformance/drivers")).expect("a folder");
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder that reads") {
        let entry = entry.expect("an entry");
        let copy = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &copy);
        } else {
            fs::copy(entry.path(), copy).expect("a copy");
        }
    }
}

fn expect_failure(suite: &TempDir, sdk: &str, case: &str) {
    let entry = format!(
        "[[expected]]\noperation = \"{OPERATION}\"\ncase = \"{case}\"\nreason = \"a test\"\nlink = \"https://example.org\"\n"
    );
    let file = suite.path().join("conformance/expectations").join(format!("{sdk}.toml"));
    fs::write(file, entry).expect("a file");
}

fn problem(suite: &TempDir) -> String {
    format!("{:#}", Suite::read(suite.path()).expect_err("the suite does not read"))
}

async fn run(root: &Path, operation: &str, case: Option<&str>, lie: Option<&str>) -> Report {
    let suite = Suite::read(root).expect("the suite reads");
    let options = RunOptions {
        sdks: vec!["rust".to_owned()],
        operation: Some(operation.to_owned()),
        case: case.map(str::to_owned),
        seed: SEED,
        components: [("rust".to_owned(), mutant_guest())].into(),
        environment: lie.map(|lie| ("LIE".to_owned(), lie.to_owned())).into_iter().collect(),
        ..RunOptions::default()
    };
    suite.run(&options, &cache(), &Silent).await.expect("the suite runs")
}

fn outcomes(report: &Report) -> Vec<Outcome> {
    report.cells.iter().map(|cell| cell.outcome).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mutant_is_killed() {
    let options = SelfTestOptions { mutant: None, seed: SEED, mutant_guest: Some(mutant_guest()) };
    let suite = Suite::read(&root()).expect("the suite reads");
    let tested = suite.test_itself(&options, &cache(), &Silent).await.expect("the suite tests itself");
    assert!(tested.is_green(), "{}", tested.human());
    assert!(tested.killed >= 30, "{}", tested.human());
    let packages: BTreeSet<&str> = tested.mutants.iter().map(|tried| tried.mutant.package).collect();
    assert_eq!(packages, BTreeSet::from(["core", "ext-filesystem", "ext-network", "ext-process"]));
    for tried in &tested.mutants {
        let killer = tried.killed_by.as_ref().expect("it is killed");
        let package = format!("{}/", tried.mutant.package);
        assert!(killer.operation.starts_with(&package), "{} is of another package", tried.human());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mutant_that_no_case_notices_survives() {
    let copy = copied();
    let case = "conformance/cases/ext-filesystem/directories/find/visits-as-many-levels-as-asked.json";
    fs::remove_file(copy.path().join(case)).expect("a file");
    let mutant = "option-lost";
    let options = SelfTestOptions { mutant: Some(mutant.to_owned()), seed: SEED, mutant_guest: Some(mutant_guest()) };
    let suite = Suite::read(copy.path()).expect("the suite reads");
    let tested = suite.test_itself(&options, &cache(), &Silent).await.expect("the suite tests itself");
    assert!(!tested.is_green() && tested.unmutated_failures.is_empty(), "{}", tested.human());
    assert!(tested.human().contains(&format!("SURVIVED {mutant}: ")), "{}", tested.human());
}

#[test]
fn every_mutant_has_a_name_of_its_own() {
    let names: Vec<&str> = self_test::mutants().map(|mutant| mutant.name).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_with_a_peer_of_each_sdk_is_run_for_every_pair_of_the_chosen() {
    let suite = Suite::read(&root()).expect("the suite reads");
    let nothing = tempfile::NamedTempFile::new().expect("a file");
    let drivers = [("rust", mutant_guest()), ("go", mutant_guest()), ("c", nothing.path().to_owned())];
    let options = RunOptions {
        sdks: drivers.iter().map(|(sdk, _)| (*sdk).to_owned()).collect(),
        case: Some("comes-from-every-language".to_owned()),
        seed: SEED,
        components: drivers.into_iter().map(|(sdk, file)| (sdk.to_owned(), file)).collect(),
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
    let cells = |mut report: Report| {
        report.cells.iter_mut().for_each(|cell| cell.milliseconds = 0);
        serde_json::to_string(&report.cells).expect("a report is JSON")
    };
    for operation in ["ext-filesystem/files.read-file", "udp.udp-socket.receive", "processes.wait-any"] {
        let first = run(&root(), operation, None, None).await;
        let second = run(&root(), operation, None, None).await;
        assert_eq!(cells(first), cells(second));
    }
}

#[test]
fn every_operation_has_its_cases() {
    let suite = Suite::read(&root()).expect("the suite reads");
    assert_eq!(suite.contract.operations().count(), 115);
    let gaps = suite.gaps();
    assert!(gaps.is_empty(), "{}", gaps.join("\n"));
}

#[test]
fn an_operation_without_its_cases_is_a_gap() {
    let suite = copied();
    fs::remove_dir_all(suite.path().join("conformance/cases/ext-filesystem/files/read-file")).expect("a folder");
    let gaps = Suite::read(suite.path()).expect("the suite reads").gaps();
    assert!(gaps.contains(&format!("{OPERATION}: no ok case")), "{gaps:?}");
    assert!(gaps.contains(&format!("{OPERATION}: no denied case")), "{gaps:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_passes_although_expected_to_fail_is_red() {
    let suite = copied();
    expect_failure(&suite, "rust", CASE);
    let report = run(suite.path(), OPERATION, Some(CASE), None).await;
    assert_eq!(outcomes(&report), [Outcome::UnexpectedPass]);
    assert!(!report.is_green());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_fails_is_red_unless_it_is_expected_to() {
    let suite = copied();
    let unexpected = run(suite.path(), OPERATION, Some(CASE), Some("constant-answer")).await;
    assert_eq!(outcomes(&unexpected), [Outcome::Fail]);
    assert!(!unexpected.is_green());
    expect_failure(&suite, "rust", CASE);
    let expected = run(suite.path(), OPERATION, Some(CASE), Some("constant-answer")).await;
    assert_eq!(outcomes(&expected), [Outcome::ExpectedFailure]);
    assert!(expected.is_green());
}

#[test]
fn an_expectation_of_no_case_is_an_error() {
    let suite = copied();
    expect_failure(&suite, "rust", "does-something-else");
    assert!(problem(&suite).ends_with("does-something-else fits no case"), "{}", problem(&suite));
}

#[test]
fn expectations_of_no_sdk_are_an_error() {
    let suite = copied();
    expect_failure(&suite, "cobol", CASE);
    assert!(problem(&suite).ends_with("cobol.toml belongs to no SDK"), "{}", problem(&suite));
}

#[test]
fn a_case_of_no_operation_is_an_error() {
    let suite = copied();
    let cases = suite.path().join("conformance/cases/ext-filesystem/files");
    let case = cases.join("read-file").join(format!("{CASE}.json"));
    fs::create_dir(cases.join("read-flie")).expect("a folder");
    assert!(problem(&suite).ends_with("read-flie: there is no case"), "{}", problem(&suite));
    fs::copy(&case, cases.join("read-flie/case.json")).expect("a copy");
    assert!(problem(&suite).contains("read-flie/case.json"), "{}", problem(&suite));
    fs::remove_dir_all(cases.join("read-flie")).expect("a folder");
    fs::copy(&case, cases.join("stray.json")).expect("a copy");
    assert!(problem(&suite).ends_with("stray.json: a case lies in the folder of its operation"), "{}", problem(&suite));
    fs::remove_file(cases.join("stray.json")).expect("a file");
    Suite::read(suite.path()).expect("the rest reads");
}

#[test]
fn a_requirement_of_no_operation_is_an_error() {
    let suite = copied();
    let file = suite.path().join("conformance/cases/requirements.json");
    let text = fs::read_to_string(&file).expect("a file");
    fs::write(&file, text.replacen(OPERATION, "ext-filesystem/files.read-flie", 1)).expect("a file");
    let problem = problem(&suite);
    assert!(problem.contains("requirements.json") && problem.contains("read-flie"), "{problem}");
}

#[test]
fn a_driver_of_no_sdk_is_an_error() {
    let suite = copied();
    fs::create_dir(suite.path().join("conformance/drivers/cobol")).expect("a folder");
    assert!(problem(&suite).ends_with("cobol is the driver of no SDK"), "{}", problem(&suite));
}
