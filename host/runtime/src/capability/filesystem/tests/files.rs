use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use super::*;

#[test]
fn read_file_gives_the_whole_content() {
    let world = World::open();
    world.write("a b/ä𝄞.txt", "content\0with nul");
    assert_eq!(world.filesystem.read_file("/data/a b/ä𝄞.txt").unwrap(), b"content\0with nul");
    world.write("empty", "");
    assert_eq!(world.filesystem.read_file("/data/empty").unwrap(), b"");
}

#[test]
fn read_file_tells_what_is_wrong_with_the_path() {
    let world = World::open();
    world.write("directory/file", "x");
    let read = |path: &str| failure(world.filesystem.read_file(path));
    assert_eq!(read("/data/none"), FilesystemError::NotFound("/data/none".into()));
    assert_eq!(read("/data/none/x"), FilesystemError::NotFound("/data/none/x".into()));
    assert_eq!(read("/data/directory"), FilesystemError::IsADirectory("/data/directory".into()));
    assert_eq!(read("/data"), FilesystemError::IsADirectory("/data".into()));
    assert_eq!(read("/data/directory/file/x"), FilesystemError::NotADirectory("/data/directory/file/x".into()));
}

#[test]
fn a_file_of_many_mebibytes_is_read_whole_up_to_the_limit() {
    let world = World::limited(FilesystemLimits { max_read_file_bytes: 3_000_000, ..FilesystemLimits::default() });
    let content: Vec<u8> = (0..3_000_000_u32).map(|n| n as u8).collect();
    fs::write(world.host("big"), &content).unwrap();
    assert_eq!(world.filesystem.read_file("/data/big").unwrap(), content);
    fs::write(world.host("big"), [content, vec![1]].concat()).unwrap();
    assert!(matches!(failure(world.filesystem.read_file("/data/big")), FilesystemError::QuotaExceeded(_)));
}

#[test]
fn write_file_creates_and_replaces() {
    let world = World::open();
    world.filesystem.write_file("/data/a", b"one").unwrap();
    assert_eq!(world.read("a"), "one");
    world.filesystem.write_file("/data/a", b"").unwrap();
    assert_eq!(world.read("a"), "");
    assert_eq!(fs::read_dir(world.host("")).unwrap().count(), 1);
}

#[test]
fn write_file_replaces_a_file_under_its_readers() {
    let world = World::open();
    world.write("a", "old");
    let before = fs::metadata(world.host("a")).unwrap().ino();
    let reader = world.filesystem.open("/data/a", READING).unwrap();
    world.filesystem.write_file("/data/a", b"new and longer").unwrap();
    assert_eq!(reader.read(100).unwrap(), b"old");
    assert_eq!(world.read("a"), "new and longer");
    assert_ne!(fs::metadata(world.host("a")).unwrap().ino(), before);
}

#[test]
fn write_file_keeps_the_permissions_of_what_it_replaces_but_not_set_user_id() {
    let world = World::open();
    world.write("a", "old");
    fs::set_permissions(world.host("a"), fs::Permissions::from_mode(0o4751)).unwrap();
    world.filesystem.write_file("/data/a", b"new").unwrap();
    assert_eq!(fs::metadata(world.host("a")).unwrap().mode() & 0o7777, 0o751);
}

#[test]
fn write_file_follows_a_link_and_leaves_it() {
    let world = World::open();
    world.write("directory/target", "old");
    world.link("directory/target", "link");
    world.link("directory/new", "dangling");
    world.filesystem.write_file("/data/link", b"new").unwrap();
    world.filesystem.write_file("/data/dangling", b"made").unwrap();
    assert_eq!(world.read("directory/target"), "new");
    assert_eq!(world.read("directory/new"), "made");
    assert!(world.host("link").is_symlink() && world.host("dangling").is_symlink());
}

#[test]
fn write_file_fails_without_a_trace() {
    let world = World::limited(FilesystemLimits { max_file_bytes: 10, ..FilesystemLimits::default() });
    world.write("a", "old");
    world.write("directory/x", "x");
    let before = world.snapshot();
    let write = |path: &str, data: &[u8]| failure(world.filesystem.write_file(path, data));
    assert!(matches!(write("/data/a", &[1; 11]), FilesystemError::QuotaExceeded(_)));
    assert_eq!(write("/data/directory", b""), FilesystemError::IsADirectory("/data/directory".into()));
    assert_eq!(write("/data", b""), FilesystemError::IsADirectory("/data".into()));
    assert_eq!(write("/data/none/a", b""), FilesystemError::NotFound("/data/none/a".into()));
    assert_eq!(write("/data/a/b", b""), FilesystemError::NotADirectory("/data/a/b".into()));
    assert_eq!(world.snapshot(), before);
}

#[test]
fn append_file_creates_and_appends() {
    let world = World::open();
    world.filesystem.append_file("/data/a", b"one ").unwrap();
    world.filesystem.append_file("/data/a", b"two").unwrap();
    world.filesystem.append_file("/data/a", b"").unwrap();
    assert_eq!(world.read("a"), "one two");
    assert_eq!(failure(world.filesystem.append_file("/data", b"")), FilesystemError::IsADirectory("/data".into()));
}

#[test]
fn two_appending_writers_do_not_interleave() {
    const CALLS: usize = 40;
    const BYTES: usize = 200_000;
    let world = World::open();
    std::thread::scope(|scope| {
        for letter in [b'a', b'b', b'c'] {
            let filesystem = &world.filesystem;
            scope.spawn(move || {
                let handle = filesystem.open("/data/log", APPENDING).unwrap();
                for call in 0..CALLS {
                    if call % 2 == 0 {
                        filesystem.append_file("/data/log", &[letter; BYTES]).unwrap();
                    } else {
                        assert_eq!(handle.write(&[letter; BYTES]).unwrap() as usize, BYTES);
                    }
                }
            });
        }
    });
    let log = fs::read(world.host("log")).unwrap();
    assert_eq!(log.len(), 3 * CALLS * BYTES);
    assert!(log.chunks(BYTES).all(|call| call.iter().all(|byte| *byte == call[0])));
}

