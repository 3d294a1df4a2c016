//! Messages and requests, and who may send them to whom.

use airssys_wasm::limits::MAX_MAILBOX_BYTES;

use crate::common::*;

#[tokio::test]
async fn messages_arrive_in_order_and_errors_come_back_to_the_embedder() {
    let runtime = runtime();
    let component = started(named(&runtime, "reader")).await;
    let sender = id("acme/writer@2.0.0");
    for number in 0..20 {
        component.send_message(&sender, format!("{number}")).unwrap();
    }
    let error = component.deliver_message(&sender, "fail: unreadable").await.unwrap_err();
    let Error::Guest(error) = error else { panic!("{error:?}") };
    let expected = ComponentError::InvalidMessage("fail: unreadable".to_owned());
    assert_eq!((error.operation.as_str(), &error.failure), ("handle-message", &GuestFailure::Component(expected)));
    let expected = (0..20).fold("i:\n".to_owned(), |all, number| all + &format!("m:{number}\n"));
    assert_eq!(seen(&component).await, expected);
}

#[tokio::test]
async fn what_comes_before_init_is_handled_after_it_in_order() {
    let runtime = runtime();
    let start = named(&runtime, "late").uninitialized();
    let component = started(start).await;
    for text in ["one", "two"] {
        component.send_message(&id("a/b@1.0.0"), text).unwrap();
    }
    component.metadata().await.unwrap();
    assert_eq!((component.waiting_messages(), component.stats().messages), (2, 0));
    component.initialize().await.unwrap();
    assert_eq!(seen(&component).await, "i:\nm:one\nm:two\n");
    assert_eq!(component.waiting_messages(), 0);
}

