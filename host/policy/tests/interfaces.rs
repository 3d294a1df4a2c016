//! How Component.toml says which interfaces of a host's own a component imports, and what it may do with them.

use airssys_wasm_policy::{Manifest, Permissions};
use insta::assert_snapshot;

const COMPONENT: &str = "[component]\nname = \"acme/hello\"\nversion = \"0.1.0\"\n";

fn manifest(rest: &str) -> Manifest {
    Manifest::parse(&format!("{COMPONENT}{rest}"), "Component.toml").unwrap_or_else(|errors| panic!("{errors}"))
}

/// The messages for a manifest whose `[component]` is right and whose rest is wrong. The rest starts on line 4.
fn problems(rest: &str) -> String {
    Manifest::parse(&format!("{COMPONENT}{rest}"), "Component.toml").expect_err("it has to be wrong").to_string()
}

#[test]
fn interfaces_and_their_permissions_arrive_unchanged() {
    let found = manifest(
        r#"
[imports]
"acme:database/client@0.1.0" = { wit = "wit/acme-database" }
"acme:database/admin@0.1.0" = { wit = "wit/acme-database" }
"acme:model/inference" = { wit = "wit/acme-model" }

[permissions]
"acme:model" = [{ action = "infer", model = "iris" }]

[[permissions."acme:database"]]
action = "query"
table = "customers"
database = "orders"
"#,
    );
    let imports: Vec<_> = found.imports.iter().map(|import| (import.name.to_string(), import.wit.as_str())).collect();
    assert_eq!(
        imports,
        [
            ("acme:database/client@0.1.0".to_owned(), "wit/acme-database"),
            ("acme:database/admin@0.1.0".to_owned(), "wit/acme-database"),
            ("acme:model/inference".to_owned(), "wit/acme-model"),
        ]
    );
    let lines = r#""acme:database" = [{ action = "query", database = "orders", table = "customers" }]
"acme:model" = [{ action = "infer", model = "iris" }]"#;
    assert_eq!(found.permissions.to_string(), lines);
    assert_eq!(Permissions::parse(lines, "grants.toml").unwrap(), found.permissions);
}

