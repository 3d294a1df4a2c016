use super::*;

fn spawning(program: &str) -> String {
    format!(r#"process = [{{ action = "spawn", program = "{program}" }}]"#)
}

/// The path of the shell with links resolved.
fn real_shell() -> String {
    fs::canonicalize("/bin/sh").unwrap().to_str().unwrap().to_owned()
}

#[tokio::test]
async fn each_way_to_start_a_program_asks_for_its_resolved_path() {
    let real = real_shell();
    let world = World::with(&[&spawning(&real)], ProcessConfig::default());
    world.spawn(shell("true")).await.end().await;
    world.shell("true").await;
    within(world.processes.run_pipeline(vec![shell("true")], vec![])).await.unwrap();
    let allowed = |operation: &str| format!("allowed processes.{operation} process.spawn {real}");
    assert_eq!(world.decisions(), [allowed("spawn"), allowed("run"), allowed("run-pipeline")]);
}

#[tokio::test]
async fn without_the_permission_nothing_starts_and_the_line_is_named() {
    let world = World::with(&[&spawning("/usr/bin/true")], ProcessConfig::default());
    let made = world.host("made");
    let script = format!("touch {}", made.display());
    let denials = [
        denied(world.processes.spawn(shell(&script)).await.map(drop)),
        denied(world.processes.run(shell(&script), vec![]).await),
        denied(world.processes.run_pipeline(vec![command("/usr/bin/true", &[]), shell(&script)], vec![]).await),
    ];
    for (denial, operation) in denials.iter().zip(["spawn", "run", "run-pipeline"]) {
        assert_eq!(denial.operation.0, format!("ext-process/processes.{operation}"));
        assert_eq!(denial.missing, spawning(&denial.resource));
    }
    assert!(!made.exists());
    assert_eq!(*world.processes.own.running.borrow(), 0);
    assert_eq!(world.decisions().iter().filter(|decision| decision.starts_with("denied")).count(), 6);
}

#[tokio::test]
async fn a_denial_is_the_same_whether_the_program_is_there_or_not() {
    let world = World::with(&[], ProcessConfig::default());
    let denial = async |program: &str| denied(world.processes.spawn(command(program, &[])).await.map(drop));
    let link = world.host("link");
    std::os::unix::fs::symlink("/bin/sh", &link).unwrap();
    for (there, not_there) in [
        ("/usr/bin/env", "/usr/bin/no-such-program"),
        ("/bin/sh", "/bin/no-such-program"),
        ("/etc/passwd", "/etc/no-such-file"),
        (link.to_str().unwrap(), world.host("none").to_str().unwrap()),
        ("env", "no-such-program"),
    ] {
        let (there, not_there) = (Path::new(there), Path::new(not_there));
        let seen = denial(there.to_str().unwrap()).await;
        let other = denial(not_there.to_str().unwrap()).await;
        let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
        assert_eq!(seen.resource.replace(&name(there), &name(not_there)), other.resource);
        assert_eq!(seen.missing, spawning(&seen.resource));
        assert_eq!(seen.layer, other.layer);
    }
}

#[tokio::test]
async fn a_link_at_a_permitted_path_is_no_permission_for_what_it_leads_to() {
    let world = World::open();
    let link = world.host("link");
    std::os::unix::fs::symlink("/bin/sh", &link).unwrap();
    let only_link = World::with(&[&spawning(link.to_str().unwrap())], ProcessConfig::default());
    let denial = denied(only_link.processes.spawn(command(link.to_str().unwrap(), &[])).await.map(drop));
    assert_eq!(denial.resource, real_shell(), "who may know the path learns what is missing");
    let through = World::with(&[&spawning(&real_shell())], ProcessConfig::default());
    let output = through.run(command(link.to_str().unwrap(), &["-c", "echo through"])).await;
    assert_eq!(text(&output.stdout), "through\n");
}

#[tokio::test]
async fn a_script_needs_a_permission_for_its_interpreter() {
    let elsewhere = World::open();
    let script = elsewhere.script("script", "#!/bin/sh\necho it runs\n");
    let script = script.to_str().unwrap();
    let only_script = World::with(&[&spawning(script)], ProcessConfig::default());
    let denial = denied(only_script.processes.run(command(script, &[]), vec![]).await);
    assert!(denial.resource.ends_with("/sh"), "{}", denial.resource);
    let both = format!(
        r#"process = [{{ action = "spawn", program = "{script}" }}, {{ action = "spawn", program = "{}" }}]"#,
        real_shell()
    );
    let world = World::with(&[&both], ProcessConfig::default());
    assert_eq!(text(&world.run(command(script, &[])).await.stdout), "it runs\n");
}

#[tokio::test]
async fn files_among_the_streams_need_their_own_permission() {
    let world = World::with(&[EVERY_PROGRAM], ProcessConfig::default());
    fs::write(world.host("in"), "input").unwrap();
    let file = |name: &str| format!("/data/{name}");
    for (command, missing) in [
        (Command { stdin: Stdio::ReadFile(file("in")), ..shell("cat") }, r#"{ action = "read", path = "/data/in" }"#),
        (
            Command { stdout: Stdio::WriteFile(file("out")), ..shell("echo") },
            r#"{ action = "write", path = "/data/out" }"#,
        ),
        (
            Command { stderr: Stdio::AppendFile(file("in")), ..shell("echo") },
            r#"{ action = "write", path = "/data/in" }"#,
        ),
    ] {
        let denial = denied(world.processes.spawn(command).await.map(drop));
        assert_eq!(denial.missing, format!("filesystem = [{missing}]"));
        assert_eq!(denial.operation.0, "ext-process/processes.spawn");
    }
    assert!(!world.host("out").exists());
    assert_eq!(fs::read_to_string(world.host("in")).unwrap(), "input");
}

#[tokio::test]
async fn every_signal_needs_the_permission_for_the_program() {
    let world = World::with(&[&spawning("/**")], ProcessConfig::default());
    let process = world.spawn(command("sleep", &["1000"])).await;
    world.decisions();
    let denials = [
        denied(process.send_signal(Signal::HANGUP, SignalTarget::Process).await),
        denied(process.send_signal(Signal::HANGUP, SignalTarget::Group).await),
        denied(process.interrupt().await),
        denied(process.terminate(Duration::ZERO).await),
        denied(process.kill().await),
        denied(process.kill_group().await),
        denied(process.suspend().await),
        denied(process.resume().await),
    ];
    let program = process.program();
    for denial in &denials {
        assert_eq!(denial.missing, format!(r#"process = [{{ action = "signal", program = "{program}" }}]"#));
    }
    let operations: Vec<&str> = denials.iter().map(|denial| denial.operation.0).collect();
    let expected = ["send-signal", "send-signal", "interrupt", "terminate", "kill", "kill-group", "suspend", "resume"];
    assert_eq!(operations, expected.map(|name| format!("ext-process/signals.{name}")));
    assert_eq!(world.decisions().len(), 8);
    assert!(process.try_wait().is_none());
    process.end().await;
}
