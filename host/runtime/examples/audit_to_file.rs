//! Every decision about permissions, as lines of JSON in a file.

use std::sync::Arc;

use airssys_wasm::Runtime;
use airssys_wasm::records::RecordFile;

#[path = "support/mod.rs"]
mod support;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("audit.jsonl");
    let audit = Arc::new(RecordFile::append(&file)?);
    let runtime = Runtime::builder().cache(support::cache()).audit(audit.clone()).build()?;
    let component = runtime.start(support::guest()).await?;
    component.call("refused", "somebody").await.unwrap_err();
    component.shutdown().await?;
    // The last one to let go of the file waits until everything is in it.
    drop((component, runtime, audit));

    let lines = std::fs::read_to_string(&file)?;
    print!("{lines}");
    let record: serde_json::Value = serde_json::from_str(lines.lines().next().ok_or("there is a line")?)?;
    assert_eq!(record["operation"], "core/host-services.send-message");
    Ok(())
}

#[test]
fn it_runs() {
    main().unwrap();
}
