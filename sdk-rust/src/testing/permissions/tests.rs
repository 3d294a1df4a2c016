//! The fake decides as hosts do: the table says what these decide.

use std::net::IpAddr;

use serde_json::Value;

use super::host::{Host, HostPattern};
use super::pattern::{PathPattern, PortRange, TargetPattern};
use super::{Access, Permissions};
use crate::ComponentId;

fn table(name: &str) -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../conformance/policy-vectors.json");
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

fn port_range(value: &Value) -> Result<PortRange, String> {
    let value = match value {
        Value::Number(number) => toml::Value::Integer(number.as_i64().unwrap()),
        other => toml::Value::String(other.as_str().unwrap().to_owned()),
    };
    PortRange::read(&value)
}

#[test]
fn each_pattern_covers_what_the_table_says() {
    for row in table("covered") {
        let covered = match text(&row, "kind") {
            "path" | "program" => PathPattern::parse(text(&row, "pattern")).unwrap().matches(text(&row, "resource")),
            "host" => Host::parse(text(&row, "resource"), address(&row))
                .is_some_and(|host| HostPattern::parse(text(&row, "pattern")).unwrap().covers(&host)),
            "port" => {
                let range = (!row["pattern"].is_null()).then(|| port_range(&row["pattern"]).unwrap());
                range.is_none_or(|range| port(&row["resource"]).is_some_and(|port| range.contains(port)))
            }
            "target" => {
                let target: ComponentId = text(&row, "resource").parse().unwrap();
                TargetPattern::parse(text(&row, "pattern")).unwrap().matches(&target)
            }
            kind => panic!("{kind} is not a kind of pattern"),
        };
        assert_eq!(Some(covered), row["allowed"].as_bool(), "{row}");
    }
}

#[test]
fn each_pattern_outside_the_form_is_refused() {
    for row in table("refused") {
        let refused = match text(&row, "kind") {
            "path" | "program" => PathPattern::parse(text(&row, "pattern")).is_err(),
            "host" => HostPattern::parse(text(&row, "pattern")).is_err(),
            "port" => port_range(&row["pattern"]).is_err(),
            "target" => TargetPattern::parse(text(&row, "pattern")).is_err(),
            kind => panic!("{kind} is not a kind of pattern"),
        };
        assert!(refused, "{row}");
    }
}

#[test]
fn each_denial_names_the_line_of_the_table_and_the_line_allows_it() {
    for row in table("missing") {
        let access = &row["access"];
        let action = match access["action"].as_str() {
            Some(action) => String::leak(action.to_owned()),
            None => "",
        };
        let target: ComponentId;
        let access = match text(access, "permission") {
            "filesystem" => Access::Filesystem { action, path: text(access, "path") },
            "network" => {
                let (port, address) = (port(&access["port"]), address(access));
                Access::Network { action, host: text(access, "host"), port, address }
            }
            "process" => Access::Process { action, program: text(access, "program") },
            "messaging" => {
                target = text(access, "target").parse().unwrap();
                Access::Messaging { target: &target }
            }
            permission => panic!("{permission} is not a permission"),
        };
        let line = access.missing();
        assert_eq!(line, row["missing"].as_str().unwrap_or_default(), "{row}");
        assert!(!Permissions::default().cover(&access), "{row}");
        let permissions = Permissions::read(&line.parse().unwrap()).unwrap();
        assert_eq!(permissions.cover(&access), !line.is_empty(), "{row}");
    }
}

#[test]
fn what_is_no_permission_is_refused() {
    for wrong in [
        "files = []",
        "filesystem = 3",
        "filesystem = [3]",
        "filesystem = [{ action = \"read\" }]",
        "filesystem = [{ action = \"Read\", path = \"/a\" }]",
        "filesystem = [{ action = \"read\", path = \"/a\", why = \"x\" }]",
        "network = [{ action = \"outbound\", host = \"a\", port = 70000 }]",
        "messaging = [{ target = \"*\" }]",
    ] {
        assert!(Permissions::read(&wrong.parse().unwrap()).is_err(), "{wrong}");
    }
    let storage = "storage = [{ namespace = \"cache\", max-bytes = 1 }]".parse().unwrap();
    assert!(Permissions::read(&storage).is_ok());
    let of_host = "\"acme:database\" = [{ action = \"query\", table = \"*\" }]".parse().unwrap();
    assert!(Permissions::read(&of_host).is_ok(), "what a host's own interfaces are asked with");
}
