use super::*;

const NONE: ProcessLimits = ProcessLimits {
    max_memory_bytes: None,
    max_cpu_time_ms: None,
    max_wall_time_ms: None,
    max_open_files: None,
    max_output_bytes: None,
};

#[tokio::test]
async fn limits_read_back_and_reach_the_process() {
    let world = World::open();
    let limits = ProcessLimits {
        max_memory_bytes: Some(512 << 20),
        max_cpu_time_ms: Some(7_500),
        max_wall_time_ms: Some(50_000),
        max_open_files: Some(33),
        max_output_bytes: Some(1234),
    };
    let asking = "ulimit -v; ulimit -t; ulimit -n; ulimit -c";
    let process = world.spawn(Command { limits, ..shell(asking) }).await;
    assert_eq!(process.limits(), limits);
    let output = within(process.communicate(vec![])).await.unwrap();
    assert_eq!(text(&output.stdout), "524288\n8\n33\n0\n");
    let defaults = world.spawn(shell("ulimit -n")).await;
    let expected = ProcessConfig::default().default_limits;
    assert_eq!(defaults.limits(), expected);
    let output = within(defaults.communicate(vec![])).await.unwrap();
    assert_eq!(text(&output.stdout).trim(), expected.max_open_files.unwrap().to_string());
}

#[tokio::test]
async fn limits_above_the_hosts_are_refused() {
    let world = World::open();
    let ceiling = ProcessConfig::default().limit_ceilings;
    let process = world.spawn(command("sleep", &["1000"])).await;
    for limits in [
        ProcessLimits { max_memory_bytes: ceiling.max_memory_bytes.map(|limit| limit + 1), ..NONE },
        ProcessLimits { max_cpu_time_ms: ceiling.max_cpu_time_ms.map(|limit| limit + 1), ..NONE },
        ProcessLimits { max_wall_time_ms: Some(u64::MAX), ..NONE },
        ProcessLimits { max_open_files: Some(u32::MAX), ..NONE },
        ProcessLimits { max_output_bytes: Some(u64::MAX), ..NONE },
    ] {
        let refused = failure(world.processes.spawn(Command { limits, ..shell("true") }).await.map(drop));
        assert!(matches!(refused, ProcessError::InvalidArgument(_)), "{refused}");
        assert!(matches!(failure(process.set_limits(limits)), ProcessError::InvalidArgument(_)));
    }
    process.end().await;
}

#[tokio::test]
async fn a_process_that_may_take_no_time_is_killed() {
    let world = World::open();
    let limits = ProcessLimits { max_wall_time_ms: Some(0), ..NONE };
    let process = world.spawn(Command { limits, ..command("sleep", &["1000"]) }).await;
    assert_eq!(within(process.wait()).await, ExitStatus::Signaled(Signal::KILL));
    let over = failure(world.processes.run(Command { limits, ..command("sleep", &["1000"]) }, vec![]).await.map(drop));
    assert_eq!(over, ProcessError::Timeout);
}

#[tokio::test]
async fn limits_of_a_running_process_can_be_set() {
    let world = World::open();
    let process = world.spawn(shell("read line; ulimit -n")).await;
    let limits = ProcessLimits { max_open_files: Some(40), ..process.limits() };
    process.set_limits(limits).unwrap();
    assert_eq!(process.limits(), limits);
    let output = within(process.communicate(b"\n".to_vec())).await.unwrap();
    assert_eq!(text(&output.stdout), "40\n");
    assert_eq!(failure(process.set_limits(limits)), ProcessError::AlreadyExited(ExitStatus::Code(0)));

    let busy = world.spawn(shell("while :; do :; done")).await;
    busy.set_limits(ProcessLimits { max_cpu_time_ms: Some(1), ..NONE }).unwrap();
    assert_eq!(within(busy.wait()).await, ExitStatus::Signaled(Signal::KILL));
    let asleep = world.spawn(command("sleep", &["1000"])).await;
    asleep.set_limits(ProcessLimits { max_wall_time_ms: Some(1), ..NONE }).unwrap();
    assert_eq!(within(asleep.wait()).await, ExitStatus::Signaled(Signal::KILL));
}

#[tokio::test]
async fn a_process_that_uses_too_much_of_something_ends() {
    let world = World::open();
    let busy = Command { limits: ProcessLimits { max_cpu_time_ms: Some(1), ..NONE }, ..shell("while :; do :; done") };
    assert_eq!(world.run(busy).await.status, ExitStatus::Signaled(Signal::KILL));
    let hungry = Command {
        limits: ProcessLimits { max_memory_bytes: Some(64 << 20), ..NONE },
        ..command("dd", &["if=/dev/zero", "of=/dev/null", "bs=500M", "count=1"])
    };
    let output = world.run(hungry).await;
    assert_ne!(output.status, ExitStatus::Code(0));
    assert!(text(&output.stderr).contains("memory"), "{}", text(&output.stderr));
}

#[tokio::test]
async fn a_process_that_takes_too_long_is_gone_with_all_it_started() {
    let world = World::open();
    let mark = mark();
    let limits = ProcessLimits { max_wall_time_ms: Some(300), ..NONE };
    let script = format!("setsid sh -c 'sleep 1000; : {mark}' & sleep 1000; : {mark}");
    let late = || Command { limits, ..shell(&script) };
    assert_eq!(failure(within(world.processes.run(late(), vec![])).await), ProcessError::Timeout);
    assert!(alive(&mark).is_empty());
    let process = world.spawn(late()).await;
    assert_eq!(failure(within(process.communicate(vec![])).await), ProcessError::Timeout);
    assert!(alive(&mark).is_empty());
    let commands = vec![late(), shell("cat"), late()];
    assert_eq!(failure(within(world.processes.run_pipeline(commands, vec![])).await), ProcessError::Timeout);
    assert!(alive(&mark).is_empty());
}
