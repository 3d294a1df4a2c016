use super::*;

#[tokio::test]
async fn a_program_runs_and_tells_how_it_ended() {
    let world = World::open();
    let output = world.shell("echo out; echo err >&2; exit 7").await;
    assert_eq!((text(&output.stdout), text(&output.stderr)), ("out\n", "err\n"));
    assert_eq!(output.status, ExitStatus::Code(7));
    assert_eq!(world.shell("exit 255").await.status, ExitStatus::Code(255));
    assert_eq!(world.shell("kill -9 $$").await.status, ExitStatus::Signaled(Signal::KILL));
}

#[tokio::test]
async fn arguments_arrive_as_they_are() {
    let world = World::open();
    let arguments = ["a b", "'q'", "\"d\"", "", "line\nbreak", "$HOME `id` *", "ünï🦀", "\\", "-n"];
    let mut all = vec!["%s\\0"];
    all.extend(arguments);
    let output = world.run(command("/usr/bin/printf", &all)).await;
    let expected: String = arguments.iter().map(|argument| format!("{argument}\0")).collect();
    assert_eq!(text(&output.stdout), expected);
}

#[tokio::test]
async fn an_environment_has_what_the_command_names_and_nothing_else() {
    let world = World::open();
    let environment = async |inherit: &[&str], set: &[(&str, &str)]| {
        let inherit = inherit.iter().map(|name| (*name).to_owned()).collect();
        let set = set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let output = world.run(Command { inherit, set, ..command("/usr/bin/env", &[]) }).await;
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(environment(&[], &[]).await, "");
    assert_eq!(environment(&["OWN", "PATH", "HOME"], &[]).await, "OWN=of the component\n");
    assert_eq!(environment(&["OWN"], &[("OWN", "set"), ("B", "a=b c"), ("B", "")]).await, "OWN=set\nB=\n");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_before_anything_else() {
    let world = World::with(&[], ProcessConfig::default());
    let base = || command("/bin/sh", &[]);
    let variable = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
    let path = || "/data/x".to_owned();
    for refused in [
        command("/bin/s\0h", &[]),
        command("/bin/sh", &["a\0b"]),
        Command { set: variable("", "x"), ..base() },
        Command { set: variable("A=B", "x"), ..base() },
        Command { set: variable("A", "x\0"), ..base() },
        Command { inherit: vec!["A\0".to_owned()], ..base() },
        Command { stdin: Stdio::ToStdout, ..base() },
        Command { stdin: Stdio::WriteFile(path()), ..base() },
        Command { stdout: Stdio::ReadFile(path()), ..base() },
        Command { stdout: Stdio::ToStdout, ..base() },
        Command { stderr: Stdio::ReadFile(path()), ..base() },
        command("/bin/sh", &[&"x".repeat(200_000)]),
    ] {
        let error = failure(world.processes.spawn(refused.clone()).await.map(drop));
        assert!(matches!(error, ProcessError::InvalidArgument(_)), "{refused:?}: {error}");
    }
    assert!(world.decisions().is_empty());
}

#[tokio::test]
async fn no_variable_makes_a_program_load_other_code() {
    for world in [World::with(&[], ProcessConfig::default()), World::open(), World::unconfined()] {
        for name in [
            "LD_PRELOAD",
            "LD_AUDIT",
            "LD_LIBRARY_PATH",
            "LD_DEBUG_OUTPUT",
            "LD_",
            "GCONV_PATH",
            "GETCONF_DIR",
            "GLIBC_TUNABLES",
            "LOCPATH",
            "MUSL_LOCPATH",
            "NLSPATH",
            "MALLOC_TRACE",
        ] {
            let set = vec![("A".to_owned(), "b".to_owned()), (name.to_owned(), "./own.so".to_owned())];
            let inherit = vec!["OWN".to_owned(), name.to_owned()];
            let base = || command("/usr/bin/true", &[]);
            for command in [Command { set, ..base() }, Command { inherit, ..base() }] {
                let spawned = failure(world.processes.spawn(command.clone()).await.map(drop));
                let run = failure(world.processes.run(command.clone(), vec![]).await.map(drop));
                let piped = failure(world.processes.run_pipeline(vec![command, base()], vec![]).await.map(drop));
                for error in [spawned, run, piped] {
                    let ProcessError::InvalidArgument(problem) = error else { panic!("{name}: {error}") };
                    assert!(problem.contains(name), "{problem}");
                }
            }
        }
        assert!(world.decisions().is_empty());
    }
    let world = World::open();
    let set = ["LDFLAGS", "LC_ALL", "LANG", "TZ", "TMPDIR"].map(|name| (name.to_owned(), "x".to_owned())).to_vec();
    let output = world.run(Command { set, ..command("/usr/bin/env", &[]) }).await;
    assert_eq!(text(&output.stdout), "LDFLAGS=x\nLC_ALL=x\nLANG=x\nTZ=x\nTMPDIR=x\n");
}

#[tokio::test]
async fn as_many_variables_as_there_may_be_cost_no_more_than_reading_them() {
    let own: Vec<(String, String)> = (0..10_000).map(|number| (format!("A{number}"), "x".to_owned())).collect();
    let world = World::open();
    let Processes { own: inner, shared } = &world.processes;
    let services = Arc::clone(&shared.services);
    let processes = Processes::new(inner.gate.clone(), inner.filesystem.clone(), own.clone(), services);
    let inherit: Vec<String> = own.iter().rev().map(|(name, _)| name.clone()).collect();
    let output = within(processes.run(Command { inherit, ..command("/usr/bin/env", &[]) }, vec![])).await.unwrap();
    let expected: Vec<String> = own.iter().rev().map(|(name, _)| format!("{name}=x")).collect();
    assert_eq!(text(&output.stdout).lines().collect::<Vec<_>>(), expected);
    let too_many = vec!["A".to_owned(); 16_385];
    let refused =
        failure(world.processes.run(Command { inherit: too_many, ..command("/usr/bin/env", &[]) }, vec![]).await);
    assert!(matches!(refused, ProcessError::InvalidArgument(_)), "{refused}");
}

#[tokio::test]
async fn what_is_no_program_is_told_apart() {
    let world = World::open();
    fs::write(world.host("plain"), "text").unwrap();
    let nonsense = world.script("nonsense", "no program at all");
    let orphan = world.script("orphan", "#!/none/interpreter\n");
    let plain = world.host("plain");
    let refusal = async |program: &str| failure(world.processes.spawn(command(program, &[])).await.map(drop));
    for missing in ["/none/at/all", "no-such-program-anywhere", "relative/path", "", ".", "/bin/sh/below"] {
        assert_eq!(refusal(missing).await, ProcessError::ProgramNotFound(missing.to_owned()));
    }
    for not_executable in [plain.as_path(), nonsense.as_path(), orphan.as_path(), world.host.path()] {
        let path = not_executable.to_str().unwrap();
        assert_eq!(refusal(path).await, ProcessError::NotExecutable(path.to_owned()));
    }
    assert_eq!(world.processes.list(), []);
}

#[tokio::test]
async fn a_bare_name_is_looked_up_by_the_host() {
    let world = World::open();
    let output = world.run(command("echo", &["hello"])).await;
    assert_eq!(text(&output.stdout), "hello\n");
    let folder = world.host.path().join("data");
    world.script("tool", "#!/bin/sh\necho of the operator");
    let config = ProcessConfig { search_path: vec![folder], ..ProcessConfig::default() };
    let processes = Processes::new(
        world.processes.own.gate.clone(),
        world.processes.own.filesystem.clone(),
        vec![],
        Arc::new(ProcessServices::new(config)),
    );
    assert_eq!(text(&processes.run(command("tool", &[]), vec![]).await.unwrap().stdout), "of the operator\n");
    let gone = failure(processes.run(command("echo", &[]), vec![]).await);
    assert_eq!(gone, ProcessError::ProgramNotFound("echo".to_owned()));
}

#[tokio::test]
async fn a_script_gets_its_path_and_arguments() {
    let world = World::open();
    let script = world.script("script", "#!/bin/sh -u\necho \"$0\" \"$@\" $-\n");
    let output = world.run(command(script.to_str().unwrap(), &["a b", "c"])).await;
    assert_eq!(text(&output.stdout), format!("{} a b c u\n", script.display()));
}

#[tokio::test]
async fn the_working_directory_is_a_guest_path() {
    let world = World::with(&[EVERY_PROGRAM, ALL_FILES], ProcessConfig::default());
    fs::create_dir(world.host("inside")).unwrap();
    fs::write(world.host("file"), "").unwrap();
    let at = |path: &str| Command { working_directory: Some(path.to_owned()), ..shell("pwd -P") };
    let output = world.run(at("/data/inside")).await;
    assert_eq!(text(&output.stdout).trim_end(), world.host("inside").to_str().unwrap());
    for none in ["/data/none", "/data/file", "/etc", "/", "relative", "/data/../..", "/data/\0"] {
        let error = failure(world.processes.run(at(none), vec![]).await);
        assert!(matches!(error, ProcessError::InvalidArgument(_)), "{none}: {error}");
    }
    let blind = World::open();
    let error = failure(blind.processes.run(at("/data"), vec![]).await);
    assert!(matches!(error, ProcessError::InvalidArgument(_)), "nothing may be known of it: {error}");
}

#[tokio::test]
async fn a_child_has_no_descriptor_of_the_host() {
    let world = World::unconfined();
    let _open_in_host = fs::File::open("/etc/passwd").unwrap();
    let output = world.run(command("/bin/ls", &["/proc/self/fd"])).await;
    // The last one is the directory that it lists.
    assert_eq!(text(&output.stdout), "0\n1\n2\n3\n");
    let output = world.shell("cat /proc/self/status").await;
    let status = text(&output.stdout);
    for line in
        ["NoNewPrivs:\t1", "SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000", "CapEff:\t0000000000000000"]
    {
        assert!(status.contains(line), "{line} is not in {status}");
    }
}

#[tokio::test]
async fn there_are_no_more_processes_than_the_host_allows() {
    let world = World::with(&[EVERY_PROGRAM], ProcessConfig { max_processes: 2, ..ProcessConfig::default() });
    let first = world.spawn(command("sleep", &["1000"])).await;
    let second = world.spawn(command("true", &[])).await;
    within(second.wait()).await;
    let refused = failure(world.processes.spawn(command("true", &[])).await.map(drop));
    assert_eq!(refused, ProcessError::TooManyProcesses, "one that has ended counts until its handle is dropped");
    second.end().await;
    drop(second);
    world.spawn(command("true", &[])).await.end().await;
    first.end().await;
    world.shell("true").await;
}