#[test]
fn delete_file_deletes_files_and_links_only() {
    let world = World::open();
    world.write("file", "x");
    world.write("directory/x", "x");
    world.link("directory/x", "link");
    world.link("/nowhere", "dangling");
    for path in ["/data/link", "/data/dangling", "/data/file"] {
        world.filesystem.delete_file(path).unwrap();
    }
    assert_eq!(world.read("directory/x"), "x");
    assert!(!world.exists("link") && !world.exists("dangling") && !world.exists("file"));
    let delete = |path: &str| failure(world.filesystem.delete_file(path));
    assert_eq!(delete("/data/file"), FilesystemError::NotFound("/data/file".into()));
    assert_eq!(delete("/data/directory"), FilesystemError::IsADirectory("/data/directory".into()));
    assert_eq!(delete("/data"), FilesystemError::IsADirectory("/data".into()));
}

#[test]
fn copy_file_copies_content_and_permissions() {
    let world = World::open();
    fs::write(world.host("a"), vec![7; 3_000_000]).unwrap();
    fs::set_permissions(world.host("a"), fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(world.filesystem.copy_file("/data/a", "/data/b", OnExisting::Fail).unwrap(), 3_000_000);
    assert_eq!(fs::read(world.host("b")).unwrap(), vec![7; 3_000_000]);
    assert_eq!(fs::metadata(world.host("b")).unwrap().mode() & 0o7777, 0o640);
}

#[test]
fn copy_file_replaces_only_if_told_to() {
    let world = World::open();
    world.write("a", "new");
    world.write("b", "old");
    world.write("directory/x", "x");
    world.link("a", "link");
    let copy = |from: &str, to: &str, on_existing| world.filesystem.copy_file(from, to, on_existing);
    assert_eq!(failure(copy("/data/a", "/data/b", OnExisting::Fail)), FilesystemError::AlreadyExists("/data/b".into()));
    assert_eq!(world.read("b"), "old");
    assert_eq!(copy("/data/a", "/data/b", OnExisting::Replace).unwrap(), 3);
    assert_eq!(world.read("b"), "new");
    for on_existing in [OnExisting::Fail, OnExisting::Replace] {
        for to in ["/data/a", "/data/./directory/../a", "/data/link"] {
            assert!(matches!(failure(copy("/data/a", to, on_existing)), FilesystemError::InvalidArgument(_)));
        }
        assert!(matches!(failure(copy("/data/directory", "/data/c", on_existing)), FilesystemError::IsADirectory(_)));
    }
    let error = failure(copy("/data/a", "/data/directory", OnExisting::Replace));
    assert_eq!(error, FilesystemError::IsADirectory("/data/directory".into()));
    assert_eq!(
        failure(copy("/data/none", "/data/c", OnExisting::Fail)),
        FilesystemError::NotFound("/data/none".into())
    );
    let error = failure(copy("/data/a", "/data/none/c", OnExisting::Fail));
    assert_eq!(error, FilesystemError::NotFound("/data/none/c".into()));
    assert_eq!(world.read("a"), "new");
}

#[test]
fn pipes_sockets_and_devices_are_not_opened() {
    let world = World::open();
    let mode = rustix::fs::Mode::from_bits_truncate(0o666);
    rustix::fs::mknodat(rustix::fs::CWD, world.host("pipe"), rustix::fs::FileType::Fifo, mode, 0).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(world.host("socket")).unwrap();
    for path in ["/data/pipe", "/data/socket"] {
        let unsupported = |error| assert!(matches!(error, FilesystemError::Unsupported(_)), "{error}");
        unsupported(failure(world.filesystem.open(path, READING).map(drop)));
        unsupported(failure(world.filesystem.open(path, WRITING).map(drop)));
        unsupported(failure(world.filesystem.read_file(path)));
        unsupported(failure(world.filesystem.write_file(path, b"x")));
        unsupported(failure(world.filesystem.append_file(path, b"x")));
        unsupported(failure(world.filesystem.copy_file(path, "/data/copy", OnExisting::Fail)));
        assert_eq!(world.filesystem.get_metadata(path).unwrap().file_type, FileType::Other);
        world.filesystem.delete_file(path).unwrap();
    }
}

#[test]
fn what_takes_the_place_of_a_file_is_at_no_time_readable_by_more_than_it_was() {
    use std::os::unix::fs::PermissionsExt as _;

    let world = World::open();
    let directory = Arc::new(fs::File::open(world.host("")).unwrap().into());
    let mode = |is_private| {
        let file = atomic_file::AtomicFile::create(&world.filesystem, &directory, is_private).unwrap();
        stat::Stat::of(file.file()).unwrap().mode()
    };
    assert_eq!(mode(true), 0o600);
    assert_eq!(mode(false) & 0o600, 0o600);
    world.write("secret", "old");
    fs::set_permissions(world.host("secret"), fs::Permissions::from_mode(0o640)).unwrap();
    world.filesystem.write_file("/data/secret", b"new").unwrap();
    world.filesystem.copy_file("/data/secret", "/data/copy", OnExisting::Fail).unwrap();
    for name in ["secret", "copy"] {
        assert_eq!(fs::metadata(world.host(name)).unwrap().permissions().mode() & 0o777, 0o640, "{name}");
    }
}
