//! What an embedder can rely on, tried out with small guests.

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use airssys_wasm::policy::{AuditRecord, AuditSink, ComponentId, Decision, Limits, Permissions};
use airssys_wasm::{
    CacheFolder, CallOptions, Caller, CallerError, Component, ComponentError, Error, ExecutionError, Fault,
    GuestFailure, HealthStatus, LOG_BURST_RECORDS, Limit, LoadError, LoadOptions, LogRecord, LogSink,
    MAX_LOG_MESSAGE_BYTES, Runtime, RuntimeConfig, Val,
};
use support::{MANIFEST, bare_guest, guest, with_manifest};

const COUNTERS: &str = "test:guest/counters@1.0.0";

/// Keeps everything that guests log.
#[derive(Default)]
struct Logged(Mutex<Vec<LogRecord>>);

impl LogSink for Logged {
    fn record(&self, record: &LogRecord) {
        self.0.lock().unwrap().push(record.clone());
    }
}

impl Logged {
    fn messages(&self) -> Vec<String> {
        self.0.lock().unwrap().iter().map(|record| record.message.clone()).collect()
    }
}

/// Keeps every decision of the policy.
#[derive(Default)]
struct Audited(Mutex<Vec<AuditRecord>>);

impl AuditSink for Audited {
    fn record(&self, record: AuditRecord) {
        self.0.lock().unwrap().push(record);
    }
}

fn runtime() -> Runtime {
    runtime_with(|_| {})
}

fn runtime_with(change: impl FnOnce(&mut RuntimeConfig)) -> Runtime {
    let mut config = RuntimeConfig::default();
    config.cache = CacheFolder::Disabled;
    config.max_instances = 8;
    change(&mut config);
    Runtime::new(config).expect("the machine has an engine")
}

fn id(text: &str) -> ComponentId {
    text.parse().expect("an id")
}

fn named(name: &str) -> LoadOptions {
    let mut options = LoadOptions::default();
    options.id = Some(id(&format!("test/{name}@1.0.0")));
    options
}

fn messaging(target: &str) -> Permissions {
    Permissions::parse(&format!("messaging = [{{ target = \"{target}\" }}]"), "test").expect("a permission")
}

/// May message whatever `target` matches.
fn may_message(name: &str, target: &str) -> LoadOptions {
    let mut options = named(name);
    options.declared = Some(messaging(target));
    options.granted = Some(messaging(target));
    options
}

async fn load(runtime: &Runtime, options: LoadOptions) -> Component {
    runtime.load_component_with(guest(), options).await.expect("the guest loads")
}

fn load_error(error: Error) -> LoadError {
    match error {
        Error::Load { source, .. } => *source,
        other => panic!("not a load error: {other:?}"),
    }
}

async fn seen(component: &Component) -> String {
    String::from_utf8(component.call("seen", "").await.expect("it answers")).expect("text")
}

/// `number` as four bytes, then `rest`.
fn bytes(number: u32, rest: &str) -> Vec<u8> {
    let mut bytes = number.to_le_bytes().to_vec();
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}

#[tokio::test]
async fn a_component_starts_answers_and_shuts_down_in_that_order() {
    let logged = Arc::new(Logged::default());
    let runtime = runtime();
    let mut options = named("first");
    options.log = Some(logged.clone());
    let component = load(&runtime, options).await;

    assert_eq!(component.call("echo", "hello").await.unwrap(), b"hello");
    assert_eq!(component.call("echo", "").await.unwrap(), b"");
    let large = vec![7; 1 << 20];
    assert_eq!(component.call("echo", large.clone()).await.unwrap(), large);
    component.shutdown().await.unwrap();

    assert_eq!(logged.messages(), ["init", "shutdown"]);
    let error = component.call("echo", "").await.unwrap_err();
    assert!(matches!(error, Error::Caller(CallerError::ComponentGone(_))), "{error:?}");
    assert!(component.shutdown().await.is_err(), "shutdown comes once");
    assert_eq!(logged.messages(), ["init", "shutdown"]);
    assert!(runtime.component(component.id()).is_none());
}

