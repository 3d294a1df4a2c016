//! What a guest can use up, and what happens then.

use crate::common::*;

#[tokio::test]
async fn a_spinning_guest_is_stopped_by_the_wall_clock() {
    let runtime = runtime();
    let start = named(&runtime, "busy").max_execution_time(Duration::from_millis(50));
    let component = started(start).await;
    let error = component.call("spin", "").await.unwrap_err();
    assert_eq!(error.code(), "timeout");
    let Error::Limit(error) = error else { panic!("{error:?}") };
    assert_eq!(error.limit, Limit::ExecutionTime(Duration::from_millis(50)));
    assert_eq!(component.stats().limits_exceeded, 1);
    assert_eq!(seen(&component).await, "i:\n");
}

#[tokio::test]
async fn a_sleeping_guest_is_cut_short_by_its_deadline() {
    let runtime = runtime();
    let start = named(&runtime, "sleepy").max_execution_time(Duration::from_millis(50));
    let component = started(start).await;
    let error = component.call("sleep", bytes(u32::MAX, "")).await.unwrap_err();
    assert_eq!(error.code(), "timeout");
}

#[tokio::test]
async fn a_spinning_guest_is_stopped_by_its_cpu_time_and_a_sleeping_one_is_not() {
    let runtime = runtime();
    let start = named(&runtime, "busy").max_cpu_time(Duration::from_millis(30));
    let component = started(start).await;
    component.call("sleep", bytes(60, "")).await.unwrap();
    let error = component.call("spin", "").await.unwrap_err();
    let Error::Limit(error) = error else { panic!("{error:?}") };
    assert_eq!(error.limit, Limit::CpuTime(Duration::from_millis(30)));
}

