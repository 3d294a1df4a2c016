use std::io;

use super::*;

const ALL: [&str; 4] = ["read /**", "write /**", "delete /**", "list /**"];

fn nested() -> World {
    World::built(
        &ALL,
        &[("/", "root", false), ("/data", "data", false), ("/data/in/side", "inside", false)],
        FilesystemLimits::default(),
    )
}

#[test]
fn the_longest_mount_wins_also_for_dots_and_links() {
    let world = nested();
    world.write("file", "in data");
    fs::write(world.host.path().join("root/file"), "in root").unwrap();
    fs::write(world.host.path().join("inside/file"), "inside").unwrap();
    world.link("in/side/file", "link");
    let read = |path: &str| String::from_utf8(world.filesystem.read_file(path).unwrap()).unwrap();
    assert_eq!(read("/file"), "in root");
    assert_eq!(read("/data/file"), "in data");
    assert_eq!(read("/data/in/side/file"), "inside");
    assert_eq!(read("/data/in/side/../../file"), "in data");
    assert_eq!(read("/data/../file"), "in root");
    assert_eq!(read("/data/../data/file"), "in data");
    assert_eq!(read("/data/link"), "inside");
}

#[test]
fn mounts_show_where_they_are_mounted() {
    let world = nested();
    fs::write(world.host.path().join("root/file"), "").unwrap();
    fs::create_dir(world.host.path().join("root/data")).unwrap();
    fs::write(world.host.path().join("root/data/shadowed"), "").unwrap();
    assert_eq!(names(&world.filesystem.list_directory("/").unwrap()), ["data", "file"]);
    assert_eq!(names(&world.filesystem.list_directory("/data").unwrap()), ["in"]);
    assert_eq!(names(&world.filesystem.list_directory("/data/in").unwrap()), ["side"]);
    assert_eq!(world.filesystem.get_metadata("/data/in").unwrap().file_type, FileType::Directory);
    let page = world.filesystem.open_directory("/").unwrap().next(9).unwrap();
    assert_eq!(page.len(), 2);
    let options = FindOptions { pattern: "**".into(), max_depth: None, follow_links: false, limit: None };
    let found = world.filesystem.find("/", &options).unwrap();
    assert_eq!(found, ["/data", "/data/in", "/data/in/side", "/file"]);
    assert_eq!(world.filesystem.measure("/").unwrap(), DiskUsage { files: 1, directories: 3, bytes: 0 });
}

#[test]
fn the_root_is_a_directory_of_mounts_if_none_is_there() {
    let world = World::built(
        &["list /", "list /a/**"],
        &[("/a/b", "data", false), ("/c", "c", false)],
        FilesystemLimits::default(),
    );
    world.write("file", "");
    assert_eq!(names(&world.filesystem.list_directory("/").unwrap()), ["a", "c"]);
    assert_eq!(names(&world.filesystem.list_directory("/a").unwrap()), ["b"]);
    assert_eq!(names(&world.filesystem.list_directory("/a/b").unwrap()), ["file"]);
    assert_eq!(denied(world.filesystem.list_directory("/c")).resource, "/c");
    let closed = World::built(&[], &[("/a", "data", false)], FilesystemLimits::default());
    assert_eq!(denied(closed.filesystem.list_directory("/")).resource, "/");
}

#[test]
fn mounts_and_what_is_above_them_stay() {
    let world = nested();
    fs::create_dir_all(world.host("in/real")).unwrap();
    let invalid = |error| assert!(matches!(error, FilesystemError::InvalidArgument(_)), "{error}");
    for path in ["/", "/data", "/data/in/side", "/data/in"] {
        invalid(failure(world.filesystem.remove_directory(path)));
        invalid(failure(world.filesystem.remove_directory_all(path)));
        invalid(failure(world.filesystem.rename(path, "/new", OnExisting::Fail)));
        let error = failure(world.filesystem.delete_file(path));
        assert_eq!(error, FilesystemError::IsADirectory(path.into()));
    }
    invalid(failure(world.filesystem.rename("/data/in/real", "/data/in/side", OnExisting::Replace)));
    assert!(world.host("in/real").is_dir());
}

#[test]
fn mounts_are_different_devices() {
    let world = nested();
    world.write("file", "content");
    let error = failure(world.filesystem.rename("/data/file", "/file", OnExisting::Fail));
    assert_eq!(error, FilesystemError::CrossDevice("/file".into()));
    let error = failure(world.filesystem.create_symlink("/data/file", "/link"));
    assert_eq!(error, FilesystemError::CrossDevice("/data/file".into()));
    assert_eq!(world.filesystem.copy_file("/data/file", "/file", OnExisting::Fail).unwrap(), 7);
    assert_eq!(fs::read(world.host.path().join("root/file")).unwrap(), b"content");
}

