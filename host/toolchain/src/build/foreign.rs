//! Functions that a Rust module expects from somewhere else than a host of components: JavaScript, or a library in C.

use std::path::Path;

use super::BuildError;
use super::cargo_settings::cargo;
use super::job::Job;
use crate::component;
use crate::error::Error;
use crate::pins::Pins;
use crate::progress::Silent;

/// The crate through which others call JavaScript.
const BINDGEN: &str = "wasm-bindgen";

/// Crates that only pass on what it does.
const ITS_OWN: &[&str] = &[BINDGEN, "js-sys", "web-sys", "wasm-bindgen-futures", "serde-wasm-bindgen", "gloo-utils"];

/// Refuses a module with such imports, and names the crate that they come from.
pub(super) fn check(job: &Job<'_>, core: &[u8]) -> Result<(), Error> {
    let imports = component::foreign_imports(core)?;
    if imports.is_empty() {
        return Ok(());
    }
    let from_javascript = |name: &String| name.starts_with("__wbindgen") || name.starts_with("wbg.");
    let javascript = imports.iter().any(from_javascript);
    let fix = match javascript {
        true => called_by(&job.project.source).map_or_else(javascript_fix, |caller| caller.fix()),
        false if imports.iter().any(|name| name.contains("getrandom")) => {
            "random numbers come from the host with wasi = true in [build] of Component.toml".to_owned()
        }
        false => "no crate defines these functions: link the library that does, or write wasi = true in [build] of \
                  Component.toml if they are of the C library"
            .to_owned(),
    };
    Err(BuildError::Foreign { imports, javascript, fix }.into())
}

fn javascript_fix() -> String {
    format!(
        "cargo tree --target {} --invert {BINDGEN} shows which crate calls JavaScript: leave out its feature for that, or write \
         wasi = true in [build] of Component.toml, with which clocks and random numbers come from the host",
        Pins::get().rust.target
    )
}

/// A crate that calls JavaScript.
#[derive(Debug, PartialEq, Eq)]
struct Caller {
    name: String,
    /// The feature with which it does, the one nearest to its users.
    feature: Option<String>,
    /// Whether that is one of those that are on by default.
    by_default: bool,
}

impl Caller {
    fn fix(&self) -> String {
        let Caller { name, feature, by_default } = self;
        let leave_out = match (feature, by_default) {
            (Some(feature), true) => format!(
                "{name} calls JavaScript by its feature {feature}, which is on by default: depend on it with default-features = \
                 false and the features that you need"
            ),
            (Some(feature), false) => format!("{name} calls JavaScript by its feature {feature}: leave that out"),
            (None, _) => format!("{name} calls JavaScript: depend on another crate"),
        };
        format!(
            "{leave_out}; or write wasi = true in [build] of Component.toml, with which clocks and random numbers come from the \
             host"
        )
    }
}

/// The first crate that uses [`BINDGEN`] and is none of [`ITS_OWN`], as cargo tells.
fn called_by(folder: &Path) -> Option<Caller> {
    let tree = cargo("cargo tree")
        .args(["tree", "--target", &Pins::get().rust.target, "--edges", "normal,features", "--prefix", "depth"])
        .args(["--invert", BINDGEN, "--offline"])
        .folder(folder)
        .run(&Silent)
        .ok()?;
    caller(&tree)
}

/// The caller in what cargo prints: lines with their depth, each with a package, or a feature of one.
fn caller(tree: &str) -> Option<Caller> {
    let mut lines = tree.lines().filter_map(|line| {
        let line = line.trim_end_matches(" (*)");
        let digits = line.find(|c: char| !c.is_ascii_digit())?;
        let (depth, rest) = line.split_at(digits);
        let name = rest.split_whitespace().next()?;
        let feature = rest.split_once(" feature \"").map(|(_, feature)| feature.trim_end_matches('"'));
        Some((depth.parse::<u32>().ok()?, name, feature))
    });
    let (depth, name, _) = lines.find(|(_, name, _)| !ITS_OWN.contains(name))?;
    let features: Vec<&str> =
        lines.take_while(|(at, of, _)| *at > depth && *of == name).filter_map(|(_, _, feature)| feature).collect();
    Some(Caller {
        name: name.to_owned(),
        feature: features.iter().rfind(|feature| **feature != "default").map(|feature| (*feature).to_owned()),
        by_default: features.contains(&"default"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crate_that_calls_javascript_is_named_with_its_feature() {
        let chrono = "0wasm-bindgen v0.2.100\n1js-sys v0.3.77\n2js-sys feature \"default\"\n3chrono v0.4.41\n\
                      4chrono feature \"js-sys\"\n5chrono feature \"wasmbind\"\n6chrono feature \"default\"\n\
                      7x v0.1.0 (/x)\n1wasm-bindgen feature \"default\"\n";
        let found = caller(chrono).unwrap();
        assert_eq!(found, Caller { name: "chrono".into(), feature: Some("wasmbind".into()), by_default: true });
        assert!(found.fix().contains("default-features = false") && found.fix().contains("wasi = true"));
        let uuid = "0wasm-bindgen v0.2.100\n1wasm-bindgen feature \"default\"\n2uuid v1.16.0\n3uuid feature \"js\"\n\
                    4x v0.1.0 (/x)\n";
        assert_eq!(caller(uuid), Some(Caller { name: "uuid".into(), feature: Some("js".into()), by_default: false }));
        assert_eq!(caller("0wasm-bindgen v0.2.100\n"), None);
    }
}
