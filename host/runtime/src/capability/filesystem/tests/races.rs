use std::os::unix::fs::symlink;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::*;

const SWAPS: usize = 5_000;

/// Swaps two names for as long as the guest works, and at least so many times that it meets each state.
fn while_swapping(world: &World, one: &str, other: &str, mut guest: impl FnMut()) {
    let finished = AtomicBool::new(false);
    let (one, other) = (world.host(one), world.host(other));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !finished.load(Ordering::Relaxed) {
                renameat_with(CWD, &one, CWD, &other, RenameFlags::EXCHANGE).unwrap();
            }
        });
        let _stop = Stop(&finished);
        for _ in 0..SWAPS {
            guest();
        }
    });
}

/// Stops the other thread, even if this one fails.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A directory with a file, and a link to a directory outside with a file of the same name.
fn world() -> World {
    let world = World::open();
    world.write("directory/file", "harmless");
    let outside = world.host.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("file"), "the secret").unwrap();
    symlink(&outside, world.host("link")).unwrap();
    world
}

#[test]
fn a_directory_swapped_with_a_link_never_lets_a_reader_out() {
    let world = world();
    let mut read = 0;
    while_swapping(&world, "directory", "link", || match world.filesystem.read_file("/data/directory/file") {
        Ok(content) => {
            assert_eq!(content, b"harmless");
            read += 1;
        }
        Err(FilesystemError::PermissionDenied(_) | FilesystemError::NotFound(_)) => {}
        Err(error) => panic!("{error}"),
    });
    assert!(read > 0, "the reader never met the directory");
}

#[test]
fn a_file_swapped_with_a_link_never_lets_a_reader_or_writer_out() {
    let world = world();
    world.write("file", "harmless");
    symlink(world.host.path().join("outside/file"), world.host("file-link")).unwrap();
    let mut done = 0;
    while_swapping(&world, "file", "file-link", || {
        match world.filesystem.open("/data/file", WRITING) {
            Ok(file) => {
                assert_eq!(file.read(100).unwrap(), b"harmless");
                file.write_at(0, b"harmless").unwrap();
                done += 1;
            }
            Err(FilesystemError::PermissionDenied(_) | FilesystemError::Io(_)) => {}
            Err(error) => panic!("{error}"),
        }
        let mode = FilePermissions::from_mode(0o600);
        match world.filesystem.set_permissions("/data/file", mode) {
            Ok(()) | Err(FilesystemError::PermissionDenied(_)) => {}
            Err(error) => panic!("{error}"),
        }
    });
    assert!(done > 0, "the writer never met the file");
    let outside = world.host.path().join("outside/file");
    assert_eq!(fs::read(&outside).unwrap(), b"the secret");
    use std::os::unix::fs::PermissionsExt as _;
    assert_ne!(fs::metadata(&outside).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn nothing_outside_is_created_or_removed_while_directories_are_swapped() {
    let world = world();
    let outside = world.host.path().join("outside");
    let mut done = 0;
    while_swapping(&world, "directory", "link", || {
        for result in [
            world.filesystem.write_file("/data/directory/new", b"x"),
            world.filesystem.create_directory_all("/data/directory/a/b"),
            world.filesystem.delete_file("/data/directory/new"),
            world.filesystem.remove_directory_all("/data/directory/a"),
        ] {
            match result {
                Ok(()) => done += 1,
                Err(FilesystemError::PermissionDenied(_) | FilesystemError::NotFound(_) | FilesystemError::Io(_)) => {}
                Err(error) => panic!("{error}"),
            }
        }
    });
    assert!(done > 0, "nothing was ever done");
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
    assert_eq!(fs::read(outside.join("file")).unwrap(), b"the secret");
}

#[test]
fn removing_a_tree_never_leaves_it_while_a_directory_in_it_is_swapped() {
    let world = World::open();
    let outside = world.host.path().join("outside");
    fs::create_dir(&outside).unwrap();
    for number in 0..20 {
        fs::write(outside.join(number.to_string()), "the secret").unwrap();
    }
    for _ in 0..100 {
        for number in 0..20 {
            world.write(&format!("tree/directory/{number}"), "");
        }
        symlink(&outside, world.host("tree/link")).unwrap();
        let finished = AtomicBool::new(false);
        let swaps = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let (one, other) = (world.host("tree/directory"), world.host("tree/link"));
                // Until one of them is removed.
                let swap = || renameat_with(CWD, &one, CWD, &other, RenameFlags::EXCHANGE).is_ok();
                while !finished.load(Ordering::Relaxed) && swap() {
                    swaps.fetch_add(1, Ordering::Relaxed);
                }
            });
            let _stop = Stop(&finished);
            // The two threads shall really run at the same time.
            while swaps.load(Ordering::Relaxed) < 20 {
                std::hint::spin_loop();
            }
            let _ = world.filesystem.remove_directory_all("/data/tree");
        });
        let _ = fs::remove_dir_all(world.host("tree"));
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 20);
    }
}

#[test]
fn a_reader_sees_the_old_content_or_the_new() {
    let world = World::open();
    let contents = [vec![b'a'; 100_000], vec![b'b'; 50_000]];
    world.filesystem.write_file("/data/file", &contents[0]).unwrap();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for round in 0..100 {
                world.filesystem.write_file("/data/file", &contents[round % 2]).unwrap();
            }
        });
        while !writer.is_finished() {
            let content = world.filesystem.read_file("/data/file").unwrap();
            assert!(contents.contains(&content), "{} bytes", content.len());
        }
    });
    assert_eq!(names(&world.filesystem.list_directory("/data").unwrap()), ["file"]);
    assert_eq!(fs::read_dir(world.host("")).unwrap().count(), 1);
}

#[test]
fn no_link_gets_out_of_the_mount_when_its_directory_moves_while_it_is_made() {
    let world = World::open();
    world.write("etc/passwd", "harmless");
    fs::create_dir_all(world.host("a/b/c/d")).unwrap();
    let (maker, mover) = (&world.filesystem, world.again_with(&EVERYTHING));
    let root = fs::canonicalize(world.host("")).unwrap();
    let together = std::sync::Barrier::new(2);
    for _ in 0..1_000 {
        // From here the link climbs four directories, which from where it may be moved to are three too many.
        let moved = std::thread::scope(|scope| {
            let moving = scope.spawn(|| {
                together.wait();
                mover.rename("/data/a/b/c/d", "/data/d", OnExisting::Fail).is_ok()
            });
            together.wait();
            let _ = maker.create_symlink("/data/etc/passwd", "/data/a/b/c/d/link");
            moving.join().unwrap()
        });
        let directory = world.host(if moved { "d" } else { "a/b/c/d" });
        let link = directory.join("link");
        if link.symlink_metadata().is_ok() {
            assert!(fs::canonicalize(&link).is_ok_and(|path| path.starts_with(&root)), "it was moved: {moved}");
            fs::remove_file(link).unwrap();
        }
        if moved {
            fs::rename(directory, world.host("a/b/c/d")).unwrap();
        }
    }
}
