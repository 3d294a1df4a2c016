use std::time::Duration;

use rustix::fs::FlockOperation;

use super::*;

const AT_ONCE: Option<Duration> = Some(Duration::ZERO);

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

fn world() -> World {
    let world = World::open();
    world.write("a", "");
    world
}

fn open(world: &World) -> File {
    world.filesystem.open("/data/a", READING).unwrap()
}

fn locked_out<T>(result: Result<T>) {
    assert_eq!(failure(result), FilesystemError::Locked("/data/a".into()));
}

#[test]
fn shared_goes_with_shared_and_exclusive_with_none() {
    let world = world();
    let (one, two, three) = (open(&world), open(&world), open(&world));
    run(async {
        one.lock(LockKind::Shared, AT_ONCE).await.unwrap();
        two.lock(LockKind::Shared, AT_ONCE).await.unwrap();
        locked_out(three.lock(LockKind::Exclusive, AT_ONCE).await);
        one.unlock().unwrap();
        locked_out(three.lock(LockKind::Exclusive, AT_ONCE).await);
        two.unlock().unwrap();
        three.lock(LockKind::Exclusive, AT_ONCE).await.unwrap();
        locked_out(one.lock(LockKind::Shared, AT_ONCE).await);
        locked_out(one.lock(LockKind::Exclusive, AT_ONCE).await);
    });
}

#[test]
fn a_handle_without_a_lock_has_none_to_release() {
    let world = world();
    let file = open(&world);
    assert!(matches!(failure(file.unlock()), FilesystemError::InvalidArgument(_)));
    run(file.lock(LockKind::Shared, None)).unwrap();
    file.unlock().unwrap();
    assert!(matches!(failure(file.unlock()), FilesystemError::InvalidArgument(_)));
}

#[test]
fn locking_again_changes_the_kind() {
    let world = world();
    let (one, two) = (open(&world), open(&world));
    run(async {
        one.lock(LockKind::Shared, AT_ONCE).await.unwrap();
        one.lock(LockKind::Exclusive, AT_ONCE).await.unwrap();
        one.lock(LockKind::Exclusive, AT_ONCE).await.unwrap();
        locked_out(two.lock(LockKind::Shared, AT_ONCE).await);
        one.lock(LockKind::Shared, AT_ONCE).await.unwrap();
        two.lock(LockKind::Shared, AT_ONCE).await.unwrap();
        locked_out(one.lock(LockKind::Exclusive, AT_ONCE).await);
        // It still has the one it had.
        two.unlock().unwrap();
        locked_out(two.lock(LockKind::Exclusive, AT_ONCE).await);
    });
}

#[test]
fn dropping_the_last_handle_releases_the_lock() {
    let world = world();
    let (one, two) = (open(&world), open(&world));
    let clone = one.clone();
    run(one.lock(LockKind::Exclusive, AT_ONCE)).unwrap();
    drop(one);
    locked_out(run(two.lock(LockKind::Shared, AT_ONCE)));
    drop(clone);
    run(two.lock(LockKind::Exclusive, AT_ONCE)).unwrap();
}

#[test]
fn a_waiting_handle_gets_the_lock_when_it_is_released() {
    let world = world();
    let (one, two) = (open(&world), open(&world));
    run(async {
        one.lock(LockKind::Exclusive, AT_ONCE).await.unwrap();
        let release = async {
            // The waiter is polled first, so that it waits by now.
            tokio::task::yield_now().await;
            one.unlock().unwrap();
        };
        let (waited, ()) = tokio::join!(biased; two.lock(LockKind::Exclusive, None), release);
        waited.unwrap();
        locked_out(one.lock(LockKind::Shared, AT_ONCE).await);
    });
}

#[test]
fn waiting_ends_with_the_timeout() {
    let world = world();
    let (one, two) = (open(&world), open(&world));
    run(async {
        one.lock(LockKind::Shared, AT_ONCE).await.unwrap();
        locked_out(two.lock(LockKind::Exclusive, Some(Duration::from_millis(5))).await);
        two.lock(LockKind::Shared, Some(Duration::MAX)).await.unwrap();
    });
}

