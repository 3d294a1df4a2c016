//! What is there for WASI alone.

use super::*;

const MOUNTS: [(&str, &str, bool); 3] =
    [("/data", "data", false), ("/data/inner", "inner", false), ("/etc", "etc", true)];

fn preopens(permissions: &[&str]) -> Vec<String> {
    World::built(permissions, &MOUNTS, FilesystemLimits::default()).filesystem.preopens().into_iter().collect()
}

#[test]
fn a_mount_is_open_from_the_start_if_the_component_declares_something_in_it() {
    assert!(preopens(&[]).is_empty());
    assert_eq!(preopens(&["read /etc/hosts"]), ["/etc"]);
    assert_eq!(preopens(&["write /data/inner/*.txt"]), ["/data/inner"]);
    assert_eq!(preopens(&["read /data/**"]), ["/data", "/data/inner"]);
    assert_eq!(preopens(&["list /**"]), ["/data", "/data/inner", "/etc"]);
    assert!(preopens(&["read /elsewhere/**"]).is_empty());
}

#[test]
fn decisions_are_recorded_under_the_name_of_who_asks() {
    let world = World::with(&["read /data/a"]);
    let named = world.filesystem.on_behalf_of(airssys_wasm_policy::Operation("ext-filesystem/somebody.else"));
    named.get_metadata("/data/a").unwrap_err();
    denied(named.open("/data/b", READING));
    let expected = ["allowed somebody.else filesystem.read /data/a", "denied somebody.else filesystem.read /data/b"];
    assert_eq!(world.decisions(), expected);
}

#[test]
fn the_same_file_has_the_same_identity_and_only_who_may_read_it_gets_it() {
    let world = World::with(&["read /data/*"]);
    world.write("a", "a");
    world.write("b", "b");
    world.write("folder/c", "c");
    world.link("a", "link");
    let operation = airssys_wasm_policy::Operation("ext-filesystem/test");
    let identity = |path: &str, follow: bool| world.filesystem.identity(operation, path, follow);
    let a = identity("/data/a", true).unwrap();
    assert_eq!(identity("/data/link", true).unwrap(), a);
    assert_eq!(world.filesystem.open("/data/a", READING).unwrap().identity().unwrap(), a);
    assert_ne!(identity("/data/link", false).unwrap(), a);
    assert_ne!(identity("/data/b", true).unwrap(), a);
    denied(identity("/data/folder/c", true));
}

#[test]
fn a_handle_appends_and_sets_times_only_if_it_can_write() {
    let world = World::open();
    world.write("a", "one");
    let times = FileTimes {
        accessed: FileTime::Unchanged,
        modified: FileTime::At(Timestamp { seconds: 1_000_000_000, nanoseconds: 0 }),
    };
    let writer = world.filesystem.open("/data/a", WRITING).unwrap();
    assert_eq!(writer.append(b", two").unwrap(), 5);
    writer.set_times(times).unwrap();
    assert_eq!(world.read("a"), "one, two");
    let reader = world.filesystem.open("/data/a", READING).unwrap();
    assert_eq!(reader.metadata().unwrap().modified, Some(Timestamp { seconds: 1_000_000_000, nanoseconds: 0 }));
    assert!(matches!(failure(reader.append(b"more")), FilesystemError::InvalidArgument(_)));
    assert!(matches!(failure(reader.set_times(times)), FilesystemError::InvalidArgument(_)));
}
