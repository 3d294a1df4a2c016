//! The blocks of code in the documents, with names.

use airssys_wasm_tests::{files, root};

/// The languages that blocks are in. `text` is for what no program reads.
const LANGUAGES: &[&str] = &["c", "cmake", "console", "go", "js", "json", "python", "rust", "text", "toml", "ts"];

/// A block of code.
pub struct Block {
    /// The document, the anchor of the heading above, and from the second block below a heading on its number:
    /// `README.md#start-2`.
    pub name: String,
    /// What stands behind the fence.
    pub language: String,
    /// The lines between the fences.
    pub text: String,
}

impl Block {
    /// The document that it is in.
    pub fn document(&self) -> &str {
        self.name.split('#').next().expect("a name starts with the document")
    }
}

/// Every block of every document, in order.
pub fn blocks() -> Vec<Block> {
    let documents = files().into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "md"));
    let blocks = documents.flat_map(|file| {
        let text = std::fs::read_to_string(root().join(&file)).expect("a document is UTF-8");
        read(&file.display().to_string(), &text)
    });
    blocks.collect()
}

/// The block of a name.
pub fn block(name: &str) -> Block {
    blocks().into_iter().find(|block| block.name == name).unwrap_or_else(|| panic!("there is no block {name}"))
}

/// The blocks of a document.
pub fn read(document: &str, text: &str) -> Vec<Block> {
    let (mut heading, mut number) = (String::new(), 0);
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    let mut before = "";
    while let Some(line) = lines.next() {
        // Markdown has other forms of a block. Without a language nobody could tell what one is.
        let is_indented = before.is_empty() && line.starts_with("    ");
        assert!(!is_indented && !line.trim_start().starts_with("~~~"), "{document}: a block without ```: {line}");
        before = line;
        if let Some(language) = line.trim_start().strip_prefix("```") {
            number += 1;
            let name = format!("{document}#{heading}");
            let name = if number == 1 { name } else { format!("{name}-{number}") };
            assert!(LANGUAGES.contains(&language), "{name}: a block of {language:?}");
            let mut text = String::new();
            loop {
                let line = lines.next().unwrap_or_else(|| panic!("{name} has no end"));
                if line.trim() == "```" {
                    break;
                }
                text += &format!("{line}\n");
            }
            blocks.push(Block { name, language: language.to_owned(), text });
        } else if line.starts_with('#') {
            (heading, number) = (anchor(line), 0);
        }
    }
    blocks
}

/// What a link to a heading ends with.
fn anchor(heading: &str) -> String {
    let kept = heading
        .trim_start_matches('#')
        .trim()
        .chars()
        .filter(|letter| letter.is_alphanumeric() || [' ', '-', '_'].contains(letter));
    kept.map(|letter| if letter == ' ' { '-' } else { letter.to_ascii_lowercase() }).collect()
}

#[test]
fn blocks_are_named_by_document_heading_and_number() {
    let text = "# A `b-c` d!\n```c\n1\n```\ntext\n```toml\n2\n3\n```\n## E\n  ```text\n  # no heading\n  ```\n";
    let names: Vec<String> = read("x.md", text).into_iter().map(|block| block.name).collect();
    assert_eq!(names, ["x.md#a-b-c-d", "x.md#a-b-c-d-2", "x.md#e"]);
    assert_eq!(read("x.md", text)[1].text, "2\n3\n");
}

#[test]
fn a_block_without_a_language_or_an_end_is_found() {
    for text in ["```\na\n```\n", "```java\na\n```\n", "```c\na\n", "\n    indented\n", "~~~c\na\n~~~\n"] {
        assert!(std::panic::catch_unwind(|| read("x.md", text)).is_err(), "{text:?}");
    }
}
