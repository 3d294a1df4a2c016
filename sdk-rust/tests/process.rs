//! Processes, their streams and their signals, over the programs of the fake host.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::rc::Rc;
use std::time::Duration;

use airssys_wasm_sdk::processes::{self, Command, ExitStatus, ProcessLimits, ProcessOutput, ProcessState};
use airssys_wasm_sdk::signals::{self, Signal, SignalTarget, StateChange};
use airssys_wasm_sdk::stdio::{Stdio, StdioStream};
use airssys_wasm_sdk::testing::{FakeHost, ProgramCall};
use airssys_wasm_sdk::{ExecutionError, ProcessError};

/// A host that permits all: these tests have no Component.toml.
fn permitted() -> FakeHost {
    let host = FakeHost::new();
    host.permit_all();
    host
}

fn wrote(code: i32, stdout: impl AsRef<[u8]>, stderr: impl AsRef<[u8]>) -> ProcessOutput {
    let (stdout, stderr) = (stdout.as_ref().to_vec(), stderr.as_ref().to_vec());
    ProcessOutput { status: ExitStatus::Code(code), stdout, stderr }
}

/// A host whose `/bin/cat` says `done` on standard error.
fn with_cat() -> FakeHost {
    let host = permitted();
    host.add_program("/bin/cat", |call| wrote(0, &call.stdin, "done"));
    host
}

fn piped() -> Command {
    Command::new("/bin/cat").stdin(Stdio::Piped).stdout(Stdio::Piped).stderr(Stdio::Piped)
}

#[test]
fn a_command_reaches_the_program_unchanged() {
    let host = permitted();
    let calls = Rc::new(RefCell::new(Vec::new()));
    let kept = Rc::clone(&calls);
    host.add_program("/usr/bin/tool", move |call| {
        kept.borrow_mut().push(call.clone());
        wrote(-7, "out", "err")
    });
    let command = Command::new("tool")
        .argument("a \"b\"")
        .arguments(["", "ü\n"])
        .environment("LC_ALL", "C")
        .environment("EMPTY", "")
        .working_directory("/data");
    assert_eq!(command.run(b"in"), Ok(wrote(-7, "out", "err")));
    let expected = ProgramCall {
        arguments: ["a \"b\"", "", "ü\n"].map(str::to_owned).to_vec(),
        environment: vec![("LC_ALL".to_owned(), "C".to_owned()), ("EMPTY".to_owned(), String::new())],
        working_directory: Some("/data".to_owned()),
        stdin: b"in".to_vec(),
    };
    assert_eq!(*calls.borrow(), [expected]);
}

#[test]
fn what_cannot_be_started_says_why() {
    let host = with_cat();
    let error = |command: Command| command.spawn().unwrap_err();
    assert_eq!(error(Command::new("/bin/dog")), ProcessError::ProgramNotFound("/bin/dog".to_owned()));
    for wrong in [
        Command::new("/bin/cat").argument("a\0b"),
        Command::new("/bin/cat").environment("", "x"),
        Command::new("/bin/cat").inherit_environment("A=B"),
    ] {
        assert!(matches!(error(wrong), ProcessError::InvalidArgument(_)));
    }
    assert!(matches!(error(Command::new("/bin/cat").stdout(Stdio::Inherit)), ProcessError::Unsupported(_)));
    host.deny("/bin/cat");
    let ProcessError::PermissionDenied(denial) = error(Command::new("cat")) else { panic!("allowed") };
    assert_eq!(denial.operation, "ext-process/processes.spawn");
    let line = r#"process = [{ action = "spawn", program = "/bin/cat" }]"#;
    assert_eq!((denial.resource.as_str(), denial.missing.as_str()), ("/bin/cat", line));
    let refused = ExecutionError::from(ProcessError::PermissionDenied(denial));
    assert!(matches!(&refused, ExecutionError::PermissionDenied(text) if text.contains(line)), "{refused:?}");
}

