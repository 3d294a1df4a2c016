//! Paths that end in `/` or `/.`: they mean a directory, as they do for the operating system.

use std::io::ErrorKind;
use std::path::Path;

use super::*;

const ENDINGS: [&str; 6] = ["/", "//", "/.", "/./", "//.", "/.//./"];

/// A file, a directory, and links to both.
fn world() -> World {
    let world = World::open();
    world.write("file", "content");
    world.write("directory/x", "x");
    world.link("file", "to-file");
    world.link("file/", "to-file-slash");
    world.link("directory", "to-directory");
    world.link("none", "dangling");
    world
}

#[track_caller]
fn is_refused<T: std::fmt::Debug>(result: Result<T>, path: &str) {
    match failure(result) {
        FilesystemError::NotADirectory(_) | FilesystemError::IsADirectory(_) => {}
        FilesystemError::AlreadyExists(_) | FilesystemError::NotFound(_) => {}
        other => panic!("{path}: {other}"),
    }
}

#[test]
fn a_file_is_not_found_behind_a_slash_by_any_operation_and_stays_as_it_is() {
    let world = world();
    let files = &world.filesystem;
    let times = FileTimes { accessed: FileTime::Now, modified: FileTime::Now };
    let options = FindOptions { pattern: "**".into(), max_depth: None, follow_links: true, limit: None };
    let before = world.snapshot();
    for name in ["/data/file", "/data/to-file", "/data/directory/x"] {
        for ending in ENDINGS {
            let path = &format!("{name}{ending}");
            is_refused(files.open(path, READING).map(drop), path);
            is_refused(files.open(path, OpenFlags { no_follow: true, ..READING }).map(drop), path);
            is_refused(files.open(path, WRITING).map(drop), path);
            is_refused(files.open(path, OpenFlags { create: false, truncate: true, ..WRITING }).map(drop), path);
            is_refused(files.open(path, OpenFlags { truncate: true, ..WRITING }).map(drop), path);
            is_refused(files.open(path, OpenFlags { create_new: true, ..WRITING }).map(drop), path);
            is_refused(files.open(path, APPENDING).map(drop), path);
            is_refused(files.read_file(path), path);
            is_refused(files.write_file(path, b"lost"), path);
            is_refused(files.append_file(path, b"lost"), path);
            is_refused(files.delete_file(path), path);
            is_refused(files.copy_file(path, "/data/new", OnExisting::Fail), path);
            for on_existing in [OnExisting::Fail, OnExisting::Replace] {
                is_refused(files.copy_file("/data/directory/x", path, on_existing), path);
                is_refused(files.rename(path, "/data/new", on_existing), path);
                is_refused(files.rename("/data/directory", path, on_existing), path);
                is_refused(files.rename("/data/to-file", path, on_existing), path);
            }
            is_refused(files.open_directory(path).map(drop), path);
            is_refused(files.list_directory(path), path);
            is_refused(files.create_directory(path), path);
            is_refused(files.create_directory_all(path), path);
            is_refused(files.remove_directory(path), path);
            is_refused(files.remove_directory_all(path), path);
            is_refused(files.find(path, &options), path);
            is_refused(files.measure(path), path);
            is_refused(files.get_metadata(path), path);
            is_refused(files.get_link_metadata(path), path);
            is_refused(files.get_link_metadata_as_written(path), path);
            is_refused(files.set_permissions(path, FilePermissions::from_mode(0o777)), path);
            is_refused(files.set_times(path, times), path);
            is_refused(files.create_symlink("/data/directory", path), path);
            is_refused(files.create_symlink_as_written("directory", path), path);
            is_refused(files.read_symlink(path), path);
            is_refused(files.canonicalize(path), path);
            assert!(!files.exists(path).unwrap(), "{path}");
        }
    }
    for path in ["/data/to-file-slash", "/data/file/..", "/data/file/./../file"] {
        is_refused(files.read_file(path), path);
        is_refused(files.write_file(path, b"lost"), path);
    }
    assert_eq!(world.snapshot(), before);
}

#[test]
fn nothing_but_a_directory_is_made_behind_a_slash() {
    let world = world();
    let files = &world.filesystem;
    let before = world.snapshot();
    for ending in ENDINGS {
        let path = &format!("/data/new{ending}");
        is_refused(files.open(path, WRITING).map(drop), path);
        is_refused(files.write_file(path, b"new"), path);
        is_refused(files.append_file(path, b"new"), path);
        is_refused(files.copy_file("/data/file", path, OnExisting::Fail), path);
        is_refused(files.rename("/data/file", path, OnExisting::Fail), path);
        is_refused(files.create_symlink("/data/file", path), path);
        assert!(!files.exists(path).unwrap());
    }
    assert_eq!(world.snapshot(), before);
    is_refused(files.create_directory("/data/new/."), "/data/new/.");
    is_refused(files.rename("/data/directory", "/data/new/.", OnExisting::Fail), "/data/new/.");
    files.create_directory("/data/new/").unwrap();
    files.create_directory_all("/data/deep/er/").unwrap();
    files.create_directory_all("/data/deep/est/.").unwrap();
    files.rename("/data/directory/", "/data/moved/", OnExisting::Fail).unwrap();
    assert_eq!(world.read("moved/x"), "x");
    files.remove_directory("/data/new//").unwrap();
    files.remove_directory_all("/data/deep/").unwrap();
    assert!(!world.exists("new") && !world.exists("deep"));
}

