//! Two hosts with interfaces of their own, and a guest of every language that calls both.

use std::path::Path;
use std::time::Duration;

use airssys_wasm::policy::{Engine, Permissions};
use airssys_wasm::{CacheFolder, CallOptions, Component, Error, Runtime};
use airssys_wasm_example_database::Database;
use airssys_wasm_example_model::Models;
use serde_json::{Value, json};

use crate::example::{Example, guests};

/// The database of the shop.
fn shop(folder: &Path) {
    let shop = rusqlite::Connection::open(folder.join("orders.db")).expect("a database");
    let tables = "CREATE TABLE customers (name TEXT, since REAL); CREATE TABLE invoices (total REAL); \
                  CREATE TABLE salaries (amount REAL); \
                  INSERT INTO customers VALUES ('Ada', 1815), ('Grace', 1906); INSERT INTO invoices VALUES (12.5);";
    shop.execute_batch(tables).expect("SQL");
}

/// Each guest, and each engine that its language has.
fn each(name: &str) -> Vec<(Example, Option<Engine>)> {
    let engines = |guest: &Example| match guest.language.as_str() {
        "js" => vec![Some(Engine::Starlingmonkey), Some(Engine::Quickjs)],
        _ => vec![None],
    };
    guests(name)
        .into_iter()
        .flat_map(|guest| engines(&guest).into_iter().map(move |engine| (guest.clone(), engine)))
        .collect()
}

async fn start(runtime: &Runtime, guest: &Example, engine: Option<Engine>, granted: &str, number: usize) -> Component {
    let file = guest.built_for(engine);
    let granted = Permissions::parse(granted, "grants.toml").expect("permissions");
    let id = format!("test/guest-{number}@1.0.0").parse().expect("an id");
    runtime
        .start(file.as_path())
        .id(id)
        .grant(granted)
        .max_execution_time(Duration::from_secs(20))
        .await
        .expect("it starts")
}

async fn ask(component: &Component, operation: &str, input: Value) -> Value {
    let output = component.call(operation, input.to_string()).await.expect("it answers");
    serde_json::from_slice(&output).expect("JSON")
}

#[tokio::test]
async fn a_guest_of_every_language_asks_a_database_of_the_host_and_is_refused_other_tables() {
    let folder = tempfile::tempdir().unwrap();
    shop(folder.path());
    let runtime = host(folder.path());
    let granted = r#""acme:database" = [{ action = "query", database = "orders", table = "customers" }]"#;
    for (number, (guest, engine)) in each("database").into_iter().enumerate() {
        let component = start(&runtime, &guest, engine, granted, number).await;
        let query = |sql: &str| json!({ "database": "orders", "sql": sql, "parameters": [1900] });
        let rows = ask(&component, "query", query("SELECT name, since FROM customers WHERE since < ?")).await;
        assert_eq!(
            (rows.as_array().map(Vec::len), &rows[0][0], rows[0][1].as_f64()),
            (Some(1), &json!("Ada"), Some(1815.0)),
            "{guest:?}"
        );

        for (sql, missing) in [
            // Declared, and not granted; neither; and nobody's to read through a file of another name.
            (
                "SELECT total FROM invoices WHERE total > ?",
                r#""acme:database" = [{ action = "query", database = "orders", table = "invoices" }]"#,
            ),
            (
                "SELECT amount FROM salaries WHERE amount > ?",
                r#""acme:database" = [{ action = "query", database = "orders", table = "salaries" }]"#,
            ),
            (
                "DELETE FROM customers WHERE since > ?",
                r#""acme:database" = [{ action = "change", database = "orders", table = "customers" }]"#,
            ),
        ] {
            let refused = ask(&component, "query", query(sql)).await;
            assert_eq!(refused["error"]["code"], "permission-denied", "{guest:?} {sql}: {refused}");
            assert_eq!(refused["error"]["missing"], missing, "{guest:?} {sql}");
        }
        for sql in ["ATTACH ? AS other", "PRAGMA table_info(customers)", "SELECT load_extension(?)"] {
            let refused = ask(&component, "query", query(sql)).await;
            assert_eq!(refused["error"]["code"], "invalid-sql", "{guest:?} {sql}: {refused}");
        }
        let elsewhere = json!({ "database": "../orders", "sql": "SELECT 1", "parameters": [] });
        let refused = ask(&component, "query", elsewhere).await;
        assert_eq!(refused["error"]["code"], "permission-denied", "{guest:?}: {refused}");
    }
}

