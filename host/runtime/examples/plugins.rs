//! A host with plug-ins: every component of a folder is loaded, and each is asked the same.
//!
//! `cargo run --example plugins -- FOLDER`, where the components of the folder have an operation `echo`.

use std::path::Path;

use airssys_wasm::{Error, Runtime};

#[path = "support/mod.rs"]
mod support;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // As a test it has no folder, and makes one.
    let given = std::env::args_os().nth(1).filter(|_| !cfg!(test));
    let own = support::folder_with_components(&["one", "two"])?;
    let folder = given.as_deref().map_or(own.path(), Path::new);

    let runtime = Runtime::builder().cache(support::cache()).build()?;
    for entry in std::fs::read_dir(folder)? {
        let file = entry?.path();
        if file.extension().is_some_and(|end| end == "wasm") {
            // A plug-in that is broken is no reason not to load the others.
            let name = file.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
            let id = format!("plugins/{name}@1.0.0").parse()?;
            match runtime.start(file.as_path()).id(id).await {
                Ok(component) => println!("loaded {}", component.id()),
                Err(error) => eprintln!("{}: {error} ({})", file.display(), error.code()),
            }
        }
    }
    for plugin in runtime.components() {
        match plugin.call("echo", "hello").await {
            Ok(output) => println!("{}: {}", plugin.id(), String::from_utf8_lossy(&output)),
            Err(Error::Guest(error)) => println!("{} says: {}", plugin.id(), error.failure),
            Err(error) => eprintln!("{}: {error}", plugin.id()),
        }
    }
    assert!(given.is_some() || runtime.components().len() == 2, "both are there");
    Ok(())
}

#[test]
fn it_runs() {
    main().unwrap();
}
