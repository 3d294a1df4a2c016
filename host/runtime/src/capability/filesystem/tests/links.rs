//! Links as guests of WASI write them, and links that move.

use super::*;

fn text(world: &World, name: &str) -> String {
    fs::read_link(world.host(name)).unwrap().into_os_string().into_string().unwrap()
}

#[test]
fn a_link_reads_as_it_was_written() {
    let world = World::open();
    let files = &world.filesystem;
    world.write("a.txt", "content");
    world.write("folder/b.txt", "b");
    for (number, (link, written)) in [
        ("/data/l", "a.txt"),
        ("/data/l", "./a.txt"),
        ("/data/l", "folder//b.txt"),
        ("/data/l", "none"),
        ("/data/l", "folder/"),
        ("/data/l", "."),
        ("/data/folder/l", "../a.txt"),
        ("/data/folder/l", "./../folder/b.txt"),
        ("/data/l", "/data/a.txt"),
        ("/data/folder/l", "/data/folder"),
        ("/data/folder/l", "/data/a.txt"),
    ]
    .into_iter()
    .enumerate()
    {
        let link = format!("{link}{number}");
        files.create_symlink_as_written(written, &link).unwrap();
        assert_eq!(files.read_symlink_as_written(&link).unwrap(), written, "{link}");
        let metadata = files.get_link_metadata_as_written(&link).unwrap();
        assert_eq!((metadata.file_type, metadata.size), (FileType::SymbolicLink, written.len() as u64), "{link}");
        assert!(fs::read_link(world.host(&link["/data/".len()..])).unwrap().is_relative(), "{link}");
    }
    assert_eq!(world.read("l0"), "content");
    assert_eq!(files.read_file("/data/folder/l6").unwrap(), b"content");
    assert_eq!(files.read_symlink("/data/folder/l6").unwrap(), "/data/a.txt");
    assert_eq!(world.read("folder/l10"), "content");
}

#[test]
fn a_text_that_climbs_after_a_name_is_kept_in_its_plain_form() {
    let world = World::open();
    world.write("folder/b.txt", "b");
    world.write("elsewhere/deep/x", "x");
    world.link("elsewhere/deep", "way");
    world.filesystem.create_symlink_as_written("way/../folder/b.txt", "/data/l").unwrap();
    assert_eq!(text(&world, "l"), "folder/b.txt");
    assert_eq!(world.read("l"), "b");
}

#[test]
fn a_relative_text_counts_from_where_the_link_really_is() {
    let world = World::open();
    world.write("deep/er/x", "x");
    world.write("deep/target", "content");
    world.write("target", "another");
    world.link("deep/er", "way");
    world.filesystem.create_symlink_as_written("../target", "/data/way/l").unwrap();
    assert_eq!(text(&world, "deep/er/l"), "../target");
    assert_eq!(world.read("deep/er/l"), "content");
    assert_eq!(world.filesystem.read_file("/data/way/l").unwrap(), b"content");
}

#[test]
fn where_a_link_leads_takes_permission_however_it_is_written() {
    let world = World::with(&["read /data/public/**", "write /data/**", "list /data/**"]);
    world.write("private/file", "private");
    world.write("public/file", "public");
    let denial = |text: &str| denied(world.filesystem.create_symlink_as_written(text, "/data/public/l")).resource;
    assert_eq!(denial("../private/file"), "/data/private/file");
    assert_eq!(denial("../../secret"), "/secret");
    assert_eq!(denial("../../../../etc/passwd"), "/etc/passwd");
    assert_eq!(denial("x/../../private/file"), "/data/private/file");
    assert_eq!(denial("/data/private/file"), "/data/private/file");
    assert!(!world.exists("public/l"));
}

#[test]
fn a_link_that_leads_out_tells_only_where_it_leads_in_the_guests_tree() {
    let world = World::open();
    for (name, text, read) in [
        ("l1", "../secret", "/secret"),
        ("l2", "../../../../home/somebody/x", "/home/somebody/x"),
        ("l3", "/etc/passwd", "/etc/passwd"),
        ("l4", "a/../../secret", "/data/a/../../secret"),
    ] {
        world.link(text, name);
        let path = format!("/data/{name}");
        assert_eq!(world.filesystem.read_symlink_as_written(&path).unwrap(), read);
        assert_eq!(world.filesystem.get_link_metadata_as_written(&path).unwrap().size, read.len() as u64);
    }
}

