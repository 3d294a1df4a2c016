//! Component files that no SDK makes.

use airssys_wasm::inspect::MANIFEST_SECTION;
use airssys_wasm_tests::root;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// Component.toml of all of them.
pub const MANIFEST: &str = "[component]\nname = \"test/file\"\nversion = \"1.0.0\"\noperations = [\"die\"]\n";

/// Where a component dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nowhere.
    Nowhere,
    /// When it is instantiated.
    Start,
    Init,
    Execute,
    Metadata,
    Health,
}

/// A component without Component.toml that dies in a function of this name.
pub fn bare(name: &str, place: Place) -> Vec<u8> {
    bare_with(name, place, &[])
}

/// The same with these custom sections in its core module.
fn bare_with(name: &str, place: Place, sections: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut text = include_str!("guest.wat").replace("{NAME}", &quoted(name));
    let calls = [
        ("{INIT}", Place::Init),
        ("{EXECUTE}", Place::Execute),
        ("{METADATA}", Place::Metadata),
        ("{HEALTH}", Place::Health),
    ];
    for (mark, there) in calls {
        text = text.replace(mark, if there == place { "(call $die)" } else { "" });
    }
    text = text.replace("{START}", if place == Place::Start { "(start $die)" } else { "" });
    let mut module = wat::parse_str(text).expect("the text is WebAssembly");
    for (name, content) in sections {
        module = with_section(module, name, content);
    }
    let mut resolve = Resolve::default();
    resolve.push_dir(root().join("wit")).expect("the contract parses");
    let world = "package test:file@1.0.0; world file { include airssys:core/component@1.0.0; }";
    let package = resolve.push_str("file.wit", world).expect("the world parses");
    let world = resolve.select_world(&[package], Some("file")).expect("the world is there");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).expect("the world fits in");
    let mut encoder = ComponentEncoder::default();
    encoder.validate(true).module(&module).expect("the world fits the module");
    encoder.encode().expect("the module fits the world")
}

/// The same with a Component.toml.
pub fn component(name: &str, place: Place) -> Vec<u8> {
    with_manifest(bare(name, place), MANIFEST)
}

/// A component with a Component.toml, and with these sections of debug information.
pub fn debugged(place: Place, sections: &[(&str, Vec<u8>)]) -> Vec<u8> {
    with_manifest(bare_with("die", place, sections), MANIFEST)
}

/// Appends a Component.toml.
pub fn with_manifest(component: Vec<u8>, text: &str) -> Vec<u8> {
    with_section(component, MANIFEST_SECTION, text.as_bytes())
}

/// Appends a custom section to a component, or to a module.
pub fn with_section(mut component: Vec<u8>, name: &str, content: &[u8]) -> Vec<u8> {
    let mut section = leb128(name.len());
    section.extend_from_slice(name.as_bytes());
    section.extend_from_slice(content);
    component.push(0);
    component.extend(leb128(section.len()));
    component.extend(section);
    component
}

/// A number as WebAssembly has it.
pub fn leb128(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = u8::try_from(number & 0x7f).expect("seven bits");
        number >>= 7;
        if number == 0 {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

/// Any text as it stands in a string of the text format.
fn quoted(text: &str) -> String {
    text.bytes().map(|byte| format!("\\{byte:02x}")).collect()
}