#[tokio::test]
async fn before_init_only_metadata_answers_and_init_comes_once() {
    let runtime = runtime();
    let mut options = named("late");
    options.start = false;
    let component = load(&runtime, options).await;

    assert_eq!(component.metadata().await.unwrap().description, "A guest for tests.");
    for error in [
        component.call("echo", "").await.unwrap_err(),
        component.health().await.unwrap_err(),
        component.send_message(&id("a/b@1.0.0"), "x").await.unwrap_err(),
        component.invoke(COUNTERS, "dropped", vec![]).await.unwrap_err(),
    ] {
        assert!(matches!(error, Error::Caller(CallerError::NotInitialised(_))), "{error:?}");
    }
    component.initialise().await.unwrap();
    assert_eq!(component.call("echo", "now").await.unwrap(), b"now");
    let error = component.initialise().await.unwrap_err();
    assert!(matches!(error, Error::Caller(CallerError::AlreadyInitialised(_))), "{error:?}");
    assert_eq!(component.metadata().await.unwrap().name, "guest");
}

#[tokio::test]
async fn an_init_error_is_shown_word_for_word_and_nothing_stays() {
    let runtime = runtime();
    let mut options = named("broken");
    options.data = Some(b"fail: no such port".to_vec());
    let error = runtime.load_component_with(guest(), options.clone()).await.unwrap_err();
    let Error::Guest(error) = error else { panic!("{error:?}") };
    assert_eq!(error.operation, "init");
    let expected = ComponentError::ConfigurationInvalid("fail: no such port".to_owned());
    assert_eq!(error.failure, GuestFailure::Component(expected));
    assert!(runtime.components().is_empty());

    options.data = None;
    load(&runtime, options).await;
}

#[tokio::test]
async fn errors_traps_and_unknown_operations_are_told_apart() {
    let runtime = runtime();
    let component = load(&runtime, named("mixed")).await;

    let error = component.call("fail", "no luck").await.unwrap_err();
    assert_eq!((error.fault(), error.code()), (Fault::Guest, "guest-error"));
    let Error::Guest(error) = error else { panic!("{error:?}") };
    let expected = ExecutionError::ProcessingFailed("no luck".to_owned());
    assert_eq!(error.failure, GuestFailure::Execution(expected));
    assert_eq!(error.failure.case(), "processing-failed");

    let error = component.call("no-such-thing", "").await.unwrap_err();
    let Error::Guest(error) = error else { panic!("{error:?}") };
    let expected = ExecutionError::UnknownOperation("no-such-thing".to_owned());
    assert_eq!(error.failure, GuestFailure::Execution(expected));

    component.send_message(&id("a/b@1.0.0"), "kept").await.unwrap();
    assert_eq!(seen(&component).await, "i:\nm:kept\n");
    let error = component.call("trap", "").await.unwrap_err();
    assert_eq!((error.fault(), error.code()), (Fault::Guest, "guest-trap"));
    let Error::Trap(trap) = error else { panic!("{error:?}") };
    assert_eq!((trap.component.to_string().as_str(), trap.operation.as_str()), ("test/mixed@1.0.0", "execute trap"));
    assert!(!trap.backtrace.is_empty());

    // The next call gets a fresh instance, which was initialised and remembers nothing.
    assert_eq!(seen(&component).await, "i:\n");
    let stats = component.stats();
    assert_eq!((stats.traps, stats.instances, stats.recycled), (1, 2, 0));
}

#[tokio::test]
async fn the_guest_is_told_who_calls() {
    let runtime = runtime();
    let component = load(&runtime, named("asked")).await;
    let mut options = CallOptions::default();
    options.request_id = Some("request-7".to_owned());
    options.caller = Some(Caller::External("operator".to_owned()));
    assert_eq!(component.call_with("context", "", options).await.unwrap(), b"request-7");
    let first = component.call("context", "").await.unwrap();
    assert_ne!(first, component.call("context", "").await.unwrap(), "every call has an id of its own");
}

