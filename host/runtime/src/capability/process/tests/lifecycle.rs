use std::time::SystemTime;

use super::*;

#[tokio::test]
async fn a_process_is_known_before_and_after_its_end() {
    let world = World::open();
    let before = SystemTime::now();
    let process = world.spawn(shell("read line; exit 3")).await;
    let info = process.info();
    assert_eq!(info.id, process.id());
    assert_eq!(info.program, fs::canonicalize("/bin/sh").unwrap().to_str().unwrap());
    assert_eq!(info.arguments, ["-c", "read line; exit 3"]);
    assert_eq!((info.state, info.exit), (ProcessState::Running, None));
    assert!(info.started >= before && info.started <= SystemTime::now());
    assert_eq!(world.processes.info(process.id()).unwrap(), info);
    assert_eq!(process.try_wait(), None);
    assert_eq!(process.wait_timeout(Duration::from_millis(1)).await, None);
    process.close_stdin().await.unwrap();
    let status = ExitStatus::Code(3);
    assert_eq!(within(process.wait()).await, status);
    assert_eq!(within(process.wait()).await, status);
    assert_eq!(process.try_wait(), Some(status));
    assert_eq!(process.wait_timeout(Duration::ZERO).await, Some(status));
    let info = process.info();
    assert_eq!((info.state, info.exit), (ProcessState::Exited, Some(status)));
    assert_eq!(world.processes.list(), [info]);
}

#[tokio::test]
async fn a_component_sees_its_own_processes_and_no_others() {
    let world = World::open();
    let other = World::open();
    let theirs = other.spawn(command("sleep", &["1000"])).await;
    assert_eq!(world.processes.list(), []);
    let mine = world.spawn(command("sleep", &["1000"])).await;
    let second = world.spawn(command("true", &[])).await;
    assert_ne!(mine.id(), second.id());
    let ids: Vec<u32> = world.processes.list().iter().map(|info| info.id).collect();
    assert_eq!(ids, [mine.id(), second.id()]);
    for foreign in [0, 1, std::process::id(), u32::MAX] {
        assert_eq!(failure(world.processes.info(foreign)), ProcessError::ProcessNotFound(foreign));
        let waited = world.processes.wait_any(&[mine.id(), foreign], None).await;
        assert_eq!(failure(waited), ProcessError::ProcessNotFound(foreign));
    }
    let id = second.id();
    second.end().await;
    drop(second);
    assert_eq!(failure(world.processes.info(id)), ProcessError::ProcessNotFound(id));
    assert_eq!(world.processes.list().len(), 1);
    theirs.end().await;
    mine.end().await;
}

#[tokio::test]
async fn the_first_of_several_to_end_is_told() {
    let world = World::open();
    let slow = world.spawn(command("sleep", &["1000"])).await;
    let quick = world.spawn(shell("read line; exit 4")).await;
    let ids = [slow.id(), quick.id(), quick.id()];
    assert_eq!(within(world.processes.wait_any(&ids, Some(Duration::ZERO))).await.unwrap(), None);
    quick.close_stdin().await.unwrap();
    let expected = Finished { index: 1, status: ExitStatus::Code(4) };
    assert_eq!(within(world.processes.wait_any(&ids, None)).await.unwrap(), Some(expected));
    slow.kill().await.unwrap();
    within(slow.wait()).await;
    let both = within(world.processes.wait_any(&ids, None)).await.unwrap().unwrap();
    assert_eq!(both, Finished { index: 0, status: ExitStatus::Signaled(Signal::KILL) });
    assert!(matches!(failure(world.processes.wait_any(&[], None).await), ProcessError::InvalidArgument(_)));
}

#[tokio::test]
async fn what_a_busy_process_has_used_shows_while_it_runs_and_after() {
    let world = World::open();
    let process = world.spawn(shell("while :; do :; done")).await;
    eventually("time of the processor", || {
        let usage = process.usage().unwrap();
        usage.user_time_ms + usage.system_time_ms > 0 && usage.max_resident_bytes > 0
    })
    .await;
    process.kill().await.unwrap();
    within(process.wait()).await;
    let usage = process.usage().unwrap();
    assert!(usage.user_time_ms + usage.system_time_ms > 0, "{usage:?}");
    assert!(usage.max_resident_bytes > 100_000, "{usage:?}");
}

#[tokio::test]
async fn the_memory_of_the_host_is_no_part_of_what_a_child_has_used() {
    const OF_HOST: usize = 256 << 20;
    let before = std::hint::black_box(vec![1_u8; OF_HOST]);
    let world = World::open();
    for _ in 0..2 {
        let process = world.spawn(command("true", &[])).await;
        within(process.wait()).await;
        let used = process.usage().unwrap().max_resident_bytes;
        assert!(used < before.len() as u64 / 4, "{used} bytes");
    }
}
