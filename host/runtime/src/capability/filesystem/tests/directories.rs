use super::*;

#[test]
fn list_directory_is_sorted_by_bytes_and_follows_no_link() {
    let world = World::open();
    for name in ["b", "a b", "B", "ä", "𝄞", ".hidden"] {
        world.write(name, "x");
    }
    fs::create_dir(world.host("c")).unwrap();
    world.link("c", "d");
    let entries = world.filesystem.list_directory("/data").unwrap();
    assert_eq!(names(&entries), [".hidden", "B", "a b", "b", "c", "d", "ä", "𝄞"]);
    assert_eq!(entries[4].file_type, FileType::Directory);
    assert_eq!(entries[5].file_type, FileType::SymbolicLink);
    assert_eq!(entries[0].file_type, FileType::Regular);
    assert!(world.filesystem.list_directory("/data/d").unwrap().is_empty());
}

#[test]
fn listing_tells_what_is_wrong_with_the_path() {
    let world = World::open();
    world.write("file", "x");
    world.link("file", "link");
    for path in ["/data/file", "/data/link", "/data/file/x"] {
        let error = FilesystemError::NotADirectory(path.into());
        assert_eq!(failure(world.filesystem.list_directory(path)), error);
        assert_eq!(failure(world.filesystem.open_directory(path).map(drop)), error);
    }
    let error = FilesystemError::NotFound("/data/none".into());
    assert_eq!(failure(world.filesystem.list_directory("/data/none")), error);
    assert_eq!(failure(world.filesystem.open_directory("/data/none").map(drop)), error);
}

#[test]
fn a_directory_with_more_entries_than_the_limit_is_not_listed_in_part() {
    let world = World::limited(FilesystemLimits { max_list_entries: 3, ..FilesystemLimits::default() });
    for name in ["a", "b", "c"] {
        world.write(name, "");
    }
    assert_eq!(world.filesystem.list_directory("/data").unwrap().len(), 3);
    world.write("d", "");
    assert!(matches!(failure(world.filesystem.list_directory("/data")), FilesystemError::QuotaExceeded(_)));
}

#[test]
fn a_cursor_goes_through_a_hundred_thousand_entries_in_pages() {
    const ENTRIES: usize = 100_000;
    const PAGE: u32 = 1000;
    let world = World::open();
    for number in 0..ENTRIES {
        fs::File::create(world.host(&number.to_string())).unwrap();
    }
    let cursor = world.filesystem.open_directory("/data").unwrap();
    let mut seen = vec![false; ENTRIES];
    loop {
        let page = cursor.next(PAGE).unwrap();
        assert!(page.len() <= PAGE as usize);
        if page.is_empty() {
            break;
        }
        for entry in page {
            let seen = &mut seen[entry.name.parse::<usize>().unwrap()];
            assert!(!std::mem::replace(seen, true), "{} came twice", entry.name);
        }
    }
    assert!(seen.iter().all(|seen| *seen));
    assert!(cursor.next(PAGE).unwrap().is_empty());
    assert_eq!(world.filesystem.list_directory("/data").unwrap().len(), ENTRIES);
}

#[test]
fn a_page_is_no_longer_than_the_host_allows() {
    let world = World::limited(FilesystemLimits { max_page_entries: 2, ..FilesystemLimits::default() });
    for name in ["a", "b", "c"] {
        world.write(name, "");
    }
    let cursor = world.filesystem.open_directory("/data").unwrap();
    assert_eq!(cursor.next(u32::MAX).unwrap().len(), 2);
    assert_eq!(cursor.next(0).unwrap().len(), 0);
    assert_eq!(cursor.next(u32::MAX).unwrap().len(), 1);
    assert_eq!(cursor.next(u32::MAX).unwrap().len(), 0);
}

#[test]
fn create_directory_makes_one() {
    let world = World::open();
    world.write("file", "x");
    world.link("none", "dangling");
    world.filesystem.create_directory("/data/new").unwrap();
    assert!(world.host("new").is_dir());
    for path in ["/data/new", "/data/file", "/data/dangling", "/data"] {
        let error = failure(world.filesystem.create_directory(path));
        assert_eq!(error, FilesystemError::AlreadyExists(path.into()));
    }
    let error = failure(world.filesystem.create_directory("/data/none/new"));
    assert_eq!(error, FilesystemError::NotFound("/data/none/new".into()));
    let error = failure(world.filesystem.create_directory("/data/file/new"));
    assert_eq!(error, FilesystemError::NotADirectory("/data/file/new".into()));
}

