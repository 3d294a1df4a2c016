//! What is decided, and what a refusal says.

use std::net::IpAddr;
use std::sync::Mutex;

use super::*;
use crate::{FilesystemAction, InterfaceField, is_non_public_address};

#[derive(Default)]
struct Kept(Mutex<Vec<AuditRecord>>);

impl AuditSink for Kept {
    fn record(&self, record: AuditRecord) {
        self.0.lock().unwrap().push(record);
    }
}

const OPEN: Operation = Operation("ext-filesystem/files.open");

fn gate(declared: &str, granted: &str) -> (Gate, Arc<Kept>) {
    let kept = Arc::new(Kept::default());
    let permissions = |text| Permissions::parse(text, "Component.toml").unwrap();
    let component = "acme/hello@1.2.0".parse().unwrap();
    (Gate::new(component, permissions(declared), permissions(granted), kept.clone()), kept)
}

fn read(path: &str) -> Access {
    Access::Filesystem { action: FilesystemAction::Read, path: path.to_owned() }
}

#[test]
fn only_what_is_declared_and_granted_passes() {
    let narrow = r#"filesystem = [{ action = "read", path = "/data/public/**" }]"#;
    let wide = r#"filesystem = [{ action = "read", path = "/data/**" }]"#;
    for (declared, granted, path, expected) in [
        (wide, wide, "/data/a", None),
        (wide, narrow, "/data/public/a", None),
        (narrow, wide, "/data/public/a", None),
        (wide, narrow, "/data/a", Some(Layer::Host)),
        (narrow, wide, "/data/a", Some(Layer::Manifest)),
        (wide, "", "/data/a", Some(Layer::Host)),
        ("", wide, "/data/a", Some(Layer::Manifest)),
        ("", "", "/data/a", Some(Layer::Manifest)),
        (wide, wide, "/data/../data/a", Some(Layer::Manifest)),
    ] {
        let (gate, _) = gate(declared, granted);
        assert_eq!(gate.allows(&read(path)), expected.is_none());
        match gate.authorize(OPEN, read(path)) {
            Ok(permit) => {
                assert_eq!(expected, None, "{path}");
                assert_eq!((permit.operation(), permit.access()), (OPEN, &read(path)));
            }
            Err(denial) => assert_eq!(Some(denial.layer), expected, "{path}"),
        }
    }
}

#[test]
fn permissions_do_not_add_up_across_layers() {
    let declared = r#"network = [{ action = "outbound", host = "*.example.com" }]"#;
    let granted = r#"network = [{ action = "outbound", host = "10.0.0.0/8" }, { action = "outbound", host = "*" }]"#;
    let (gate, _) = gate(declared, granted);
    let connect = |address: &str| Access::Network {
        action: NetworkAction::Outbound,
        host: "db.example.com".to_owned(),
        port: Some(5432),
        address: Some(address.parse().unwrap()),
    };
    assert!(gate.allows(&connect("93.184.215.14")));
    assert!(!gate.allows(&connect("10.0.0.1")));
}