#[test]
fn outside_of_the_mounts_everything_is_denied_whatever_the_permissions() {
    let world =
        World::built(&ALL, &[("/data", "data", false), ("/deep/mount", "other", false)], FilesystemLimits::default());
    for path in ["/etc/passwd", "/secret", "/data/../secret", "/deep/secret", "/dataset", "/new", "/deep/new/../new"] {
        assert_eq!(denied(world.filesystem.read_file(path)).layer, airssys_wasm_policy::Layer::Mount);
        denied(world.filesystem.write_file(path, b""));
        denied(world.filesystem.create_directory(path));
        denied(world.filesystem.create_directory_all(path));
        denied(world.filesystem.exists(path));
        denied(world.filesystem.list_directory(path));
        denied(world.filesystem.delete_file(path));
    }
    assert!(world.decisions().iter().all(|decision| decision.starts_with("denied")));
}

#[test]
fn a_refusal_outside_of_the_mounts_names_the_folder_to_mount_and_one_of_nearly_its_name() {
    use airssys_wasm_policy::MountProblem::Missing;
    let mount_problem = |declared: &str, mounted: &str| {
        let world =
            World::built(&[&format!("read {declared}")], &[(mounted, "data", false)], FilesystemLimits::default());
        denied(world.filesystem.read_file("/data/a/b")).mount
    };
    let missing = |folder: &str, nearest: Option<&str>| {
        Some(Box::new(Missing { folder: folder.to_owned(), nearest: nearest.map(str::to_owned) }))
    };
    assert_eq!(mount_problem("/data/**", "/other"), missing("/data", None));
    assert_eq!(mount_problem("/data/**", "/dta"), missing("/data", Some("/dta")));
    assert_eq!(mount_problem("/data/a/**", "/data/b"), missing("/data/a", Some("/data/b")));
}

#[test]
fn a_read_only_mount_is_denied_by_the_host() {
    let world = World::built(&EVERYTHING, &[("/data", "data", true)], FilesystemLimits::default());
    world.write("file", "content");
    world.write("directory/x", "");
    let before = world.snapshot();
    let filesystem = &world.filesystem;
    let times = FileTimes { accessed: FileTime::Now, modified: FileTime::Now };
    let denials = [
        denied(filesystem.open("/data/file", WRITING).map(drop)),
        denied(filesystem.open("/data/file", APPENDING).map(drop)),
        denied(filesystem.open("/data/file", OpenFlags { create: true, ..READING }).map(drop)),
        denied(filesystem.write_file("/data/file", b"")),
        denied(filesystem.append_file("/data/file", b"")),
        denied(filesystem.delete_file("/data/file")),
        denied(filesystem.copy_file("/data/file", "/data/new", OnExisting::Fail)),
        denied(filesystem.rename("/data/file", "/data/new", OnExisting::Fail)),
        denied(filesystem.create_directory("/data/new")),
        denied(filesystem.create_directory_all("/data/new/new")),
        denied(filesystem.remove_directory("/data/directory")),
        denied(filesystem.remove_directory_all("/data/directory")),
        denied(filesystem.set_permissions("/data/file", FilePermissions::default())),
        denied(filesystem.set_times("/data/file", times)),
        denied(filesystem.create_symlink("/data/file", "/data/new")),
    ];
    let problem = airssys_wasm_policy::MountProblem::ReadOnly { folder: "/data".to_owned() };
    assert!(denials.iter().all(|denial| denial.layer == airssys_wasm_policy::Layer::Mount));
    assert!(denials.iter().all(|denial| denial.mount.as_deref() == Some(&problem)), "{denials:#?}");
    assert_eq!(denials[0].missing, r#"filesystem = [{ action = "write", path = "/data/file" }]"#);
    assert_eq!(world.snapshot(), before);
    assert_eq!(world.decisions().iter().filter(|decision| decision.starts_with("denied")).count(), denials.len());
    assert_eq!(filesystem.open("/data/file", READING).unwrap().read(9).unwrap(), b"content");
    filesystem.list_directory("/data").unwrap();
}

#[test]
fn a_mount_has_a_place_and_a_directory() {
    let host = tempfile::tempdir().unwrap();
    let open = |mounts: &[(&str, &str)]| {
        let mounts: Vec<Mount> = mounts
            .iter()
            .map(|(guest, name)| Mount { guest: (*guest).into(), host: host.path().join(name), read_only: false })
            .collect();
        let gate =
            Gate::new("acme/test@1.0.0".parse().unwrap(), permissions(&[]), permissions(&[]), Arc::<Audit>::default());
        Filesystem::new(gate, &mounts, FilesystemLimits::default()).map(drop)
    };
    fs::write(host.path().join("file"), "").unwrap();
    open(&[("/", ""), ("/data/", "")]).unwrap();
    for wrong in ["data", "", "/data/../x", "/da\0ta"] {
        assert_eq!(open(&[(wrong, "")]).unwrap_err().kind(), io::ErrorKind::InvalidInput, "{wrong:?}");
    }
    assert_eq!(open(&[("/data", ""), ("/data/", "")]).unwrap_err().kind(), io::ErrorKind::InvalidInput);
    assert_eq!(open(&[("/data", "none")]).unwrap_err().kind(), io::ErrorKind::NotFound);
    assert_eq!(open(&[("/data", "file")]).unwrap_err().kind(), io::ErrorKind::NotADirectory);
}