#[tokio::test]
async fn a_full_mailbox_says_so_at_once() {
    let runtime = runtime();
    let start = named(&runtime, "slow").max_mailbox_messages(2);
    let component = started(start).await;
    let sender = started(may_message(&runtime, "sender", "test/*")).await;
    // Nothing of this task waits in between, so on this one thread nothing is taken out of the mailbox.
    for _ in 0..2 {
        component.send_message(&id("a/b@1.0.0"), "x").unwrap();
    }
    let error = component.send_message(&id("a/b@1.0.0"), "x").unwrap_err();
    assert!(matches!(&error, Error::Caller(error) if matches!(**error, CallerError::MailboxFull(_))), "{error:?}");
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
async fn all_mailboxes_share_the_memory_of_the_host() {
    // Room for two full mailboxes and a little more.
    let total = 130 << 20;
    let runtime = runtime_with(|config| config.max_host_memory_bytes = total);
    let mut components = Vec::new();
    for name in ["first", "second", "third"] {
        components.push(started(named(&runtime, name)).await);
    }
    // Nothing of this task waits in between, so on this one thread nothing is taken out of a mailbox.
    let (sender, message) = (id("a/b@1.0.0"), vec![b'x'; 1_000_000]);
    let mut taken = Vec::new();
    for component in &components {
        let mut messages = 0;
        while component.send_message(&sender, message.clone()).is_ok() {
            messages += 1;
        }
        taken.push(messages);
    }
    assert_eq!((taken[0], taken[1]), (67, 67), "a mailbox of its own holds 64 MiB");
    assert!(taken[2] < 5, "{taken:?}");
    let held = runtime.usage().host_memory_bytes;
    assert!(held > 128 << 20 && held <= total, "{held}");
    for (component, messages) in components.iter().zip(taken) {
        component.call("echo", "").await.unwrap();
        assert_eq!(component.stats().messages, messages, "what was taken is handled");
    }
    assert_eq!(runtime.usage().host_memory_bytes, 0);
    components[2].deliver_message(&sender, "there is room again").await.unwrap();
}

#[tokio::test]
async fn a_message_takes_room_for_its_sender_and_its_place_too() {
    let runtime = runtime_with(|config| config.limit_ceilings.mailbox_messages = u32::MAX);
    let start = named(&runtime, "late").uninitialized().max_mailbox_messages(u32::MAX);
    let late = started(start).await;
    let sender = id(&format!("{0}/{0}@1.0.0+{1}", "a".repeat(64), "b".repeat(122)));
    let mut sent = 0_u64;
    while late.send_message(&sender, "").is_ok() {
        sent += 1;
    }
    assert_eq!(late.send_message(&sender, "").unwrap_err().code(), "mailbox-full");
    assert!(sent > 1000 && sent * sender.to_string().len() as u64 <= MAX_MAILBOX_BYTES, "{sent} messages");
    assert!(runtime.usage().host_memory_bytes <= MAX_MAILBOX_BYTES + sent * 256);
    late.initialize().await.unwrap();
    late.call("echo", "after all of them").await.unwrap();
    late.deliver_message(&sender, "there is room again").await.unwrap();
}

#[tokio::test]
async fn replicas_share_the_work_and_keep_the_order_of_each_sender() {
    let runtime = runtime();
    let component = runtime.start(guest()).id(id("test/several@1.0.0")).replicas(3).await.unwrap();
    assert_eq!((component.replicas(), component.stats().instances), (3, 3));
    // A guest that sleeps keeps its own instance, and nobody waits for it.
    let sleeping: Vec<_> = (0..2)
        .map(|_| {
            let component = component.clone();
            tokio::spawn(async move { component.call("sleep", bytes(20_000, "")).await })
        })
        .collect();
    tokio::task::yield_now().await;
    for number in 0..20 {
        assert_eq!(component.call("echo", number.to_string()).await.unwrap(), number.to_string().into_bytes());
    }
    // One is left: it gets all messages, in their order.
    for number in 0..20 {
        component.send_message(&id("a/b@1.0.0"), number.to_string()).unwrap();
    }
    let expected = (0..20).fold("i:\n".to_owned(), |all, number| all + &format!("m:{number}\n"));
    assert_eq!(seen(&component).await, expected);
    // Callers that go away interrupt their guests, whose instances are made anew.
    for sleeping in sleeping {
        sleeping.abort();
        assert!(sleeping.await.unwrap_err().is_cancelled());
    }
    assert_eq!(component.health().await.unwrap().status, HealthStatus::Healthy);
    assert_eq!(component.stats().instances, 5);
    component.shutdown().await.unwrap();
    assert_eq!(runtime.usage(), Usage::default());
}

#[tokio::test]
async fn a_component_is_loaded_when_there_is_room_for_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("guest.wasm");
    std::fs::write(&file, guest()).unwrap();
    let runtime = runtime_with(|config| config.max_host_memory_bytes = 0);
    let start = named(&runtime, "late").uninitialized();
    let late = started(start).await;
    while late.send_message(&id("a/b@1.0.0"), vec![b'x'; 1 << 20]).is_ok() {}
    let start = named(&runtime, "other").uninitialized();
    let other = started(start).await;
    while other.send_message(&id("a/b@1.0.0"), vec![b'x'; 100_000]).is_ok() {}
    assert!(runtime.usage().host_memory_bytes > 127 << 20);
    // It takes more than is left, and has it as soon as the others have read their messages.
    let loading = runtime.start(file.as_path()).id(id("test/loaded@1.0.0")).into_future();
    let reading = async {
        late.initialize().await.unwrap();
        other.initialize().await.unwrap();
    };
    let (loaded, ()) = tokio::join!(loading, reading);
    assert_eq!(loaded.unwrap().call("echo", "here").await.unwrap(), b"here");
}

#[tokio::test]
async fn components_message_each_other_only_where_both_sides_of_the_policy_agree() {
    let runtime = runtime();
    let audited = Arc::new(Audited::default());
    let target = started(named(&runtime, "target")).await;
    started(named(&runtime, "hidden")).await;
    let start = may_message(&runtime, "sender", "test/target").audit(audited.clone());
    let sender = started(start).await;

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
    started(named(&runtime, "target")).await;
    let start = named(&runtime, "sender").declare(messaging("test/*"));
    let sender = started(start).await;
    assert_eq!(sender.call("send", "target").await.unwrap(), [1]);
}