#[test]
fn a_directory_cannot_be_removed_or_renamed_as_a_dot() {
    let world = world();
    fs::create_dir(world.host("empty")).unwrap();
    let before = world.snapshot();
    for ending in ["/.", "/./", "//."] {
        let path = &format!("/data/empty{ending}");
        for result in [
            world.filesystem.remove_directory(path),
            world.filesystem.remove_directory_all(path),
            world.filesystem.rename(path, "/data/moved", OnExisting::Fail),
            world.filesystem.rename("/data/directory", path, OnExisting::Replace),
        ] {
            assert!(matches!(failure(result), FilesystemError::InvalidArgument(_)), "{path}");
        }
    }
    assert_eq!(world.snapshot(), before);
}

#[test]
fn a_slash_behind_a_link_asks_for_the_directory_that_it_leads_to() {
    let world = world();
    let files = &world.filesystem;
    assert_eq!(files.get_link_metadata("/data/to-directory").unwrap().file_type, FileType::SymbolicLink);
    for ending in ENDINGS {
        let path = &format!("/data/to-directory{ending}");
        assert_eq!(files.get_link_metadata(path).unwrap().file_type, FileType::Directory, "{path}");
        assert_eq!(files.canonicalize(path).unwrap(), "/data/directory");
        assert!(matches!(failure(files.read_symlink(path)), FilesystemError::InvalidArgument(_)));
        assert!(matches!(
            failure(files.get_metadata(&format!("/data/dangling{ending}"))),
            FilesystemError::NotFound(_)
        ));
    }
    let before = world.snapshot();
    // What changes a name changes the link's, which is no directory.
    let link = "/data/to-directory/";
    assert_eq!(failure(files.delete_file(link)), FilesystemError::NotADirectory(link.into()));
    assert_eq!(failure(files.remove_directory(link)), FilesystemError::NotADirectory(link.into()));
    let renamed = files.rename(link, "/data/moved", OnExisting::Fail);
    assert_eq!(failure(renamed), FilesystemError::NotADirectory(link.into()));
    assert_eq!(failure(files.create_directory(link)), FilesystemError::AlreadyExists(link.into()));
    assert_eq!(world.snapshot(), before);
}

#[test]
fn what_is_refused_is_asked_for_first() {
    let world = World::with(&["read /data/public"]);
    world.write("private", "private");
    for path in ["/data/private/", "/data/private/.", "/data/none/"] {
        assert_eq!(denied(world.filesystem.read_file(path)).resource, path.trim_end_matches(['/', '.']));
    }
}

/// The operating system's own answer to each, for the operations that it has under the same name.
#[test]
fn the_operating_system_says_the_same() {
    let world = world();
    fs::create_dir(world.host("native")).unwrap();
    let kind = |result: std::io::Result<()>| result.err().map(|error| error.kind());
    let case = |result: Result<()>| match result.err() {
        None => None,
        Some(FilesystemError::NotADirectory(_)) => Some(ErrorKind::NotADirectory),
        Some(FilesystemError::IsADirectory(_)) => Some(ErrorKind::IsADirectory),
        Some(FilesystemError::NotFound(_)) => Some(ErrorKind::NotFound),
        Some(FilesystemError::AlreadyExists(_)) => Some(ErrorKind::AlreadyExists),
        Some(other) => panic!("{other}"),
    };
    let files = &world.filesystem;
    let host = |name: &str| world.host.path().join("data").as_os_str().to_owned().into_string().unwrap() + "/" + name;
    for name in ["file", "to-file", "dangling", "none", "directory", "to-directory", "none/x"] {
        for ending in ["", "/", "//", "/."] {
            let (name, path) = (format!("{name}{ending}"), format!("/data/{name}{ending}"));
            let native = host(&name);
            let native = Path::new(&native);
            let reads = kind(fs::File::open(native).map(drop));
            if native.is_dir() {
                assert_eq!(case(files.open(&path, READING).map(drop)), Some(ErrorKind::IsADirectory), "{name}");
            } else {
                assert_eq!(case(files.open(&path, READING).map(drop)), reads, "reading {name}");
            }
            let metadata = kind(fs::metadata(native).map(drop));
            assert_eq!(case(files.get_metadata(&path).map(drop)), metadata, "metadata of {name}");
            let link = kind(fs::symlink_metadata(native).map(drop));
            assert_eq!(case(files.get_link_metadata(&path).map(drop)), link, "metadata of {name} itself");
            assert_eq!(files.exists(&path).unwrap(), native.exists(), "whether {name} exists");
            if !ending.is_empty() {
                let truncated = fs::OpenOptions::new().write(true).truncate(true).open(native).map(drop);
                let truncating = OpenFlags { create: false, truncate: true, ..WRITING };
                let ours = files.open(&path, truncating).map(drop);
                assert_eq!(case(ours), kind(truncated), "truncating {name}");
                let created = fs::OpenOptions::new().write(true).create(true).truncate(true).open(native).map(drop);
                assert_eq!(case(files.write_file(&path, b"")), kind(created), "creating {name}");
                let ours = files.open(&path, OpenFlags { create_new: true, ..WRITING }).map(drop);
                let native = kind(fs::File::create_new(native).map(drop));
                assert_eq!(case(ours), native, "creating {name} anew");
            }
        }
    }
}
