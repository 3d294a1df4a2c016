use super::*;

/// More than any pipe holds.
const LARGE: usize = 1 << 20;

#[tokio::test]
async fn large_input_and_output_do_not_block_each_other() {
    let world = World::open();
    let input: Vec<u8> = (0..LARGE).map(|index| (index % 251) as u8).collect();
    let output = within(world.processes.run(command("cat", &[]), input.clone())).await.unwrap();
    assert!(output.stdout == input);
    let process = world.spawn(command("cat", &[])).await;
    let output = within(process.communicate(input.clone())).await.unwrap();
    assert!(output.stdout == input);
    assert_eq!(output.status, ExitStatus::Code(0));
    process.end().await;
}

#[tokio::test]
async fn a_program_that_does_not_read_its_input_is_no_error() {
    let world = World::open();
    let output = within(world.processes.run(command("true", &[]), vec![7; LARGE])).await.unwrap();
    assert_eq!(output.status, ExitStatus::Code(0));
    let process = world.spawn(command("false", &[])).await;
    let output = within(process.communicate(vec![7; LARGE])).await.unwrap();
    assert_eq!(output.status, ExitStatus::Code(1));
}

#[tokio::test]
async fn streams_are_read_in_parts_and_end() {
    let world = World::open();
    let process = world.spawn(shell("printf abcdef; printf 12345 >&2")).await;
    assert_eq!(within(process.read(Stream::Stdout, 0)).await.unwrap(), b"");
    assert_eq!(within(process.read(Stream::Stdout, 2)).await.unwrap(), b"ab");
    assert_eq!(within(process.read_to_end(Stream::Stdout)).await.unwrap(), b"cdef");
    assert_eq!(within(process.read(Stream::Stdout, 9)).await.unwrap(), b"");
    assert_eq!(within(process.read(Stream::Stderr, 3)).await.unwrap(), b"123");
    assert_eq!(within(process.read(Stream::Stderr, u32::MAX)).await.unwrap(), b"45");
    assert_eq!(within(process.read_to_end(Stream::Stderr)).await.unwrap(), b"");
}

#[tokio::test]
async fn input_is_written_and_closed() {
    let world = World::open();
    let process = world.spawn(shell("read first; echo got $first; cat; echo end")).await;
    assert_eq!(within(process.write_stdin(b"")).await.unwrap(), 0);
    assert_eq!(within(process.write_stdin(b"one\n")).await.unwrap(), 4);
    assert_eq!(line(&process).await, "got one");
    within(process.write_stdin(b"two\n")).await.unwrap();
    process.close_stdin().await.unwrap();
    assert_eq!(within(process.read_to_end(Stream::Stdout)).await.unwrap(), b"two\nend\n");
    assert_eq!(failure(process.write_stdin(b"x").await), ProcessError::StdinClosed);
    assert_eq!(failure(process.close_stdin().await), ProcessError::StdinClosed);
    assert_eq!(failure(process.communicate(b"x".to_vec()).await), ProcessError::StdinClosed);
    assert_eq!(within(process.communicate(Vec::new())).await.unwrap().status, ExitStatus::Code(0));
}

#[tokio::test]
async fn a_write_takes_what_the_pipe_has_room_for() {
    let world = World::open();
    let process = world.spawn(command("sleep", &["1000"])).await;
    let data = vec![0; LARGE];
    let written = within(process.write_stdin(&data)).await.unwrap();
    assert!(written > 0 && (written as usize) < LARGE, "{written}");
    let blocked = tokio::time::timeout(Duration::from_millis(20), process.write_stdin(&data)).await;
    assert!(blocked.is_err(), "a full pipe takes nothing");
    process.kill().await.unwrap();
    within(process.wait()).await;
    assert_eq!(failure(within(process.write_stdin(b"x")).await), ProcessError::StdinClosed);
}