#[test]
fn streams_read_and_write_as_those_of_the_standard_library() {
    let _host = with_cat();
    let process = piped().spawn().unwrap();
    write!(process.stdin(), "one\ntwo\n").unwrap();
    process.stdin().close().unwrap();
    assert_eq!(process.stdin().write(b"x"), Err(ProcessError::StdinClosed));
    let closed = process.stdin().write_all(b"x").unwrap_err();
    assert_eq!(closed.kind(), ErrorKind::BrokenPipe);
    let lines: Vec<String> = BufReader::new(process.stdout()).lines().map(Result::unwrap).collect();
    assert_eq!(lines, ["one", "two"]);
    assert_eq!(process.stderr().read(2), Ok(b"do".to_vec()));
    let mut rest = String::new();
    process.stderr().read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "ne");
    assert_eq!(process.stdout().read(1), Ok(Vec::new()));
}

#[test]
fn outputs_are_collected_to_their_end_and_their_limit() {
    let _host = with_cat();
    let process = piped().spawn().unwrap();
    process.stdin().write(b"text").unwrap();
    assert_eq!(process.stdout().read_to_end(), Ok(b"text".to_vec()));
    assert_eq!(process.stderr().read_to_end(), Ok(b"done".to_vec()));
    assert_eq!(piped().spawn().unwrap().communicate(b"both"), Ok(wrote(0, "both", "done")));
    let limits = ProcessLimits { max_output_bytes: Some(4), ..ProcessLimits::default() };
    assert_eq!(piped().limits(limits).run(b"12345"), Err(ProcessError::OutputTooLarge(4)));
}

#[test]
fn streams_that_are_not_set_are_collected_by_run_and_lost_after_spawn() {
    let host = with_cat();
    host.put("/data/in", "file");
    let process = Command::new("/bin/cat").spawn().unwrap();
    assert_eq!(process.stdin().write(b"x"), Err(ProcessError::NotPiped(StdioStream::Stdin)));
    assert_eq!(process.stdout().read(1), Err(ProcessError::NotPiped(StdioStream::Stdout)));
    assert_eq!(process.stderr().read_to_end(), Err(ProcessError::NotPiped(StdioStream::Stderr)));
    let to_file = Command::new("/bin/cat")
        .stdin(Stdio::ReadFile("/data/in".to_owned()))
        .stdout(Stdio::WriteFile("/data/out".to_owned()))
        .stderr(Stdio::AppendFile("/data/in".to_owned()));
    to_file.spawn().unwrap().wait().unwrap();
    assert_eq!(host.get("/data/out").unwrap(), b"file");
    assert_eq!(host.get("/data/in").unwrap(), b"filedone");
    assert_eq!(Command::new("/bin/cat").stderr(Stdio::ToStdout).run(b"in "), Ok(wrote(0, "in done", "")));
}

#[test]
fn a_process_is_known_while_its_handle_is_held() {
    let _host = with_cat();
    let process = piped().argument("-u").spawn().unwrap();
    let info = process.info().unwrap();
    assert_eq!((info.id, info.program.as_str(), info.state), (process.id(), "/bin/cat", ProcessState::Running));
    assert_eq!(info.arguments, ["-u"]);
    assert!(process.is_running());
    assert_eq!(process.try_wait(), Ok(None));
    assert_eq!(process.wait(), Ok(ExitStatus::Code(0)));
    assert_eq!(process.wait_timeout(Duration::ZERO), Ok(Some(ExitStatus::Code(0))));
    assert_eq!(process.info().unwrap().exit, Some(ExitStatus::Code(0)));
    assert_eq!(processes::list_processes(), [processes::get_process_info(process.id()).unwrap()]);
    assert_eq!(process.usage().unwrap().user_time, Duration::ZERO);
    let id = process.id();
    drop(process);
    assert_eq!(processes::get_process_info(id), Err(ProcessError::ProcessNotFound(id)));
    assert_eq!(processes::list_processes(), []);
}

#[test]
fn the_first_to_end_is_told_by_its_place() {
    let _host = with_cat();
    let (one, other) = (piped().spawn().unwrap(), piped().spawn().unwrap());
    other.wait().unwrap();
    let finished = processes::wait_any(&[one.id(), other.id()], None).unwrap().unwrap();
    assert_eq!((finished.index, finished.status), (1, ExitStatus::Code(0)));
    assert!(matches!(processes::wait_any(&[], None), Err(ProcessError::InvalidArgument(_))));
    assert_eq!(processes::wait_any(&[one.id(), 99], None), Err(ProcessError::ProcessNotFound(99)));
}

