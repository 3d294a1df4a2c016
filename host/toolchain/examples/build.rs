//! Builds a component with the library: `build COMPONENT_TOML OUT.wasm`, or writes bindings: `build gen LANGUAGE WORLD FOLDER`.

use std::path::Path;
use std::process::ExitCode;

use airssys_wasm_toolchain::{BuildRequest, Cache, Error, Event, bindings, build};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["gen", language, world, folder] => match language.parse() {
            Ok(language) => bindings::generate(language, world, Path::new(folder)).map_err(Error::from),
            Err(error) => {
                eprintln!("{error}");
                return ExitCode::from(2);
            }
        },
        [manifest, out] => component(manifest, out),
        _ => {
            eprintln!("usage: build COMPONENT_TOML OUT.wasm | build gen LANGUAGE WORLD FOLDER");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            let mut cause = std::error::Error::source(&error);
            while let Some(error) = cause {
                eprintln!("  caused by: {error}");
                cause = error.source();
            }
            if let Some(help) = error.help() {
                eprintln!("  help: {help}");
            }
            ExitCode::FAILURE
        }
    }
}

fn component(manifest: &str, out: &str) -> Result<(), Error> {
    let mut request = BuildRequest::new(manifest);
    request.out = Some(out.into());
    let progress = |event: Event<'_>| {
        if let Event::Step(step) = event {
            eprintln!("{step}");
        }
    };
    let built = build(&request, &Cache::open(None)?, &progress)?;
    let origin = if built.cached { "from the cache" } else { "built" };
    eprintln!("{origin} in {:.1} s, {} bytes, world {}", built.duration.as_secs_f64(), built.bytes, built.world);
    println!("{}", built.component.display());
    Ok(())
}
