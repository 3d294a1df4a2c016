use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use super::*;

#[test]
fn metadata_says_what_is_there() {
    let world = World::open();
    world.write("file", "12345");
    world.write("directory/x", "");
    world.link("file", "link");
    fs::set_permissions(world.host("file"), fs::Permissions::from_mode(0o640)).unwrap();
    fs::hard_link(world.host("file"), world.host("other")).unwrap();
    let file = world.filesystem.get_metadata("/data/file").unwrap();
    let host = fs::metadata(world.host("file")).unwrap();
    assert_eq!((file.file_type, file.size, file.links), (FileType::Regular, 5, 2));
    assert_eq!(file.permissions, FilePermissions::from_mode(0o640));
    let modified = Timestamp { seconds: host.mtime() as u64, nanoseconds: host.mtime_nsec() as u32 };
    assert_eq!(file.modified, Some(modified));
    assert!(file.accessed.is_some());
    assert_eq!(world.filesystem.get_metadata("/data/link").unwrap(), file);
    assert_eq!(world.filesystem.get_link_metadata("/data/file").unwrap(), file);
    let link = world.filesystem.get_link_metadata("/data/link").unwrap();
    assert_eq!(link.file_type, FileType::SymbolicLink);
    for path in ["/data/directory", "/data", "/data/"] {
        assert_eq!(world.filesystem.get_metadata(path).unwrap().file_type, FileType::Directory);
        assert_eq!(world.filesystem.get_link_metadata(path).unwrap().file_type, FileType::Directory);
    }
}

#[test]
fn metadata_tells_what_is_wrong_with_the_path() {
    let world = World::open();
    world.write("file", "");
    world.link("none", "dangling");
    let error = |path: &str| failure(world.filesystem.get_metadata(path));
    assert_eq!(error("/data/none"), FilesystemError::NotFound("/data/none".into()));
    assert_eq!(error("/data/dangling"), FilesystemError::NotFound("/data/dangling".into()));
    assert_eq!(error("/data/file/x"), FilesystemError::NotADirectory("/data/file/x".into()));
    world.filesystem.get_link_metadata("/data/dangling").unwrap();
}

