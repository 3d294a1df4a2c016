//! The numbers that the contract's documentation gives as the host's defaults are those of the host.

use std::collections::BTreeSet;

use airssys_wasm::RuntimeConfig;
use airssys_wasm::limits::{FilesystemLimits, MAX_MESSAGE_BYTES, NetworkLimits};
use airssys_wasm_tests::root;

/// What introduces the number of a default.
const INTRODUCTIONS: [&str; 3] = ["default ", "default is ", "a component may have "];

/// For each file of the contract that gives defaults: which, and whose they are.
fn defaults() -> Vec<(&'static str, Vec<(&'static str, u64)>)> {
    let files = FilesystemLimits::default();
    let network = NetworkLimits::default();
    let component = RuntimeConfig::default().default_limits;
    let open_files = ("open-files of ResolvedLimits", u64::from(component.open_files));
    vec![
        (
            "core/component-lifecycle.wit",
            vec![("execution_time of ResolvedLimits", component.execution_time.as_secs())],
        ),
        (
            "core/host-services.wit",
            vec![
                ("mailbox-messages of ResolvedLimits", component.mailbox_messages.into()),
                ("MAX_MESSAGE_BYTES", MAX_MESSAGE_BYTES as u64),
            ],
        ),
        ("core/types.wit", vec![("execution_time of ResolvedLimits", component.execution_time.as_millis() as u64)]),
        (
            "ext-filesystem/directories.wit",
            vec![
                ("max_page_entries", files.max_page_entries as u64),
                ("max_list_entries", files.max_list_entries as u64),
                ("max_find_results", files.max_find_results as u64),
                ("max_visited_entries", files.max_visited_entries),
                open_files,
            ],
        ),
        (
            "ext-filesystem/files.wit",
            vec![
                ("max_read_bytes", files.max_read_bytes),
                ("max_write_bytes", files.max_write_bytes),
                ("max_read_file_bytes", files.max_read_file_bytes),
                open_files,
            ],
        ),
        (
            "ext-filesystem/types.wit",
            vec![
                ("max_find_results", files.max_find_results as u64),
                ("MAX_DEPTH", constant("filesystem/walk.rs", "MAX_DEPTH")),
                open_files,
            ],
        ),
        ("ext-network/tcp.wit", vec![("max_read_bytes", network.max_read_bytes)]),
        (
            "ext-process/stdio.wit",
            vec![("OUTPUT_CEILING_BYTES", constant("process/config.rs", "OUTPUT_CEILING_BYTES"))],
        ),
    ]
}

/// A number of the host that is nobody else's business, from its source.
fn constant(file: &str, name: &str) -> u64 {
    let path = root().join("host/runtime/src/capability").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let line = text.lines().find(|line| line.contains(&format!("const {name}:"))).expect(name);
    let value = line.split_once(" = ").expect(name).1.trim_end_matches(';');
    let factor = |factor: &str| match factor.trim() {
        "MEBIBYTE" => 1 << 20,
        number => number.replace('_', "").parse::<u64>().unwrap_or_else(|_| panic!("{name} is {value}")),
    };
    value.split('*').map(factor).product()
}

/// All numbers that the documentation in a file introduces as defaults.
fn documented(text: &str) -> BTreeSet<u64> {
    let lines = text.lines().filter_map(|line| line.trim_start().strip_prefix("///"));
    let documentation = lines.map(str::trim).collect::<Vec<_>>().join(" ");
    let mut numbers = BTreeSet::new();
    for introduction in INTRODUCTIONS {
        for (at, _) in documentation.match_indices(introduction) {
            let rest = &documentation[at + introduction.len()..];
            let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != ',').unwrap_or(rest.len());
            let Ok(number) = rest[..end].replace(',', "").parse::<u64>() else { continue };
            numbers.insert(if rest[end..].starts_with(" MiB") { number << 20 } else { number });
        }
    }
    numbers
}

#[test]
fn the_contract_documents_the_defaults_of_the_host() {
    let table = defaults();
    for package in std::fs::read_dir(root().join("wit/deps")).expect("wit/deps is there") {
        let package = package.expect("readable").path();
        for file in std::fs::read_dir(&package).expect("a package is a folder") {
            let file = file.expect("readable").path();
            let name = file.strip_prefix(root().join("wit/deps")).expect("it is below").display().to_string();
            let expected = table.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, limits)| limits);
            let numbers: BTreeSet<u64> = expected.iter().map(|(_, number)| *number).collect();
            let found = documented(&std::fs::read_to_string(&file).expect("readable"));
            assert_eq!(found, numbers, "{name} documents the numbers to the left; the host has {expected:?}");
        }
    }
}

#[test]
fn numbers_of_defaults_are_found_in_the_documentation() {
    let text = "/// At most the limit, default\n  /// 1,024. Or 16 MiB, default 16 MiB; the default is 30,000.\n code default 7\n";
    assert_eq!(documented(text), BTreeSet::from([1024, 16 << 20, 30_000]));
}