#[test]
fn limits_read_back_as_they_were_set() {
    let _host = with_cat();
    let limits = ProcessLimits {
        max_memory_bytes: Some(u64::MAX),
        max_cpu_time: Some(Duration::from_millis(u64::MAX)),
        max_wall_time: Some(Duration::from_millis((1 << 53) + 1)),
        max_open_files: Some(u32::MAX),
        max_output_bytes: Some(0),
    };
    let process = piped().limits(limits).spawn().unwrap();
    assert_eq!(process.limits(), Ok(limits));
    process.set_limits(&ProcessLimits::default()).unwrap();
    assert_eq!(process.limits(), Ok(ProcessLimits::default()));
    process.wait().unwrap();
    assert_eq!(process.set_limits(&limits), Err(ProcessError::AlreadyExited(ExitStatus::Code(0))));
}

#[test]
fn a_pipeline_runs_in_order_and_tells_of_each() {
    let host = with_cat();
    host.add_program("/bin/false", |call| wrote(1, [&call.stdin[..], b"!"].concat(), "no"));
    let commands = [Command::new("/bin/cat"), Command::new("/bin/false"), Command::new("/bin/cat")];
    let output = processes::run_pipeline(&commands, b"in").unwrap();
    assert_eq!(output.statuses, [ExitStatus::Code(0), ExitStatus::Code(1), ExitStatus::Code(0)]);
    assert_eq!((output.stdout.as_slice(), output.stderr.as_slice()), (&b"in!"[..], &b"donenodone"[..]));
    assert!(matches!(processes::run_pipeline(&[], b""), Err(ProcessError::InvalidArgument(_))));
    host.deny("/bin/false");
    let refused = processes::run_pipeline(&commands, b"in");
    assert!(matches!(refused, Err(ProcessError::PermissionDenied(_))), "{refused:?}");
}

#[test]
fn signals_stop_continue_and_end_a_process() {
    let host = with_cat();
    let process = piped().spawn().unwrap();
    process.suspend().unwrap();
    assert_eq!(process.info().unwrap().state, ProcessState::Stopped);
    process.resume().unwrap();
    assert_eq!(process.terminate(Duration::from_secs(1)), Ok(ExitStatus::Signaled(Signal::Terminate)));
    let ended = ExitStatus::Signaled(Signal::Terminate);
    let changes = [StateChange::Stopped(Signal::Stop), StateChange::Continued, StateChange::Exited(ended)];
    for change in changes {
        assert_eq!(process.wait_state_change(None), Ok(Some(change)));
    }
    assert_eq!(process.wait_state_change(Some(Duration::ZERO)), Ok(Some(StateChange::Exited(ended))));
    let after = ProcessError::AlreadyExited(ended);
    for late in [process.kill(), process.kill_group(), process.interrupt()] {
        assert_eq!(late, Err(after.clone()));
    }
    assert_eq!(after.to_string(), "the process has ended: ended by SIGTERM");
    let other = piped().spawn().unwrap();
    host.deny("/bin/cat");
    let Err(ProcessError::PermissionDenied(denial)) = other.send_signal(Signal::Other(40), SignalTarget::Group) else {
        panic!("allowed")
    };
    assert_eq!(denial.missing, r#"process = [{ action = "signal", program = "/bin/cat" }]"#);
}

#[test]
fn every_signal_is_read_by_its_name_and_number() {
    let _host = permitted();
    let signals = signals::list_signals();
    assert!(signals.len() >= 12, "{signals:?}");
    for info in signals {
        for text in [&info.name, info.name.trim_start_matches("SIG"), &info.number.to_string()] {
            assert_eq!(signals::parse_signal(text), Ok(info.signal), "{text}");
        }
    }
    assert!(matches!(signals::parse_signal("SIGSIGTERM"), Err(ProcessError::InvalidArgument(_))));
}

#[test]
fn a_status_says_how_it_was() {
    assert!(ExitStatus::Code(0).success());
    assert!(!ExitStatus::Code(-1).success());
    assert_eq!((ExitStatus::Code(i32::MIN).code(), ExitStatus::Code(0).signal()), (Some(i32::MIN), None));
    let killed = ExitStatus::Signaled(Signal::Other(64));
    assert_eq!((killed.code(), killed.signal(), killed.success()), (None, Some(Signal::Other(64)), false));
    assert_eq!(
        (ExitStatus::Code(3).to_string(), killed.to_string()),
        ("exit code 3".into(), "ended by signal 64".into())
    );
}