#[tokio::test]
async fn a_spinning_guest_is_stopped_by_the_wall_clock() {
    let runtime = runtime();
    let mut options = named("busy");
    options.limits.max_execution_time_ms = Some(50);
    let component = load(&runtime, options).await;
    let error = component.call("spin", "").await.unwrap_err();
    assert_eq!(error.code(), "timeout");
    let Error::Limit(error) = error else { panic!("{error:?}") };
    assert_eq!(error.limit, Limit::ExecutionTime(50));
    assert_eq!(component.stats().limits_exceeded, 1);
    assert_eq!(seen(&component).await, "i:\n");
}

#[tokio::test]
async fn a_sleeping_guest_is_cut_short_by_its_deadline() {
    let runtime = runtime();
    let mut options = named("sleepy");
    options.limits.max_execution_time_ms = Some(50);
    let component = load(&runtime, options).await;
    let error = component.call("sleep", bytes(u32::MAX, "")).await.unwrap_err();
    assert_eq!(error.code(), "timeout");
}

#[tokio::test]
async fn a_spinning_guest_is_stopped_by_its_cpu_time_and_a_sleeping_one_is_not() {
    let runtime = runtime();
    let mut options = named("busy");
    options.limits.max_cpu_time_ms = Some(30);
    let component = load(&runtime, options).await;
    component.call("sleep", bytes(60, "")).await.unwrap();
    let error = component.call("spin", "").await.unwrap_err();
    let Error::Limit(error) = error else { panic!("{error:?}") };
    assert_eq!(error.limit, Limit::CpuTime(30));
}

#[tokio::test]
async fn a_callers_timeout_stops_the_call() {
    let runtime = runtime();
    let component = load(&runtime, named("busy")).await;
    let mut options = CallOptions::default();
    options.timeout = Some(Duration::from_millis(50));
    let error = component.call_with("spin", "", options).await.unwrap_err();
    assert_eq!(error.code(), "timeout");
    let (mut late, mut past) = (CallOptions::default(), CallOptions::default());
    late.timeout = Some(Duration::ZERO);
    past.deadline = Some(std::time::SystemTime::UNIX_EPOCH);
    for options in [late, past] {
        let error = component.call_with("echo", "", options).await.unwrap_err();
        assert!(matches!(error, Error::Caller(CallerError::NotReached(_))), "{error:?}");
    }
}

#[tokio::test]
async fn a_spinning_guest_does_not_hold_up_another() {
    // One thread only: the spinning guest has to let go of it.
    let runtime = runtime();
    let busy = load(&runtime, named("busy")).await;
    let other = load(&runtime, named("other")).await;
    let spinning = tokio::spawn(async move { busy.call("spin", "").await });
    for _ in 0..10 {
        assert_eq!(other.call("echo", "still here").await.unwrap(), b"still here");
    }
    assert!(!spinning.is_finished());
    spinning.abort();
}

#[tokio::test]
async fn memory_is_limited_and_running_out_of_it_is_no_trap() {
    let runtime = runtime();
    let mut options = named("hungry");
    options.limits.max_memory_bytes = Some(4 << 20);
    let component = load(&runtime, options).await;
    let error = component.call("exhaust", "").await.unwrap_err();
    assert_eq!(error.code(), "memory-exceeded");
    let Error::Limit(error) = error else { panic!("{error:?}") };
    assert_eq!(error.limit, Limit::Memory(4 << 20));
    // A guest that copes with a refused growth is let alone.
    let error = component.call("grow", bytes(1 << 15, "")).await.unwrap_err();
    assert_eq!(error.code(), "guest-error");
    assert_eq!(component.stats().instances, 2);
}