#[tokio::test]
async fn a_time_that_no_clock_can_show_is_a_limit_like_another() {
    let runtime = runtime_with(|config| {
        config.limit_ceilings.execution_time = Duration::MAX;
        config.shutdown_grace = Duration::MAX;
    });
    let start = named(&runtime, "patient").max_execution_time(Duration::MAX).max_cpu_time(Duration::MAX);
    let component = started(start).await;
    assert_eq!(component.call("echo", "a").await.unwrap(), b"a");
    // One that waits has its end set.
    component.call("sleep", bytes(5, "")).await.unwrap();
    component.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_callers_timeout_stops_the_call() {
    let runtime = runtime();
    let component = started(named(&runtime, "busy")).await;
    let mut options = CallOptions::default();
    options.timeout = Some(Duration::from_millis(50));
    let error = component.call_with("spin", "", options).await.unwrap_err();
    assert_eq!(error.code(), "timeout");
    let (mut late, mut past) = (CallOptions::default(), CallOptions::default());
    late.timeout = Some(Duration::ZERO);
    past.deadline = Some(std::time::SystemTime::UNIX_EPOCH);
    for options in [late, past] {
        let error = component.call_with("echo", "", options).await.unwrap_err();
        assert!(matches!(&error, Error::Caller(error) if matches!(**error, CallerError::NotReached(_))), "{error:?}");
    }
}

#[tokio::test]
async fn a_spinning_guest_does_not_hold_up_another() {
    // One thread only: the spinning guest has to let go of it.
    let runtime = runtime();
    let busy = started(named(&runtime, "busy")).await;
    let other = started(named(&runtime, "other")).await;
    let spinning = tokio::spawn(async move { busy.call("spin", "").await });
    for _ in 0..10 {
        assert_eq!(other.call("echo", "still here").await.unwrap(), b"still here");
    }
    assert!(!spinning.is_finished());
    spinning.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_spinning_guest_lets_in_those_who_call_from_other_threads() {
    // The worker thread takes what this thread asks for after 61 turns, unless the guest yields to everybody: after six
    // times its CPU time.
    let runtime = runtime();
    let start = named(&runtime, "busy").max_cpu_time(Duration::from_millis(100));
    let busy = started(start).await;
    let other = started(named(&runtime, "other")).await;
    for _ in 0..5 {
        let spinning = tokio::spawn({
            let busy = busy.clone();
            async move { busy.call("spin", "").await }
        });
        assert_eq!(other.call("echo", "still here").await.unwrap(), b"still here");
        assert!(!spinning.is_finished());
        assert_eq!(spinning.await.unwrap().unwrap_err().code(), "cpu-time-exceeded");
    }
}

/// Input of `print`.
fn pieces(times: u32, bytes_each: u32) -> Vec<u8> {
    [times.to_le_bytes(), bytes_each.to_le_bytes()].concat()
}

#[tokio::test]
async fn output_without_end_does_not_hold_up_another() {
    // One thread only: the guest that prints has to let go of it. It prints 64 MiB in lines of one letter.
    let runtime = runtime();
    let noisy = started(named(&runtime, "noisy")).await;
    let other = started(named(&runtime, "other")).await;
    let before = noisy.stats();
    let printing = tokio::spawn({
        let noisy = noisy.clone();
        async move { noisy.call("print", pieces(1024, 64 << 10)).await }
    });
    for _ in 0..10 {
        assert_eq!(other.call("echo", "still here").await.unwrap(), b"still here");
    }
    assert!(!printing.is_finished());
    printing.await.unwrap().unwrap();
    let stats = noisy.stats();
    let counted = stats.log_records + stats.log_records_dropped;
    assert_eq!(counted - before.log_records - before.log_records_dropped, 32 << 20, "each line is counted");
}

#[tokio::test]
async fn output_in_one_piece_is_looked_at_as_far_as_one_record_goes() {
    let runtime = runtime();
    let logged = Arc::new(Logged::default());
    let start = named(&runtime, "noisy").log(logged.clone());
    let component = started(start).await;
    let before = component.stats();
    component.call("print", pieces(1, 64 << 20)).await.unwrap();
    let stats = component.stats();
    let counted = stats.log_records + stats.log_records_dropped;
    let lines = MAX_LOG_MESSAGE_BYTES as u64 / 2;
    assert_eq!(counted - before.log_records - before.log_records_dropped, lines + 1);
    assert_eq!(stats.log_records, logged.0.lock().unwrap().len() as u64);
}

#[tokio::test]
async fn memory_is_limited_and_running_out_of_it_is_no_trap() {
    let runtime = runtime();
    let start = named(&runtime, "hungry").max_memory_bytes(4 << 20);
    let component = started(start).await;
    let error = component.call("exhaust", "").await.unwrap_err();
    assert_eq!(error.code(), "memory-exceeded");
    let Error::Limit(error) = error else { panic!("{error:?}") };
    assert_eq!(error.limit, Limit::Memory(4 << 20));
    // A guest that copes with a refused growth is let alone.
    let error = component.call("grow", bytes(1 << 15, "")).await.unwrap_err();
    assert_eq!((error.code(), error.fault()), ("resource-exhausted", Fault::Guest));
    assert_eq!(component.stats().instances, 2);
}

#[tokio::test]
async fn what_the_engine_bounds_is_a_limit_with_a_name_too() {
    let runtime = runtime();
    let component = started(named(&runtime, "hoarder")).await;
    for (operation, code) in [("recurse", "stack-exceeded"), ("table", "table-exceeded"), ("hoard", "handles-exceeded")]
    {
        let error = component.call(operation, "").await.unwrap_err();
        assert_eq!((error.code(), error.hint()), (code, None));
        let Error::Limit(limit) = &error else { panic!("{error:?}") };
        assert_eq!(limit.operation, format!("execute {operation}"));
        assert_eq!(component.call("echo", "again").await.unwrap(), b"again");
    }
    assert_eq!(component.stats().traps, 0);
}

#[tokio::test]
async fn what_components_held_is_free_when_they_are_unloaded() {
    let runtime = runtime();
    let component = started(named(&runtime, "tenant")).await;
    assert_eq!((runtime.usage().components, runtime.usage().instances), (1, 1));
    component.call("trap", "").await.unwrap_err();
    assert_eq!(runtime.usage().instances, 0);
    let spinning = component.clone();
    let spinning = tokio::spawn(async move { spinning.call("spin", "").await });
    tokio::task::yield_now().await;
    component.shutdown().await.unwrap_err();
    assert_eq!(runtime.usage(), Usage::default());
    assert_eq!(spinning.await.unwrap().unwrap_err().code(), "component-gone");
}

#[tokio::test]
async fn a_start_that_nobody_waits_for_leaves_nothing() {
    let runtime = runtime_with(|config| config.shutdown_grace = Duration::from_millis(1));
    let mut starting = named(&runtime, "slow").data("spin").into_future();
    while runtime.components().is_empty() {
        tokio::select! {
            biased;
            () = tokio::task::yield_now() => {}
            started = &mut starting => panic!("{started:?}"),
        }
    }
    let ended = runtime.components().remove(0);
    drop(starting);
    assert!(runtime.components().is_empty());
    assert_eq!(ended.call("echo", "").await.unwrap_err().code(), "component-gone");
}

#[tokio::test]
async fn an_instance_that_holds_too_much_memory_is_replaced_between_calls() {
    let runtime = runtime();
    let logged = Arc::new(Logged::default());
    let start = named(&runtime, "leaky").max_memory_bytes(8 << 20).log(logged.clone());
    let component = started(start).await;
    // A MiB a call, in and out: 50 calls would need six times the limit.
    for number in 0..50_u32 {
        let mut input = vec![0; 1 << 20];
        input[..4].copy_from_slice(&number.to_le_bytes());
        assert_eq!(component.call("echo", input.clone()).await.unwrap(), input);
    }
    let stats = component.stats();
    assert!(stats.recycled >= 5, "{stats:?}");
    assert_eq!((stats.traps, stats.limits_exceeded, stats.recycling_failed), (0, 0, 0));
    assert_eq!(stats.instances, stats.recycled + 1);
    // Each is shut down before the next one begins, which may need what it held.
    let expected = ["init", "shutdown"].repeat(usize::try_from(stats.instances).unwrap());
    assert_eq!(logged.messages(), expected[..expected.len() - 1]);
    assert!(stats.peak_memory_bytes <= 8 << 20);
}

#[tokio::test]
async fn an_instance_is_kept_while_the_embedder_holds_a_resource_of_it() {
    let runtime = runtime();
    let start = named(&runtime, "lender").max_memory_bytes(8 << 20);
    let component = started(start).await;
    let made = component.invoke(COUNTERS, "make", vec![Val::U32(42)]).await.unwrap();
    let Val::Resource(counter) = made[0] else { panic!("{made:?}") };
    component.call("grow", bytes(110, "")).await.unwrap();
    let got = component.invoke(COUNTERS, "[method]counter.get", vec![Val::Resource(counter)]).await.unwrap();
    assert_eq!(got, [Val::U32(42)]);
    assert_eq!(component.stats().recycled, 0);
    component.drop_resource(counter).await.unwrap();
    component.call("echo", "").await.unwrap();
    assert_eq!(component.stats().recycled, 1);
}

#[tokio::test]
async fn a_runtime_has_room_for_so_many_instances() {
    let runtime = runtime_with(|config| config.max_instances = 2);
    for name in ["one", "two"] {
        started(named(&runtime, name)).await;
    }
    let error = named(&runtime, "three").await.unwrap_err();
    assert_eq!((error.code(), error.fault()), ("too-many-instances", Fault::Caller));
    runtime.unload(&id("test/one@1.0.0")).await.unwrap();
    started(named(&runtime, "three")).await;
}

#[tokio::test]
async fn the_log_is_bounded_in_size_and_rate_and_counts_what_it_drops() {
    let runtime = runtime();
    let logged = Arc::new(Logged::default());
    let start = named(&runtime, "chatty").log(logged.clone());
    let component = started(start).await;
    let long = "ä".repeat(MAX_LOG_MESSAGE_BYTES);
    component.call("say!", long.as_bytes()).await.unwrap();
    {
        let records = logged.0.lock().unwrap();
        let record = records.last().unwrap();
        assert_eq!(record.component.to_string(), "test/chatty@1.0.0");
        assert!(record.truncated && record.message.len() <= MAX_LOG_MESSAGE_BYTES);
        assert!(long.starts_with(&record.message));
    }
    let many = 100 * LOG_BURST_RECORDS;
    component.call("logs", bytes(many, "")).await.unwrap();
    let stats = component.stats();
    assert!(stats.log_records_dropped > 0, "{stats:?}");
    assert_eq!(stats.log_records + stats.log_records_dropped, u64::from(many) + 2);
    let dropped: u64 = logged.0.lock().unwrap().iter().map(|record| record.dropped_before).sum();
    assert!(dropped <= stats.log_records_dropped);
}

#[tokio::test]
async fn limits_above_what_the_host_allows_are_refused() {
    let runtime = runtime_with(|config| config.limit_ceilings.memory_bytes = 16 << 20);
    let start = named(&runtime, "greedy").max_memory_bytes(17 << 20);
    let error = load_error(start.await.unwrap_err());
    assert!(
        matches!(error, LoadError::LimitTooHigh { limit: "max-memory-bytes", asked, allowed }
            if asked == 17 << 20 && allowed == 16 << 20),
        "{error:?}"
    );
    started(named(&runtime, "modest")).await;
}
