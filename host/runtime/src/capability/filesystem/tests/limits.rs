use super::*;

fn quota(bytes: u64) -> FilesystemLimits {
    FilesystemLimits { quota_bytes: Some(bytes), ..FilesystemLimits::default() }
}

#[track_caller]
fn exceeded<T>(result: Result<T>) {
    let error = failure(result);
    assert!(matches!(error, FilesystemError::QuotaExceeded(_)), "{error}");
}

#[test]
fn files_and_cursors_share_the_limit_on_what_is_open() {
    let world = World::with_open_files(3, u32::MAX);
    world.write("a", "x");
    let open = || world.filesystem.open("/data/a", READING);
    let (first, second) = (open().unwrap(), open().unwrap());
    let cursor = world.filesystem.open_directory("/data").unwrap();
    assert_eq!(failure(open().map(drop)), FilesystemError::TooManyOpenFiles);
    assert_eq!(failure(world.filesystem.open_directory("/data").map(drop)), FilesystemError::TooManyOpenFiles);
    let create = OpenFlags { create_new: true, ..WRITING };
    assert_eq!(failure(world.filesystem.open("/data/new", create).map(drop)), FilesystemError::TooManyOpenFiles);
    assert!(!world.exists("new"));
    assert_eq!(world.filesystem.read_file("/data/a").unwrap(), b"x");
    drop(cursor);
    let third = open().unwrap();
    let again = third.clone();
    drop(third);
    assert_eq!(failure(open().map(drop)), FilesystemError::TooManyOpenFiles);
    drop(again);
    open().unwrap();
    drop((first, second));
}

#[test]
fn what_all_components_have_open_counts_together() {
    let world = World::with_open_files(100, 3);
    world.write("a", "x");
    world.write("deep/er/est/b", "x");
    let open = |path: &str| world.filesystem.open(path, READING).map(drop);
    let (first, second) =
        (world.filesystem.open("/data/a", READING).unwrap(), world.filesystem.open_directory("/data").unwrap());
    open("/data/a").unwrap();
    let third = world.filesystem.open("/data/a", READING).unwrap();
    assert_eq!(failure(open("/data/a")), FilesystemError::TooManyOpenFiles);
    assert_eq!(world.filesystem.read_file("/data/a").unwrap(), b"x", "what is at the mount's root takes none");
    assert_eq!(failure(world.filesystem.read_file("/data/deep/er/est/b")), FilesystemError::TooManyOpenFiles);
    assert_eq!(failure(world.filesystem.measure("/data")), FilesystemError::TooManyOpenFiles);
    drop((first, second, third));
    assert_eq!(world.filesystem.read_file("/data/deep/er/est/b").unwrap(), b"x");
    assert_eq!(world.filesystem.measure("/data").unwrap().files, 2);
}

#[test]
fn an_open_that_fails_leaves_nothing_open() {
    let world = World::with_open_files(1, u32::MAX);
    world.write("a", "x");
    for _ in 0..3 {
        failure(world.filesystem.open("/data/none", READING).map(drop));
        failure(world.filesystem.open("/data", READING).map(drop));
        failure(world.filesystem.open_directory("/data/a").map(drop));
        denied(world.filesystem.open("/secret", READING).map(drop));
    }
    world.filesystem.open("/data/a", READING).unwrap();
}

#[test]
fn no_file_grows_beyond_the_limit() {
    let world = World::limited(FilesystemLimits { max_file_bytes: 10, ..FilesystemLimits::default() });
    let file = world.filesystem.open("/data/a", WRITING).unwrap();
    assert_eq!(file.write(b"12345678").unwrap(), 8);
    exceeded(file.write(b"123"));
    exceeded(file.write_at(10, b"1"));
    exceeded(file.write_at(u64::MAX, b"1"));
    exceeded(file.set_size(11));
    exceeded(world.filesystem.append_file("/data/a", b"123"));
    exceeded(world.filesystem.open("/data/a", APPENDING).unwrap().write(b"123"));
    assert_eq!(world.read("a"), "12345678");
    file.set_size(10).unwrap();
    world.filesystem.append_file("/data/a", b"").unwrap();
    fs::write(world.host("big"), [0; 11]).unwrap();
    exceeded(world.filesystem.copy_file("/data/big", "/data/copy", OnExisting::Fail));
    assert!(!world.exists("copy"));
}

