use super::*;

type Operation = fn(&Filesystem) -> Result<()>;

/// Every operation that asks, on `/data/x/*`, with each permission that it needs.
const OPERATIONS: &[(&str, Operation, &[&str])] = &[
    ("files.open", |f| f.open("/data/x/file", READING).map(drop), &["read /data/x/file"]),
    ("files.open", |f| f.open("/data/x/file", OpenFlags { read: false, ..WRITING }).map(drop), &["write /data/x/file"]),
    ("files.open", |f| f.open("/data/x/file", APPENDING).map(drop), &["read /data/x/file", "write /data/x/file"]),
    ("files.read-file", |f| f.read_file("/data/x/file").map(drop), &["read /data/x/file"]),
    ("files.write-file", |f| f.write_file("/data/x/file", b"y"), &["write /data/x/file"]),
    ("files.append-file", |f| f.append_file("/data/x/file", b"y"), &["write /data/x/file"]),
    ("files.delete-file", |f| f.delete_file("/data/x/file"), &["delete /data/x/file"]),
    (
        "files.copy-file",
        |f| f.copy_file("/data/x/file", "/data/x/new", OnExisting::Fail).map(drop),
        &["read /data/x/file", "write /data/x/new"],
    ),
    (
        "files.rename",
        |f| f.rename("/data/x/file", "/data/x/new", OnExisting::Fail),
        &["delete /data/x/file", "write /data/x/new"],
    ),
    ("directories.open-directory", |f| f.open_directory("/data/x").map(drop), &["list /data/x"]),
    ("directories.list-directory", |f| f.list_directory("/data/x").map(drop), &["list /data/x"]),
    ("directories.create-directory", |f| f.create_directory("/data/x/new"), &["write /data/x/new"]),
    (
        "directories.create-directory-all",
        |f| f.create_directory_all("/data/x/new/new"),
        &["write /data/x/new/new", "write /data/x/new"],
    ),
    ("directories.remove-directory", |f| f.remove_directory("/data/x/empty"), &["delete /data/x/empty"]),
    (
        "directories.remove-directory-all",
        |f| f.remove_directory_all("/data/x/full"),
        &["delete /data/x/full", "delete /data/x/full/entry"],
    ),
    (
        "directories.find",
        |f| {
            let options = FindOptions { pattern: "*".into(), max_depth: None, follow_links: true, limit: None };
            f.find("/data/x", &options).map(drop)
        },
        &["list /data/x"],
    ),
    (
        "directories.measure",
        |f| f.measure("/data/x").map(drop),
        &["list /data/x", "list /data/x/empty", "list /data/x/full"],
    ),
    ("paths.get-metadata", |f| f.get_metadata("/data/x/file").map(drop), &["read /data/x/file"]),
    ("paths.get-link-metadata", |f| f.get_link_metadata("/data/x/link").map(drop), &["read /data/x/link"]),
    ("paths.exists", |f| f.exists("/data/x/file").map(drop), &["read /data/x/file"]),
    (
        "paths.set-permissions",
        |f| f.set_permissions("/data/x/file", FilePermissions::from_mode(0o600)),
        &["write /data/x/file"],
    ),
    (
        "paths.set-times",
        |f| f.set_times("/data/x/file", FileTimes { accessed: FileTime::Now, modified: FileTime::Now }),
        &["write /data/x/file"],
    ),
    (
        "paths.create-symlink",
        |f| f.create_symlink("/data/x/file", "/data/x/new"),
        &["write /data/x/new", "read /data/x/file"],
    ),
    ("paths.read-symlink", |f| f.read_symlink("/data/x/link").map(drop), &["read /data/x/link"]),
    ("paths.canonicalize", |f| f.canonicalize("/data/x/file").map(drop), &["read /data/x/file"]),
];

fn world(permissions: &[&str], present: bool) -> World {
    let world = World::with(permissions);
    if present {
        world.write("x/file", "content");
        world.write("x/full/entry", "");
        fs::create_dir(world.host("x/empty")).unwrap();
        world.link("file", "x/link");
    }
    world
}

#[test]
fn every_operation_works_with_the_permissions_it_needs() {
    for (name, operation, needed) in OPERATIONS {
        let world = world(needed, true);
        operation(&world.filesystem).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(world.decisions().iter().all(|decision| decision.starts_with("allowed")), "{name}");
    }
}

#[test]
fn every_operation_is_denied_if_one_permission_is_missing() {
    for (name, operation, needed) in OPERATIONS {
        for missing in *needed {
            let others: Vec<&str> = needed.iter().filter(|other| other != &missing).copied().collect();
            let world = world(&others, true);
            let before = world.snapshot();
            let denial = denied(operation(&world.filesystem));
            let (action, path) = missing.split_once(' ').unwrap();
            assert_eq!(denial.operation.0, format!("ext-filesystem/{name}"));
            let unlisted = *name == "directories.remove-directory-all" && path.ends_with("entry");
            let (resource, pattern) = if unlisted { ("/data/x/full", "/data/x/full/**") } else { (path, path) };
            assert_eq!(denial.resource, resource, "{name}");
            let line = format!(r#"filesystem = [{{ action = "{action}", path = "{pattern}" }}]"#);
            assert_eq!(denial.missing, line, "{name}");
            assert_eq!(world.snapshot(), before, "{name}");
            let last = world.decisions().pop().unwrap();
            assert_eq!(last, format!("denied {name} filesystem.{action} {path}"));
        }
    }
}

#[test]
fn a_denial_is_the_same_whether_anything_is_there_or_not() {
    for (name, operation, _) in OPERATIONS {
        let there = denied(operation(&world(&[], true).filesystem));
        let not_there = denied(operation(&world(&[], false).filesystem));
        assert_eq!(there, not_there, "{name}");
        assert_eq!(there.layer, airssys_wasm_policy::Layer::Manifest);
    }
}