#[tokio::test]
async fn a_refusal_is_the_policys_fault_and_says_what_would_allow_it() {
    let runtime = runtime();
    let component = started(named(&runtime, "sender")).await;
    let error = component.call("refused", "target").await.unwrap_err();
    assert_eq!((error.fault(), error.code()), (Fault::Policy, "permission-denied"));
    let [refusal] = error.refusals() else { panic!("{error:?}") };
    assert_eq!(refusal.operation, "core/host-services.send-message");
    let hint = error.hint().unwrap();
    assert!(hint.contains(r#"messaging = [{ target = "test/target" }]"#), "{hint}");
    // The next call's error knows nothing of it.
    let error = component.call("fail", "").await.unwrap_err();
    assert!(error.refusals().is_empty() && error.hint().is_none(), "{error:?}");
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
        started(named(&runtime, "target")).await;
        let sender = started(may_message(&runtime, "sender", "test/target")).await;
        let id = request(&sender, timeout_ms, word).await;
        assert_eq!(after_callback(&sender).await, expected);
        assert_eq!(sender.call("cancel", id).await.unwrap(), [5], "unknown-request, for it is over");
        assert_eq!(seen(&sender).await, expected);
    }
}

#[tokio::test]
async fn a_cancelled_request_is_called_back_once_and_cannot_be_cancelled_by_others() {
    let runtime = runtime();
    let target = started(named(&runtime, "target")).await;
    let sender = started(may_message(&runtime, "sender", "test/target")).await;
    let other = started(may_message(&runtime, "other", "test/*")).await;
    let id = request(&sender, 30_000, "spin").await;
    assert_eq!(other.call("cancel", id.as_str()).await.unwrap(), [5], "unknown-request");
    assert_eq!(sender.call("cancel", id.as_str()).await.unwrap(), [255]);
    assert_eq!(sender.call("cancel", id.as_str()).await.unwrap(), [5], "unknown-request");
    assert_eq!(seen(&sender).await, "i:\ne:cancelled\n");
    drop(target);
}

#[tokio::test]
async fn callbacks_that_wait_count_as_requests() {
    let runtime = runtime();
    started(named(&runtime, "target")).await;
    let sender = started(may_message(&runtime, "sender", "test/target")).await;
    // While the sender is busy nobody takes its callbacks, however quickly its requests end.
    assert_eq!(sender.call("churn", bytes(1000, "target")).await.unwrap(), [6], "delivery-failed");
    // On a busy machine the answer may come before the cancellation.
    let seen = seen(&sender).await;
    let called_back = seen.matches("e:cancelled\n").count() + seen.matches("o:").count();
    assert_eq!(called_back, 256, "each that was sent is called back: {seen}");
    assert_eq!(sender.call("churn", bytes(256, "target")).await.unwrap(), [255], "there is room again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_callback_is_lost_or_doubled_between_threads() {
    let runtime = runtime();
    started(named(&runtime, "target")).await;
    let sender = started(may_message(&runtime, "sender", "test/target")).await;
    let mut expected = 0;
    for _ in 0..50 {
        let requests = (0..20).map(|_| {
            let sender = sender.clone();
            tokio::spawn(async move { request(&sender, 30_000, "ping").await })
        });
        for request in requests.collect::<Vec<_>>() {
            request.await.unwrap();
        }
        expected += 20;
        loop {
            let answered = seen(&sender).await.matches("o:ping\n").count();
            assert!(answered <= expected, "{answered} answers to {expected} requests");
            if answered == expected {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn a_request_to_a_component_that_goes_is_called_back() {
    let runtime = runtime_with(|config| config.shutdown_grace = Duration::from_millis(20));
    let target = started(named(&runtime, "target")).await;
    let sender = started(may_message(&runtime, "sender", "test/target")).await;
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
