//! Keeps a journal, one line an entry, in a file.

use airssys_wasm_sdk::{ExecutionError, FilesystemError, component, files};

const JOURNAL: &str = "/data/journal.txt";

#[derive(Default)]
struct Journal;

#[component]
impl Journal {
    /// Adds an entry and answers how many there are now.
    #[operation]
    fn add(&mut self, entry: String) -> Result<String, ExecutionError> {
        if entry.is_empty() || entry.contains('\n') {
            let text = "an entry is one line of text";
            return Err(ExecutionError::InvalidInput(text.to_owned()));
        }
        files::append_file(JOURNAL, format!("{entry}\n").as_bytes())?;
        let entries = files::read_file(JOURNAL)?;
        Ok(entries
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            .to_string())
    }

    /// All entries. There are none as long as there is no journal.
    #[operation]
    fn list(&mut self) -> Result<Vec<u8>, ExecutionError> {
        match files::read_file(JOURNAL) {
            Err(FilesystemError::NotFound(_)) => Ok(Vec::new()),
            entries => Ok(entries?),
        }
    }
}

#[cfg(test)]
mod tests {
    use airssys_wasm_sdk::testing::FakeHost;

    use super::*;

    fn host() -> FakeHost {
        let host = FakeHost::new();
        host.mount("/data");
        host
    }

    fn add(entry: &str) -> Result<String, ExecutionError> {
        Journal.add(entry.to_owned())
    }

    #[test]
    fn entries_are_counted_and_listed() {
        let host = host();
        assert_eq!(add("first"), Ok("1".to_owned()));
        assert_eq!(add("second"), Ok("2".to_owned()));
        assert_eq!(Journal.list(), Ok(b"first\nsecond\n".to_vec()));
        assert_eq!(host.get(JOURNAL), Some(b"first\nsecond\n".to_vec()));
    }

    #[test]
    fn no_journal_has_no_entries() {
        let _host = host();
        assert_eq!(Journal.list(), Ok(Vec::new()));
    }

    #[test]
    fn an_entry_is_one_line() {
        let host = host();
        for wrong in ["", "two\nlines"] {
            assert!(matches!(add(wrong), Err(ExecutionError::InvalidInput(_))));
        }
        assert_eq!(host.get(JOURNAL), None);
    }

    #[test]
    fn a_refusal_shows_the_line_that_is_missing() {
        let host = host();
        host.deny("/data");
        let Err(ExecutionError::PermissionDenied(text)) = add("first") else {
            panic!("it was not refused");
        };
        assert!(text.contains(r#"{ action = "write", path = "/data/journal.txt" }"#));
    }
}
