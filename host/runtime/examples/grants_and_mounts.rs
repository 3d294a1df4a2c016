//! What a component may do: what it declares, what the host grants, and the folders that it sees.

use airssys_wasm::policy::Permissions;
use airssys_wasm::{Mount, Runtime};

#[path = "support/mod.rs"]
mod support;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let data = tempfile::tempdir()?;
    let runtime = Runtime::builder()
        .cache(support::cache())
        // For all components, unless one is started with others.
        .grant(Permissions::parse(r#"messaging = [{ target = "test/*" }]"#, "grants.toml")?)
        .build()?;
    let compiled = runtime.compile(support::guest()).await?;
    println!("{} declares: {:?}", compiled.id(), compiled.manifest().permissions);

    let sender = runtime
        .start(&compiled)
        .id("test/sender@1.0.0".parse()?)
        .declare(Permissions::parse(r#"messaging = [{ target = "test/target" }]"#, "declared.toml")?)
        .mount(Mount::read_only("/data", data.path()))
        .await?;
    let target = runtime.start(&compiled).id("test/target@1.0.0".parse()?).await?;

    // Declared and granted.
    sender.call("send", "target").await?;
    assert_eq!(target.call("seen", "").await?, b"i:\nm:ping\n");

    // Granted, and not declared: the error says what would allow it.
    let error = sender.call("refused", "stranger").await.unwrap_err();
    println!("{error}\n{}", error.hint().unwrap_or_default());
    assert_eq!(error.refusals().len(), 1);
    Ok(())
}

#[test]
fn it_runs() {
    main().unwrap();
}
