//! Attacks that take more than one call or more than one component.

use std::pin::Pin;
use std::sync::atomic::Ordering;

use airssys_wasm::policy::Limits;
use airssys_wasm::records::{AUDIT_BURST_REFUSALS, LOG_BURST_RECORDS, MAX_LOG_MESSAGE_BYTES};
use airssys_wasm::{Component, Error};

use crate::test_bed::{CPU_TIME, TestBed, id};

/// Plays an attack to its end and says what happened.
pub type Sequence = for<'a> fn(&'a TestBed) -> Pin<Box<dyn Future<Output = String> + Send + 'a>>;

/// Requests that one component may have waiting: the host's own number, which no component can change.
const MAX_PENDING_REQUESTS: usize = 256;
/// Calls of the bystander that a storm must let through.
const NEIGHBOUR_CALLS: usize = 50;

/// Loads a component that is a guest of the bed's language.
async fn load(bed: &TestBed, name: &str, environment: &[(&str, &str)], mut limits: Limits) -> Component {
    limits.max_memory_bytes.get_or_insert(bed.guest.memory());
    bed.start(name, environment, limits).await.expect("it loads")
}

async fn call(component: &Component, operation: &str, input: &str) -> String {
    let answer = component.call(operation, input.as_bytes()).await;
    String::from_utf8(answer.unwrap_or_else(|error| panic!("{operation}: {error}"))).expect("text")
}

/// The outcomes of requests, once the guest has been called so often that it has them all. It is asked once only: some
/// languages lose memory with every answer, and what they remember with it when their instance is replaced.
async fn outcomes(component: &Component, calls: u64) -> Vec<String> {
    while component.stats().calls < calls {
        tokio::task::yield_now().await;
    }
    let text = call(component, "outcomes", "").await;
    text.split(',').filter(|outcome| !outcome.is_empty()).map(str::to_owned).collect()
}

/// Every one of a million lines is either passed on or counted; slow languages write as many as take as long.
pub fn log_lines(bed: &TestBed) -> Pin<Box<dyn Future<Output = String> + Send + '_>> {
    Box::pin(async move {
        let lines: u64 = if bed.guest.is_native() { 1_000_000 } else { 20_000 };
        let component = load(bed, "logger", &[], Limits::default()).await;
        let before = component.stats();
        call(&component, "log", &lines.to_string()).await;
        let after = component.stats();
        let passed_on = after.log_records - before.log_records;
        let dropped = after.log_records_dropped - before.log_records_dropped;
        assert_eq!(passed_on + dropped, lines);
        assert!(passed_on >= u64::from(LOG_BURST_RECORDS) && dropped > 0, "{after:?}");
        component.shutdown().await.expect("it shuts down");
        format!("of {lines} lines {passed_on} were passed on and {dropped} dropped and counted")
    })
}

/// Lines that come all at once are looked at as far as one record goes; the rest is dropped and counts as one.
pub fn output_at_once(bed: &TestBed) -> Pin<Box<dyn Future<Output = String> + Send + '_>> {
    Box::pin(async move {
        let bytes: u64 = if bed.guest.is_native() { 64 << 20 } else { 8 << 20 };
        let mut limits = Limits::default();
        limits.max_memory_bytes = Some(512 << 20);
        let component = load(bed, "shouter", &[], limits).await;
        let before = component.stats();
        call(&component, "log-output", &bytes.to_string()).await;
        let after = component.stats();
        let passed_on = after.log_records - before.log_records;
        let dropped = after.log_records_dropped - before.log_records_dropped;
        assert_eq!(passed_on + dropped, MAX_LOG_MESSAGE_BYTES as u64 / 2 + 1);
        component.shutdown().await.expect("it shuts down");
        format!("of {} lines {passed_on} were passed on, and {dropped} more looked at", bytes / 2)
    })
}

/// Files stay open across calls, and go with the instance.
pub fn files_never_closed(bed: &TestBed) -> Pin<Box<dyn Future<Output = String> + Send + '_>> {
    Box::pin(async move {
        let mut limits = Limits::default();
        limits.max_open_files = Some(16);
        let component = load(bed, "hoarder", &[], limits).await;
        assert_eq!(call(&component, "open-files", "10").await, "10");
        assert_eq!(
            call(&component, "open-cursors", "10").await,
            "6 too-many-open-files",
            "the call before kept its files"
        );
        assert!(matches!(component.call("trap", "").await, Err(Error::Trap(_))));
        assert_eq!(call(&component, "open-files", "17").await, "16 too-many-open-files", "a fresh instance has all");
        component.shutdown().await.expect("it shuts down");
        "kept within its limit until the instance went, free afterwards".to_owned()
    })
}

