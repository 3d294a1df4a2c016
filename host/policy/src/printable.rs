//! Text that strangers wrote, for people to read.
//!
//! A component's author chooses what its Component.toml, its messages and its errors say. On a terminal or in a log that
//! text must not move the cursor, change colours, turn letters around or look like a line of somebody else's.

use std::borrow::Cow;

/// Text of several lines, as a terminal may show it: every character that a terminal obeys instead of showing it, that
/// shows nothing, or that turns the direction of writing becomes an escape such as `\u{1b}`. Ends of lines stay, and a tab
/// becomes four spaces, for it moves by a width that nobody else knows. Whoever puts the text below a line of their own
/// indents what follows an end of line.
///
/// The two joiners U+200C and U+200D stay: Persian and emoji are spelt with them.
///
/// ```
/// use airssys_wasm_policy::printable;
///
/// assert_eq!(printable("a\u{1b}[2K\u{202e}b\r\nżółw"), "a\\u{1b}[2K\\u{202e}b\\r\nżółw");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    escaped(text, |character| match character {
        '\n' => Some("\n"),
        '\t' => Some("    "),
        _ => escape_of(character),
    })
}

/// The same for one line: ends of lines and tabs become escapes too, so that the text cannot begin a line of its own.
///
/// ```
/// use airssys_wasm_policy::printable_line;
///
/// assert_eq!(printable_line("done\nERROR forged"), "done\\nERROR forged");
/// ```
pub fn printable_line(text: &str) -> Cow<'_, str> {
    escaped(text, escape_of)
}

/// The escapes that have a name.
fn escape_of(character: char) -> Option<&'static str> {
    match character {
        '\n' => Some("\\n"),
        '\r' => Some("\\r"),
        '\t' => Some("\\t"),
        _ => None,
    }
}

fn escaped(text: &str, named: impl Fn(char) -> Option<&'static str>) -> Cow<'_, str> {
    let is_plain = |character: char| !is_invisible(character) || is_joiner(character);
    let Some(first) = text.find(|character| !is_plain(character)) else { return Cow::Borrowed(text) };
    let mut clean = String::with_capacity(text.len() + 16);
    clean.push_str(&text[..first]);
    for character in text[first..].chars() {
        match named(character) {
            _ if is_plain(character) => clean.push(character),
            Some(escape) => clean.push_str(escape),
            None => clean.extend(character.escape_unicode()),
        }
    }
    Cow::Owned(clean)
}

fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

/// Control characters, separators of lines, and characters that have no width or turn the direction of writing.
pub(crate) fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_strangers_cannot_play_with_the_terminal() {
        assert_eq!(printable("a\u{1b}[31mb\r\u{7}c\u{9b}d"), "a\\u{1b}[31mb\\r\\u{7}c\\u{9b}d");
        assert_eq!(printable("x\u{202e}y\u{2066}z"), "x\\u{202e}y\\u{2066}z");
        assert_eq!(printable("a\u{2028}b\u{2029}c\u{85}d"), "a\\u{2028}b\\u{2029}c\\u{85}d");
        assert_eq!(printable("żółw\n\tok"), "żółw\n    ok");
    }

    #[test]
    fn what_everybody_can_see_stays_as_it_is() {
        for text in ["", "żółw", "漢字", "\u{1f469}\u{200d}\u{1f52c}", "می\u{200c}خواهم", "a\\nb", "e\u{301}"]
        {
            assert!(matches!(printable_line(text), Cow::Borrowed(same) if same == text), "{text:?}");
        }
    }

    #[test]
    fn a_line_stays_one_line_whatever_ends_lines_somewhere() {
        for end in ['\n', '\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}', '\u{2029}'] {
            let line = printable_line(&format!("before{end}after")).into_owned();
            assert!(!line.contains(end), "{line:?}");
            assert!(line.starts_with("before\\") && line.ends_with("after"), "{line:?}");
        }
    }
}