#[test]
fn create_directory_all_makes_what_is_missing() {
    let world = World::open();
    world.write("file", "x");
    fs::create_dir(world.host("real")).unwrap();
    world.link("real", "link");
    world.link("unmade", "dangling");
    let create = |path: &str| world.filesystem.create_directory_all(path);
    create("/data/a/b/c").unwrap();
    create("/data/a/b/c").unwrap();
    create("/data/a/b").unwrap();
    create("/data").unwrap();
    assert!(world.host("a/b/c").is_dir());
    create("/data/link/x/y").unwrap();
    assert!(world.host("real/x/y").is_dir());
    create("/data/dangling/z").unwrap();
    assert!(world.host("unmade/z").is_dir());
    create("/data/none/../link/w").unwrap();
    assert!(world.host("real/w").is_dir() && !world.exists("none"));
    assert_eq!(failure(create("/data/file")), FilesystemError::NotADirectory("/data/file".into()));
    assert_eq!(failure(create("/data/file/x")), FilesystemError::NotADirectory("/data/file/x".into()));
    assert_eq!(failure(create("/data/none/../file")), FilesystemError::NotADirectory("/data/none/../file".into()));
}

#[test]
fn create_directory_all_asks_for_each_directory_it_makes_and_makes_all_or_none() {
    let world = World::with(&["write /data/a/b/c", "write /data/a/b"]);
    let denial = denied(world.filesystem.create_directory_all("/data/a/b/c"));
    assert_eq!(denial.resource, "/data/a");
    assert!(!world.exists("a"));
    fs::create_dir(world.host("a")).unwrap();
    world.filesystem.create_directory_all("/data/a/b/c").unwrap();
    assert!(world.host("a/b/c").is_dir());
    assert_eq!(denied(world.filesystem.create_directory_all("/data/a")).resource, "/data/a");
}

#[test]
fn remove_directory_removes_an_empty_one() {
    let world = World::open();
    world.write("full/x", "x");
    world.write("file", "x");
    fs::create_dir(world.host("empty")).unwrap();
    world.link("empty", "link");
    let remove = |path: &str| world.filesystem.remove_directory(path);
    assert_eq!(failure(remove("/data/link")), FilesystemError::NotADirectory("/data/link".into()));
    assert_eq!(failure(remove("/data/file")), FilesystemError::NotADirectory("/data/file".into()));
    assert_eq!(failure(remove("/data/none")), FilesystemError::NotFound("/data/none".into()));
    assert_eq!(failure(remove("/data/full")), FilesystemError::DirectoryNotEmpty("/data/full".into()));
    assert!(matches!(failure(remove("/data")), FilesystemError::InvalidArgument(_)));
    remove("/data/empty").unwrap();
    assert!(!world.exists("empty") && world.exists("full/x"));
}

#[test]
fn what_a_crash_left_of_an_atomic_write_does_not_show() {
    let world = World::open();
    let temporary = ".airssys-0123456789abcdef0123456789abcdef.draft";
    world.write(&format!("directory/{temporary}"), "half");
    assert!(world.filesystem.list_directory("/data/directory").unwrap().is_empty());
    assert!(world.filesystem.open_directory("/data/directory").unwrap().next(9).unwrap().is_empty());
    assert_eq!(world.filesystem.measure("/data/directory").unwrap(), DiskUsage::default());
    world.filesystem.remove_directory("/data/directory").unwrap();
    assert!(!world.exists("directory"));
    world.write(&format!("directory/{temporary}"), "half");
    world.filesystem.remove_directory_all("/data/directory").unwrap();
    assert!(!world.exists("directory"));
}

#[test]
fn a_name_that_is_not_utf_8_shows_and_can_be_removed_with_its_directory() {
    use std::os::unix::ffi::OsStrExt as _;
    let world = World::open();
    fs::create_dir(world.host("directory")).unwrap();
    fs::write(world.host("directory").join(std::ffi::OsStr::from_bytes(b"a\xff")), "x").unwrap();
    assert_eq!(names(&world.filesystem.list_directory("/data/directory").unwrap()), ["a\u{fffd}"]);
    world.filesystem.remove_directory_all("/data/directory").unwrap();
    assert!(!world.exists("directory"));
}

#[test]
fn names_of_atomic_writes_are_not_for_guests() {
    let world = World::open();
    let temporary = "/data/.airssys-0123456789abcdef0123456789abcdef.draft";
    world.write("file", "x");
    let files = &world.filesystem;
    for result in [
        files.write_file(temporary, b"hidden"),
        files.open(temporary, WRITING).map(drop),
        files.create_directory(temporary),
        files.create_directory_all(&format!("{temporary}/below")),
        files.rename("/data/file", temporary, OnExisting::Fail),
        files.copy_file("/data/file", temporary, OnExisting::Fail).map(drop),
        files.create_symlink("/data/file", temporary),
        files.delete_file(temporary),
    ] {
        assert!(matches!(failure(result), FilesystemError::InvalidPath(_)));
    }
    world.link(&temporary["/data/".len()..], "link");
    assert_eq!(failure(files.write_file("/data/link", b"x")), FilesystemError::NotFound("/data/link".into()));
    files.write_file("/data/.airssys-0123.draft", b"seen").unwrap();
    assert_eq!(names(&files.list_directory("/data").unwrap()), [".airssys-0123.draft", "file", "link"]);
}
