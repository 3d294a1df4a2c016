//! What Component.toml says of a component, in the forms in which the compilers of Go and C take it along: their SDKs answer
//! `metadata` with it. Rust's macro, and what runs JavaScript and Python, read the file themselves.

use std::fmt::Write as _;

use airssys_wasm_policy::ComponentSection;

use super::project::Project;
use crate::error::Error;

/// All of it, in bytes: what hosts take of a component's metadata, and less than what fits into one argument of a command.
const MAX_BYTES: usize = 64 << 10;

/// The variable of the Go SDK that the linker sets.
const GO_VARIABLE: &str = "github.com/airssys/airssys-wasm/sdk-go/internal/declared.text";

/// The flag of Go's linker for it: the texts of [`texts`], each as its length, a colon and itself, in base 64.
pub(super) fn go_linker_flag(project: &Project) -> Result<String, Error> {
    let mut all = String::new();
    for text in texts(project)? {
        write!(all, "{}:{text}", text.len()).expect("a string takes it");
    }
    Ok(format!("-X={GO_VARIABLE}={}", base64(all.as_bytes())))
}

/// A source file for it.
pub(super) fn c_source(project: &Project) -> Result<String, Error> {
    texts(project)?;
    let ComponentSection { name, version, description, authors, license, operations } = &project.component;
    let literal = |text: &str| format!("AIRSSYS_STRING_INIT(\"{}\")", escaped(text));
    // An array of C has at least one element.
    let list = |texts: &[String]| match texts {
        [] => literal(""),
        texts => texts.iter().map(|text| literal(text)).collect::<Vec<_>>().join(", "),
    };
    let version = version.to_string();
    Ok(format!(
        "#include <airssys/host_services.h>\n\
         static const airssys_string authors[] = {{{authors}}};\n\
         static const airssys_string operations[] = {{{operations}}};\n\
         extern const airssys_component_metadata airssys_internal_declared;\n\
         const airssys_component_metadata airssys_internal_declared = {{\n\
         .id = {{{namespace}, {name}, {version}}},\n\
         .description = {description},\n\
         .authors = {{authors, {author_count}}},\n\
         .license = {{{has_license}, {license}}},\n\
         .operations = {{operations, {operation_count}}},\n\
         }};\n",
        authors = list(authors),
        operations = list(operations),
        namespace = literal(&name.namespace),
        name = literal(&name.name),
        version = literal(&version),
        description = literal(description),
        author_count = authors.len(),
        has_license = license.is_some(),
        license = literal(license.as_deref().unwrap_or_default()),
        operation_count = operations.len(),
    ))
}

/// Namespace, name, version, description, license (none is empty), the number of authors, the authors, the operations.
fn texts(project: &Project) -> Result<Vec<String>, Error> {
    let ComponentSection { name, version, description, authors, license, operations } = &project.component;
    let mut texts = vec![name.namespace.clone(), name.name.clone(), version.to_string(), description.clone()];
    texts.push(license.clone().unwrap_or_default());
    texts.push(authors.len().to_string());
    texts.extend(authors.iter().chain(operations).cloned());
    if texts.iter().map(String::len).sum::<usize>() > MAX_BYTES {
        let problem = format!("[component] has more than {MAX_BYTES} bytes of text");
        return Err(project.unbuildable(&problem, "say less of it: hosts refuse a component with more"));
    }
    Ok(texts)
}

/// As the inside of a text literal of C: what is not plain is written in octal.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b' ' | b'-' | b'.' | b',' | b'/' | b'_' => {
                escaped.push(char::from(byte));
            }
            byte => write!(escaped, "\\{byte:03o}").expect("a string takes it"),
        }
    }
    escaped
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base 64 with the digits for file names and URLs, unpadded: nothing in it has a meaning for a linker or a shell.
fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let number = chunk.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        let digits = (0..=chunk.len()).map(|digit| DIGITS[(number >> (18 - 6 * digit)) as usize & 63]);
        text.extend(digits.map(char::from));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_in_base_64_are_what_the_standard_says() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"f", "Zg"),
            (b"fo", "Zm8"),
            (b"foo", "Zm9v"),
            (b"foob", "Zm9vYg"),
            (b"fooba", "Zm9vYmE"),
            (b"foobar", "Zm9vYmFy"),
            (b"\xfb\xff\xfe", "-__-"),
        ] {
            assert_eq!(base64(bytes), text);
        }
    }

    #[test]
    fn a_literal_of_c_has_no_character_with_a_meaning() {
        assert_eq!(
            escaped("Says \"hi\"\\ %d ??/\n\0ä"),
            "Says \\042hi\\042\\134 \\045d \\077\\077/\\012\\000\\303\\244"
        );
    }
}
