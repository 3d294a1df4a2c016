use super::*;

fn find(world: &World, root: &str, pattern: &str) -> Vec<String> {
    world.filesystem.find(root, &options(pattern)).unwrap()
}

fn options(pattern: &str) -> FindOptions {
    FindOptions { pattern: pattern.to_owned(), max_depth: None, follow_links: false, limit: None }
}

#[test]
fn remove_directory_all_removes_links_and_not_what_they_lead_to() {
    let world = World::open();
    world.write("kept/file", "x");
    world.write("tree/a/b/file", "x");
    world.link("../kept", "tree/a/link");
    world.link("../../secret", "tree/outside");
    world.link("tree", "way");
    let error = failure(world.filesystem.remove_directory_all("/data/way"));
    assert_eq!(error, FilesystemError::NotADirectory("/data/way".into()));
    world.filesystem.remove_directory_all("/data/tree").unwrap();
    assert!(!world.exists("tree") && world.exists("kept/file"));
    assert!(world.host.path().join("secret").exists());
}

#[test]
fn remove_directory_all_tells_what_is_wrong_with_the_path() {
    let world = World::open();
    world.write("file", "x");
    let remove = |path: &str| failure(world.filesystem.remove_directory_all(path));
    assert_eq!(remove("/data/none"), FilesystemError::NotFound("/data/none".into()));
    assert_eq!(remove("/data/file"), FilesystemError::NotADirectory("/data/file".into()));
    assert!(matches!(remove("/data"), FilesystemError::InvalidArgument(_)));
    assert!(world.exists("file"));
}