/// Refusals are recorded at a bounded rate and all counted.
pub fn refused_calls(bed: &TestBed) -> Pin<Box<dyn Future<Output = String> + Send + '_>> {
    Box::pin(async move {
        let tried = 5_000;
        let component = load(bed, "burglar", &[], Limits::default()).await;
        let told = bed.witness.refusals.load(Ordering::Relaxed);
        let recorded = bed.witness.refusal_records.load(Ordering::Relaxed);
        assert_eq!(call(&component, "denied", &tried.to_string()).await, tried.to_string());
        let told = bed.witness.refusals.load(Ordering::Relaxed) - told;
        let recorded = bed.witness.refusal_records.load(Ordering::Relaxed) - recorded;
        let stats = component.stats();
        assert_eq!(stats.refusals, tried);
        assert_eq!(told + stats.refusals_dropped, tried, "what is not recorded is counted");
        assert!(recorded >= u64::from(AUDIT_BURST_REFUSALS) && recorded < tried, "{recorded} records, {stats:?}");
        component.shutdown().await.expect("it shuts down");
        format!("all refused, in {recorded} records")
    })
}

/// The sender is told when the mailbox is full, and what was taken is not lost.
pub fn message_flood(bed: &TestBed) -> Pin<Box<dyn Future<Output = String> + Send + '_>> {
    Box::pin(async move {
        let mailbox = 16;
        let mut limits = Limits::default();
        limits.max_mailbox_messages = Some(mailbox);
        let slow = load(bed, "slow", &[("MESSAGE", "sleep 20")], limits).await;
        let sender = load(bed, "sender", &[], Limits::default()).await;
        let told = call(&sender, "send", &format!("{} 100000", id("slow"))).await;
        let (sent, code) = told.split_once(' ').unwrap_or((&told, "never refused"));
        assert_eq!(code, "mailbox-full");
        let sent: u64 = sent.parse().expect("a number");
        assert!(sent >= u64::from(mailbox) && slow.waiting_messages() <= mailbox, "{told}");
        // Senders take turns: each of these calls has its own among the messages.
        while slow.waiting_messages() > 0 {
            call(&slow, "echo", "").await;
        }
        assert_eq!(slow.stats().messages, sent, "what was taken is handled");
        for component in [slow, sender] {
            component.shutdown().await.expect("it shuts down");
        }
        format!("mailbox-full after {sent} messages, all of which were handled")
    })
}

/// A component that is always busy with itself answers others, and can be stopped.
pub fn messages_to_itself(bed: &TestBed) -> Pin<Box<dyn Future<Output = String> + Send + '_>> {
    Box::pin(async move {
        let attack = format!("send {} 1", id("narcissus"));
        let component = load(bed, "narcissus", &[("MESSAGE", &attack)], Limits::default()).await;
        assert_eq!(call(&component, "send", &format!("{} 1", id("narcissus"))).await, "1");
        storm(bed, component, |component| component.stats().messages).await
    })
}

/// The same with requests and callbacks.
pub fn callback_storm(bed: &TestBed) -> Pin<Box<dyn Future<Output = String> + Send + '_>> {
    Box::pin(async move {
        let attack = format!("request {} 1 60000", id("echo"));
        let component = load(bed, "echo", &[("CALLBACK", &attack)], Limits::default()).await;
        assert_eq!(call(&component, "request", &format!("{} 1 60000", id("echo"))).await, "1");
        storm(bed, component, |component| component.stats().messages).await
    })
}

/// Goes on until the bystander has answered often enough, and the component itself too; then it is stopped.
async fn storm(bed: &TestBed, component: Component, count: impl Fn(&Component) -> u64) -> String {
    for number in 0..NEIGHBOUR_CALLS {
        bed.ask_bystander(number).await;
        assert_eq!(call(&component, "echo", "still there").await, "still there");
    }
    let before = count(&component);
    while count(&component) < before + 10 {
        tokio::task::yield_now().await;
    }
    component.shutdown().await.expect("it shuts down");
    let after = count(&component);
    format!("went on for {after} rounds while {NEIGHBOUR_CALLS} calls of each were answered, until it was stopped")
}

