//! What permissions for an embedder's interfaces allow, and what is said of those that do not fit.

use crate::{Access, FieldDescription, InterfaceDescription, InterfaceField, Permissions};

fn query(database: &str, table: &str) -> Access {
    Access::Interface {
        package: "acme:database".to_owned(),
        action: "query".to_owned(),
        fields: vec![InterfaceField::name("database", database), InterfaceField::name("table", table)],
    }
}

fn permissions(text: &str) -> Permissions {
    Permissions::parse(text, "grants.toml").unwrap_or_else(|errors| panic!("{errors}"))
}

#[test]
fn an_action_is_covered_when_each_field_is() {
    let allowed = permissions(r#""acme:database" = [{ action = "query", database = "orders", table = "c*" }]"#);
    assert!(allowed.cover(&query("orders", "customers")));
    assert!(!allowed.cover(&query("orders", "invoices")));
    assert!(!allowed.cover(&query("other", "customers")));
    let Access::Interface { package, fields, .. } = query("orders", "customers") else { unreachable!() };
    let asked = |package: &str, action: &str, fields: &[InterfaceField]| {
        let (package, action, fields) = (package.to_owned(), action.to_owned(), fields.to_vec());
        allowed.cover(&Access::Interface { package, action, fields })
    };
    assert!(asked(&package, "query", &fields));
    assert!(!asked(&package, "change", &fields), "another action");
    assert!(!asked("acme:databases", "query", &fields), "another package");
    assert!(!asked(&package, "query", &fields[..1]), "a field that is not asked about");
    assert!(!asked(&package, "query", &[]), "nothing asked about");
    let [database, table] = [fields[0].clone(), fields[1].clone()];
    assert!(!asked(&package, "query", &[database.clone(), table.clone(), InterfaceField::name("row", "1")]));
    assert!(!asked(&package, "query", &[table.clone(), table]), "a field in the place of another");
    assert!(!asked(&package, "query", &[database, InterfaceField::path("table", "customers")]), "another kind");
}

#[test]
fn a_field_that_is_not_written_covers_nothing() {
    for text in [
        r#""acme:database" = [{ action = "query" }]"#,
        r#""acme:database" = [{ action = "query", database = "*" }]"#,
        r#""acme:database" = [{ action = "query", database = "*", table = "*", row = "*" }]"#,
        r#""acme:database" = []"#,
    ] {
        assert!(!permissions(text).cover(&query("orders", "customers")), "{text}");
    }
    let all = permissions(r#""acme:database" = [{ action = "query", database = "*", table = "*" }]"#);
    assert!(all.cover(&query("orders", "customers")));
}

#[test]
fn the_kind_of_a_field_says_how_its_pattern_is_read() {
    let allowed =
        permissions(r#""acme:store" = [{ action = "put", at = "/data/*" }, { action = "put", at = "*.example.com" }]"#);
    let put = |field: InterfaceField| {
        allowed.cover(&Access::Interface { package: "acme:store".into(), action: "put".into(), fields: vec![field] })
    };
    assert!(put(InterfaceField::path("at", "/data/a")));
    assert!(!put(InterfaceField::path("at", "/data/a/b")), "a star ends at the segment");
    assert!(!put(InterfaceField::path("at", "/data/../etc")), "a path that is not resolved");
    assert!(put(InterfaceField::name("at", "/data/a/b")), "a name has no segments");
    assert!(put(InterfaceField::host("at", "API.example.com")));
    assert!(!put(InterfaceField::host("at", "example.com")));
    let far = permissions(r#""acme:store" = [{ action = "put", at = "*" }]"#);
    for (host, expected) in [("api.example.com", true), ("93.184.216.14", true), ("127.0.0.1", false), ("a b", false)] {
        let fields = vec![InterfaceField::host("at", host)];
        let access = Access::Interface { package: "acme:store".into(), action: "put".into(), fields };
        assert_eq!(far.cover(&access), expected, "{host}");
    }
}

#[test]
fn the_missing_line_covers_what_it_is_for_and_survives_being_written() {
    for name in ["customers", "a\"b", "größe 🦀", "x\u{202e}y", "a*b", "[x]", "{", "a=b", "\n", "\\"] {
        let access = query("orders", name);
        let line = Permissions::covering(&access).expect(name).to_string();
        assert!(permissions(&line).cover(&access), "{line}");
        assert!(!permissions(&line).cover(&query("orders", "another")), "{line}");
    }
    assert_eq!(
        Permissions::covering(&query("orders", "customers")).unwrap().to_string(),
        r#""acme:database" = [{ action = "query", database = "orders", table = "customers" }]"#
    );
    assert_eq!(Permissions::covering(&query("orders", "")), None);
    assert_eq!(Permissions::covering(&query("orders", &"x".repeat(257))), None);
    let nameless = Access::Interface { package: "wasi:io".into(), action: "query".into(), fields: Vec::new() };
    assert_eq!(Permissions::covering(&nameless), None);
}

#[test]
fn a_resource_shows_each_value_as_one() {
    assert_eq!(query("orders", "customers").resource(), "database=orders table=customers");
    assert_eq!(query("orders table=x", "").resource(), r#"database="orders table=x" table="""#);
    assert_eq!(query("orders", "customers").action(), "acme:database.query");
}

fn described() -> Vec<InterfaceDescription> {
    vec![
        InterfaceDescription::of("acme:database".parse().unwrap())
            .action("query", [FieldDescription::name("database"), FieldDescription::name("table")])
            .action("back-up", [FieldDescription::path("to")]),
    ]
}

#[test]
fn a_description_has_names_that_permissions_can_have() {
    let of = || InterfaceDescription::of("acme:database".parse().unwrap());
    assert!(described()[0].validate().is_ok() && of().validate().is_ok());
    let many = |count: usize| (0..count).map(|index| FieldDescription::host(format!("f{index}"))).collect::<Vec<_>>();
    assert!(of().action("query", many(8)).validate().is_ok());
    for (wrong, problem) in [
        (of().action("query", many(9)), "more than 8 fields"),
        (of().action("Query", []), "character other than a-z, 0-9 and `-` in action \"Query\""),
        (of().action("query", []).action("query", []), "action \"query\" is described twice"),
        (of().action("query", [FieldDescription::name("action")]), "a field cannot be called `action`"),
        (
            of().action("query", [FieldDescription::name("t"), FieldDescription::path("t")]),
            "field \"t\" is described twice",
        ),
    ] {
        assert_eq!(wrong.validate().unwrap_err().problem, problem);
    }
}

#[test]
fn permissions_are_compared_with_what_the_embedder_has() {
    let problems =
        |text: &str| -> Vec<String> { permissions(text).check(&described()).iter().map(ToString::to_string).collect() };
    assert!(problems(r#"filesystem = [{ action = "read", path = "/a" }]"#).is_empty());
    let right = r#""acme:database" = [{ action = "query", database = "orders", table = "*" }, { action = "back-up", to = "/a/**" }]"#;
    assert!(problems(right).is_empty());
    for (text, expected) in [
        (
            r#""acme:database" = [{ action = "qeury", database = "orders", table = "*" }]"#,
            r#""acme:database"[0].action: unknown action "qeury" (help: did you mean `query`?)"#,
        ),
        (
            r#""acme:databases" = [{ action = "query", database = "orders", table = "*" }]"#,
            r#""acme:databases": this host has no interface that asks for it (help: did you mean `acme:database`?)"#,
        ),
        (
            r#""acme:database" = [{ action = "query", database = "orders" }]"#,
            r#""acme:database"[0].table: missing (help: write table = "*" for every name)"#,
        ),
        (
            r#""acme:database" = [{ action = "back-up", to = "/a/" }]"#,
            r#""acme:database"[0].to: empty segment in path pattern "/a/" (help: write single slashes and none at the end, or `/**` for all that is below)"#,
        ),
    ] {
        assert_eq!(problems(text), [expected], "{text}");
    }
    let slip = r#""acme:database" = [{ action = "query", database = "orders", tabel = "x" }]"#;
    assert_eq!(
        problems(slip),
        [
            r#""acme:database"[0].tabel: unknown field (help: did you mean `table`?)"#,
            r#""acme:database"[0].table: missing (help: write table = "*" for every name)"#,
        ]
    );
}

#[test]
fn a_description_is_the_same_in_json() {
    let json = serde_json::to_string(&described()).unwrap();
    assert!(json.contains(r#"{"name":"to","kind":"path"}"#), "{json}");
    assert_eq!(serde_json::from_str::<Vec<InterfaceDescription>>(&json).unwrap(), described());
    assert!(serde_json::from_str::<Vec<InterfaceDescription>>(r#"[{"package":"wasi:io","actions":[]}]"#).is_err());
}
