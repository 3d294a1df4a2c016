use super::*;

fn rename(world: &World, source: &str, destination: &str, on_existing: OnExisting) -> Result<()> {
    world.filesystem.rename(source, destination, on_existing)
}

#[test]
fn rename_moves_files_directories_and_links() {
    let world = World::open();
    world.write("file", "content");
    world.write("directory/x", "in it");
    world.link("file", "link");
    fs::create_dir(world.host("to")).unwrap();
    for on_existing in [OnExisting::Fail, OnExisting::Replace] {
        rename(&world, "/data/link", "/data/link2", on_existing).unwrap();
        rename(&world, "/data/link2", "/data/link", on_existing).unwrap();
    }
    rename(&world, "/data/file", "/data/to/file2", OnExisting::Fail).unwrap();
    rename(&world, "/data/directory", "/data/to/directory2", OnExisting::Replace).unwrap();
    assert_eq!(world.read("to/file2"), "content");
    assert_eq!(world.read("to/directory2/x"), "in it");
    assert!(!world.exists("file") && !world.exists("directory"));
    assert_eq!(fs::read_link(world.host("link")).unwrap(), PathBuf::from("file"));
}

#[test]
fn a_link_leads_to_the_same_place_from_wherever_it_is_moved() {
    let world = World::open();
    world.write("target", "content");
    world.write("deep/er/x", "");
    world.filesystem.create_symlink("/data/target", "/data/link").unwrap();
    rename(&world, "/data/link", "/data/deep/er/link", OnExisting::Fail).unwrap();
    assert_eq!(world.filesystem.read_symlink("/data/deep/er/link").unwrap(), "/data/target");
    assert_eq!(world.read("deep/er/link"), "content");
    assert!(!world.exists("link"));
    rename(&world, "/data/deep/er/link", "/data/deep/er/x", OnExisting::Replace).unwrap();
    rename(&world, "/data/deep/er/x", "/data/link", OnExisting::Replace).unwrap();
    assert_eq!(world.filesystem.read_symlink("/data/link").unwrap(), "/data/target");
}

#[test]
fn fail_changes_nothing_whatever_is_there() {
    let world = World::open();
    world.write("file", "x");
    world.write("directory/x", "x");
    world.write("a", "old");
    world.link("none", "dangling");
    fs::create_dir(world.host("empty")).unwrap();
    let before = world.snapshot();
    for source in ["/data/file", "/data/directory"] {
        for destination in ["/data/a", "/data/dangling", "/data/empty", source, "/data"] {
            let error = failure(rename(&world, source, destination, OnExisting::Fail));
            assert_eq!(error, FilesystemError::AlreadyExists(destination.into()), "{source}");
        }
    }
    assert_eq!(world.snapshot(), before);
}

#[test]
fn replace_replaces_like_with_like() {
    let world = World::open();
    let replace = |source: &str, destination: &str| rename(&world, source, destination, OnExisting::Replace);
    world.write("file", "new");
    world.write("old", "old");
    world.write("directory/x", "x");
    world.write("full/y", "y");
    fs::create_dir(world.host("empty")).unwrap();
    world.link("old", "link");
    assert_eq!(failure(replace("/data/file", "/data/empty")), FilesystemError::IsADirectory("/data/empty".into()));
    assert_eq!(failure(replace("/data/link", "/data/empty")), FilesystemError::IsADirectory("/data/empty".into()));
    assert_eq!(failure(replace("/data/directory", "/data/old")), FilesystemError::NotADirectory("/data/old".into()));
    assert_eq!(failure(replace("/data/directory", "/data/link")), FilesystemError::NotADirectory("/data/link".into()));
    let error = failure(replace("/data/directory", "/data/full"));
    assert_eq!(error, FilesystemError::DirectoryNotEmpty("/data/full".into()));
    replace("/data/directory", "/data/empty").unwrap();
    assert_eq!(world.read("empty/x"), "x");
    replace("/data/file", "/data/link").unwrap();
    assert_eq!(world.read("link"), "new");
    assert_eq!(world.read("old"), "old");
    replace("/data/link", "/data/old").unwrap();
    assert_eq!(world.read("old"), "new");
    replace("/data/old", "/data/./old").unwrap();
    assert_eq!(world.read("old"), "new");
}

#[test]
fn two_names_of_one_file_become_one() {
    let world = World::open();
    world.write("a", "x");
    fs::hard_link(world.host("a"), world.host("b")).unwrap();
    rename(&world, "/data/a", "/data/b", OnExisting::Replace).unwrap();
    assert!(!world.exists("a"));
    assert_eq!(world.read("b"), "x");
}

#[test]
fn rename_tells_what_is_wrong_with_its_paths() {
    let world = World::open();
    world.write("file", "x");
    world.write("directory/x", "x");
    for on_existing in [OnExisting::Fail, OnExisting::Replace] {
        let error = |source: &str, destination: &str| failure(rename(&world, source, destination, on_existing));
        assert_eq!(error("/data/none", "/data/a"), FilesystemError::NotFound("/data/none".into()));
        assert_eq!(error("/data/file", "/data/none/a"), FilesystemError::NotFound("/data/none/a".into()));
        assert_eq!(error("/data/file", "/data/file/a"), FilesystemError::NotADirectory("/data/file/a".into()));
        for (source, destination) in [
            ("/data", "/data/a"),
            ("/data/directory", "/data/directory/a"),
            ("/data/directory", "/data/directory/../directory/a/b/../c"),
        ] {
            let error = error(source, destination);
            let expected = matches!(error, FilesystemError::InvalidArgument(_) | FilesystemError::NotFound(_));
            assert!(expected, "{source} {destination}: {error}");
        }
    }
    assert!(matches!(
        failure(rename(&world, "/data/directory", "/data/directory/a", OnExisting::Replace)),
        FilesystemError::InvalidArgument(_)
    ));
}

#[test]
fn a_directory_is_no_way_to_get_at_what_is_in_it() {
    let world = World::with(&["delete /data/box", "write /data/mine/**", "read /data/mine/**", "list /data/**"]);
    world.write("box/private", "private");
    fs::create_dir(world.host("mine")).unwrap();
    let denial = denied(rename(&world, "/data/box", "/data/mine/box", OnExisting::Fail));
    assert_eq!(denial.resource, "/data/box/private");
    assert!(world.exists("box/private"));
    let world = World::with(&["delete /data/**", "write /data/out", "list /data/**"]);
    world.write("box/file", "x");
    let denial = denied(rename(&world, "/data/box", "/data/out", OnExisting::Fail));
    assert_eq!(denial.resource, "/data/out/file");
    assert!(world.exists("box/file"));
}