#[test]
fn all_files_together_stay_within_the_quota() {
    let world = World::limited(quota(100));
    let filesystem = &world.filesystem;
    filesystem.write_file("/data/a", &[1; 60]).unwrap();
    exceeded(filesystem.write_file("/data/b", &[1; 41]));
    filesystem.write_file("/data/b", &[1; 40]).unwrap();
    exceeded(filesystem.append_file("/data/b", b"x"));
    let file = filesystem.open("/data/a", WRITING).unwrap();
    assert_eq!(file.write(&[2; 60]).unwrap(), 60);
    exceeded(file.write(b"x"));
    exceeded(file.set_size(61));
    exceeded(filesystem.copy_file("/data/b", "/data/c", OnExisting::Fail));
    file.set_size(20).unwrap();
    filesystem.copy_file("/data/b", "/data/c", OnExisting::Fail).unwrap();
    exceeded(file.set_size(21));
    filesystem.delete_file("/data/c").unwrap();
    filesystem.append_file("/data/b", &[3; 40]).unwrap();
    exceeded(filesystem.append_file("/data/b", b"x"));
    filesystem.open("/data/b", OpenFlags { truncate: true, ..WRITING }).unwrap();
    file.set_size(100).unwrap();
    let total: u64 = ["a", "b"].iter().map(|name| fs::metadata(world.host(name)).unwrap().len()).sum();
    assert_eq!(total, 100);
}

#[test]
fn what_is_replaced_or_removed_gives_its_space_back() {
    let world = World::limited(quota(100));
    let filesystem = &world.filesystem;
    for _ in 0..5 {
        filesystem.write_file("/data/a", &[1; 50]).unwrap();
        filesystem.write_file("/data/b", &[1; 50]).unwrap();
        filesystem.rename("/data/a", "/data/b", OnExisting::Replace).unwrap();
        filesystem.copy_file("/data/b", "/data/a", OnExisting::Fail).unwrap();
        exceeded(filesystem.append_file("/data/a", b"x"));
        filesystem.delete_file("/data/a").unwrap();
        filesystem.create_directory_all("/data/tree/in").unwrap();
        filesystem.write_file("/data/tree/in/a", &[1; 50]).unwrap();
        exceeded(filesystem.append_file("/data/b", b"x"));
        filesystem.remove_directory_all("/data/tree").unwrap();
        filesystem.delete_file("/data/b").unwrap();
    }
    filesystem.write_file("/data/a", &[1; 100]).unwrap();
}

#[test]
fn what_failed_takes_no_space() {
    let world = World::limited(quota(100));
    fs::create_dir(world.host("directory")).unwrap();
    for _ in 0..5 {
        failure(world.filesystem.write_file("/data/directory", &[1; 60]));
        exceeded(world.filesystem.write_file("/data/a", &[1; 101]));
    }
    world.filesystem.write_file("/data/a", &[1; 100]).unwrap();
}

#[test]
fn a_deleted_file_takes_its_space_until_it_is_closed() {
    let world = World::limited(quota(100));
    let filesystem = &world.filesystem;
    let open = || filesystem.open("/data/a", WRITING).unwrap();
    let (file, other) = (open(), open());
    file.write(&[1; 80]).unwrap();
    filesystem.delete_file("/data/a").unwrap();
    exceeded(filesystem.write_file("/data/b", &[1; 21]));
    drop(file);
    exceeded(filesystem.write_file("/data/b", &[1; 21]));
    drop(other);
    filesystem.write_file("/data/b", &[1; 100]).unwrap();
}