#[tokio::test]
async fn an_instance_that_holds_too_much_memory_is_replaced_between_calls() {
    let runtime = runtime();
    let logged = Arc::new(Logged::default());
    let mut options = named("leaky");
    options.limits.max_memory_bytes = Some(8 << 20);
    options.log = Some(logged.clone());
    let component = load(&runtime, options).await;
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
    let shutdowns = logged.messages().iter().filter(|message| *message == "shutdown").count();
    assert_eq!(shutdowns as u64, stats.recycled, "every replaced instance is shut down");
    assert!(stats.peak_memory_bytes <= 8 << 20);
}

#[tokio::test]
async fn an_instance_is_kept_while_the_embedder_holds_a_resource_of_it() {
    let runtime = runtime();
    let mut options = named("lender");
    options.limits.max_memory_bytes = Some(8 << 20);
    let component = load(&runtime, options).await;
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
async fn functions_are_called_by_name_and_mistakes_do_not_cost_the_instance() {
    let runtime = runtime();
    let component = load(&runtime, named("named")).await;
    let signature = component.export_type(COUNTERS, "make").unwrap();
    assert_eq!(signature.params().map(|(name, _)| name.to_owned()).collect::<Vec<_>>(), ["start"]);
    assert!(component.export_type(COUNTERS, "unmake").is_none());
    assert!(component.imports().iter().any(|name| name == "airssys:core/host-services@1.0.0"));

    let made = component.invoke(COUNTERS, "make", vec![Val::U32(u32::MAX)]).await.unwrap();
    let Val::Resource(counter) = made[0] else { panic!("{made:?}") };
    for (error, code) in [
        (component.invoke(COUNTERS, "unmake", vec![]).await, "unknown-function"),
        (component.invoke("test:guest/nothing", "make", vec![]).await, "unknown-function"),
        (component.invoke(COUNTERS, "make", vec![]).await, "wrong-arguments"),
        (component.invoke(COUNTERS, "make", vec![Val::String("1".into())]).await, "wrong-arguments"),
        (
            component.invoke("airssys:core/component-lifecycle@1.0.0", "shutdown", vec![]).await,
            "lifecycle-by-name",
        ),
    ] {
        assert_eq!(error.unwrap_err().code(), code);
    }
    let got = component.invoke(COUNTERS, "[method]counter.get", vec![Val::Resource(counter)]).await.unwrap();
    assert_eq!(got, [Val::U32(u32::MAX)]);

    component.drop_resource(counter).await.unwrap();
    assert_eq!(component.invoke(COUNTERS, "dropped", vec![]).await.unwrap(), [Val::U32(1)]);
    let error = component.drop_resource(counter).await.unwrap_err();
    assert_eq!(error.code(), "stale-resource");

    // Given away: the guest owns it now.
    let made = component.invoke(COUNTERS, "make", vec![Val::U32(1)]).await.unwrap();
    component.invoke(COUNTERS, "consume", made.clone()).await.unwrap();
    assert_eq!(component.invoke(COUNTERS, "consume", made).await.unwrap_err().code(), "stale-resource");
}

#[tokio::test]
async fn a_resource_does_not_outlive_its_instance() {
    let runtime = runtime();
    let component = load(&runtime, named("mortal")).await;
    let made = component.invoke(COUNTERS, "make", vec![Val::U32(1)]).await.unwrap();
    component.call("trap", "").await.unwrap_err();
    let again = component.invoke(COUNTERS, "make", vec![Val::U32(2)]).await.unwrap();
    let error = component.invoke(COUNTERS, "[method]counter.get", made).await.unwrap_err();
    assert!(matches!(error.code(), "stale-resource" | "wrong-arguments"), "{error:?}");
    assert_eq!(component.invoke(COUNTERS, "[method]counter.get", again).await.unwrap(), [Val::U32(2)]);
}

#[tokio::test]
async fn health_is_the_guests_word_and_a_trap_is_unhealthy() {
    let runtime = runtime();
    let component = load(&runtime, named("patient")).await;
    assert_eq!(component.health().await.unwrap().status, HealthStatus::Healthy);
    component.send_message(&id("a/b@1.0.0"), "sick").await.unwrap();
    assert_eq!(component.health().await.unwrap().status, HealthStatus::Degraded);
    component.send_message(&id("a/b@1.0.0"), "dead").await.unwrap();
    let health = component.health().await.unwrap();
    assert_eq!(health.status, HealthStatus::Unhealthy);
    assert!(health.reason.unwrap().contains("trapped in health"));
    assert_eq!(component.health().await.unwrap().status, HealthStatus::Healthy, "a fresh instance");
}

#[tokio::test]
async fn messages_arrive_in_order_and_errors_come_back_to_the_embedder() {
    let runtime = runtime();
    let component = load(&runtime, named("reader")).await;
    let sender = id("acme/writer@2.0.0");
    for number in 0..20 {
        component.post_message(&sender, format!("{number}")).unwrap();
    }
    let error = component.send_message(&sender, "fail: unreadable").await.unwrap_err();
    let Error::Guest(error) = error else { panic!("{error:?}") };
    let expected = ComponentError::InvalidMessage("fail: unreadable".to_owned());
    assert_eq!((error.operation.as_str(), &error.failure), ("handle-message", &GuestFailure::Component(expected)));
    let expected = (0..20).fold("i:\n".to_owned(), |all, number| all + &format!("m:{number}\n"));
    assert_eq!(seen(&component).await, expected);
}

#[tokio::test]
async fn a_full_mailbox_says_so_at_once() {
    let runtime = runtime();
    let mut options = named("slow");
    options.limits.max_mailbox_messages = Some(2);
    let component = load(&runtime, options).await;
    let sender = load(&runtime, may_message("sender", "test/*")).await;
    // Nothing of this task waits in between, so on this one thread nothing is taken out of the mailbox.
    for _ in 0..2 {
        component.post_message(&id("a/b@1.0.0"), "x").unwrap();
    }
    let error = component.post_message(&id("a/b@1.0.0"), "x").unwrap_err();
    assert!(matches!(error, Error::Caller(CallerError::MailboxFull(_))), "{error:?}");
    component.call("echo", "").await.unwrap();
    assert_eq!(component.waiting_messages(), 0);

    // mailbox-full is the third case, and the guest of a busy component sees it too.
    let spinning = component.clone();
    let spinning = tokio::spawn(async move { spinning.call("spin", "").await });
    tokio::task::yield_now().await;
    let mut outcomes = Vec::new();
    for _ in 0..3 {
        outcomes.extend(sender.call("send", "slow").await.unwrap());
    }
    assert_eq!(outcomes, [255, 255, 2]);
    spinning.abort();
}

#[tokio::test]
async fn components_message_each_other_only_where_both_sides_of_the_policy_agree() {
    let runtime = runtime();
    let audited = Arc::new(Audited::default());
    let target = load(&runtime, named("target")).await;
    load(&runtime, named("hidden")).await;
    let mut options = may_message("sender", "test/target");
    options.audit = Some(audited.clone());
    let sender = load(&runtime, options).await;

    assert_eq!(sender.call("send", "target").await.unwrap(), [255]);
    assert_eq!(seen(&target).await, "i:\nm:ping\n");
    // permission-denied is the second case: for one that exists as for one that does not.
    assert_eq!(sender.call("send", "hidden").await.unwrap(), [1]);
    assert_eq!(sender.call("send", "nobody").await.unwrap(), [1]);
    assert_eq!(sender.call("large", "target").await.unwrap(), [3], "payload-too-large");
    // Itself and the target, and nothing of the hidden one.
    assert_eq!(sender.call("list", "").await.unwrap(), [2]);
    assert_eq!(sender.call("metadata-of", "target").await.unwrap(), [255]);
    assert_eq!(sender.call("metadata-of", "sender").await.unwrap(), [255]);
    assert_eq!(sender.call("metadata-of", "hidden").await.unwrap(), [0], "component-not-found");
    assert_eq!(target.call("list", "").await.unwrap(), [1]);

    target.shutdown().await.unwrap();
    assert_eq!(sender.call("send", "target").await.unwrap(), [0], "component-not-found");

    let records = audited.0.lock().unwrap();
    let denied = records.iter().find(|record| record.decision == Decision::Denied).unwrap();
    assert_eq!(denied.operation, "core/host-services.send-message");
    assert_eq!(denied.resource, "test/hidden@1.0.0");
    assert_eq!(denied.missing.as_deref(), Some("messaging = [{ target = \"test/hidden\" }]"));
    // Looking around is not audited; what was sent, or was to be, is.
    assert_eq!(records.len(), 5);
}

#[tokio::test]
async fn what_the_host_does_not_grant_stays_forbidden() {
    let runtime = runtime();
    load(&runtime, named("target")).await;
    let mut options = may_message("sender", "test/*");
    options.granted = None;
    let sender = load(&runtime, options).await;
    assert_eq!(sender.call("send", "target").await.unwrap(), [1]);
}

#[tokio::test]
async fn a_refusal_is_the_policys_fault_and_says_what_would_allow_it() {
    let runtime = runtime();
    let component = load(&runtime, named("sender")).await;
    let error = component.call("refused", "target").await.unwrap_err();
    assert_eq!((error.fault(), error.code()), (Fault::Policy, "guest-error"));
    let [refusal] = error.refusals() else { panic!("{error:?}") };
    assert_eq!(refusal.operation, "core/host-services.send-message");
    let hint = error.hint().unwrap();
    assert!(hint.contains(r#"messaging = [{ target = "test/target" }]"#), "{hint}");
    // The next call's error knows nothing of it.
    let error = component.call("fail", "").await.unwrap_err();
    assert!(error.refusals().is_empty() && error.hint().is_none(), "{error:?}");
}

#[tokio::test]
async fn a_runtime_has_room_for_so_many_instances() {
    let runtime = runtime_with(|config| config.max_instances = 2);
    // One more than asked for is there for replacements.
    for name in ["one", "two", "three"] {
        load(&runtime, named(name)).await;
    }
    let error = runtime.load_component_with(guest(), named("four")).await.unwrap_err();
    assert_eq!((error.code(), error.fault()), ("too-many-instances", Fault::Caller));
    runtime.unload(&id("test/one@1.0.0")).await.unwrap();
    load(&runtime, named("four")).await;
}

/// Sends a request with `timeout_ms` and `word` to test/target and gives its id.
async fn request(sender: &Component, timeout_ms: u32, word: &str) -> String {
    let id = sender.call("request", bytes(timeout_ms, &format!("{word}target"))).await.unwrap();
    String::from_utf8(id).unwrap()
}

/// Waits until `sender` has seen a callback and gives all that it has seen.
async fn after_callback(sender: &Component) -> String {
    loop {
        let seen = seen(sender).await;
        if seen.contains("o:") || seen.contains("e:") {
            return seen;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_request_ends_in_one_callback_whatever_happens() {
    for (word, timeout_ms, expected) in [
        ("ping", 30_000, "i:\no:ping\n"),
        ("fail", 30_000, "i:\ne:failed: processing-failed: fail\n"),
        ("trap", 30_000, "i:\ne:failed: the component trapped\n"),
        ("spin", 20, "i:\ne:timeout\n"),
    ] {
        let runtime = runtime();
        load(&runtime, named("target")).await;
        let sender = load(&runtime, may_message("sender", "test/target")).await;
        let id = request(&sender, timeout_ms, word).await;
        assert_eq!(after_callback(&sender).await, expected);
        assert_eq!(sender.call("cancel", id).await.unwrap(), [5], "unknown-request, for it is over");
        assert_eq!(seen(&sender).await, expected);
    }
}

#[tokio::test]
async fn a_cancelled_request_is_called_back_once_and_cannot_be_cancelled_by_others() {
    let runtime = runtime();
    let target = load(&runtime, named("target")).await;
    let sender = load(&runtime, may_message("sender", "test/target")).await;
    let other = load(&runtime, may_message("other", "test/*")).await;
    let id = request(&sender, 30_000, "spin").await;
    assert_eq!(other.call("cancel", id.as_str()).await.unwrap(), [5], "unknown-request");
    assert_eq!(sender.call("cancel", id.as_str()).await.unwrap(), [255]);
    assert_eq!(sender.call("cancel", id.as_str()).await.unwrap(), [5], "unknown-request");
    assert_eq!(seen(&sender).await, "i:\ne:cancelled\n");
    drop(target);
}

#[tokio::test]
async fn a_request_to_a_component_that_goes_is_called_back() {
    let runtime = runtime_with(|config| config.shutdown_grace = Duration::from_millis(20));
    let target = load(&runtime, named("target")).await;
    let sender = load(&runtime, may_message("sender", "test/target")).await;
    let sleeping = target.clone();
    let sleeping = tokio::spawn(async move { sleeping.call("sleep", bytes(20_000, "")).await });
    tokio::task::yield_now().await;
    // The request waits behind a sleeper who is still asleep when the grace period is over.
    request(&sender, u32::MAX, "ping").await;
    let error = target.shutdown().await.unwrap_err();
    assert_eq!(error.code(), "timeout");
    assert_eq!(sleeping.await.unwrap().unwrap_err().code(), "component-gone");
    assert_eq!(after_callback(&sender).await, "i:\ne:component-gone\n");
}

#[tokio::test]
async fn the_log_is_bounded_in_size_and_rate_and_counts_what_it_drops() {
    let runtime = runtime();
    let logged = Arc::new(Logged::default());
    let mut options = named("chatty");
    options.log = Some(logged.clone());
    let component = load(&runtime, options).await;
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
async fn files_that_are_no_components_are_told_apart() {
    let runtime = runtime();
    let load = |bytes: Vec<u8>| runtime.load_component_with(bytes, LoadOptions::default());
    for (bytes, code, fault) in [
        (b"#!/bin/sh".to_vec(), "not-webassembly", Fault::Caller),
        (Vec::new(), "not-webassembly", Fault::Caller),
        (wat::parse_str("(module)").unwrap(), "core-module", Fault::Caller),
        (bare_guest(), "no-manifest", Fault::Guest),
        (with_manifest(bare_guest(), "[component]\nname = 7"), "bad-manifest", Fault::Guest),
        (with_manifest(wat::parse_str("(component)").unwrap(), MANIFEST), "wrong-world", Fault::Guest),
        ([wat::parse_str("(component)").unwrap(), vec![1, 200, 1]].concat(), "invalid-component", Fault::Guest),
    ] {
        let error = load(bytes).await.unwrap_err();
        assert_eq!((error.code(), error.fault()), (code, fault), "{error:?}");
    }
    let error = runtime.load_component("no/such/file.wasm").await.unwrap_err();
    assert_eq!((error.code(), error.fault()), ("unreadable", Fault::Caller));
}

#[tokio::test]
async fn all_unknown_imports_are_listed_at_once_with_the_nearest_known() {
    let runtime = runtime();
    let text = r#"(component
        (import "wasi:http/types@0.2.0" (instance (export "f" (func))))
        (import "airssys:core/host-service@1.0.0" (instance (export "f" (func))))
        (import "airssys:core/host-services@2.0.0" (instance (export "f" (func))))
        (import "airssys:core/host-services@1.0.0" (instance (export "sleep" (func (param "duration-ms" u32)))))
        (import "wasi:cli/stdout@0.2.6" (instance))
        (import "completely-different" (func)))"#;
    let bytes = with_manifest(wat::parse_str(text).unwrap(), MANIFEST);
    let error = load_error(runtime.load_component_with(bytes, LoadOptions::default()).await.unwrap_err());
    let LoadError::UnknownImports(imports) = &error else { panic!("{error:?}") };
    let names: Vec<_> = imports.iter().map(|import| (import.name.as_str(), import.nearest.as_deref())).collect();
    assert_eq!(
        names,
        [
            ("wasi:http/types@0.2.0", None),
            ("airssys:core/host-service@1.0.0", Some("airssys:core/host-services@1.0.0")),
            ("airssys:core/host-services@2.0.0", Some("airssys:core/host-services@1.0.0")),
            ("completely-different", None),
        ]
    );
    for (name, _) in names {
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[tokio::test]
async fn metadata_must_be_what_the_manifest_says() {
    let runtime = runtime();
    let mut options = LoadOptions::default();
    options.manifest = Some("[component]\nname = \"test/guest\"\nversion = \"2.0.0\"".to_owned());
    let error = load_error(runtime.load_component_with(guest(), options).await.unwrap_err());
    assert!(matches!(error, LoadError::MetadataMismatch { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.contains("test/guest@1.0.0") && text.contains("test/guest@2.0.0"), "{text}");
    assert!(runtime.components().is_empty());
}

#[tokio::test]
async fn ids_are_unique_and_free_again_after_unloading() {
    let runtime = runtime();
    let component = load(&runtime, LoadOptions::default()).await;
    let error = load_error(runtime.load_component_with(guest(), LoadOptions::default()).await.unwrap_err());
    assert!(matches!(error, LoadError::DuplicateId(_)), "{error:?}");
    assert_eq!(component.call("echo", "x").await.unwrap(), b"x", "the first is untouched");
    runtime.unload(component.id()).await.unwrap();
    let error = runtime.unload(component.id()).await.unwrap_err();
    assert_eq!(error.code(), "component-not-found");
    load(&runtime, LoadOptions::default()).await;
}

#[tokio::test]
async fn limits_above_what_the_host_allows_are_refused() {
    let runtime = runtime_with(|config| config.limit_ceilings.memory_bytes = 16 << 20);
    let mut options = named("greedy");
    options.limits = Limits { max_memory_bytes: Some(17 << 20), ..Limits::default() };
    let error = load_error(runtime.load_component_with(guest(), options).await.unwrap_err());
    assert!(
        matches!(error, LoadError::LimitTooHigh { limit: "max-memory-bytes", asked, allowed }
            if asked == 17 << 20 && allowed == 16 << 20),
        "{error:?}"
    );
    load(&runtime, named("modest")).await;
}

#[tokio::test]
async fn compiled_components_are_kept_and_damaged_ones_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("compiled");
    let runtime = || runtime_with(|config| config.cache = CacheFolder::At(path.clone()));
    let files = || {
        let mut files: Vec<_> = std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    };
    load(&runtime(), LoadOptions::default()).await;
    let first = files();
    assert_eq!(first.len(), 2, "{first:?}");
    let compiled = first.iter().find(|file| file.extension().is_some_and(|end| end == "cwasm")).unwrap();
    let good = std::fs::read(compiled).unwrap();

    let component = load(&runtime(), LoadOptions::default()).await;
    assert_eq!(component.call("echo", "cached").await.unwrap(), b"cached");
    assert_eq!(files(), first);

    let mut bad = good.clone();
    let middle = bad.len() / 2;
    bad[middle] ^= 1;
    std::fs::remove_file(compiled).unwrap();
    std::fs::write(compiled, &bad).unwrap();
    let component = load(&runtime(), LoadOptions::default()).await;
    assert_eq!(component.call("echo", "mended").await.unwrap(), b"mended");
    assert_ne!(std::fs::read(compiled).unwrap(), bad);
}

#[cfg(unix)]
#[tokio::test]
async fn the_cache_folder_is_made_private() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("compiled");
    std::fs::create_dir(&path).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o777)).unwrap();
    runtime_with(|config| config.cache = CacheFolder::At(path.clone()));
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);

    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let mut config = RuntimeConfig::default();
    config.cache = CacheFolder::At(link);
    let error = Runtime::new(config).unwrap_err();
    assert_eq!(error.fault(), Fault::Host);
}
