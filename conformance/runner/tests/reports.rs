//! Reports: the published schema, every form, and what has changed between two runs.

use std::path::PathBuf;

use airssys_wasm_conformance::report::{Cell, Comparison, Failure, Outcome, Times};
use airssys_wasm_conformance::{Report, Suite};
use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("two folders down").to_owned()
}

/// A run of two columns: each outcome once, on real cases.
fn report() -> Report {
    let suite = Suite::read(&root()).expect("the suite reads");
    let of = |operation: &'static str| suite.cases.iter().filter(move |case| case.operation == operation);
    let cases = of("ext-filesystem/files.read-file").chain(of("core/host-services.log"));
    let mut cells: Vec<Cell> = Vec::new();
    for (number, case) in cases.enumerate() {
        for sdk in ["rust", "js@quickjs"] {
            let outcome = match sdk {
                "rust" => Outcome::Pass,
                _ => *Outcome::ALL.get(number).unwrap_or(&Outcome::Pass),
            };
            let detail = (outcome != Outcome::Pass).then(|| Failure {
                arguments: r#"{"call":"a < b & \"c\""}"#.to_owned(),
                decisions: vec!["self denied files.read-file on /data/</script>".to_owned()],
                reason: (outcome == Outcome::ExpectedFailure).then(|| "a gap | known (https://example.com)".to_owned()),
                repeat: "airssys-wasm conformance run".to_owned(),
                ..Failure::new("step 1", "expected <1>, got \"2\"\n# and \u{1} more".to_owned())
            });
            cells.push(Cell {
                sdk: sdk.to_owned(),
                operation: case.operation.clone(),
                case: case.name.clone(),
                peer: None,
                kind: case.body.kind,
                outcome,
                detail,
                decisions: vec!["self allowed it".to_owned()],
                milliseconds: 7,
            });
        }
    }
    let times = Times { started: 1, milliseconds: 1500 };
    Report::new(7, "a host 1".to_owned(), times, vec!["rust".to_owned(), "js@quickjs".to_owned()], cells, &suite.cases)
}