#[test]
fn who_gives_up_waiting_holds_nothing_and_leaves_nothing() {
    let world = world();
    let (one, two) = (open(&world), open(&world));
    run(async {
        one.lock(LockKind::Exclusive, AT_ONCE).await.unwrap();
        tokio::select! {
            biased;
            _ = two.lock(LockKind::Exclusive, None) => panic!("two handles have it"),
            () = std::future::ready(()) => {}
        }
        one.unlock().unwrap();
        one.lock(LockKind::Exclusive, AT_ONCE).await.unwrap();
    });
    assert!(matches!(failure(two.unlock()), FilesystemError::InvalidArgument(_)));
}

#[test]
fn a_lock_is_on_the_file_and_not_on_its_path() {
    let world = world();
    fs::hard_link(world.host("a"), world.host("b")).unwrap();
    let one = open(&world);
    let two = world.filesystem.open("/data/b", READING).unwrap();
    let other_component = world.again_with(&EVERYTHING).open("/data/a", READING).unwrap();
    run(one.lock(LockKind::Exclusive, AT_ONCE)).unwrap();
    assert_eq!(failure(run(two.lock(LockKind::Shared, AT_ONCE))), FilesystemError::Locked("/data/b".into()));
    locked_out(run(other_component.lock(LockKind::Shared, AT_ONCE)));
    world.filesystem.write_file("/data/a", b"a new file").unwrap();
    run(open(&world).lock(LockKind::Exclusive, AT_ONCE)).unwrap();
}

#[test]
fn a_lock_keeps_other_processes_out_and_is_kept_out_by_theirs() {
    let world = world();
    let file = open(&world);
    // An open file of its own is to the operating system what another process has.
    let foreign = fs::File::open(world.host("a")).unwrap();
    let try_foreign = |operation| rustix::fs::flock(&foreign, operation);
    run(async {
        file.lock(LockKind::Exclusive, AT_ONCE).await.unwrap();
        try_foreign(FlockOperation::NonBlockingLockShared).unwrap_err();
        file.unlock().unwrap();
        try_foreign(FlockOperation::NonBlockingLockExclusive).unwrap();
        locked_out(file.lock(LockKind::Shared, AT_ONCE).await);
        locked_out(file.lock(LockKind::Shared, Some(Duration::from_millis(1))).await);
        assert!(matches!(failure(file.unlock()), FilesystemError::InvalidArgument(_)));
        let release = async {
            tokio::task::yield_now().await;
            try_foreign(FlockOperation::Unlock).unwrap();
        };
        let (waited, ()) = tokio::join!(biased; file.lock(LockKind::Shared, None), release);
        waited.unwrap();
        try_foreign(FlockOperation::NonBlockingLockShared).unwrap();
        locked_out(file.lock(LockKind::Exclusive, AT_ONCE).await);
        try_foreign(FlockOperation::Unlock).unwrap();
        try_foreign(FlockOperation::NonBlockingLockExclusive).unwrap_err();
    });
}

#[test]
fn many_handles_take_turns() {
    let world = world();
    let inside = std::sync::atomic::AtomicU32::new(0);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_time().build().unwrap();
    let turns = runtime.block_on(async {
        let inside = Arc::new(inside);
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let (file, inside) = (open(&world), inside.clone());
                tokio::spawn(async move {
                    for _ in 0..50 {
                        file.lock(LockKind::Exclusive, None).await.unwrap();
                        assert_eq!(inside.fetch_add(1, std::sync::atomic::Ordering::SeqCst), 0);
                        tokio::task::yield_now().await;
                        assert_eq!(inside.fetch_sub(1, std::sync::atomic::Ordering::SeqCst), 1);
                        file.unlock().unwrap();
                    }
                    50
                })
            })
            .collect();
        let mut turns = 0;
        for task in tasks {
            turns += task.await.unwrap();
        }
        turns
    });
    assert_eq!(turns, 400);
}