#[test]
fn either_read_or_list_is_enough_for_metadata() {
    for permission in ["read /data/file", "list /data/file"] {
        let world = World::with(&[permission]);
        world.write("file", "");
        assert!(world.filesystem.exists("/data/file").unwrap());
        world.filesystem.get_metadata("/data/file").unwrap();
        world.filesystem.get_link_metadata("/data/file").unwrap();
        assert_eq!(world.filesystem.canonicalize("/data/file").unwrap(), "/data/file");
    }
    let world = World::with(&["write /data/file", "delete /data/file"]);
    let denial = denied(world.filesystem.get_metadata("/data/file"));
    assert_eq!(denial.missing, r#"filesystem = [{ action = "read", path = "/data/file" }]"#);
}

#[test]
fn exists_says_no_only_of_what_it_may_know() {
    let world = World::with(&["read /data/public/**"]);
    world.write("public/file", "");
    world.write("private/file", "");
    world.link("none", "public/dangling");
    world.link("../private/file", "public/link");
    let exists = |path: &str| world.filesystem.exists(path);
    assert!(exists("/data/public/file").unwrap());
    assert!(exists("/data/public").unwrap());
    assert!(!exists("/data/public/none").unwrap());
    assert!(!exists("/data/public/none/x").unwrap());
    assert!(!exists("/data/public/file/x").unwrap());
    assert!(!exists("/data/public/dangling").unwrap());
    assert_eq!(denied(exists("/data/public/link")).resource, "/data/private/file");
    assert_eq!(denied(exists("/data/private/none")).resource, "/data/private/none");
    assert_eq!(denied(exists("/nowhere")).resource, "/nowhere");
}

#[test]
fn permissions_round_trip() {
    let world = World::open();
    world.write("file", "");
    world.write("directory/x", "");
    world.link("file", "link");
    for path in ["/data/file", "/data/directory", "/data/link", "/data"] {
        for mode in [0o000, 0o777, 0o124, 0o750] {
            let permissions = FilePermissions::from_mode(mode);
            world.filesystem.set_permissions(path, permissions).unwrap();
            assert_eq!(world.filesystem.get_metadata(path).unwrap().permissions, permissions, "{path}");
        }
    }
    assert!(world.host("link").is_symlink());
    let error = failure(world.filesystem.set_permissions("/data/none", FilePermissions::default()));
    assert_eq!(error, FilesystemError::NotFound("/data/none".into()));
}

#[test]
fn only_nine_bits_of_a_mode_can_be_set_and_set_user_id_goes() {
    let world = World::open();
    world.write("file", "");
    fs::set_permissions(world.host("file"), fs::Permissions::from_mode(0o6755)).unwrap();
    world.filesystem.set_permissions("/data/file", FilePermissions::from_mode(0o7777)).unwrap();
    assert_eq!(fs::metadata(world.host("file")).unwrap().mode() & 0o7777, 0o777);
}

#[test]
fn the_bits_of_the_contract_are_those_of_chmod() {
    for bit in 0..9_u16 {
        let permissions = FilePermissions::from_contract_bits(1 << bit);
        assert_eq!(permissions.mode(), 0o400 >> bit);
        assert_eq!(permissions.contract_bits(), 1 << bit);
    }
    assert_eq!(FilePermissions::from_contract_bits(u16::MAX).mode(), 0o777);
}

#[test]
fn times_are_set_or_left() {
    let world = World::open();
    world.write("file", "");
    world.link("file", "link");
    let set = |path: &str, accessed, modified| world.filesystem.set_times(path, FileTimes { accessed, modified });
    let (early, late) = (
        Timestamp { seconds: 1_000_000_000, nanoseconds: 123_456_789 },
        Timestamp { seconds: 2_000_000_000, nanoseconds: 0 },
    );
    set("/data/link", FileTime::At(early), FileTime::At(late)).unwrap();
    let times = |path: &str| {
        let metadata = world.filesystem.get_metadata(path).unwrap();
        (metadata.accessed.unwrap(), metadata.modified.unwrap())
    };
    assert_eq!(times("/data/file"), (early, late));
    set("/data/file", FileTime::Unchanged, FileTime::At(early)).unwrap();
    assert_eq!(times("/data/file"), (early, early));
    set("/data/file", FileTime::Now, FileTime::Unchanged).unwrap();
    assert!(times("/data/file").0 > early && times("/data/file").1 == early);
    set("/data", FileTime::At(early), FileTime::At(early)).unwrap();
    assert_eq!(times("/data").1, early);
    for wrong in [
        Timestamp { seconds: 0, nanoseconds: 1_000_000_000 },
        Timestamp { seconds: 0, nanoseconds: u32::MAX },
        Timestamp { seconds: u64::MAX, nanoseconds: 0 },
    ] {
        let error = failure(set("/data/file", FileTime::Unchanged, FileTime::At(wrong)));
        assert!(matches!(error, FilesystemError::InvalidArgument(_)), "{error}");
    }
    let error = failure(set("/data/none", FileTime::Now, FileTime::Now));
    assert_eq!(error, FilesystemError::NotFound("/data/none".into()));
}

#[test]
fn a_link_is_read_as_it_was_made_and_leads_to_the_same_for_the_host() {
    let world = World::open();
    world.write("a/target", "content");
    fs::create_dir_all(world.host("b/c")).unwrap();
    world.filesystem.create_symlink("/data/a/target", "/data/b/c/link").unwrap();
    world.filesystem.create_symlink("/data/x/../none", "/data/dangling").unwrap();
    world.filesystem.create_symlink("/data", "/data/b/root").unwrap();
    assert_eq!(world.filesystem.read_symlink("/data/b/c/link").unwrap(), "/data/a/target");
    assert_eq!(world.filesystem.read_symlink("/data/dangling").unwrap(), "/data/none");
    assert_eq!(world.filesystem.read_symlink("/data/b/root").unwrap(), "/data");
    assert_eq!(world.filesystem.read_file("/data/b/c/link").unwrap(), b"content");
    assert_eq!(world.filesystem.read_file("/data/b/root/a/target").unwrap(), b"content");
    assert_eq!(world.read("b/c/link"), "content");
    assert!(fs::read_link(world.host("b/c/link")).unwrap().is_relative());
}

#[test]
fn create_symlink_tells_what_is_wrong_with_its_paths() {
    let world = World::open();
    world.write("file", "");
    world.link("none", "dangling");
    world.link("loop", "loop");
    let create = |target: &str, link: &str| failure(world.filesystem.create_symlink(target, link));
    for link in ["/data/file", "/data/dangling", "/data"] {
        assert_eq!(create("/data/file", link), FilesystemError::AlreadyExists(link.into()));
    }
    assert_eq!(create("/data/file", "/data/none/link"), FilesystemError::NotFound("/data/none/link".into()));
    assert_eq!(create("/data/loop", "/data/new"), FilesystemError::TooManyLinks("/data/loop".into()));
    assert!(matches!(create("file", "/data/new"), FilesystemError::InvalidPath(_)));
    assert!(matches!(create("/data/fi\0le", "/data/new"), FilesystemError::InvalidPath(_)));
    for target in ["/secret", "/data/../secret", "/etc/passwd"] {
        denied(world.filesystem.create_symlink(target, "/data/new"));
    }
    assert!(!world.exists("new"));
}

#[test]
fn create_symlink_needs_to_write_the_link_and_to_read_the_target() {
    let world = World::with(&["write /data/links/**", "read /data/public/**"]);
    for directory in ["links", "public", "private"] {
        fs::create_dir(world.host(directory)).unwrap();
    }
    world.link("../private", "public/way");
    let create = |target: &str, link: &str| world.filesystem.create_symlink(target, link);
    create("/data/public/x", "/data/links/ok").unwrap();
    assert_eq!(denied(create("/data/private/x", "/data/links/a")).resource, "/data/private/x");
    assert_eq!(denied(create("/data/public/way/x", "/data/links/a")).resource, "/data/private/x");
    assert_eq!(denied(create("/data/public/x", "/data/public/a")).resource, "/data/public/a");
    assert!(!world.exists("links/a"));
}

#[test]
fn read_symlink_gives_an_absolute_guest_path() {
    let world = World::open();
    world.write("file", "");
    fs::create_dir_all(world.host("a/b")).unwrap();
    for (text, path) in [
        ("x", "/data/a/b/x"),
        ("../x", "/data/a/x"),
        ("./../../x/", "/data/x/"),
        ("../../../../../x", "/x"),
        ("x/../y", "/data/a/b/x/../y"),
        ("/data/file", "/data/file"),
        ("/elsewhere", "/elsewhere"),
        ("..", "/data/a"),
        (".", "/data/a/b"),
    ] {
        world.link(text, "a/b/link");
        assert_eq!(world.filesystem.read_symlink("/data/a/b/link").unwrap(), path);
        fs::remove_file(world.host("a/b/link")).unwrap();
    }
    for path in ["/data/file", "/data/a", "/data"] {
        assert!(matches!(failure(world.filesystem.read_symlink(path)), FilesystemError::InvalidArgument(_)));
    }
    let error = failure(world.filesystem.read_symlink("/data/none"));
    assert_eq!(error, FilesystemError::NotFound("/data/none".into()));
}

#[test]
fn canonicalize_resolves_links_and_dots() {
    let world = World::open();
    world.write("a/b/file", "");
    world.link("a/b", "short");
    world.link("/data/short/../b/file", "long");
    world.link("loop", "loop");
    let canonicalize = |path: &str| world.filesystem.canonicalize(path);
    assert_eq!(canonicalize("/data/short/file").unwrap(), "/data/a/b/file");
    assert_eq!(canonicalize("/data/short/..").unwrap(), "/data/a");
    assert_eq!(canonicalize("//data/./long").unwrap(), "/data/a/b/file");
    assert_eq!(canonicalize("//data/./short/").unwrap(), "/data/a/b");
    assert_eq!(canonicalize("/../../data").unwrap(), "/data");
    assert_eq!(failure(canonicalize("/data/none")), FilesystemError::NotFound("/data/none".into()));
    assert_eq!(failure(canonicalize("/data/loop")), FilesystemError::TooManyLinks("/data/loop".into()));
}

#[test]
fn forty_links_are_followed_and_no_more() {
    let world = World::open();
    world.write("0", "end");
    for number in 1..=41 {
        world.link(&(number - 1).to_string(), &number.to_string());
    }
    assert_eq!(world.filesystem.read_file("/data/40").unwrap(), b"end");
    let error = failure(world.filesystem.read_file("/data/41"));
    assert_eq!(error, FilesystemError::TooManyLinks("/data/41".into()));
}

#[test]
fn normalize_works_on_the_text_alone() {
    let world = World::with(&[]);
    let normalize = |path: &str| world.filesystem.normalize(path);
    for (path, normal) in [
        ("/", "/"),
        ("//", "/"),
        ("/..", "/"),
        ("/../../a", "/a"),
        ("/a/./b//c/", "/a/b/c"),
        ("/a/b/../../c", "/c"),
        ("/a/../..", "/"),
        ("/a./..b/...", "/a./..b/..."),
        ("/ä b/𝄞", "/ä b/𝄞"),
    ] {
        assert_eq!(normalize(path).unwrap(), normal);
    }
    for path in ["", ".", "a/b", "../a", "/a\0b"] {
        assert!(matches!(failure(normalize(path)), FilesystemError::InvalidPath(_)), "{path:?}");
    }
    assert!(matches!(failure(normalize(&format!("/{}", "a/".repeat(2048)))), FilesystemError::InvalidPath(_)));
    assert!(matches!(failure(normalize(&format!("/{}", "a".repeat(256)))), FilesystemError::NameTooLong(_)));
    assert!(normalize(&format!("/{}", "a".repeat(255))).is_ok());
    assert!(world.decisions().is_empty());
}

#[test]
fn relative_to_works_on_the_text_alone() {
    let world = World::with(&[]);
    let relative = |path: &str, base: &str| world.filesystem.relative_to(path, base);
    assert_eq!(relative("/a/b/c", "/a").unwrap(), "b/c");
    assert_eq!(relative("/a/b", "/a/b/").unwrap(), "");
    assert_eq!(relative("/a/b", "/").unwrap(), "a/b");
    assert_eq!(relative("/x/../a/./b", "//a").unwrap(), "b");
    for (path, base) in [("/ab", "/a"), ("/a", "/a/b"), ("/", "/a"), ("/a/../b", "/a")] {
        assert!(matches!(failure(relative(path, base)), FilesystemError::InvalidArgument(_)));
    }
    assert!(matches!(failure(relative("a", "/a")), FilesystemError::InvalidPath(_)));
    assert!(matches!(failure(relative("/a", "")), FilesystemError::InvalidPath(_)));
}
