//! A component that is called while strangers' files are loaded.

use airssys_wasm::{CacheFolder, Component, Runtime, RuntimeConfig, Start};

use super::component::{Place, component};
use super::{crafted, dwarf, names};
use crate::guests::Guest;
use crate::test_bed::beside;
use crate::{ALONE, waited};

/// A component that is about to be started under a name.
fn named(runtime: &Runtime, bytes: Vec<u8>, name: &str) -> Start {
    runtime.start(bytes).id(format!("test/{name}@1.0.0").parse().expect("an id"))
}

/// Loads a file, and runs it if it loads.
async fn meet(runtime: &Runtime, bytes: Vec<u8>) -> &'static str {
    let component: Component = match named(runtime, bytes, "stranger").await {
        Ok(component) => component,
        Err(error) => return error.code(),
    };
    let outcome = component.call("die", "").await.map_or_else(|error| error.code(), |_| "runs");
    component.shutdown().await.expect("it shuts down");
    outcome
}

#[test]
fn no_file_holds_up_a_bystander() {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let crafted = crafted::files().into_iter().map(|(what, make, _)| (what.to_owned(), make));
    let named_so = names::names().into_iter().map(|(what, name, _)| {
        let make: crafted::Make = Box::new(move || component(&name, Place::Execute));
        (format!("a function with a name of {what}"), make)
    });
    let debugged = [("nested", dwarf::inlined(200_000)), ("shared", dwarf::files(20_000, 20_000))];
    let debugged = debugged.into_iter().map(|(what, sections)| {
        let make: crafted::Make = Box::new(move || super::component::debugged(Place::Execute, &sections));
        (format!("debug information that is {what}"), make)
    });
    let mut config = RuntimeConfig::default();
    config.cache = CacheFolder::Disabled;
    config.max_instances = 4;
    // One thread for everything: what holds it up holds up the bystander.
    let thread = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("threads");
    thread.block_on(async {
        let runtime = Runtime::new(config).expect("the machine has an engine");
        // It is called as often as there is time for, so it is one that frees what it is given.
        let bystander = named(&runtime, Guest::C.component(), "bystander").await.expect("it loads");
        let ask = async |_| drop(bystander.call("echo", "").await.expect("the bystander answers"));
        println!("\n| file | what happened |\n|---|---|");
        for (what, make) in crafted.chain(named_so).chain(debugged) {
            let bytes = make();
            let (outcome, times) = beside(ask, &what, meet(&runtime, bytes)).await;
            println!("| {what} | {outcome}; the bystander answered {} |", waited(&what, times));
        }
        bystander.shutdown().await.expect("it shuts down");
    });
}
