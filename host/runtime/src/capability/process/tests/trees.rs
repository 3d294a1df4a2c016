use super::*;

/// A daemon: its own session, and no parent.
fn daemon(mark: &str) -> String {
    format!("setsid sh -c 'sh -c \"while :; do sleep 0.01; done; : {mark}\" & exit' ")
}

/// The supervisors of this test's processes and whatever else of them has not been reaped.
fn children() -> Vec<String> {
    let own = std::process::id();
    let tasks = fs::read_dir(format!("/proc/{own}/task")).unwrap().flatten();
    tasks
        .flat_map(|task| {
            let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            children.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
}

#[tokio::test]
async fn nothing_is_left_when_the_handle_is_dropped() {
    let world = World::open();
    let mark = mark();
    let script = format!("{}; trap '' TERM HUP; echo ready; while :; do sleep 0.01; done; : {mark}", daemon(&mark));
    let process = world.spawn(shell(&script)).await;
    assert_eq!(line(&process).await, "ready");
    eventually("a daemon", || alive(&mark).len() >= 2).await;
    process.end().await;
    assert!(alive(&mark).is_empty());

    let process = world.spawn(shell(&script)).await;
    assert_eq!(line(&process).await, "ready");
    drop(process);
    eventually("nothing left", || alive(&mark).is_empty()).await;
    eventually("a free place", || *world.processes.own.running.borrow() == 0).await;
}

#[tokio::test]
async fn a_daemon_ends_with_the_call_that_started_it() {
    let world = World::open();
    let mark = mark();
    let output = world.shell(&format!("{}; echo done", daemon(&mark))).await;
    assert_eq!(text(&output.stdout), "done\n");
    assert!(alive(&mark).is_empty());
}

#[tokio::test]
async fn a_call_that_is_given_up_leaves_nothing() {
    let world = World::open();
    let mark = mark();
    let script = format!("{}; while :; do sleep 0.01; done; : {mark}", daemon(&mark));
    let processes = world.processes.clone();
    let call = tokio::spawn(async move { processes.run(shell(&script), vec![]).await });
    eventually("a daemon", || alive(&mark).len() >= 2).await;
    call.abort();
    eventually("nothing left", || alive(&mark).is_empty()).await;
}

#[test]
fn nothing_is_left_when_the_runtime_ends() {
    let world = World::open();
    let mark = mark();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let script = format!("{}; echo ready; while :; do sleep 0.01; done; : {mark}", daemon(&mark));
    let process = runtime.block_on(async {
        let process = world.spawn(shell(&script)).await;
        line(&process).await;
        process
    });
    drop(runtime);
    assert!(alive(&mark).is_empty());
    drop(process);
}

#[tokio::test]
async fn a_fork_bomb_ends_and_takes_nobody_with_it() {
    let config = ProcessConfig { max_tasks: 40, ..ProcessConfig::default() };
    let world = World::with(&[EVERY_PROGRAM], config);
    let mark = mark();
    let bomb = format!("f() {{ f | f & f; }}; f; : {mark}");
    let process = world.spawn(Command { stdout: Stdio::Null, stderr: Stdio::Null, ..shell(&bomb) }).await;
    eventually("a crowd", || alive(&mark).len() > 20).await;
    // A look at them all takes a while, in which some go and others come: the smallest number is the nearest to the truth.
    let fewest = (0..20).map(|_| alive(&mark).len()).min().unwrap();
    assert!(fewest <= 2 * 40, "{fewest}");
    // The host goes on meanwhile.
    let calm = World::open();
    assert_eq!(text(&calm.shell("echo calm").await.stdout), "calm\n");
    process.end().await;
    assert!(alive(&mark).is_empty());
}

#[tokio::test]
async fn all_children_of_a_component_have_a_number_of_tasks_together() {
    let config = ProcessConfig { max_tasks: 60, max_component_tasks: 70, ..ProcessConfig::default() };
    let world = World::with(&[EVERY_PROGRAM], config);
    // A shell that cannot fork ends at once.
    let crowd = "i=0; while [ $i -lt 50 ]; do sleep 1000 & i=$((i+1)); done; echo $i; wait";
    let first = world.spawn(shell(crowd)).await;
    assert_eq!(line(&first).await, "50");
    let second = world.spawn(shell(crowd)).await;
    assert_eq!(within(second.wait()).await, ExitStatus::Code(2));
    second.end().await;
    assert_eq!(text(&world.shell("/bin/true && echo some are left").await.stdout), "some are left\n");
    // Another component has its own.
    let other = World::with(&[EVERY_PROGRAM], config_of(&world));
    let elsewhere = other.spawn(shell(crowd)).await;
    assert_eq!(line(&elsewhere).await, "50");
    first.end().await;
    let third = world.spawn(shell(crowd)).await;
    assert_eq!(line(&third).await, "50");
}

fn config_of(world: &World) -> ProcessConfig {
    world.processes.shared.services.config.clone()
}

#[tokio::test]
async fn processes_that_ended_make_room_for_others() {
    let world = World::with(&[EVERY_PROGRAM], ProcessConfig { max_tasks: 8, ..ProcessConfig::default() });
    let output = world.shell("i=0; while [ $i -lt 100 ]; do /bin/true || exit 1; i=$((i+1)); done; echo $i").await;
    assert_eq!(text(&output.stdout), "100\n");
    let orphans = "i=0; while [ $i -lt 50 ]; do sh -c '/bin/true & exit' || exit 1; i=$((i+1)); done; echo $i";
    assert_eq!(text(&world.shell(orphans).await.stdout), "50\n");
}

#[tokio::test]
async fn a_machine_that_cannot_confine_starts_nothing_unless_it_need_not() {
    let on_old_machine = |world: &World, unconfined: bool| {
        let config = ProcessConfig { unconfined, ..ProcessConfig::default() };
        let inner = &world.processes.own;
        Processes::on_machine(
            inner.gate.clone(),
            inner.filesystem.clone(),
            vec![],
            Arc::new(ProcessServices::new(config)),
            false,
        )
    };
    let mut world = World::open();
    world.processes = on_old_machine(&world, false);
    let refused = failure(world.processes.run(shell("true"), vec![]).await);
    assert!(matches!(refused, ProcessError::Unsupported(_)), "{refused}");

    // Without the domain of signals it takes more rounds until everything is gone, and gone it is all the same.
    world.processes = on_old_machine(&world, true);
    let mark = mark();
    let script = format!("{}; echo ready; while :; do sleep 0.01; done; : {mark}", daemon(&mark));
    let process = world.spawn(shell(&script)).await;
    assert_eq!(line(&process).await, "ready");
    eventually("a daemon", || alive(&mark).len() >= 2).await;
    process.end().await;
    assert!(alive(&mark).is_empty());
}

/// Tests that need a process of their own start themselves again with this set.
const ALONE: &str = "AIRSSYS_TEST_ALONE";

fn alone(test: &str, value: &str) -> std::process::Command {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args([format!("capability::process::tests::trees::{test}").as_str(), "--exact", "--nocapture"]);
    command.env(ALONE, value);
    command
}

/// Whether a test has this process to itself. If not, it is run in one of its own, and passes there.
fn is_alone(test: &str) -> bool {
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let output = alone(test, "yes").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
    false
}

#[tokio::test]
async fn no_supervisor_is_left_over() {
    if !is_alone("no_supervisor_is_left_over") {
        return;
    }
    let world = World::open();
    world.shell("true").await;
    let process = world.spawn(command("sleep", &["1000"])).await;
    assert!(!children().is_empty());
    process.end().await;
    let nonsense = world.script("nonsense", "no program at all");
    failure(world.processes.spawn(command(nonsense.to_str().unwrap(), &[])).await.map(drop));
    world.processes.all_gone().await;
    assert_eq!(children(), [fork_server()]);
    drop((world, process));
    assert_eq!(children(), Vec::<String>::new());
}

/// The number of the fork server, if it is the only child with that name.
fn fork_server() -> String {
    let is_fork_server = |pid: &String| fs::read_to_string(format!("/proc/{pid}/comm")).unwrap() == "airssys-fork\n";
    let [fork_server] = children().into_iter().filter(is_fork_server).collect::<Vec<_>>().try_into().unwrap();
    fork_server
}

#[tokio::test]
async fn a_fork_server_that_was_killed_is_replaced() {
    if !is_alone("a_fork_server_that_was_killed_is_replaced") {
        return;
    }
    let world = World::open();
    let before = world.spawn(command("cat", &[])).await;
    let killed = fork_server();
    system::signal_process(&system::open_process(killed.parse().unwrap()).unwrap(), Signal::KILL).unwrap();
    assert_eq!(world.shell("echo again").await.stdout, b"again\n");
    assert_ne!(fork_server(), killed);
    // The supervisor of the other was the fork server's, but is the host's.
    within(before.communicate(Vec::new())).await.unwrap();
    assert_eq!(before.try_wait(), Some(ExitStatus::Code(0)));
}

#[tokio::test]
async fn nothing_is_left_when_the_host_is_killed() {
    if let Ok(mark) = std::env::var(ALONE) {
        let world = World::open();
        let script = format!("{}; while :; do sleep 0.01; done; : {mark}", daemon(&mark));
        let process = world.spawn(shell(&script)).await;
        process.wait().await;
        return;
    }
    let mark = mark();
    let mut host =
        alone("nothing_is_left_when_the_host_is_killed", &mark).stdout(std::process::Stdio::null()).spawn().unwrap();
    eventually("a daemon", || alive(&mark).len() >= 2).await;
    host.kill().unwrap();
    host.wait().unwrap();
    eventually("nothing left", || alive(&mark).is_empty()).await;
}
