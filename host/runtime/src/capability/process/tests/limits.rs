use crate::capability::host_memory::{DEFAULT_MAX_HOST_MEMORY_BYTES, NONE_LEFT};

use super::*;

const NONE: ProcessLimits = ProcessLimits {
    max_memory_bytes: None,
    max_cpu_time: None,
    max_wall_time: None,
    max_open_files: None,
    max_output_bytes: None,
};

#[tokio::test]
async fn limits_read_back_and_reach_the_process() {
    let world = World::open();
    let limits = ProcessLimits {
        max_memory_bytes: Some(512 << 20),
        max_cpu_time: Some(Duration::from_millis(7_500)),
        max_wall_time: Some(Duration::from_secs(50)),
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

#[test]
fn nothing_is_given_above_the_default_that_the_operator_has_not_raised() {
    let config = ProcessConfig::default();
    assert_eq!(config.limit_ceilings, config.default_limits);
}

#[tokio::test]
async fn children_write_nothing_where_all_files_together_have_a_limit() {
    let script = |world: &World| {
        let folder = world.host("");
        shell(&format!("cd {} && cat file && ls && ! echo x > new && ! echo x >> file && rm file", folder.display()))
    };
    let limits = FilesystemLimits { quota_bytes: Some(1 << 20), ..FilesystemLimits::default() };
    let with_quota = |write_past_quota: bool| {
        let config = ProcessConfig { write_past_quota, ..ProcessConfig::default() };
        let world = World::limited(&[EVERY_PROGRAM, ALL_FILES], config, false, limits.clone());
        fs::write(world.host("file"), "content").unwrap();
        world
    };
    let world = with_quota(false);
    for stream in [Stdio::WriteFile("/data/out".to_owned()), Stdio::AppendFile("/data/file".to_owned())] {
        for command in
            [Command { stdout: stream.clone(), ..shell("echo x") }, Command { stderr: stream, ..shell("echo x >&2") }]
        {
            let refused = failure(world.processes.spawn(command).await.map(drop));
            assert!(matches!(refused, ProcessError::Unsupported(_)), "{refused}");
        }
    }
    assert!(!world.host("out").exists());
    let output = world.run(script(&world)).await;
    assert_eq!(output.status, ExitStatus::Code(0), "{}", text(&output.stderr));
    assert_eq!(fs::read_dir(world.host("")).unwrap().count(), 0);

    let world = with_quota(true);
    world.run(Command { stdout: Stdio::WriteFile("/data/out".to_owned()), ..shell("echo x") }).await;
    assert_eq!(fs::read_to_string(world.host("out")).unwrap(), "x\n");
    assert_eq!(world.run(script(&world)).await.status, ExitStatus::Code(1));
}

#[tokio::test]
async fn when_all_children_take_too_much_memory_the_one_goes_that_has_the_most() {
    let config = ProcessConfig { max_component_memory_bytes: Some(300 << 20), ..ProcessConfig::default() };
    let world = World::with(&[EVERY_PROGRAM], config);
    let taking = |mebibytes: u32| {
        let program =
            format!("import signal; x = b'x' * ({mebibytes} << 20); print('taken', flush=True); signal.pause()");
        format!("/usr/bin/python3 -I -S -c \"{program}\"")
    };
    let small = world.spawn(shell(&format!("exec {}", taking(80)))).await;
    assert_eq!(line(&small).await, "taken");
    let one_process = taking(300);
    let several = format!("{} & {} & {} & wait", taking(120), taking(120), taking(120));
    for script in [one_process, several] {
        let large = world.spawn(shell(&script)).await;
        assert_eq!(within(large.wait()).await, ExitStatus::Signaled(Signal::KILL));
        assert_eq!(small.try_wait(), None);
        large.end().await;
    }
    small.end().await;
}

#[tokio::test]
async fn limits_above_the_hosts_are_refused() {
    let world = World::open();
    let ceiling = ProcessConfig::default().limit_ceilings;
    let process = world.spawn(command("sleep", &["1000"])).await;
    for limits in [
        ProcessLimits { max_memory_bytes: ceiling.max_memory_bytes.map(|limit| limit + 1), ..NONE },
        ProcessLimits { max_cpu_time: ceiling.max_cpu_time.map(|limit| limit + Duration::from_millis(1)), ..NONE },
        ProcessLimits { max_wall_time: Some(Duration::MAX), ..NONE },
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
    let limits = ProcessLimits { max_wall_time: Some(Duration::ZERO), ..NONE };
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
    busy.set_limits(ProcessLimits { max_cpu_time: Some(Duration::from_millis(1)), ..NONE }).unwrap();
    assert_eq!(within(busy.wait()).await, ExitStatus::Signaled(Signal::KILL));
    let asleep = world.spawn(command("sleep", &["1000"])).await;
    asleep.set_limits(ProcessLimits { max_wall_time: Some(Duration::from_millis(1)), ..NONE }).unwrap();
    assert_eq!(within(asleep.wait()).await, ExitStatus::Signaled(Signal::KILL));
}

#[tokio::test]
async fn a_process_that_uses_too_much_of_something_ends() {
    let world = World::open();
    let busy = Command {
        limits: ProcessLimits { max_cpu_time: Some(Duration::from_millis(1)), ..NONE },
        ..shell("while :; do :; done")
    };
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
    let limits = ProcessLimits { max_wall_time: Some(Duration::from_millis(300)), ..NONE };
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

#[tokio::test]
async fn what_goes_to_a_process_and_comes_from_it_is_taken_from_the_memory_of_all() {
    let world = World::open();
    let memory = world.processes.shared.services.memory.clone();
    let others = memory.room_now(DEFAULT_MAX_HOST_MEMORY_BYTES - (1 << 20)).unwrap();
    let refused = ProcessError::Io(NONE_LEFT.to_owned());
    let input = vec![b'x'; 2 << 20];
    assert_eq!(within(world.processes.run(command("cat", &[]), input.clone())).await.unwrap_err(), refused);
    let much = command("head", &["-c", "2000000", "/dev/zero"]);
    assert_eq!(within(world.processes.run(much.clone(), Vec::new())).await.unwrap_err(), refused);
    drop(others);
    assert_eq!(within(world.processes.run(much, Vec::new())).await.unwrap().stdout.len(), 2_000_000);
    assert_eq!(within(world.processes.run(command("wc", &["-c"]), input)).await.unwrap().stdout, b"2097152\n");
    assert_eq!(memory.taken_bytes(), 0);
}