/// So many requests wait and no more, and each of them has an outcome.
pub fn unanswered_requests(bed: &TestBed) -> Pin<Box<dyn Future<Output = String> + Send + '_>> {
    Box::pin(async move {
        let mut limits = Limits::default();
        limits.max_cpu_time = Some(CPU_TIME);
        let spinner = load(bed, "spinner", &[("REQUEST", "spin")], limits).await;
        let asker = load(bed, "asker", &[], Limits::default()).await;
        let calls = asker.stats().calls;
        let told = call(&asker, "request", &format!("{} 1000 50", id("spinner"))).await;
        let (sent, code) = told.split_once(' ').unwrap_or((&told, "never refused"));
        assert_eq!(code, "delivery-failed", "{told}");
        let sent: usize = sent.parse().expect("a number");
        // In a slow language the first ones end while the last ones are sent.
        assert!(sent >= MAX_PENDING_REQUESTS, "{told}");
        let outcomes = outcomes(&asker, calls + 1 + sent as u64).await;
        assert_eq!(asker.stats().recycled, 0, "it remembers");
        assert_eq!(outcomes.len(), sent, "each has one outcome");
        assert!(outcomes.iter().all(|outcome| outcome == "timeout" || outcome.starts_with("failed: ")), "{outcomes:?}");
        assert!(outcomes.iter().any(|outcome| outcome == "timeout"), "{outcomes:?}");
        asker.shutdown().await.expect("it shuts down");
        // It may be in the midst of one of them, and the grace over before its time is.
        if let Err(error) = spinner.shutdown().await {
            assert_eq!(error.code(), "timeout");
        }
        format!("{sent} were taken, then delivery-failed; each was told its timeout")
    })
}

/// Requests that wait for a component learn that it has gone; afterwards there is none to ask.
pub fn requests_to_the_gone(bed: &TestBed) -> Pin<Box<dyn Future<Output = String> + Send + '_>> {
    Box::pin(async move {
        let sleeper = load(bed, "sleeper", &[("REQUEST", "sleep 3600000")], Limits::default()).await;
        let asker = load(bed, "asker", &[], Limits::default()).await;
        let calls = asker.stats().calls;
        assert_eq!(call(&asker, "request", &format!("{} 10 3600000", id("sleeper"))).await, "10");
        let stopped = sleeper.shutdown().await.expect_err("it sleeps for an hour");
        assert_eq!(stopped.code(), "timeout");
        let outcomes = outcomes(&asker, calls + 1 + 10).await;
        assert_eq!(outcomes, ["component-gone"; 10]);
        let told = call(&asker, "request", &format!("{} 10 3600000", id("sleeper"))).await;
        assert!(told.starts_with("0 "), "{told}");
        asker.shutdown().await.expect("it shuts down");
        "each learned that the component is gone".to_owned()
    })
}

/// What is sent to a component that is registered and not initialized is handled after `init`.
pub fn message_before_init(bed: &TestBed) -> Pin<Box<dyn Future<Output = String> + Send + '_>> {
    Box::pin(async move {
        let mut limits = Limits::default();
        limits.max_memory_bytes = Some(bed.guest.memory());
        let late = bed.start("late", &[], limits).uninitialized();
        let late = late.await.expect("it loads");
        let sender = load(bed, "sender", &[], Limits::default()).await;
        assert_eq!(call(&sender, "send", &format!("{} 3", id("late"))).await, "3");
        let calls = sender.stats().calls;
        assert_eq!(call(&sender, "request", &format!("{} 1 3600000", id("late"))).await, "1");
        late.metadata().await.expect("it tells what it is");
        assert_eq!((late.stats().messages, late.waiting_messages()), (0, 4));
        late.initialize().await.expect("it starts");
        assert_eq!(outcomes(&sender, calls + 1 + 1).await, ["ok"]);
        assert_eq!((late.stats().messages, late.waiting_messages()), (4, 0));
        for component in [late, sender] {
            component.shutdown().await.expect("it shuts down");
        }
        "waited for init and was handled then".to_owned()
    })
}
