//! The smallest component of every language, and what grew out of it.

use airssys_wasm::{Mount, Runtime, RuntimeConfig};

use crate::example::{all, answered, text};

#[tokio::test(flavor = "multi_thread")]
async fn hello_greets() {
    let runtime = Runtime::new(RuntimeConfig::default()).expect("a runtime");
    for example in all("hello").into_iter().chain(all("hello-typescript")) {
        let folder = tempfile::tempdir().expect("a folder");
        let mount = Mount::writable("/data", folder.path());
        let component = example.load_with(&runtime, |start| start.mount(mount).grant(example.declared())).await;
        let greeting = text(&component, "greet", "Wörld 🦀").await.expect("it greets");
        assert_eq!(greeting, "Hello, Wörld 🦀!", "{example:?}");
        let unknown = text(&component, "gret", "World").await.expect_err("there is no such operation");
        assert_eq!(answered(&unknown).0, "unknown-operation", "{example:?}");
        runtime.unload(component.id()).await.expect("unloaded");
    }
}