#[test]
fn what_was_there_before_counts() {
    let host = tempfile::tempdir().unwrap();
    fs::create_dir_all(host.path().join("a/b")).unwrap();
    fs::write(host.path().join("a/b/file"), [1; 70]).unwrap();
    let gate = Gate::new(
        "acme/test@1.0.0".parse().unwrap(),
        permissions(&EVERYTHING),
        permissions(&EVERYTHING),
        Arc::<Audit>::default(),
    );
    let mount = |read_only| Mount { guest: "/data".into(), host: host.path().into(), read_only };
    let filesystem = Filesystem::new(gate.clone(), &[mount(false)], quota(100)).unwrap();
    exceeded(filesystem.write_file("/data/new", &[1; 31]));
    filesystem.write_file("/data/new", &[1; 30]).unwrap();
    filesystem.remove_directory_all("/data/a").unwrap();
    filesystem.append_file("/data/new", &[1; 70]).unwrap();
    Filesystem::new(gate, &[mount(true)], quota(0)).unwrap();
}

#[test]
fn two_writers_do_not_both_take_what_is_left() {
    let world = World::limited(quota(1000));
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let filesystem = &world.filesystem;
            scope.spawn(move || {
                let file = filesystem.open(&format!("/data/{writer}"), WRITING).unwrap();
                while file.write(&[1; 7]).is_ok() {}
            });
        }
    });
    let usage = world.filesystem.measure("/data").unwrap();
    assert!(usage.bytes <= 1000 && usage.bytes > 993, "{usage:?}");
}

#[test]
fn an_operation_on_a_tree_visits_no_more_than_the_host_allows() {
    let world = World::limited(FilesystemLimits { max_visited_entries: 3, ..FilesystemLimits::default() });
    for name in ["tree/a", "tree/b", "tree/c/d"] {
        world.write(name, "");
    }
    let options = FindOptions { pattern: "none".into(), max_depth: None, follow_links: false, limit: None };
    exceeded(world.filesystem.measure("/data/tree"));
    exceeded(world.filesystem.find("/data/tree", &options));
    exceeded(world.filesystem.remove_directory_all("/data/tree"));
    exceeded(world.filesystem.rename("/data/tree", "/data/moved", OnExisting::Fail));
    assert!(world.exists("tree/a") && world.exists("tree/c/d"));
}

#[test]
fn a_write_that_takes_long_holds_up_nobody_who_opens_closes_or_removes_other_files() {
    let world = World::limited(quota(100));
    world.write("a", "12345");
    world.write("other", "12345");
    let writing = fs::File::options().write(true).open(world.host("a")).unwrap();
    let done = world.filesystem.resizing(&writing, 10, || {
        // All of this asks for the quota in the midst of the write.
        drop(world.filesystem.open("/data/other", READING)?);
        world.filesystem.delete_file("/data/other")
    });
    done.unwrap();
}

#[test]
fn room_that_is_reserved_is_nobody_elses_and_comes_back() {
    let world = World::limited(quota(100));
    world.write("a", "");
    let writing = fs::File::options().write(true).open(world.host("a")).unwrap();
    let turn = |name: &str| {
        let stat = stat::Stat::of(fs::File::open(world.host(name)).unwrap()).unwrap();
        stat.inode().spread() % 16
    };
    // A file that does not have to wait for this one.
    let other = (0..100).map(|number| number.to_string()).find(|name| {
        world.write(name, "");
        turn(name) != turn("a")
    });
    let path = format!("/data/{}", other.expect("files have different numbers"));
    let done = world.filesystem.resizing(&writing, 60, || {
        exceeded(world.filesystem.append_file(&path, &[1; 41]));
        world.filesystem.append_file(&path, &[1; 40])
    });
    done.unwrap();
    world.filesystem.append_file(&path, &[1; 60]).unwrap();
    exceeded(world.filesystem.append_file(&path, &[1]));
}
