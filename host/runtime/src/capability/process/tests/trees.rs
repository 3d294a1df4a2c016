use super::*;

/// A daemon: its own session, and no parent.
fn daemon(mark: &str) -> String {
    format!("setsid sh -c 'sh -c \"while :; do sleep 0.01; done; : {mark}\" & exit' ")
}

/// The supervisors of this test's processes and whatever else of them has not been reaped.
fn children() -> Vec<String> {
    let own = std::process::id();
    let tasks = fs::read_dir(format!("/proc/{own}/task")).unwrap().flatten();
    tasks.flat_map(|task| {
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
    eventually("a free place", || world.processes.0.count.load(Ordering::Relaxed) == 0).await;
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
    assert!(alive(&mark).len() <= 40);
    // The host goes on meanwhile.
    let calm = World::open();
    assert_eq!(text(&calm.shell("echo calm").await.stdout), "calm\n");
    process.end().await;
    assert!(alive(&mark).is_empty());
}

#[tokio::test]
async fn processes_that_ended_make_room_for_others() {
    let world = World::with(&[EVERY_PROGRAM], ProcessConfig { max_tasks: 8, ..ProcessConfig::default() });
    let output = world.shell("i=0; while [ $i -lt 100 ]; do /bin/true || exit 1; i=$((i+1)); done; echo $i").await;
    assert_eq!(text(&output.stdout), "100\n");
    let orphans = "i=0; while [ $i -lt 50 ]; do sh -c '/bin/true & exit' || exit 1; i=$((i+1)); done; echo $i";
    assert_eq!(text(&world.shell(orphans).await.stdout), "50\n");
}

#[test]
fn no_supervisor_is_left_over() {
    // In a process of its own, so that no other test's supervisors are there.
    let name = "capability::process::tests::trees::supervisors_are_reaped";
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--include-ignored"])
        .env("AIRSSYS_ALONE", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
}

#[tokio::test]
async fn supervisors_are_reaped() {
    let world = World::open();
    world.shell("true").await;
    let process = world.spawn(command("sleep", &["1000"])).await;
    assert!(!children().is_empty());
    process.end().await;
    drop(process);
    failure(world.processes.spawn(command("/none", &[])).await.map(drop));
    // Others run beside this test unless it was started alone.
    if std::env::var_os("AIRSSYS_ALONE").is_some() {
        assert_eq!(children(), Vec::<String>::new());
    }
}
