use super::*;

/// Every way to look at, open or change one path.
fn attempts(filesystem: &Filesystem, path: &str) -> Vec<FilesystemError> {
    let times = FileTimes { accessed: FileTime::Now, modified: FileTime::Now };
    let options = FindOptions { pattern: "**".into(), max_depth: None, follow_links: true, limit: None };
    vec![
        failure(filesystem.open(path, READING).map(drop)),
        failure(filesystem.open(path, WRITING).map(drop)),
        failure(filesystem.open(&format!("{path}/new"), OpenFlags { create_new: true, ..WRITING }).map(drop)),
        failure(filesystem.read_file(path)),
        failure(filesystem.write_file(path, b"attack")),
        failure(filesystem.append_file(path, b"attack")),
        failure(filesystem.copy_file(path, "/data/stolen", OnExisting::Replace)),
        failure(filesystem.copy_file("/data/mine", path, OnExisting::Replace)),
        failure(filesystem.rename("/data/mine", &format!("{path}/new"), OnExisting::Replace)),
        failure(filesystem.open_directory(path).map(drop)),
        failure(filesystem.list_directory(path)),
        failure(filesystem.create_directory(&format!("{path}/new"))),
        failure(filesystem.create_directory_all(&format!("{path}/new/new"))),
        failure(filesystem.find(path, &options)),
        failure(filesystem.measure(path)),
        failure(filesystem.get_metadata(path)),
        failure(filesystem.exists(path)),
        failure(filesystem.set_permissions(path, FilePermissions::from_mode(0o777))),
        failure(filesystem.set_times(path, times)),
        failure(filesystem.create_symlink(path, "/data/new")),
        failure(filesystem.canonicalize(path)),
    ]
}

fn world() -> World {
    let world = World::open();
    world.write("mine", "mine");
    fs::create_dir_all(world.host.path().join("outside/directory")).unwrap();
    fs::write(world.host.path().join("outside/file"), "the secret").unwrap();
    world
}

#[track_caller]
fn all_denied(world: &World, path: &str, resource: &str) {
    let before = world.snapshot();
    for error in attempts(&world.filesystem, path) {
        let FilesystemError::PermissionDenied(denial) = error else { panic!("{path}: {error}") };
        // Some attempts are made on something below it.
        assert!(path::is_within(&denial.resource, resource), "{path}: {}", denial.resource);
    }
    assert_eq!(world.snapshot(), before, "{path}");
}

#[test]
fn dots_do_not_lead_out() {
    let world = world();
    for (path, resource) in [
        ("/data/../etc/passwd", "/etc/passwd"),
        ("/data/../secret", "/secret"),
        ("/data/../../../../../../secret", "/secret"),
        ("/../secret", "/secret"),
        ("/data/./../outside/file", "/outside/file"),
        ("/data/x/../../secret", "/secret"),
        ("/data/mine/../../secret", "/secret"),
        ("//data//..//secret//", "/secret"),
        ("/data/../data/../secret/.", "/secret"),
        ("/data/..", "/"),
        ("/data/../dataset", "/dataset"),
        ("/secret", "/secret"),
        ("/DATA/mine", "/DATA/mine"),
    ] {
        all_denied(&world, path, resource);
    }
}

#[test]
fn dots_that_stay_inside_are_fine() {
    let world = world();
    fs::create_dir(world.host("directory")).unwrap();
    for path in ["/data/../data/mine", "//data/./directory/..//mine", "/../data//mine"] {
        assert_eq!(world.filesystem.read_file(path).unwrap(), b"mine", "{path}");
    }
    let error = failure(world.filesystem.read_file("/data/mine./"));
    assert_eq!(error, FilesystemError::NotFound("/data/mine./".into()));
}

