//! A component that ends: what waits is finished first, as far as the time goes.

use std::time::Duration;

use airssys_wasm::Runtime;

#[path = "support/mod.rs"]
mod support;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = Runtime::builder().cache(support::cache()).shutdown_grace(Duration::from_millis(200)).build()?;
    let compiled = runtime.compile(support::guest()).await?;

    let patient = runtime.start(&compiled).await?;
    let sender = "test/sender@1.0.0".parse()?;
    for _ in 0..10 {
        patient.send_message(&sender, "before the end")?;
    }
    patient.shutdown().await?;
    assert_eq!(patient.stats().messages, 10, "each was handled");
    assert_eq!(patient.call("echo", "").await.unwrap_err().code(), "component-gone");

    // A guest that does not end is ended.
    let busy = runtime.start(&compiled).await?;
    let call = tokio::spawn({
        let busy = busy.clone();
        async move { busy.call("spin", "").await }
    });
    // The guest runs as soon as the call has a turn.
    tokio::task::yield_now().await;
    assert_eq!(busy.shutdown().await.unwrap_err().code(), "timeout");
    println!("{}", call.await?.unwrap_err());
    assert_eq!(runtime.usage().instances, 0);
    Ok(())
}

#[test]
fn it_runs() {
    main().unwrap();
}
