// Guests for the tests of this crate, made of text when a test runs. The documentation's example includes this file, so
// it has no inner documentation.

use std::path::Path;

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// The world of the test guest: the lifecycle, and an interface of its own to be called by name.
const WORLD: &str = "
    package test:guest@1.0.0;

    interface counters {
        resource counter { get: func() -> u32; }
        make: func(start: u32) -> counter;
        consume: func(counter: counter) -> u32;
        dropped: func() -> u32;
    }

    world guest {
        include airssys:core/component@1.0.0;
        include airssys:ext-network/imports@1.0.0;
        export counters;
    }
";

/// Component.toml of the test guest.
pub const MANIFEST: &str = r#"
    [component]
    name = "test/guest"
    version = "1.0.0"
    description = "A guest for tests."
"#;

/// The test guest, with Component.toml in it.
pub fn guest() -> Vec<u8> {
    with_manifest(bare_guest(), MANIFEST)
}

/// The test guest without Component.toml.
pub fn bare_guest() -> Vec<u8> {
    component_of(&number_words(include_str!("guest.wat")))
}

/// Makes a component of a core module's text.
fn component_of(text: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    resolve.push_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit")).expect("the contract parses");
    let package = resolve.push_str("guest.wit", WORLD).expect("the test world parses");
    let world = resolve.select_world(&[package], Some("guest")).expect("the test world is there");
    let mut module = wat::parse_str(text).expect("the guest's text parses");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).expect("the world fits in");
    let mut encoder = ComponentEncoder::default();
    encoder.validate(true).module(&module).expect("the world fits the guest");
    encoder.encode().expect("the guest fits the world")
}

/// Replaces `$$abcd` by the number that the four letters make.
fn number_words(text: &str) -> String {
    let mut parts = text.split("$$");
    let mut numbered = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_at_checked(4) {
            Some((word, rest)) if word.is_ascii() && word != "abcd" => {
                let number = u32::from_le_bytes(word.as_bytes().try_into().expect("four letters"));
                numbered += &format!("{number}{rest}");
            }
            _ => numbered += part,
        }
    }
    numbered
}

/// Appends the custom section that holds Component.toml.
pub fn with_manifest(mut component: Vec<u8>, manifest: &str) -> Vec<u8> {
    let name = airssys_wasm::inspect::MANIFEST_SECTION.as_bytes();
    let mut section = leb128(name.len());
    section.extend_from_slice(name);
    section.extend_from_slice(manifest.as_bytes());
    component.push(0);
    component.extend(leb128(section.len()));
    component.extend(section);
    component
}

fn leb128(mut number: usize) -> Vec<u8> {
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