#[test]
fn links_do_not_lead_out() {
    let world = world();
    let outside = world.host.path().join("outside").to_str().unwrap().to_owned();
    fs::create_dir(world.host("deep")).unwrap();
    for (text, name, resource) in [
        ("/etc/passwd", "a", "/etc/passwd"),
        ("../secret", "b", "/secret"),
        ("../../../../../../../../etc/passwd", "c", "/etc/passwd"),
        ("../../outside/file", "deep/d", "/outside/file"),
        ("../outside", "e", "/outside"),
        ("a", "f", "/etc/passwd"),
        ("e/file", "g", "/outside/file"),
        ("/data/deep/../../secret", "h", "/secret"),
        ("..", "i", "/"),
        ("/", "j", "/"),
        (&outside, "k", &outside),
        ("/proc/self/root/etc/passwd", "l", "/proc/self/root/etc/passwd"),
        ("/proc/self/cwd", "m", "/proc/self/cwd"),
    ] {
        world.link(text, name);
        all_denied(&world, &format!("/data/{name}"), resource);
    }
    all_denied(&world, "/data/e/file", "/outside/file");
    all_denied(&world, "/data/e/directory/../file", "/outside/file");
    all_denied(&world, "/data/i/secret", "/secret");
    all_denied(&world, "/data/deep/../e/file", "/outside/file");
    all_denied(&world, "/data/j/data/../etc", "/etc");
}

#[test]
fn a_link_out_and_back_in_leads_where_it_says() {
    let world = world();
    world.link("../data/mine", "link");
    assert_eq!(world.filesystem.read_file("/data/link").unwrap(), b"mine");
}

#[test]
fn loops_of_links_end() {
    let world = world();
    world.link("a", "a");
    world.link("c/x", "b");
    world.link("b/y", "c");
    world.link("./../data/d/z", "d");
    let before = world.snapshot();
    for path in ["/data/a", "/data/a/x", "/data/b", "/data/d"] {
        for error in attempts(&world.filesystem, path) {
            assert!(
                matches!(error, FilesystemError::TooManyLinks(_) | FilesystemError::AlreadyExists(_)),
                "{path}: {error}"
            );
        }
    }
    assert_eq!(world.snapshot(), before);
}

#[test]
fn paths_that_are_none_are_refused_before_anything_is_asked() {
    let world = world();
    let before = world.snapshot();
    let long = format!("/data/{}", "a/".repeat(32 * 1024));
    let bytes_4097 = format!("/data{}", "/a".repeat(2046));
    assert_eq!(bytes_4097.len(), 4097);
    for path in
        ["", "mine", "./mine", "../secret", "data/mine", "/data/mine\0", "/data/mine\0.txt", "\0", &long, &bytes_4097]
    {
        for error in attempts(&world.filesystem, path) {
            // A path that is made of it by adding something may be refused for that.
            let expected = matches!(error, FilesystemError::InvalidPath(_) | FilesystemError::PermissionDenied(_));
            assert!(expected, "{:?}: {error}", &path[..path.len().min(20)]);
        }
        assert!(matches!(failure(world.filesystem.delete_file(path)), FilesystemError::InvalidPath(_)));
    }
    for name in ["a".repeat(256), "ä".repeat(128), "a".repeat(4000)] {
        for path in [format!("/data/{name}"), format!("/data/{name}/x"), format!("/data/{name}/../mine")] {
            for error in attempts(&world.filesystem, &path) {
                assert!(matches!(error, FilesystemError::NameTooLong(_)), "{error}");
            }
        }
    }
    assert_eq!(world.snapshot(), before);
}

#[test]
fn a_path_is_as_long_as_it_may_be() {
    let world = world();
    let name = "n".repeat(255);
    world.filesystem.write_file(&format!("/data/{name}"), b"x").unwrap();
    assert_eq!(world.read(&name), "x");
    let path = format!("/data/{}mine", "./".repeat(2043));
    assert_eq!(path.len(), 4096);
    assert_eq!(world.filesystem.read_file(&path).unwrap(), b"mine");
}

