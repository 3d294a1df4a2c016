//! Copies a folder with all that is in it.

use airssys_wasm_sdk::files::{FileType, OnExisting};
use airssys_wasm_sdk::{ExecutionError, FilesystemError, component, directories, files};

#[derive(Default)]
struct CopyTree;

#[component]
impl CopyTree {
    /// The input is two lines: the folder to copy, and the folder to copy it to.
    #[operation]
    fn copy_tree(&mut self, input: String) -> Result<String, ExecutionError> {
        let Some((from, to)) = input.trim_end().split_once('\n') else {
            return Err(ExecutionError::InvalidInput("expected FROM and TO, a line each".to_owned()));
        };
        let mut copied = Copied::default();
        // A refusal of the host stays one: `?` makes it the permission-denied of this operation.
        copy_folder(from, to, &mut copied)?;
        Ok(format!("copied {} files, {} bytes", copied.files, copied.bytes))
    }
}

#[derive(Default)]
struct Copied {
    files: u64,
    bytes: u64,
}

fn copy_folder(from: &str, to: &str, copied: &mut Copied) -> Result<(), FilesystemError> {
    // The list is complete before anything is created, so that a copy into the folder itself comes to an end.
    let entries = directories::list_directory(from)?;
    directories::create_directory_all(to)?;
    for entry in entries {
        let (source, destination) = (format!("{from}/{}", entry.name), format!("{to}/{}", entry.name));
        match entry.file_type {
            FileType::Directory => copy_folder(&source, &destination, copied)?,
            FileType::Regular => {
                // The host copies: the bytes do not pass through the component.
                copied.bytes += files::copy_file(&source, &destination, OnExisting::Replace)?;
                copied.files += 1;
            }
            // A link could lead anywhere, and anything else is no file.
            FileType::SymbolicLink | FileType::Other => {}
        }
    }
    Ok(())
}
