//! Puts the files of a project where they are to be: all of them, or none.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::template_error::TemplateError;

/// What version control leaves in a folder that is empty otherwise.
const VERSION_CONTROL: &[&str] =
    &[".git", ".hg", ".jj", ".svn", ".bzr", ".pijul", ".sl", "_darcs", "CVS", ".fslckout", "_FOSSIL_"];
/// What the folder is called in which a project is made before it is moved.
const DRAFT: &str = ".airssys-new-";

/// Writes files, by their relative names, into a folder that does not exist, or holds nothing but version control. Folders
/// above it are made; one that is there stays itself, with its mode. Whatever fails, what was made goes again.
pub fn make(files: &[(String, Vec<u8>)], folder: &Path) -> Result<(), TemplateError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| TemplateError::Write { path, source }
    };
    // Without a slash or a dot at the end, which the system takes for a folder that is there.
    let plain: PathBuf = folder.components().collect();
    match fs::metadata(&plain) {
        Ok(about) if about.is_dir() && is_free(&plain).map_err(failed(folder))? => {
            let draft = draft(files, folder, &plain)?;
            move_into(draft.path(), &plain).map_err(failed(folder))
        }
        Ok(_) => Err(TemplateError::Exists(folder.to_owned())),
        // A link that leads nowhere.
        Err(_) if fs::symlink_metadata(&plain).is_ok() => Err(TemplateError::Exists(folder.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let above = match plain.parent() {
                Some(above) if !above.as_os_str().is_empty() => above,
                _ => Path::new("."),
            };
            let made = Made::folders(above).map_err(failed(above))?;
            let draft = draft(files, folder, above)?;
            // A folder for temporary files is private; a project is as open as any other folder of the user.
            let open = draft.path().join("probe");
            fs::create_dir(&open)
                .and_then(|()| fs::metadata(&open))
                .and_then(|about| fs::remove_dir(&open).map(|()| about.permissions()))
                .and_then(|permissions| fs::set_permissions(draft.path(), permissions))
                .and_then(|()| fs::rename(draft.path(), &plain))
                .map_err(failed(folder))?;
            // Nothing is left there to be removed.
            let _ = draft.keep();
            made.keep();
            Ok(())
        }
        Err(error) => Err(failed(folder)(error)),
    }
}

