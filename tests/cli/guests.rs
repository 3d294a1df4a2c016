//! Components that cost nothing to make: every function traps, or is not there at all.

use std::path::Path;

use airssys_wasm_toolchain::component::{self, Preview1};
use airssys_wasm_toolchain::contract;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// The Component.toml of [`hollow`].
pub const MANIFEST: &str = "[component]\nname = \"acme/hollow\"\nversion = \"0.1.0\"\n";

/// A core module with the lifecycle, without a body.
pub fn core() -> Vec<u8> {
    core_with("", "1.0.0")
}

fn core_with(imports: &str, version: &str) -> Vec<u8> {
    let functions = [
        ("init", "i32"),
        ("execute", "i32"),
        ("handle-message", "i32 i32 i32 i32 i32 i32 i32 i32"),
        ("handle-callback", "i32 i32 i32 i32 i32"),
        ("metadata", ""),
        ("health", ""),
        ("shutdown", ""),
    ];
    let mut text = format!("(module {imports} (memory (export \"memory\") 1)\n");
    text.push_str("(func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) unreachable)\n");
    for (name, parameters) in functions {
        text.push_str(&format!(
            "(func (export \"airssys:core/component-lifecycle@{version}#{name}\") (param {parameters}) (result i32) unreachable)\n"
        ));
    }
    text.push(')');
    wat::parse_str(text).expect("the module's text parses")
}

/// A component of the world `minimal`, with its Component.toml.
pub fn hollow() -> Vec<u8> {
    let component = component::encode(&core(), "minimal", Preview1::Refused).expect("the module fits its world");
    component::embed_manifest(&component, MANIFEST).expect("it is a component")
}

/// A component built for a contract in which `airssys:core` has this version and one more function.
pub fn of_contract(version: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    contract::write(folder.path()).expect("written");
    let core = folder.path().join("deps/core");
    for entry in std::fs::read_dir(&core).expect("the package has files") {
        change(&entry.expect("an entry").path(), "airssys:core@1.0.0", &format!("airssys:core@{version}"));
    }
    for entry in std::fs::read_dir(folder.path().join("deps")).expect("there are packages") {
        for file in std::fs::read_dir(entry.expect("an entry").path()).expect("a package has files") {
            retarget(&file.expect("an entry").path(), version);
        }
    }
    retarget(&folder.path().join("worlds.wit"), version);
    change(&core.join("host-services.wit"), "interface host-services {", "interface host-services {\n  hum: func();");

    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(folder.path()).expect("the changed contract resolves");
    let world = resolve.select_world(&[package], Some("minimal")).expect("it has the world");
    let import = format!("(import \"airssys:core/host-services@{version}\" \"hum\" (func))");
    let mut core = core_with(&import, version);
    embed_component_metadata(&mut core, &resolve, world, StringEncoding::UTF8, false).expect("the world fits in");
    let mut encoder = ComponentEncoder::default();
    let component = encoder.module(&core).expect("the world fits the module").encode().expect("it is a component");
    component::embed_manifest(&component, MANIFEST).expect("it is a component")
}

/// Lets what refers to the core of the contract refer to this version of it.
fn retarget(file: &Path, version: &str) {
    let text = std::fs::read_to_string(file).expect("readable");
    let lines = text.lines().map(|line| {
        if line.contains("airssys:core/") { line.replace("@1.0.0", &format!("@{version}")) } else { line.to_owned() }
    });
    std::fs::write(file, lines.collect::<Vec<_>>().join("\n")).expect("written");
}

fn change(file: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(file).expect("readable");
    std::fs::write(file, text.replace(from, to)).expect("written");
}

/// A component of this text, with a manifest.
pub fn of_text(text: &str) -> Vec<u8> {
    let component = wat::parse_str(text).expect("the component's text parses");
    component::embed_manifest(&component, MANIFEST).expect("it is a component")
}