#[tokio::test]
async fn what_is_not_piped_cannot_be_used() {
    let world = World::open();
    let command =
        Command { stdin: Stdio::Null, stdout: Stdio::Null, stderr: Stdio::Null, ..shell("cat; echo x; echo y >&2") };
    let process = world.spawn(command).await;
    assert_eq!(failure(process.write_stdin(b"x").await), ProcessError::NotPiped(Stream::Stdin));
    assert_eq!(failure(process.close_stdin().await), ProcessError::NotPiped(Stream::Stdin));
    assert_eq!(failure(process.communicate(b"x".to_vec()).await), ProcessError::NotPiped(Stream::Stdin));
    for stream in [Stream::Stdout, Stream::Stderr] {
        assert_eq!(failure(process.read(stream, 1).await), ProcessError::NotPiped(stream));
        assert_eq!(failure(process.read_to_end(stream).await), ProcessError::NotPiped(stream));
    }
    let output = within(process.communicate(Vec::new())).await.unwrap();
    assert_eq!((output.status, output.stdout.len(), output.stderr.len()), (ExitStatus::Code(0), 0, 0));
}

#[tokio::test]
async fn files_are_streams() {
    let world = World::with(&[EVERY_PROGRAM, ALL_FILES], ProcessConfig::default());
    fs::write(world.host("in"), "input").unwrap();
    fs::write(world.host("out"), "old and longer").unwrap();
    fs::write(world.host("log"), "before ").unwrap();
    let file = |name: &str| format!("/data/{name}");
    let command = Command {
        stdin: Stdio::ReadFile(file("in")),
        stdout: Stdio::WriteFile(file("out")),
        stderr: Stdio::AppendFile(file("log")),
        ..shell("cat; printf after >&2")
    };
    let process = world.spawn(command).await;
    assert_eq!(within(process.wait()).await, ExitStatus::Code(0));
    assert_eq!(fs::read_to_string(world.host("out")).unwrap(), "input");
    assert_eq!(fs::read_to_string(world.host("log")).unwrap(), "before after");
    let missing = Command { stdin: Stdio::ReadFile(file("none")), ..shell("cat") };
    assert!(matches!(failure(world.processes.spawn(missing).await.map(drop)), ProcessError::Io(_)));
}

#[tokio::test]
async fn errors_can_go_where_the_output_goes() {
    let world = World::open();
    let output = world.run(Command { stderr: Stdio::ToStdout, ..shell("echo one; echo two >&2; echo three") }).await;
    assert_eq!((text(&output.stdout), text(&output.stderr)), ("one\ntwo\nthree\n", ""));
}

#[tokio::test]
async fn streams_of_the_host_are_lent_only_if_it_says_so() {
    let inheriting = || Command { stdout: Stdio::Inherit, ..shell("true") };
    let world = World::open();
    assert!(matches!(failure(world.processes.run(inheriting(), vec![]).await), ProcessError::Unsupported(_)));
    let lending = World::with(&[EVERY_PROGRAM], ProcessConfig { inherit_stdio: true, ..ProcessConfig::default() });
    assert_eq!(lending.run(inheriting()).await.status, ExitStatus::Code(0));
}

#[tokio::test]
async fn output_that_is_collected_has_a_limit() {
    let world = World::open();
    let limited = |script: &str| {
        let limits = ProcessLimits { max_output_bytes: Some(1000), ..ProcessLimits::default() };
        Command { limits, ..shell(script) }
    };
    let endless = mark();
    for script in [format!("yes {endless}"), format!("yes {endless} >&2")] {
        let refused = failure(within(world.processes.run(limited(&script), vec![])).await);
        assert_eq!(refused, ProcessError::OutputTooLarge(1000));
    }
    assert!(alive(&endless).is_empty());
    let process = world.spawn(limited("head -c 1001 /dev/zero")).await;
    assert_eq!(failure(within(process.read_to_end(Stream::Stdout)).await), ProcessError::OutputTooLarge(1000));
    let output = world.run(limited("head -c 1000 /dev/zero")).await;
    assert_eq!(output.stdout.len(), 1000);
}
