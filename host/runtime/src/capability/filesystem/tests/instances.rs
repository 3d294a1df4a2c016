//! What the instances of one component share, and what each has for itself.

use super::*;

/// The filesystem for another instance of the component, with these permissions and an audit log of its own.
fn another(world: &World, allowed: &[&str]) -> (Filesystem, Arc<Audit>) {
    let (declared, audit) = (permissions(allowed), Arc::new(Audit::default()));
    let gate = Gate::new("acme/test@1.0.0".parse().unwrap(), declared.clone(), declared, audit.clone());
    (world.filesystem.behind(gate), audit)
}

#[test]
fn instances_share_the_limit_on_open_files() {
    let world = World::with_open_files(2, u32::MAX);
    world.write("a", "x");
    let (other, _) = another(&world, &EVERYTHING);
    let first = world.filesystem.open("/data/a", READING).unwrap();
    let second = other.open("/data/a", READING).unwrap();
    assert_eq!(failure(world.filesystem.open("/data/a", READING).map(drop)), FilesystemError::TooManyOpenFiles);
    assert_eq!(failure(other.open_directory("/data").map(drop)), FilesystemError::TooManyOpenFiles);
    drop(first);
    let third = other.open("/data/a", READING).unwrap();
    drop((second, third));
    world.filesystem.open("/data/a", READING).unwrap();
}

#[test]
fn instances_share_the_quota() {
    let world = World::limited(FilesystemLimits { quota_bytes: Some(10), ..FilesystemLimits::default() });
    let (other, _) = another(&world, &EVERYTHING);
    world.filesystem.write_file("/data/a", b"123456").unwrap();
    let refused = failure(other.write_file("/data/b", b"12345"));
    assert!(matches!(refused, FilesystemError::QuotaExceeded(_)), "{refused}");
    world.filesystem.delete_file("/data/a").unwrap();
    other.write_file("/data/b", b"12345").unwrap();
}

#[test]
fn each_instance_asks_its_own_gate() {
    let world = World::open();
    world.write("a", "x");
    let (other, audit) = another(&world, &["list /data/**"]);
    denied(other.read_file("/data/a"));
    assert_eq!(world.decisions(), Vec::<String>::new());
    assert_eq!(locked(&audit.0).len(), 1);
    world.filesystem.read_file("/data/a").unwrap();
    assert_eq!(world.decisions(), ["allowed files.read-file filesystem.read /data/a"]);
    assert_eq!(locked(&audit.0).len(), 1);
}