#[test]
fn the_json_is_what_its_schema_says_and_reads_back() {
    let schema = std::fs::read_to_string(root().join("conformance/report.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let json = serde_json::to_value(report()).unwrap();
    let problems: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    let mut wrong = json.clone();
    wrong["cells"][0]["outcome"] = "perhaps".into();
    assert!(!validator.is_valid(&wrong));

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    std::fs::write(&file, json.to_string()).unwrap();
    assert_eq!(serde_json::to_value(Report::read(&file).unwrap()).unwrap(), json);
    std::fs::write(&file, json.to_string().replace("airssys-conformance/1", "airssys-conformance/2")).unwrap();
    assert!(Report::read(&file).unwrap_err().to_string().contains("airssys-conformance/2"));
}

#[test]
fn junit_counts_every_cell_once_and_escapes_what_xml_cannot_hold() {
    let (report, text) = (report(), report().junit());
    let count = |what: &str| text.matches(what).count();
    assert_eq!(count("<testcase "), report.cells.len());
    assert_eq!((count("<failure "), count("<error "), count("<skipped ")), (3, 1, 1));
    let head = format!("tests=\"{}\" failures=\"3\" errors=\"1\" skipped=\"1\"", report.cells.len());
    assert!(text.contains(&head), "{text}");
    assert!(text.contains("expected &lt;1&gt;, got &quot;2&quot;&#10;# and \u{fffd} more"), "{text}");
    assert!(!text.contains('\u{1}'));
}

#[test]
fn tap_has_its_plan_and_an_expected_failure_is_a_todo() {
    let (report, text) = (report(), report().tap());
    assert!(text.starts_with(&format!("TAP version 14\n1..{}\n", report.cells.len())), "{text}");
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("ok ") || line.starts_with("not ok ")).collect();
    assert_eq!(lines.len(), report.cells.len());
    let red: Vec<&&str> =
        lines.iter().filter(|line| line.starts_with("not ok") && !line.contains(" # TODO ")).collect();
    assert_eq!(red.len(), 4, "{text}");
    assert_eq!(text.matches(" # TODO a gap | known").count(), 1);
}

#[test]
fn markdown_has_a_row_an_operation_or_an_interface() {
    let report = report();
    let (text, short) = (report.markdown(), report.markdown_summary());
    for operation in &report.operations {
        assert_eq!(text.lines().filter(|line| line.starts_with(&format!("| `{operation}` |"))).count(), 1, "{text}");
    }
    assert!(text.contains("a gap \\| known"), "{text}");
    assert!(short.contains("| `core/host-services` | 1/1 | 1/1 |"), "{short}");
    assert!(short.contains("| `ext-filesystem/files` | 1/1 | 0/1 ✗ |"), "{short}");
}

#[test]
fn the_badge_says_how_many_operations_are_green() {
    let badge = report().badge();
    assert_eq!((badge["schemaVersion"].as_u64(), badge["color"].as_str()), (Some(1), Some("red")));
    let mut green = report();
    green.cells.retain(|cell| cell.sdk == "rust");
    assert_eq!(green.badge()["message"], "2 of 2 operations, 2 SDKs");
}

#[test]
fn nothing_in_a_report_ends_the_script_that_it_stands_in() {
    let html = report().html();
    assert_eq!(html.matches("</script>").count(), 2, "the data's own end and the program's");
    assert!(html.contains("\\u003c/script>"));
}

#[test]
fn a_page_without_anything_unexpected_counts_the_known_failures_and_gives_their_reasons() {
    let mut report = report();
    assert!(report.html().contains("4 cells are not as expected"));
    let known = report.cells.iter().position(|cell| cell.outcome == Outcome::ExpectedFailure).expect("there is one");
    report.cells[known].detail.as_mut().expect("it has a reason").reason =
        Some("no <such> thing \"{{report}}\" (https://example.org/1?a&b)".to_owned());
    report.cells.retain(|cell| cell.outcome.is_green());
    let html = report.html();
    assert!(html.contains("nothing unexpected; <a class=\"mark known\" href=\"#known\">1 known failure</a>"), "{html}");
    let reason = "no &lt;such&gt; thing &quot;{{report}}&quot; (<a href=\"https://example.org/1?a&amp;b\">";
    assert!(html.contains(reason), "{html}");
    assert!(!html.contains("very cell is green"));

    report.cells.retain(|cell| cell.outcome == Outcome::Pass);
    let html = report.html();
    assert!(html.contains(">nothing unexpected</p>") && !html.contains("Known failures"), "{html}");
}

#[test]
fn a_comparison_finds_what_got_worse_better_or_lost() {
    let (old, mut new) = (report(), report());
    assert!(Comparison::of(&old, &new).is_no_worse());
    assert_eq!(Comparison::of(&old, &new).human(), "the same outcome in every cell\n");

    let red = new.cells.iter_mut().find(|cell| cell.outcome == Outcome::Fail).unwrap();
    red.outcome = Outcome::Pass;
    let comparison = Comparison::of(&old, &new);
    assert!(comparison.is_no_worse() && comparison.mended.len() == 1, "{}", comparison.human());

    new.cells[0].outcome = Outcome::Fail;
    let comparison = Comparison::of(&old, &new);
    assert!(!comparison.is_no_worse());
    assert_eq!(comparison.regressions.len(), 1);
    assert_eq!(
        (comparison.regressions[0].old, comparison.regressions[0].new),
        (Some(Outcome::Pass), Some(Outcome::Fail))
    );

    let mut fewer = report();
    fewer.cells.pop();
    let comparison = Comparison::of(&old, &fewer);
    assert!(!comparison.is_no_worse(), "what is not checked any more may hide a regression");
    assert_eq!((comparison.removed.len(), comparison.added.len()), (1, 0));
}

/// The same run with each cell once with a peer of each SDK; the last pair fails.
fn paired() -> Report {
    let mut report = report();
    report.cells.retain(|cell| cell.operation == "core/host-services.log" && cell.outcome == Outcome::Pass);
    let with = |cell: &Cell, peer: &str| Cell { peer: Some(peer.to_owned()), ..cell.clone() };
    let pairs = |cell: &Cell| ["rust", "js@quickjs"].map(|peer| with(cell, peer));
    report.cells = report.cells.iter().flat_map(pairs).collect();
    let last = report.cells.last_mut().expect("there are cells");
    last.outcome = Outcome::Fail;
    last.detail = Some(Failure::new("step 1", "another".to_owned()));
    report
}

#[test]
fn pairs_are_counted_and_told_apart() {
    let report = paired();
    let text = report.human();
    assert!(text.contains("messages: 3 of 4 pairs\n"), "{text}");
    assert_eq!(text.matches(" FAIL").count(), 2, "in the matrix and among the pairs: {text}");
    let failed = report.cells.last().expect("there are cells");
    assert_eq!(failed.title(), format!("{}@{}", failed.case, failed.peer.as_deref().expect("a pair")));
    for form in [text, report.tap(), report.junit(), report.markdown()] {
        assert!(form.contains(&failed.title()), "{form}");
    }
}

#[test]
fn a_comparison_knows_pairs_by_their_peer() {
    let (old, mut new) = (paired(), paired());
    let changed = new.cells.iter_mut().find(|cell| cell.outcome == Outcome::Pass).expect("one passes");
    changed.outcome = Outcome::Fail;
    let title = changed.title();
    let comparison = Comparison::of(&old, &new);
    assert_eq!(comparison.regressions.len(), 1);
    assert!(comparison.human().contains(&title), "{}", comparison.human());

    new.cells.retain(|cell| cell.peer.as_deref() == Some("rust"));
    assert!(!Comparison::of(&old, &new).removed.is_empty(), "pairs that are not run are told");
}

#[test]
fn a_report_without_pairs_does_not_speak_of_them() {
    assert!(!report().human().contains("pairs"));
}
