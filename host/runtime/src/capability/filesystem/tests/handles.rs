use super::*;

#[test]
fn open_says_which_flags_do_not_go_together() {
    let world = World::open();
    world.write("a", "x");
    let none = OpenFlags::default();
    for flags in [
        none,
        OpenFlags { create: true, ..none },
        OpenFlags { truncate: true, ..READING },
        OpenFlags { truncate: true, append: true, ..none },
    ] {
        let error = failure(world.filesystem.open("/data/a", flags).map(drop));
        assert!(matches!(error, FilesystemError::InvalidArgument(_)), "{flags:?}: {error}");
    }
    assert_eq!(world.read("a"), "x");
    assert!(world.decisions().is_empty());
}

#[test]
fn open_creates_when_it_should() {
    let world = World::open();
    let open = |path: &str, flags| world.filesystem.open(path, flags).map(drop);
    assert_eq!(failure(open("/data/a", READING)), FilesystemError::NotFound("/data/a".into()));
    let write = OpenFlags { read: false, create: false, ..WRITING };
    assert_eq!(failure(open("/data/a", write)), FilesystemError::NotFound("/data/a".into()));
    assert_eq!(failure(open("/data/none/a", WRITING)), FilesystemError::NotFound("/data/none/a".into()));
    open("/data/a", OpenFlags { create: true, ..READING }).unwrap();
    assert_eq!(world.read("a"), "");
    open("/data/b", OpenFlags { create_new: true, ..WRITING }).unwrap();
    assert_eq!(world.read("b"), "");
}

#[test]
fn create_new_wants_nothing_there_not_even_a_dangling_link() {
    let world = World::open();
    world.write("a", "x");
    world.write("directory/x", "x");
    world.link("/data/none", "dangling");
    let flags = OpenFlags { create_new: true, ..WRITING };
    for path in ["/data/a", "/data/directory", "/data/dangling", "/data"] {
        let error = failure(world.filesystem.open(path, flags).map(drop));
        assert_eq!(error, FilesystemError::AlreadyExists(path.into()));
    }
    assert!(!world.exists("none"));
}

#[test]
fn no_follow_refuses_a_link_at_the_end_only() {
    let world = World::open();
    world.write("directory/a", "x");
    world.link("directory", "way");
    world.link("directory/a", "end");
    let flags = OpenFlags { no_follow: true, ..READING };
    world.filesystem.open("/data/way/a", flags).unwrap();
    let error = failure(world.filesystem.open("/data/end", flags).map(drop));
    assert_eq!(error, FilesystemError::TooManyLinks("/data/end".into()));
    assert_eq!(world.filesystem.open("/data/end", READING).unwrap().read(9).unwrap(), b"x");
}

#[test]
fn open_refuses_directories() {
    let world = World::open();
    world.write("directory/x", "x");
    for path in ["/data", "/data/directory"] {
        for flags in [READING, WRITING] {
            let error = failure(world.filesystem.open(path, flags).map(drop));
            assert_eq!(error, FilesystemError::IsADirectory(path.into()));
        }
    }
}

#[test]
fn reading_moves_the_position_and_reading_at_does_not() {
    let world = World::open();
    world.write("a", "0123456789");
    let file = world.filesystem.open("/data/a", READING).unwrap();
    assert_eq!(file.read(0).unwrap(), b"");
    assert_eq!(file.read(3).unwrap(), b"012");
    assert_eq!(file.read_at(8, 9).unwrap(), b"89");
    assert_eq!(file.read_at(10, 9).unwrap(), b"");
    assert_eq!(file.read_at(u64::MAX, u32::MAX).unwrap(), b"");
    assert_eq!(file.read(u32::MAX).unwrap(), b"3456789");
    assert_eq!(file.read(1).unwrap(), b"");
}

#[test]
fn one_read_gives_no_more_than_the_host_allows() {
    let world =
        World::limited(FilesystemLimits { max_read_bytes: 4, max_write_bytes: 3, ..FilesystemLimits::default() });
    world.write("a", "0123456789");
    let file = world.filesystem.open("/data/a", WRITING).unwrap();
    assert_eq!(file.read(9).unwrap(), b"0123");
    assert_eq!(file.read(9).unwrap(), b"4567");
    assert_eq!(file.write(b"abcdef").unwrap(), 3);
    assert_eq!(world.read("a"), "01234567abc");
}

#[test]
fn a_handle_reads_on_after_rename_and_delete() {
    let world = World::open();
    world.write("a", "content");
    let file = world.filesystem.open("/data/a", READING).unwrap();
    world.filesystem.rename("/data/a", "/data/b", OnExisting::Fail).unwrap();
    assert_eq!(file.read(3).unwrap(), b"con");
    world.filesystem.delete_file("/data/b").unwrap();
    assert_eq!(file.read(9).unwrap(), b"tent");
    assert_eq!(file.metadata().unwrap().links, 0);
}

#[test]
fn writing_moves_the_position_and_writing_at_does_not() {
    let world = World::open();
    let file = world.filesystem.open("/data/a", WRITING).unwrap();
    assert_eq!(file.write(b"hello").unwrap(), 5);
    assert_eq!(file.write(b"").unwrap(), 0);
    assert_eq!(file.write_at(1, b"E").unwrap(), 1);
    assert_eq!(file.write(b"!").unwrap(), 1);
    assert_eq!(world.read("a"), "hEllo!");
    assert_eq!(file.write_at(8, b"x").unwrap(), 1);
    assert_eq!(world.read("a"), "hEllo!\0\0x");
    assert_eq!(file.read(9).unwrap(), b"\0\0x");
}