/// Whether a project may be made in the folder.
fn is_free(folder: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        if !VERSION_CONTROL.iter().any(|known| name == OsStr::new(known)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The files in a folder of their own inside `place`, which goes when the value does. `folder` is where they are to be.
fn draft(files: &[(String, Vec<u8>)], folder: &Path, place: &Path) -> Result<tempfile::TempDir, TemplateError> {
    let failed = |path: PathBuf| move |source| TemplateError::Write { path, source };
    let draft = tempfile::Builder::new().prefix(DRAFT).tempdir_in(place).map_err(failed(place.to_owned()))?;
    for (name, bytes) in files {
        let target = draft.path().join(name);
        let parent = target.parent().expect("a file is in a folder");
        fs::create_dir_all(parent).and_then(|()| fs::write(&target, bytes)).map_err(failed(folder.join(name)))?;
    }
    Ok(draft)
}

/// Moves all that is in `draft` into `folder`, which holds nothing of these names; else nothing.
fn move_into(draft: &Path, folder: &Path) -> io::Result<()> {
    let mut moved = Vec::new();
    let mut result = Ok(());
    for entry in fs::read_dir(draft)? {
        let step = entry.and_then(|entry| {
            let target = folder.join(entry.file_name());
            // Somebody may have put it there meanwhile.
            if fs::symlink_metadata(&target).is_ok() {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            fs::rename(entry.path(), &target).map(|()| target)
        });
        match step {
            Ok(target) => moved.push(target),
            Err(error) => {
                result = Err(error);
                break;
            }
        }
    }
    if result.is_err() {
        for target in moved {
            let _ = fs::rename(&target, draft.join(target.file_name().expect("it was given one")));
        }
    }
    result
}

/// Folders that were made, the outermost first. They go when the value does, as far as they are empty.
struct Made(Vec<PathBuf>);

impl Made {
    /// Makes a folder and those above it that are missing.
    fn folders(folder: &Path) -> io::Result<Made> {
        let missing: Vec<&Path> = folder
            .ancestors()
            .take_while(|above| !above.as_os_str().is_empty() && fs::symlink_metadata(above).is_err())
            .collect();
        let mut made = Made(Vec::new());
        for folder in missing.into_iter().rev() {
            match fs::create_dir(folder) {
                Ok(()) => made.0.push(folder.to_owned()),
                // `x/..`, where `x` was made just now.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(made)
    }

    fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn files() -> Vec<(String, Vec<u8>)> {
        ["Component.toml", "src/main.c", "sdk/include/airssys.h"].map(|name| (name.to_owned(), Vec::new())).into()
    }

    /// All names below a folder, sorted.
    fn names(folder: &Path) -> Vec<String> {
        let mut names = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                names.push(path.strip_prefix(folder).unwrap().display().to_string());
                if path.is_dir() && !path.is_symlink() {
                    folders.push(path);
                }
            }
        }
        names.sort();
        names
    }

    const ALL: [&str; 6] = ["Component.toml", "sdk", "sdk/include", "sdk/include/airssys.h", "src", "src/main.c"];

    #[test]
    fn a_folder_that_holds_nothing_is_filled_and_stays_itself() {
        for mode in [0o700, 0o755, 0o2775] {
            let place = tempfile::tempdir().unwrap();
            let folder = place.path().join("p");
            fs::create_dir(&folder).unwrap();
            fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
            let itself = fs::File::open(&folder).unwrap();
            let link = place.path().join("link");
            std::os::unix::fs::symlink("p", &link).unwrap();
            let given = if mode == 0o755 { link } else { folder.join(".") };
            make(&files(), &given).unwrap();
            assert_eq!(names(&folder), ALL);
            let about = fs::metadata(&folder).unwrap();
            assert_eq!(about.permissions().mode() & 0o7777, mode);
            assert_eq!(
                std::os::unix::fs::MetadataExt::ino(&about),
                std::os::unix::fs::MetadataExt::ino(&itself.metadata().unwrap())
            );
        }
    }

    #[test]
    fn version_control_is_no_reason_not_to_and_stays() {
        for control in VERSION_CONTROL {
            let place = tempfile::tempdir().unwrap();
            fs::create_dir(place.path().join(control)).unwrap();
            fs::write(place.path().join(control).join("HEAD"), "x").unwrap();
            make(&files(), place.path()).unwrap();
            assert!(place.path().join(control).join("HEAD").is_file() && place.path().join("src/main.c").is_file());
        }
    }

    #[test]
    fn folders_above_are_made_and_go_again_when_it_fails() {
        let place = tempfile::tempdir().unwrap();
        make(&files(), &place.path().join("a/b/c/")).unwrap();
        assert_eq!(names(&place.path().join("a/b/c")), ALL);
        // A file below a file cannot be written, whoever tries.
        let mut broken = files();
        broken.push(("src/main.c/x".to_owned(), Vec::new()));
        let before = names(place.path());
        for folder in ["a/b/d/e", "new", "a/b/c/../x/y"] {
            assert!(make(&broken, &place.path().join(folder)).is_err(), "{folder}");
            assert_eq!(names(place.path()), before, "{folder}");
        }
        let empty = place.path().join("empty");
        fs::create_dir(&empty).unwrap();
        assert!(make(&broken, &empty).is_err());
        assert_eq!(names(&empty), Vec::<String>::new());
    }

    #[test]
    fn what_is_there_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("file"), "x").unwrap();
        std::os::unix::fs::symlink("nowhere", place.path().join("dangling")).unwrap();
        fs::create_dir(place.path().join("full")).unwrap();
        fs::write(place.path().join("full/x"), "x").unwrap();
        let before = names(place.path());
        for folder in ["file", "dangling", "full", "file/below", ""] {
            assert!(make(&files(), &place.path().join(folder)).is_err(), "{folder}");
            assert_eq!(names(place.path()), before, "{folder}");
        }
    }

    #[test]
    fn a_file_that_somebody_puts_there_meanwhile_stays_and_nothing_else_does() {
        let place = tempfile::tempdir().unwrap();
        let draft = draft(&files(), place.path(), place.path()).unwrap();
        fs::write(place.path().join("src"), "theirs").unwrap();
        assert!(move_into(draft.path(), place.path()).is_err());
        drop(draft);
        assert_eq!(names(place.path()), ["src"]);
    }
}
