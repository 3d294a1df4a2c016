//! The custom sections of a component, above all its manifest.

use wasm_encoder::{ComponentSection, CustomSection};
use wasmparser::{Parser, Payload};

use crate::component_error::ComponentError;

/// The custom section that holds the text of Component.toml.
pub const MANIFEST_SECTION: &str = "airssys:manifest";

/// `component` with this text as its manifest, instead of the one it may have had.
///
/// # Errors
/// If `component` is not a component.
pub fn embed_manifest(component: &[u8], manifest: &str) -> Result<Vec<u8>, ComponentError> {
    let mut bytes = Vec::with_capacity(component.len() + manifest.len() + 32);
    let mut copied = 0;
    for (start, end, _) in manifest_sections(component)? {
        bytes.extend_from_slice(&component[copied..start]);
        copied = end;
    }
    bytes.extend_from_slice(&component[copied..]);
    append_section(&mut bytes, MANIFEST_SECTION, manifest.as_bytes());
    Ok(bytes)
}

/// `component` with one more custom section.
pub(crate) fn append_section(component: &mut Vec<u8>, name: &str, data: &[u8]) {
    CustomSection { name: name.into(), data: data.into() }.append_to_component(component);
}

/// The text of the Component.toml in a component, if there is one, it is text, and it is the only one.
pub fn manifest(component: &[u8]) -> Option<String> {
    match manifest_sections(component).ok()?.as_slice() {
        [(_, _, data)] => String::from_utf8(data.to_vec()).ok(),
        _ => None,
    }
}

/// Where a section begins and ends, and what is in it.
type Section<'a> = (usize, usize, &'a [u8]);

/// Where the manifest sections of the component itself begin and end, and what is in them.
fn manifest_sections(component: &[u8]) -> Result<Vec<Section<'_>>, ComponentError> {
    let invalid = |error: wasmparser::BinaryReaderError| ComponentError::Invalid(error.to_string());
    if !Parser::is_component(component) {
        return Err(ComponentError::Invalid("it is not a component".to_owned()));
    }
    let mut found = Vec::new();
    let mut depth = 0_u32;
    // Where the section at hand starts, with the byte that says what it is: where the one before it ended.
    let mut start = 8;
    for payload in Parser::new(0).parse_all(component) {
        let payload = payload.map_err(invalid)?;
        match &payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(at) if depth > 0 => {
                depth -= 1;
                start = *at;
            }
            Payload::CustomSection(section) if depth == 0 && section.name() == MANIFEST_SECTION => {
                found.push((start as usize, section.range().end as usize, section.data()));
            }
            _ => {}
        }
        if depth == 0
            && let Some((_, range)) = payload.as_section()
        {
            start = range.end;
        }
    }
    Ok(found)
}