#[test]
fn one_forbidden_entry_and_nothing_is_removed() {
    let world = World::with(&["delete /data/tree", "delete /data/tree/*", "delete /data/tree/a/b", "list /data/**"]);
    world.write("tree/a/b/forbidden", "x");
    world.write("tree/file", "x");
    let before = world.snapshot();
    let denial = denied(world.filesystem.remove_directory_all("/data/tree"));
    assert_eq!(denial.resource, "/data/tree/a/b/forbidden");
    assert_eq!(denial.missing, r#"filesystem = [{ action = "delete", path = "/data/tree/a/b/forbidden" }]"#);
    assert_eq!(world.snapshot(), before);
}

#[test]
fn a_denial_names_no_entry_of_a_directory_that_may_not_be_listed() {
    let world = World::with(&["delete /data/tree", "delete /data/tree/allowed", "write /data/moved"]);
    world.write("tree/forbidden", "x");
    let denial = denied(world.filesystem.remove_directory_all("/data/tree"));
    assert_eq!(denial.resource, "/data/tree");
    assert_eq!(denial.missing, r#"filesystem = [{ action = "delete", path = "/data/tree/**" }]"#);
    assert!(world.exists("tree/forbidden"));
    let operation = "directories.remove-directory-all filesystem.delete";
    assert_eq!(
        world.decisions(),
        [format!("allowed {operation} /data/tree"), format!("denied {operation} /data/tree/forbidden")]
    );
    let denial = denied(world.filesystem.rename("/data/tree", "/data/moved", OnExisting::Fail));
    assert_eq!(denial.resource, "/data/tree");
}

#[test]
fn everything_that_is_removed_is_in_the_audit_log() {
    let world = World::open();
    world.write("tree/a/file", "x");
    world.filesystem.remove_directory_all("/data/tree").unwrap();
    let removed: Vec<String> = ["/data/tree", "/data/tree/a/file", "/data/tree/a"]
        .map(|path| format!("allowed directories.remove-directory-all filesystem.delete {path}"))
        .into();
    assert_eq!(world.decisions(), removed);
}

#[test]
fn find_matches_the_path_below_the_root() {
    let world = World::open();
    for name in ["b.txt", "a/c.txt", "a/d.rs", "a/e/f.txt", ".g.txt"] {
        world.write(name, "");
    }
    assert_eq!(find(&world, "/data", "*.txt"), ["/data/.g.txt", "/data/b.txt"]);
    assert_eq!(find(&world, "/data", "**/*.txt"), ["/data/.g.txt", "/data/a/c.txt", "/data/a/e/f.txt", "/data/b.txt"]);
    assert_eq!(find(&world, "/data/a", "?.txt"), ["/data/a/c.txt"]);
    assert_eq!(find(&world, "/data/a/", "**"), ["/data/a/c.txt", "/data/a/d.rs", "/data/a/e", "/data/a/e/f.txt"]);
    assert_eq!(
        find(&world, "/data", "a/**"),
        ["/data/a", "/data/a/c.txt", "/data/a/d.rs", "/data/a/e", "/data/a/e/f.txt"]
    );
    assert!(find(&world, "/data", "*.none").is_empty());
}

#[test]
fn find_stops_at_its_depth_and_its_limit() {
    let world = World::open();
    for name in ["a", "b/c", "b/d/e"] {
        world.write(name, "");
    }
    let depth = |max_depth| world.filesystem.find("/data", &FindOptions { max_depth, ..options("**") }).unwrap();
    assert_eq!(depth(Some(0)), Vec::<String>::new());
    assert_eq!(depth(Some(1)), ["/data/a", "/data/b"]);
    assert_eq!(depth(Some(2)), ["/data/a", "/data/b", "/data/b/c", "/data/b/d"]);
    assert_eq!(depth(Some(u32::MAX)).len(), 5);
    let limit = |limit| world.filesystem.find("/data", &FindOptions { limit, ..options("**") }).unwrap();
    assert_eq!(limit(Some(0)), Vec::<String>::new());
    assert_eq!(limit(Some(2)), ["/data/a", "/data/b"]);
    assert_eq!(limit(Some(u32::MAX)).len(), 5);
}

#[test]
fn find_gives_up_rather_than_leave_results_out() {
    let world = World::limited(FilesystemLimits { max_find_results: 2, ..FilesystemLimits::default() });
    for name in ["a", "b"] {
        world.write(name, "");
    }
    assert_eq!(find(&world, "/data", "*").len(), 2);
    world.write("c", "");
    assert!(matches!(failure(world.filesystem.find("/data", &options("*"))), FilesystemError::QuotaExceeded(_)));
    let limited = FindOptions { limit: Some(2), ..options("*") };
    assert_eq!(world.filesystem.find("/data", &limited).unwrap().len(), 2);
}

#[test]
fn find_keeps_a_bounded_part_of_a_tree_in_memory() {
    let world = World::limited(FilesystemLimits { max_find_bytes: 20, ..FilesystemLimits::default() });
    world.write("a", "");
    world.write("b", "");
    assert_eq!(find(&world, "/data", "*"), ["/data/a", "/data/b"]);
    world.write("cccccc", "");
    assert!(matches!(failure(world.filesystem.find("/data", &options("*"))), FilesystemError::QuotaExceeded(_)));

    // Each directory has less than the limit, but not the two that are read at a time.
    let world = World::limited(FilesystemLimits { max_list_entries: 3, ..FilesystemLimits::default() });
    for name in ["a/a", "a/b", "b/a", "b/b"] {
        world.write(name, "");
    }
    assert_eq!(find(&world, "/data", "**").len(), 6);
    for name in ["a/c", "c"] {
        world.write(name, "");
    }
    assert!(matches!(failure(world.filesystem.find("/data", &options("**"))), FilesystemError::QuotaExceeded(_)));
}

#[test]
fn what_takes_long_ends_when_nobody_waits_for_it() {
    let world = World::open();
    world.write("a/b", "");
    let (filesystem, waiting) = world.filesystem.for_one_operation();
    assert_eq!(filesystem.measure("/data").unwrap().files, 1);
    drop(waiting);
    assert!(matches!(failure(filesystem.measure("/data")), FilesystemError::Io(_)));
    assert!(matches!(failure(filesystem.find("/data", &options("**"))), FilesystemError::Io(_)));
    assert!(matches!(failure(filesystem.remove_directory_all("/data/a")), FilesystemError::Io(_)));
    let copied = filesystem.copy_file("/data/a/b", "/data/a/c", OnExisting::Fail);
    assert!(matches!(failure(copied), FilesystemError::Io(_)));
    assert!(world.exists("a/b") && !world.exists("a/c"));
    assert_eq!(world.filesystem.measure("/data").unwrap().files, 1);
}

#[test]
fn find_visits_each_directory_once_when_it_follows_links() {
    let world = World::open();
    world.write("a/file", "");
    world.link("..", "a/up");
    world.link(".", "a/self");
    world.link("/data/a", "z");
    world.link("/nowhere", "broken");
    world.link("loop", "loop");
    let following = FindOptions { follow_links: true, ..options("**") };
    let found = world.filesystem.find("/data", &following).unwrap();
    assert_eq!(
        found,
        ["/data/a", "/data/a/file", "/data/a/self", "/data/a/up", "/data/broken", "/data/loop", "/data/z"]
    );
    let through_link = FindOptions { follow_links: true, ..options("**/file") };
    world.write("b/inner/file", "");
    world.link("/data/b/inner", "a/inner");
    assert_eq!(world.filesystem.find("/data/a", &through_link).unwrap(), ["/data/a/file", "/data/a/inner/file"]);
}

#[test]
fn find_skips_what_may_not_be_listed_links_or_not() {
    let world = World::with(&["list /data", "list /data/open/**"]);
    world.write("open/a", "");
    world.write("closed/b", "");
    world.link("/data/closed", "open/link");
    let found = world.filesystem.find("/data", &FindOptions { follow_links: true, ..options("**") }).unwrap();
    assert_eq!(found, ["/data/closed", "/data/open", "/data/open/a", "/data/open/link"]);
    assert_eq!(denied(world.filesystem.find("/data/closed", &options("**"))).resource, "/data/closed");
}

#[test]
fn find_tells_what_is_wrong_with_its_arguments() {
    let world = World::open();
    world.write("file", "");
    for pattern in ["", "/data/*", "a/[b]", "{a,b}", "a**", "../*", "a//b", "a\0b"] {
        let error = failure(world.filesystem.find("/data", &options(pattern)));
        assert!(matches!(error, FilesystemError::InvalidArgument(_)), "{pattern}: {error}");
    }
    let find = |root: &str| failure(world.filesystem.find(root, &options("*")));
    assert_eq!(find("/data/none"), FilesystemError::NotFound("/data/none".into()));
    assert_eq!(find("/data/file"), FilesystemError::NotADirectory("/data/file".into()));
}

#[test]
fn measure_counts_without_following_links() {
    let world = World::open();
    world.write("tree/a", "12345");
    world.write("tree/b/c", "1234567");
    world.write("big", "0123456789");
    fs::create_dir(world.host("tree/empty")).unwrap();
    world.link("../big", "tree/link");
    world.link("..", "tree/loop");
    let usage = world.filesystem.measure("/data/tree").unwrap();
    assert_eq!(usage, DiskUsage { files: 4, directories: 2, bytes: 12 });
    assert_eq!(world.filesystem.measure("/data/tree/empty").unwrap(), DiskUsage::default());
    let error = failure(world.filesystem.measure("/data/big"));
    assert_eq!(error, FilesystemError::NotADirectory("/data/big".into()));
}

#[test]
fn measure_is_denied_what_may_not_be_listed() {
    let world = World::with(&["list /data", "list /data/open/**"]);
    world.write("open/a", "");
    assert_eq!(world.filesystem.measure("/data").unwrap().files, 1);
    world.write("closed/b", "");
    assert_eq!(denied(world.filesystem.measure("/data")).resource, "/data/closed");
}

#[test]
fn a_tree_deeper_than_the_host_has_descriptors_for_is_refused() {
    let world = World::open();
    let mut path = world.host("");
    for _ in 0..200 {
        path.push("d");
    }
    fs::create_dir_all(&path).unwrap();
    let refused = |error| assert!(matches!(error, FilesystemError::QuotaExceeded(_)), "{error}");
    refused(failure(world.filesystem.measure("/data")));
    refused(failure(world.filesystem.find("/data", &options("**"))));
    refused(failure(world.filesystem.remove_directory_all("/data/d")));
    assert!(path.is_dir());
    let deep = format!("/data{}", "/d".repeat(200));
    assert_eq!(failure(world.filesystem.get_metadata(&deep)), FilesystemError::NameTooLong(deep));
}