struct Block(&'static str);

impl Surroundings for Block {
    fn include(&self, address: IpAddr) -> bool {
        assert!(!is_non_public_address(address), "what needs no question");
        self.0.parse::<crate::AddressBlock>().unwrap().contains(address)
    }
}

#[test]
fn what_is_around_the_host_takes_a_permission_for_its_address() {
    let near = |permission: &str| {
        let (gate, _) = gate(permission, permission);
        gate.within(Arc::new(Block("93.184.215.0/24")))
    };
    let access = |action: NetworkAction, host: &str, address: Option<&str>| Access::Network {
        action,
        host: host.to_owned(),
        port: Some(80),
        address: address.map(|address| address.parse().unwrap()),
    };
    let connect = |host: &str, address: Option<&str>| access(NetworkAction::Outbound, host, address);
    let outbound = |host: &str| format!(r#"network = [{{ action = "outbound", host = "{host}" }}]"#);
    for name in ["*", "api.example.com", "*.example.com"] {
        let gate = near(&outbound(name));
        assert!(gate.allows(&connect("api.example.com", None)), "{name}: a name leads nowhere yet");
        assert!(gate.allows(&connect("api.example.com", Some("93.184.216.14"))), "{name}");
        for address in ["93.184.215.14", "::ffff:93.184.215.14", "127.0.0.1"] {
            assert!(!gate.allows(&connect("api.example.com", Some(address))), "{name} {address}");
        }
    }
    let star = near(&outbound("*"));
    assert!(!star.allows(&connect("93.184.215.14", None)));
    let denial = star.authorize(OPEN, connect("api.example.com", Some("93.184.215.14"))).unwrap_err();
    assert_eq!(denial.missing, r#"network = [{ action = "outbound", host = "93.184.215.14", port = 80 }]"#);
    for block in ["93.184.215.14", "93.184.215.0/24", "0.0.0.0/0"] {
        let gate = near(&outbound(block));
        assert!(gate.allows(&connect("api.example.com", Some("93.184.215.14"))), "{block}");
        assert!(gate.allows(&connect("93.184.215.14", None)), "{block}");
    }
    // Who listens does so on an address of the machine.
    let listening = near(r#"network = [{ action = "inbound", host = "*" }]"#);
    assert!(listening.allows(&access(NetworkAction::Inbound, "93.184.215.14", None)));
}

#[test]
fn every_decision_is_recorded_and_a_question_is_not() {
    let (gate, kept) = gate(r#"messaging = [{ target = "acme/*" }]"#, r#"messaging = [{ target = "*/*" }]"#);
    let send = Operation("core/host-services.send-message");
    let to = |target: &str| Access::Messaging { target: target.parse().unwrap() };
    assert!(gate.allows(&to("acme/other@1.0.0")));
    assert!(kept.0.lock().unwrap().is_empty());

    let _permit = gate.clone().authorize(send, to("acme/other@1.0.0")).unwrap();
    let denial = gate.authorize(send, to("evil/other@1.0.0")).unwrap_err();
    assert_eq!(denial.missing, r#"messaging = [{ target = "evil/other" }]"#);
    assert_eq!(
        serde_json::to_value(&*kept.0.lock().unwrap()).unwrap(),
        serde_json::json!([
            {
                "component": "acme/hello@1.2.0",
                "operation": "core/host-services.send-message",
                "resource": "acme/other@1.0.0",
                "action": "messaging.send",
                "decision": "allowed",
                "missing": null,
                "layer": null,
            },
            {
                "component": "acme/hello@1.2.0",
                "operation": "core/host-services.send-message",
                "resource": "evil/other@1.0.0",
                "action": "messaging.send",
                "decision": "denied",
                "missing": "messaging = [{ target = \"evil/other\" }]",
                "layer": "manifest",
            },
        ])
    );
}

#[test]
fn a_refusal_is_recorded_whatever_the_permissions_say_and_names_what_is_missing() {
    let all = r#"filesystem = [{ action = "read", path = "/**" }]"#;
    let missing = || MountProblem::Missing { folder: "/data".to_owned(), nearest: None };
    for (declared, granted, layer) in
        [(all, all, Layer::Mount), (all, "", Layer::Host), ("", all, Layer::Manifest), ("", "", Layer::Manifest)]
    {
        let (gate, kept) = gate(declared, granted);
        let denial = gate.refuse(OPEN, &read("/data/a"), missing());
        assert_eq!((denial.layer, &denial.mount), (layer, &Some(Box::new(missing()))));
        assert!(denial.hint().contains("no mount of the host shows /data"), "{}", denial.hint());
        assert_eq!(denial.hint().contains("[permissions]"), layer != Layer::Mount, "{}", denial.hint());
        let records = kept.0.lock().unwrap();
        assert_eq!((records.len(), records[0].decision, records[0].layer), (1, Decision::Denied, Some(layer)));
    }
}

#[test]
fn the_folder_to_mount_is_where_the_declared_permissions_begin() {
    for (declared, path, folder) in [
        ("/data/**", "/data/a/b", "/data"),
        ("/var/lib/app/**", "/var/lib/app/x", "/var/lib/app"),
        ("/data/*.txt", "/data/a.txt", "/data"),
        ("/data/a.txt", "/data/a.txt", "/data"),
        ("/a.txt", "/a.txt", "/"),
        ("/**", "/data/a", "/"),
        ("/other/**", "/data/a/b", "/data"),
        ("/other/**", "/", "/"),
    ] {
        let declared = format!("filesystem = [{{ action = \"read\", path = \"{declared}\" }}]");
        assert_eq!(gate(&declared, "").0.folder_for(path), folder, "{declared} {path}");
    }
}

#[test]
fn a_record_keeps_a_bounded_part_of_what_the_guest_sent() {
    let (gate, kept) = gate("", "");
    let denial = gate.authorize(OPEN, read(&format!("/{}", "é".repeat(64 * 1024)))).unwrap_err();
    assert_eq!(denial.missing, "");
    let records = kept.0.lock().unwrap();
    assert!(records[0].resource.len() <= MAX_RECORDED_BYTES + '…'.len_utf8());
    assert!(records[0].resource.ends_with("é…"));
}

#[test]
fn a_gate_can_be_shared_between_threads() {
    fn shareable<T: Send + Sync + Clone>() {}
    shareable::<Gate>();
}

#[test]
fn an_interface_of_the_embedders_own_takes_both_layers_and_names_the_line_that_is_missing() {
    const QUERY: Operation = Operation("acme:database/client.query");
    let query = |table: &str| Access::Interface {
        package: "acme:database".to_owned(),
        action: "query".to_owned(),
        fields: vec![InterfaceField::name("database", "orders"), InterfaceField::name("table", table)],
    };
    let wide = r#""acme:database" = [{ action = "query", database = "*", table = "*" }]"#;
    let narrow = r#""acme:database" = [{ action = "query", database = "orders", table = "customers" }]"#;
    for (declared, granted, table, layer) in [
        (wide, narrow, "customers", None),
        (wide, narrow, "invoices", Some(Layer::Host)),
        (narrow, wide, "invoices", Some(Layer::Manifest)),
        ("", wide, "customers", Some(Layer::Manifest)),
        (wide, "", "customers", Some(Layer::Host)),
    ] {
        let (gate, kept) = gate(declared, granted);
        let answer = gate.authorize(QUERY, query(table));
        assert_eq!(answer.as_ref().err().map(|denial| denial.layer), layer, "{declared} {granted}");
        let record = kept.0.lock().unwrap().pop().unwrap();
        assert_eq!((&*record.action, &*record.operation), ("acme:database.query", QUERY.0));
        assert_eq!(record.resource, format!("database=orders table={table}"));
        let missing = format!(r#""acme:database" = [{{ action = "query", database = "orders", table = "{table}" }}]"#);
        assert_eq!(record.missing, layer.map(|_| missing.clone()));
        if let Err(denial) = answer {
            assert!(denial.hint().ends_with(&format!("    [permissions]\n    {missing}")), "{}", denial.hint());
        }
    }
}

#[test]
fn a_host_of_an_interface_that_is_around_the_host_takes_a_permission_for_its_address() {
    let fetch = |host: &str| Access::Interface {
        package: "acme:fetch".to_owned(),
        action: "get".to_owned(),
        fields: vec![InterfaceField::host("from", host)],
    };
    let near = |pattern: &str| {
        let text = format!(r#""acme:fetch" = [{{ action = "get", from = "{pattern}" }}]"#);
        gate(&text, &text).0.within(Arc::new(Block("93.184.215.0/24")))
    };
    assert!(near("*").allows(&fetch("93.184.216.14")) && !near("*").allows(&fetch("93.184.215.14")));
    assert!(near("93.184.215.14").allows(&fetch("93.184.215.14")));
    let denial = near("*").authorize(OPEN, fetch("93.184.215.14")).unwrap_err();
    assert_eq!(denial.missing, r#""acme:fetch" = [{ action = "get", from = "93.184.215.14" }]"#);
}
