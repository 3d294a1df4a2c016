//! Text in quotes, as TOML has it.

use crate::printable::is_invisible;

/// `text` as a TOML basic string. Besides what TOML demands, it escapes what a terminal would not show as it is:
/// the line is there to be read and copied by a person who decides on it.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ if is_invisible(c) && (c as u32) <= 0xffff => quoted.push_str(&format!("\\u{:04X}", c as u32)),
            _ if is_invisible(c) => quoted.push_str(&format!("\\U{:08X}", c as u32)),
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
