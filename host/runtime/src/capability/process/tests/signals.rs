use super::*;

/// A shell that says when it is ready, and then sleeps.
async fn waiting(world: &World, preparation: &str) -> Process {
    let process = world.spawn(shell(&format!("{preparation}; echo ready; while :; do sleep 0.01; done"))).await;
    assert_eq!(line(&process).await, "ready");
    process
}

/// A shell whose own child is ready; both have the mark in their command lines.
async fn with_grandchild(world: &World, mark: &str) -> Process {
    let waits = "while :; do sleep 0.01; done";
    let process = world.spawn(shell(&format!("sh -c 'echo ready; {waits}; : {mark}' & {waits}"))).await;
    // It says so when it is a program of its own: on the way there its command line is that of its parent, and then none.
    assert_eq!(line(&process).await, "ready");
    assert!(alive(mark).len() >= 2);
    process
}

#[tokio::test]
async fn signals_end_a_process_or_do_what_it_makes_of_them() {
    let world = World::open();
    for signal in [
        Signal::HANGUP,
        Signal::INTERRUPT,
        Signal::QUIT,
        Signal::ABORT,
        Signal::KILL,
        Signal::USER1,
        Signal::ALARM,
        Signal::TERMINATE,
        Signal(34),
    ] {
        let process = waiting(&world, ":").await;
        process.send_signal(signal, SignalTarget::Process).await.unwrap();
        assert_eq!(within(process.wait()).await, ExitStatus::Signaled(signal));
        let again = failure(process.send_signal(signal, SignalTarget::Process).await);
        assert_eq!(again, ProcessError::AlreadyExited(ExitStatus::Signaled(signal)));
    }
    let process = waiting(&world, "trap 'echo caught; exit 5' USR2").await;
    process.send_signal(Signal::USER2, SignalTarget::Process).await.unwrap();
    assert_eq!(line(&process).await, "caught");
    assert_eq!(within(process.wait()).await, ExitStatus::Code(5));
    let process = waiting(&world, ":").await;
    process.interrupt().await.unwrap();
    assert_eq!(within(process.wait()).await, ExitStatus::Signaled(Signal::INTERRUPT));
    assert!(matches!(failure(process.interrupt().await), ProcessError::AlreadyExited(_)));
    for unknown in [0, 32, 65, 255] {
        let process = waiting(&world, ":").await;
        let refused = failure(process.send_signal(Signal(unknown), SignalTarget::Process).await);
        assert!(matches!(refused, ProcessError::InvalidArgument(_)), "{refused}");
    }
}

#[tokio::test]
async fn a_process_is_suspended_and_resumed() {
    let world = World::open();
    let process = waiting(&world, ":").await;
    process.suspend().await.unwrap();
    assert_eq!(process.info().state, ProcessState::Stopped);
    assert_eq!(process.try_wait(), None);
    process.resume().await.unwrap();
    assert_eq!(process.info().state, ProcessState::Running);
    process.kill().await.unwrap();
    within(process.wait()).await;
    for refused in [process.suspend().await, process.resume().await, process.kill().await] {
        assert_eq!(failure(refused), ProcessError::AlreadyExited(ExitStatus::Signaled(Signal::KILL)));
    }
}

#[tokio::test]
async fn changes_of_state_are_told_in_order_and_the_end_each_time() {
    let world = World::open();
    let process = waiting(&world, ":").await;
    assert_eq!(process.wait_state_change(Some(Duration::from_millis(1))).await, None);
    process.suspend().await.unwrap();
    process.resume().await.unwrap();
    process.kill().await.unwrap();
    within(process.wait()).await;
    let exited = StateChange::Exited(ExitStatus::Signaled(Signal::KILL));
    for expected in [StateChange::Stopped(Signal::STOP), StateChange::Continued, exited, exited] {
        assert_eq!(within(process.wait_state_change(None)).await, Some(expected));
    }
    assert_eq!(process.wait_state_change(Some(Duration::ZERO)).await, Some(exited));

    let process = waiting(&world, ":").await;
    let (change, ()) =
        within(async { tokio::join!(process.wait_state_change(None), async { process.suspend().await.unwrap() }) })
            .await;
    assert_eq!(change, Some(StateChange::Stopped(Signal::STOP)));
}

#[tokio::test]
async fn terminate_is_obeyed_or_enforced() {
    let world = World::open();
    let obedient = waiting(&world, ":").await;
    let status = within(obedient.terminate(HANG)).await.unwrap();
    assert_eq!(status, ExitStatus::Signaled(Signal::TERMINATE));
    assert_eq!(failure(obedient.terminate(HANG).await), ProcessError::AlreadyExited(status));
    let orderly = waiting(&world, "trap 'exit 9' TERM").await;
    assert_eq!(within(orderly.terminate(HANG)).await.unwrap(), ExitStatus::Code(9));
    let stubborn = waiting(&world, "trap '' TERM").await;
    let status = within(stubborn.terminate(Duration::from_millis(50))).await.unwrap();
    assert_eq!(status, ExitStatus::Signaled(Signal::KILL));
    let stopped = waiting(&world, ":").await;
    stopped.suspend().await.unwrap();
    let status = within(stopped.terminate(Duration::from_millis(50))).await.unwrap();
    assert_eq!(status, ExitStatus::Signaled(Signal::KILL));
}

#[tokio::test]
async fn a_group_is_killed_with_the_grandchildren_and_outlives_its_leader() {
    let world = World::open();
    let mark = mark();
    let process = with_grandchild(&world, &mark).await;
    process.kill_group().await.unwrap();
    assert_eq!(within(process.wait()).await, ExitStatus::Signaled(Signal::KILL));
    eventually("no grandchild", || alive(&mark).is_empty()).await;
    // The last of the dead may still be on their way out.
    let ended = within(async {
        loop {
            match process.kill_group().await {
                Ok(()) => tokio::task::yield_now().await,
                Err(error) => return error,
            }
        }
    });
    assert_eq!(ended.await, ProcessError::AlreadyExited(ExitStatus::Signaled(Signal::KILL)));

    let leader = with_grandchild(&world, &mark).await;
    leader.kill().await.unwrap();
    within(leader.wait()).await;
    assert!(!alive(&mark).is_empty(), "what it has started goes on");
    leader.send_signal(Signal::KILL, SignalTarget::Group).await.unwrap();
    eventually("no grandchild", || alive(&mark).is_empty()).await;
}

#[test]
fn signals_are_parsed_by_name_and_number() {
    for name in ["TERM", "SIGTERM", "15"] {
        assert_eq!(Signal::parse(name).unwrap(), Signal::TERMINATE);
    }
    for unknown in ["", "term", "SIG", "SIGNONE", "0", "32", "65", "256", "-1", " TERM", "SIGSIGTERM", "15.0"] {
        assert!(matches!(failure(Signal::parse(unknown)), ProcessError::InvalidArgument(_)), "{unknown}");
    }
    let list = Signal::list();
    assert_eq!(list.len(), 62);
    for info in list {
        let number = info.signal.0.to_string();
        for text in [info.name.as_str(), info.name.strip_prefix("SIG").unwrap(), &number] {
            assert_eq!(Signal::parse(text).unwrap(), info.signal, "{text}");
        }
    }
}