/// A host with the databases of this folder.
fn host(folder: &Path) -> Runtime {
    Runtime::builder().cache(CacheFolder::Disabled).host_interface(Database::at(folder)).build().expect("a host")
}

/// A guest that may ask for everything it declares.
async fn asking_in_rust(runtime: &Runtime) -> Component {
    let guest = guests("database").into_iter().find(|guest| guest.language == "rust").expect("a guest in Rust");
    runtime.start(guest.built_for(None)).grant_declared().await.expect("it starts")
}

/// Two rows beside each other, so often.
fn beside_each_other(times: usize) -> String {
    let tables: Vec<String> = (0..times).map(|number| format!("customers AS c{number}")).collect();
    tables.join(", ")
}

#[tokio::test]
async fn a_query_without_end_ends_with_the_call() {
    let folder = tempfile::tempdir().unwrap();
    shop(folder.path());
    let runtime = host(folder.path());
    let component = asking_in_rust(&runtime).await;
    // More than a quadrillion rows.
    let sql = format!("SELECT count(c0.name) FROM {}", beside_each_other(50));
    let input = json!({ "database": "orders", "sql": sql, "parameters": [] }).to_string();
    // More often than there are places for work that blocks: each is free again.
    for _ in 0..6 {
        let mut options = CallOptions::default();
        options.timeout = Some(Duration::from_millis(500));
        let error = component.call_with("query", &input, options).await.unwrap_err();
        assert!(matches!(error, Error::Limit(_)), "{error}");
    }
}

#[tokio::test]
async fn a_query_that_has_to_keep_too_much_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    shop(folder.path());
    let runtime = host(folder.path());
    let component = asking_in_rust(&runtime).await;
    // More than a billion rows, which are sorted before the first one comes.
    let sql = format!("SELECT c0.name FROM {} ORDER BY c0.since + c1.since", beside_each_other(30));
    let answer = ask(&component, "query", json!({ "database": "orders", "sql": sql, "parameters": [] })).await;
    assert_eq!(answer["error"]["code"], "too-large", "{answer}");
}

#[tokio::test]
async fn a_guest_of_every_language_asks_a_model_of_the_host_and_is_refused_without_a_permission() {
    let models = Models::train().expect("it is trained");
    let runtime = Runtime::builder().cache(CacheFolder::Disabled).host_interface(models).build().unwrap();
    let granted = r#""acme:model" = [{ action = "infer", model = "iris" }]"#;
    for (number, (guest, engine)) in each("model").into_iter().enumerate() {
        let component = start(&runtime, &guest, engine, granted, number).await;
        let question = |features: &[f64]| json!({ "model": "iris", "features": features });
        let answer = ask(&component, "infer", question(&[5.1, 3.5, 1.4, 0.2])).await;
        let probabilities: Vec<f64> = serde_json::from_value(answer).unwrap();
        assert_eq!(probabilities.len(), 3, "{guest:?}");
        assert!(probabilities[0] > 0.9, "{guest:?} takes it for the first kind: {probabilities:?}");
        let wrong = ask(&component, "infer", question(&[1.0])).await;
        assert_eq!(wrong["error"]["code"], "invalid-input", "{guest:?}");

        let bare = start(&runtime, &guest, engine, "", 100 + number).await;
        let refused = ask(&bare, "infer", question(&[5.1, 3.5, 1.4, 0.2])).await;
        assert_eq!(refused["error"]["code"], "permission-denied", "{guest:?}: {refused}");
        assert_eq!(
            refused["error"]["missing"], r#""acme:model" = [{ action = "infer", model = "iris" }]"#,
            "{guest:?}"
        );
    }
}