#[test]
fn an_import_has_a_name_and_a_folder_inside_the_project() {
    assert_snapshot!(problems("[imports]\n\"acme:database\" = { wit = \"wit\" }\n"), @r#"Component.toml:5:19: imports."acme:database": no `/` in interface name "acme:database" (help: write `namespace:package/interface@version`, as in "acme:database/client@0.1.0")"#);
    assert_snapshot!(problems("[imports]\n\"acme:database/client@1\" = { wit = \"wit\" }\n"), @r#"Component.toml:5:28: imports."acme:database/client@1": "1" is not a semantic version: unexpected end of input while parsing major version number (help: write "1.0.0")"#);
    assert_snapshot!(problems("[imports]\n\"wasi:clocks/wall-clock@0.2.0\" = { wit = \"wit\" }\n"), @r#"Component.toml:5:34: imports."wasi:clocks/wall-clock@0.2.0": namespace that is taken in package name "wasi:clocks" (help: WASI is not imported by name: it comes with wasi = true in [build], or with the language)"#);
    assert_snapshot!(problems("[imports]\n\"airssys:ext-filesystem/files@1.0.0\" = { wit = \"wit\" }\n"), @r#"Component.toml:5:40: imports."airssys:ext-filesystem/files@1.0.0": namespace that is taken in package name "airssys:ext-filesystem" (help: that package is the contract's own, and no embedder's: it comes with the world)"#);
    assert_snapshot!(problems("[imports]\n\"a:b/c\" = { component = \"acme/codec@^1\" }\n"), @r#"Component.toml:5:25: imports."a:b/c".component: an interface of another component is not supported by this version (help: write { wit = "wit/acme-database" }, with the folder of its WIT; the host provides the interface)"#);
    assert_snapshot!(problems("[imports]\n\"a:b/c\" = {}\n\"a:b/d\" = { wti = \"wit\" }\n"), @r#"
    Component.toml:5:11: imports."a:b/c".wit: missing (help: write wit = "wit/acme-database")
    Component.toml:6:11: imports."a:b/d".wit: missing (help: write wit = "wit/acme-database")
    Component.toml:6:13: imports."a:b/d".wti: unknown key (help: did you mean `wit`?)
    "#);
    assert_snapshot!(problems("[imports]\n\"a:b/c\" = { wit = \"../wit\" }\n\"a:b/d\" = { wit = \"/wit\" }\n\"a:b/e\" = \"wit\"\n"), @r#"
    Component.toml:5:19: imports."a:b/c".wit: `..` in a path: "../wit" (help: it has to stay inside the folder of this file)
    Component.toml:6:19: imports."a:b/d".wit: absolute path: "/wit" (help: write it relative to the folder of this file)
    Component.toml:7:11: imports."a:b/e": expected a table, found a string
    "#);
}

#[test]
fn one_package_has_one_version_and_one_folder() {
    assert_snapshot!(problems("[imports]\n\"a:b/c@0.1.0\" = { wit = \"wit\" }\n\"a:b/d@0.2.0\" = { wit = \"wit\" }\n"), @r#"Component.toml:6:17: imports."a:b/d@0.2.0": another version or folder than that of a:b/c@0.1.0 (help: import the interfaces of one package in one version, from one folder)"#);
    assert_snapshot!(problems("[imports]\n\"a:b/c\" = { wit = \"wit\" }\n\"a:b/d\" = { wit = \"other\" }\n"), @r#"Component.toml:6:11: imports."a:b/d": another version or folder than that of a:b/c (help: import the interfaces of one package in one version, from one folder)"#);
}

#[test]
fn permissions_for_a_package_have_a_form() {
    let with = |line: &str| problems(&format!("[permissions]\n{line}\n"));
    assert_snapshot!(with("\"acme:database/client\" = []"), @r#"Component.toml:5:1: permissions."acme:database/client": interface or version in package name "acme:database/client" (help: write "acme:database")"#);
    assert_snapshot!(with("\"wasi:io\" = []"), @r#"Component.toml:5:1: permissions."wasi:io": namespace that is taken in package name "wasi:io" (help: WASI is not imported by name: it comes with wasi = true in [build], or with the language)"#);
    assert_snapshot!(with("acme-database = []"), @"Component.toml:5:1: permissions.acme-database: unknown key (help: known here: filesystem, network, process, storage, messaging)");
    assert_snapshot!(with("\"a:b\" = { action = \"query\" }"), @r#"Component.toml:5:9: permissions."a:b": expected an array, found a table (help: write [{ … }], even for one)"#);
    assert_snapshot!(with("\"a:b\" = [{ database = \"orders\" }, { action = \"Query\", Table = 1, x = \"[a]\", y = \"\" }]"), @r#"
    Component.toml:5:10: permissions."a:b"[0].action: missing (help: write action = "query")
    Component.toml:5:46: permissions."a:b"[1].action: character other than a-z, 0-9 and `-` in action "Query" (help: write a name as in "query")
    Component.toml:5:63: permissions."a:b"[1].Table: character other than a-z, 0-9 and `-` in field "Table" (help: write a name as in `table`)
    Component.toml:5:63: permissions."a:b"[1].Table: expected a string, found an integer (help: write "1")
    Component.toml:5:70: permissions."a:b"[1].x: `[` in name pattern "[a]" (help: only `*` and `?` are special; write `?` for that one character)
    Component.toml:5:81: permissions."a:b"[1].y: empty name pattern (help: write "*" for every name)
    "#);
    assert_snapshot!(with("\"a:b\" = [{ action = \"query\", t = \"x\" }, { action = \"query\", t = \"x\" }]"), @r#"Component.toml:5:41: permissions."a:b"[1]: the same permission is given on line 5 (help: leave one out)"#);
}

#[test]
fn a_hostile_manifest_has_bounded_imports_and_permissions() {
    let imports: String = (0..33).map(|index| format!("\"a:b{index}/c\" = {{ wit = \"w\" }}\n")).collect();
    assert_snapshot!(problems(&format!("[imports]\n{imports}")), @r#"Component.toml:37:13: imports."a:b32/c": more than 32 interfaces (help: let an interface have more functions)"#);

    let fields = |count: usize| (0..count).map(|index| format!(", f{index} = \"*\"")).collect::<String>();
    let with = |count: usize| format!("[permissions]\n\"a:b\" = [{{ action = \"query\"{} }}]", fields(count));
    assert_eq!(manifest(&with(8)).permissions.interfaces["a:b"][0].fields.len(), 8);
    assert!(problems(&with(9)).contains("more than 8 fields"), "{}", problems(&with(9)));
    assert!(problems(&with(5000)).lines().count() == 1);

    // All packages share the number, and all kinds the bytes of patterns.
    let list = |package: &str, count: usize| {
        let entries: String =
            (0..count).map(|index| format!("{{ action = \"query\", table = \"{index}\" }},")).collect();
        format!("\"{package}\" = [{entries}]\n")
    };
    assert!(Permissions::parse(&format!("{}{}", list("a:b", 1000), list("a:c", 24)), "x").is_ok());
    let errors = Permissions::parse(&format!("{}{}", list("a:b", 1000), list("a:c", 25)), "x").unwrap_err().0;
    assert_eq!((errors.len(), errors[0].key.as_str()), (1, "\"a:c\"[24]"));
    let long: String =
        (0..300).map(|index| format!("{{ action = \"query\", table = \"{}{index}\" }},", "x".repeat(240))).collect();
    let errors = Permissions::parse(&format!("\"a:b\" = [{long}]"), "x").unwrap_err().0;
    assert_eq!(errors[0].problem, "more than 65536 bytes of patterns in all permissions");
}