#[test]
fn a_directory_is_not_moved_to_where_its_links_lead_out() {
    let world = World::open();
    world.write("a/b/c/x", "x");
    world.write("etc/passwd", "of the guest");
    world.filesystem.create_symlink("/data/etc/passwd", "/data/a/b/c/l").unwrap();
    world.filesystem.create_directory("/data/a/b/d").unwrap();
    let before = world.snapshot();
    for source in ["/data/a/b/c", "/data/a/b"] {
        let error = failure(world.filesystem.rename(source, "/data/c", OnExisting::Fail));
        assert!(
            matches!(&error, FilesystemError::InvalidArgument(text) if text.contains("out of the mount")),
            "{error}"
        );
    }
    assert_eq!(world.snapshot(), before);
    assert_eq!(world.read("a/b/c/l"), "of the guest");
    world.filesystem.rename("/data/a/b/c", "/data/a/b/d", OnExisting::Replace).unwrap();
    assert_eq!(world.read("a/b/d/l"), "of the guest");
}

#[test]
fn a_directory_takes_the_links_along_that_lead_to_somewhere_in_it() {
    let world = World::open();
    world.write("a/b/bin/tool", "the tool");
    world.write("a/b/lib/x", "x");
    world.filesystem.create_symlink("/data/a/b/bin/tool", "/data/a/b/lib/tool").unwrap();
    world.filesystem.rename("/data/a/b", "/data/b", OnExisting::Fail).unwrap();
    assert_eq!(world.filesystem.read_symlink("/data/b/lib/tool").unwrap(), "/data/b/bin/tool");
    assert_eq!(world.read("b/lib/tool"), "the tool");
}

#[test]
fn a_directory_is_not_moved_to_where_its_links_lead_to_what_may_not_be_read() {
    let world =
        World::with(&["read /data/mine/**", "write /data/mine/**", "delete /data/mine/**", "list /data/mine/**"]);
    world.write("mine/a/b/x", "x");
    world.write("secret", "in the mount, and of somebody else");
    world.filesystem.create_symlink("/data/mine/secret", "/data/mine/a/l").unwrap();
    world.filesystem.create_symlink("/data/mine/secret", "/data/mine/a/b/l").unwrap();
    let error = failure(world.filesystem.rename("/data/mine/a/b", "/data/mine/b", OnExisting::Fail));
    assert!(matches!(&error, FilesystemError::InvalidArgument(text) if text.contains("may not read")), "{error}");
    world.filesystem.create_directory("/data/mine/c").unwrap();
    world.filesystem.rename("/data/mine/a/b", "/data/mine/c/b", OnExisting::Fail).unwrap();
}

#[test]
fn a_link_of_the_hosts_that_leads_out_is_not_aimed_anew() {
    let world = World::open();
    world.write("a/b/x", "x");
    fs::create_dir(world.host("c")).unwrap();
    world.link("../../../secret", "a/b/l");
    for (source, destination) in [("/data/a/b", "/data/b"), ("/data/a/b/l", "/data/l")] {
        let error = failure(world.filesystem.rename(source, destination, OnExisting::Fail));
        assert!(matches!(error, FilesystemError::InvalidArgument(_)), "{error}");
    }
    world.filesystem.rename("/data/a/b", "/data/c/b", OnExisting::Fail).unwrap();
    assert_eq!(fs::read_to_string(world.host("c/b/l")).unwrap(), "the secret");
}

#[test]
fn a_link_that_is_moved_by_itself_still_reads_as_one_that_was_written_absolute() {
    let world = World::open();
    world.write("a.txt", "content");
    world.write("deep/x", "x");
    world.filesystem.create_symlink_as_written("/data/a.txt", "/data/l").unwrap();
    world.filesystem.rename("/data/l", "/data/deep/l", OnExisting::Fail).unwrap();
    assert_eq!(world.filesystem.read_symlink_as_written("/data/deep/l").unwrap(), "/data/a.txt");
    assert_eq!(world.read("deep/l"), "content");
}
