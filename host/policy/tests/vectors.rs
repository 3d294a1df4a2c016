//! The table that the fake hosts of the SDKs are held to says what this crate decides.

use std::net::IpAddr;

use airssys_wasm_policy::{
    Access, ComponentId, FilesystemAction, HostPattern, NetworkAction, PathPattern, Permissions, PortRange,
    ProcessAction, TargetPattern,
};
use serde_json::Value;

fn table(name: &str) -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance/policy-vectors.json");
    let all: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    all[name].as_array().filter(|rows| !rows.is_empty()).expect(name).clone()
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_else(|| panic!("{key} of {row} is a text"))
}

fn address(row: &Value) -> Option<IpAddr> {
    row["address"].as_str().map(|address| address.parse().unwrap())
}

fn port(value: &Value) -> Option<u16> {
    value.as_u64().map(|port| port.try_into().unwrap())
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}

#[test]
fn each_pattern_covers_what_the_table_says() {
    for row in table("covered") {
        let pattern = &row["pattern"];
        let covered = match text(&row, "kind") {
            "path" | "program" => read::<PathPattern>(pattern).unwrap().matches(text(&row, "resource")),
            "host" => read::<HostPattern>(pattern).unwrap().matches(text(&row, "resource"), address(&row)),
            "port" => {
                let range = (!pattern.is_null()).then(|| read::<PortRange>(pattern).unwrap());
                let port = port(&row["resource"]);
                range.is_none_or(|range| port.is_some_and(|port| range.contains(port)))
            }
            "target" => {
                let target: ComponentId = text(&row, "resource").parse().unwrap();
                read::<TargetPattern>(pattern).unwrap().matches(&target)
            }
            kind => panic!("{kind} is not a kind of pattern"),
        };
        assert_eq!(Some(covered), row["allowed"].as_bool(), "{row}");
    }
}

#[test]
fn each_pattern_outside_the_form_is_refused() {
    for row in table("refused") {
        let pattern = &row["pattern"];
        let refused = match text(&row, "kind") {
            "path" | "program" => read::<PathPattern>(pattern).is_none(),
            "host" => read::<HostPattern>(pattern).is_none(),
            "port" => read::<PortRange>(pattern).is_none(),
            "target" => read::<TargetPattern>(pattern).is_none(),
            kind => panic!("{kind} is not a kind of pattern"),
        };
        assert!(refused, "{row}");
    }
}

#[test]
fn each_denial_names_the_line_of_the_table() {
    for row in table("missing") {
        let access = &row["access"];
        let action = &access["action"];
        let access = match text(access, "permission") {
            "filesystem" => Access::Filesystem {
                action: read::<FilesystemAction>(action).unwrap(),
                path: text(access, "path").to_owned(),
            },
            "network" => Access::Network {
                action: read::<NetworkAction>(action).unwrap(),
                host: text(access, "host").to_owned(),
                port: port(&access["port"]),
                address: address(access),
            },
            "process" => Access::Process {
                action: read::<ProcessAction>(action).unwrap(),
                program: text(access, "program").to_owned(),
            },
            "messaging" => Access::Messaging { target: text(access, "target").parse().unwrap() },
            permission => panic!("{permission} is not a permission"),
        };
        let line = Permissions::covering(&access).map(|line| line.to_string());
        assert_eq!(line.as_deref(), row["missing"].as_str(), "{row}");
    }
}
