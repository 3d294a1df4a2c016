//! One component on all processors: several instances behind one mailbox.

use airssys_wasm::Runtime;

#[path = "support/mod.rs"]
mod support;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = Runtime::builder().cache(support::cache()).build()?;
    let compiled = runtime.compile(support::guest()).await?;
    let component = runtime.start(&compiled).replicas(2).await?;

    // Each call runs in the task that makes it, with whichever instance is free.
    let calls = (0..10).map(|number| {
        let component = component.clone();
        tokio::spawn(async move { component.call("echo", number.to_string()).await })
    });
    for (number, call) in calls.collect::<Vec<_>>().into_iter().enumerate() {
        assert_eq!(call.await??, number.to_string().into_bytes());
    }
    // An instance that dies takes nothing along but its own memory.
    component.call("trap", "").await.unwrap_err();
    component.call("echo", "still here").await?;
    println!("{:?}", component.stats());
    assert_eq!((component.replicas(), component.stats().traps), (2, 1));
    Ok(())
}

#[test]
fn it_runs() {
    main().unwrap();
}
