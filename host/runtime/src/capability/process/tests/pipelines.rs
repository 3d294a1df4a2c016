use super::*;

#[tokio::test]
async fn data_flows_from_one_to_the_next() {
    let world = World::open();
    let commands = vec![command("cat", &[]), command("tr", &["a-z", "A-Z"]), command("rev", &[])];
    let output = within(world.processes.run_pipeline(commands, b"abc\n".to_vec())).await.unwrap();
    assert_eq!(text(&output.stdout), "CBA\n");
    assert_eq!(output.statuses, [ExitStatus::Code(0); 3]);
    let large = vec![b'x'; 1 << 20];
    let commands = vec![command("cat", &[]), command("cat", &[])];
    let output = within(world.processes.run_pipeline(commands, large.clone())).await.unwrap();
    assert!(output.stdout == large);
}

#[tokio::test]
async fn one_that_fails_shows_and_does_not_end_the_others() {
    let world = World::open();
    let commands = vec![
        shell("echo first >&2; cat"),
        shell("cat > /dev/null; echo second >&2; exit 3"),
        shell("cat; echo third; kill -15 $$"),
    ];
    let output = within(world.processes.run_pipeline(commands, b"input".to_vec())).await.unwrap();
    let expected = [ExitStatus::Code(0), ExitStatus::Code(3), ExitStatus::Signaled(Signal::TERMINATE)];
    assert_eq!(output.statuses, expected);
    assert_eq!(text(&output.stdout), "third\n");
    let errors = text(&output.stderr);
    assert!(errors.contains("first\n") && errors.contains("second\n"), "{errors}");
}

#[tokio::test]
async fn one_that_does_not_read_ends_the_one_before() {
    let world = World::open();
    let commands = vec![command("yes", &[]), command("head", &["-n", "1"])];
    let output = within(world.processes.run_pipeline(commands, vec![])).await.unwrap();
    assert_eq!(text(&output.stdout), "y\n");
    assert_eq!(output.statuses, [ExitStatus::Signaled(Signal::PIPE), ExitStatus::Code(0)]);
}

#[tokio::test]
async fn all_of_a_pipeline_start_or_none() {
    let world = World::with(&[EVERY_PROGRAM], ProcessConfig { max_processes: 2, ..ProcessConfig::default() });
    let made = world.host("made");
    let first = || shell(&format!("touch {}", made.display()));
    let refused = async |commands| failure(within(world.processes.run_pipeline(commands, vec![])).await);
    assert!(matches!(refused(vec![]).await, ProcessError::InvalidArgument(_)));
    assert_eq!(refused(vec![first(), shell("true"), shell("true")]).await, ProcessError::TooManyProcesses);
    let missing = "no-such-program-anywhere";
    let error = refused(vec![first(), command(missing, &[])]).await;
    assert_eq!(error, ProcessError::ProgramNotFound(missing.to_owned()));
    assert!(!made.exists());
    let output = within(world.processes.run_pipeline(vec![shell("true"), shell("true")], vec![])).await.unwrap();
    assert_eq!(output.statuses.len(), 2);
    let limits = ProcessLimits { max_output_bytes: Some(10), ..ProcessLimits::default() };
    let endless = vec![command("yes", &[]), Command { limits, ..command("cat", &[]) }];
    assert_eq!(refused(endless).await, ProcessError::OutputTooLarge(10));
    assert_eq!(*world.processes.own.running.borrow(), 0);
}