#[test]
fn an_appending_handle_writes_to_the_end_wherever_its_position_is() {
    let world = World::open();
    world.write("a", "one");
    let file = world.filesystem.open("/data/a", APPENDING).unwrap();
    assert_eq!(file.read(1).unwrap(), b"o");
    world.write("a", "other");
    assert_eq!(file.write(b"+").unwrap(), 1);
    assert_eq!(world.read("a"), "other+");
    assert_eq!(file.read(9).unwrap(), b"");
    assert!(matches!(failure(file.write_at(0, b"x")), FilesystemError::InvalidArgument(_)));
    file.set_size(2).unwrap();
    file.write(b"!").unwrap();
    assert_eq!(world.read("a"), "ot!");
}

#[test]
fn a_handle_does_only_what_it_was_opened_for() {
    let world = World::open();
    world.write("a", "x");
    let reader = world.filesystem.open("/data/a", READING).unwrap();
    let writer = world.filesystem.open("/data/a", OpenFlags { read: false, ..WRITING }).unwrap();
    let invalid = |error| assert!(matches!(error, FilesystemError::InvalidArgument(_)), "{error}");
    invalid(failure(reader.write(b"y")));
    invalid(failure(reader.write(b"")));
    invalid(failure(reader.write_at(0, b"y")));
    invalid(failure(reader.set_size(0)));
    invalid(failure(writer.read(1)));
    invalid(failure(writer.read_at(0, 1)));
    assert_eq!(world.read("a"), "x");
}

#[test]
fn truncate_empties_the_file() {
    let world = World::open();
    world.write("a", "content");
    world.filesystem.open("/data/a", OpenFlags { truncate: true, ..WRITING }).unwrap();
    assert_eq!(world.read("a"), "");
}

#[test]
fn seek_has_four_forms() {
    let world = World::open();
    world.write("a", "0123456789");
    let file = world.filesystem.open("/data/a", WRITING).unwrap();
    assert_eq!(file.seek(SeekFrom::Start(4)).unwrap(), 4);
    assert_eq!(file.seek(SeekFrom::Forward(2)).unwrap(), 6);
    assert_eq!(file.seek(SeekFrom::Backward(5)).unwrap(), 1);
    assert_eq!(file.read(1).unwrap(), b"1");
    assert_eq!(file.seek(SeekFrom::BeforeEnd(1)).unwrap(), 9);
    assert_eq!(file.seek(SeekFrom::BeforeEnd(0)).unwrap(), 10);
    assert_eq!(file.seek(SeekFrom::Start(1 << 60)).unwrap(), 1 << 60);
    assert_eq!(file.read(1).unwrap(), b"");
    assert_eq!(file.seek(SeekFrom::Start(12)).unwrap(), 12);
    file.write(b"x").unwrap();
    assert_eq!(world.read("a"), "0123456789\0\0x");
}

#[test]
fn seek_stays_within_what_a_file_can_have() {
    let world = World::open();
    world.write("a", "0123456789");
    let file = world.filesystem.open("/data/a", READING).unwrap();
    file.seek(SeekFrom::Start(3)).unwrap();
    for position in [
        SeekFrom::Backward(4),
        SeekFrom::Backward(u64::MAX),
        SeekFrom::BeforeEnd(11),
        SeekFrom::Forward(u64::MAX),
        SeekFrom::Start(u64::MAX),
        SeekFrom::Start(1 << 63),
    ] {
        assert!(matches!(failure(file.seek(position)), FilesystemError::InvalidArgument(_)), "{position:?}");
    }
    assert_eq!(file.read(1).unwrap(), b"3");
}

#[test]
fn set_size_grows_with_zeros_and_shrinks() {
    let world = World::open();
    world.write("a", "abc");
    let file = world.filesystem.open("/data/a", WRITING).unwrap();
    file.seek(SeekFrom::Start(2)).unwrap();
    file.set_size(5).unwrap();
    assert_eq!(world.read("a"), "abc\0\0");
    file.set_size(1).unwrap();
    assert_eq!(world.read("a"), "a");
    assert_eq!(file.seek(SeekFrom::Forward(0)).unwrap(), 2);
    assert!(matches!(failure(file.set_size(u64::MAX)), FilesystemError::QuotaExceeded(_)));
    assert!(matches!(failure(file.set_size(1 << 50)), FilesystemError::QuotaExceeded(_)));
    assert_eq!(world.read("a"), "a");
}

#[test]
fn sync_works_on_every_handle() {
    let world = World::open();
    world.write("a", "abc");
    for flags in [READING, WRITING, APPENDING] {
        let file = world.filesystem.open("/data/a", flags).unwrap();
        file.sync(SyncKind::Data).unwrap();
        file.sync(SyncKind::All).unwrap();
    }
}

#[test]
fn metadata_of_a_handle_is_that_of_its_path() {
    let world = World::open();
    world.write("a", "abc");
    let file = world.filesystem.open("/data/a", WRITING).unwrap();
    assert_eq!(file.metadata().unwrap(), world.filesystem.get_metadata("/data/a").unwrap());
    file.write(b"0123456789").unwrap();
    assert_eq!(file.metadata().unwrap().size, 10);
}

#[test]
fn operations_of_a_handle_are_not_asked_for_again() {
    let world = World::open();
    let file = world.filesystem.open("/data/a", WRITING).unwrap();
    assert_eq!(
        world.decisions(),
        ["allowed files.open filesystem.read /data/a", "allowed files.open filesystem.write /data/a"]
    );
    file.write(b"x").unwrap();
    file.read_at(0, 1).unwrap();
    file.metadata().unwrap();
    assert!(world.decisions().is_empty());
}