#[test]
fn a_link_with_a_name_that_is_too_long_leads_nowhere() {
    let world = world();
    world.link(&"n".repeat(256), "link");
    let error = failure(world.filesystem.read_file("/data/link"));
    assert_eq!(error, FilesystemError::NameTooLong("/data/link".into()));
    let error = failure(world.filesystem.write_file("/data/link", b""));
    assert_eq!(error, FilesystemError::NameTooLong("/data/link".into()));
}

#[test]
fn a_permission_is_about_the_end_of_the_way() {
    let world = World::with(&["read /data/public/**", "write /data/public/**", "delete /data/public/**"]);
    world.write("public/file", "public");
    world.write("private/file", "private");
    world.link("../private", "public/way");
    world.link("../private/file", "public/link");
    world.link("../public/file", "private/link");
    let before = world.snapshot();
    for path in ["/data/public/way/file", "/data/public/link", "/data/public/../private/file"] {
        for result in [world.filesystem.read_file(path).map(drop), world.filesystem.write_file(path, b"")] {
            assert_eq!(denied(result).resource, "/data/private/file", "{path}");
        }
    }
    assert_eq!(world.snapshot(), before);
    assert_eq!(world.filesystem.read_file("/data/private/link").unwrap(), b"public");
    assert_eq!(world.filesystem.read_file("/data/private/../public/file").unwrap(), b"public");
    world.filesystem.delete_file("/data/public/link").unwrap();
    assert!(world.exists("private/file"));
}

#[test]
fn a_directory_that_is_left_again_does_not_tell_whether_it_exists() {
    let world = World::with(&["read /data/public/**"]);
    world.write("public/file", "public");
    world.write("private/there", "x");
    fs::create_dir(world.host("private/directory")).unwrap();
    world.link("/data/public", "private/link");
    for name in ["there", "not-there", "directory", "link", "not/there/.."] {
        let path = format!("/data/private/{name}/../../public/file");
        assert_eq!(world.filesystem.read_file(&path).unwrap(), b"public", "{name}");
    }
    assert_eq!(world.filesystem.read_file("/nowhere/../data/public/file").unwrap(), b"public");
}

#[test]
fn a_denial_does_not_tell_where_a_forbidden_link_leads() {
    let world = World::with(&["read /data/public/**"]);
    world.write("private/file", "x");
    world.link("/somewhere/else", "private/link");
    for name in ["file", "link", "none", "link/x", "file/x", "none/x"] {
        let path = format!("/data/private/{name}");
        let denial = denied(world.filesystem.read_file(&path));
        assert_eq!(denial.resource, path);
        assert_eq!(denial.missing, format!(r#"filesystem = [{{ action = "read", path = "{path}" }}]"#));
    }
    assert!(world.decisions().contains(&"denied files.read-file filesystem.read /somewhere/else".to_owned()));
}

#[test]
fn errors_name_only_what_the_guest_gave() {
    let world = world();
    world.link("deep/target", "link");
    let error = failure(world.filesystem.read_file("/data/link"));
    assert_eq!(error, FilesystemError::NotFound("/data/link".into()));
    let host = world.host.path().to_str().unwrap();
    for path in ["/data/link", "/data/mine/x", "/data/none/x"] {
        for error in [failure(world.filesystem.read_file(path)), failure(world.filesystem.list_directory(path))] {
            assert!(!error.to_string().contains(host), "{error}");
        }
    }
}

#[test]
fn upper_and_lower_case_differ() {
    let world = World::with(&["read /data/Public/**"]);
    world.write("Public/file", "x");
    world.write("public/file", "y");
    assert_eq!(world.filesystem.read_file("/data/Public/file").unwrap(), b"x");
    assert_eq!(denied(world.filesystem.read_file("/data/public/file")).resource, "/data/public/file");
    assert_eq!(denied(world.filesystem.read_file("/DATA/Public/file")).resource, "/DATA/Public/file");
}

#[test]
fn another_component_has_its_own_permissions() {
    let world = world();
    let other = world.again_with(&["read /data/other"]);
    assert_eq!(denied(other.read_file("/data/mine")).component.name, "other");
    assert_eq!(world.filesystem.read_file("/data/mine").unwrap(), b"mine");
}
