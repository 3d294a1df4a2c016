//! Starting, calling, asking and stopping.

use crate::common::*;

#[tokio::test]
async fn a_component_starts_answers_and_shuts_down_in_that_order() {
    let logged = Arc::new(Logged::default());
    let runtime = runtime();
    let start = named(&runtime, "first").log(logged.clone());
    let component = started(start).await;

    assert_eq!(component.call("echo", "hello").await.unwrap(), b"hello");
    assert_eq!(component.call("echo", "").await.unwrap(), b"");
    let large = vec![7; 1 << 20];
    assert_eq!(component.call("echo", large.clone()).await.unwrap(), large);
    component.shutdown().await.unwrap();

    assert_eq!(logged.messages(), ["init", "shutdown"]);
    let error = component.call("echo", "").await.unwrap_err();
    assert!(matches!(&error, Error::Caller(error) if matches!(**error, CallerError::ComponentGone(_))), "{error:?}");
    assert!(component.shutdown().await.is_err(), "shutdown comes once");
    assert_eq!(logged.messages(), ["init", "shutdown"]);
    assert!(runtime.component(component.id()).is_none());
}

#[tokio::test]
async fn before_init_only_metadata_answers_and_init_comes_once() {
    let runtime = runtime();
    let start = named(&runtime, "late").uninitialized();
    let component = started(start).await;

    assert_eq!(component.metadata().await.unwrap().description, "A guest for tests.");
    for error in [
        component.call("echo", "").await.unwrap_err(),
        component.health().await.unwrap_err(),
        component.deliver_message(&id("a/b@1.0.0"), "x").await.unwrap_err(),
        component.invoke(COUNTERS, "dropped", vec![]).await.unwrap_err(),
    ] {
        assert!(
            matches!(&error, Error::Caller(error) if matches!(**error, CallerError::NotInitialized(_))),
            "{error:?}"
        );
    }
    component.initialize().await.unwrap();
    assert_eq!(component.call("echo", "now").await.unwrap(), b"now");
    let error = component.initialize().await.unwrap_err();
    assert!(
        matches!(&error, Error::Caller(error) if matches!(**error, CallerError::AlreadyInitialized(_))),
        "{error:?}"
    );
    assert_eq!(component.metadata().await.unwrap().name, "guest");
}

#[tokio::test]
async fn an_init_error_is_shown_word_for_word_and_nothing_stays() {
    let runtime = runtime();
    let error = named(&runtime, "broken").data("fail: no such port").await.unwrap_err();
    let Error::Guest(error) = error else { panic!("{error:?}") };
    assert_eq!(error.operation, "init");
    let expected = ComponentError::ConfigurationInvalid("fail: no such port".to_owned());
    assert_eq!(error.failure, GuestFailure::Component(expected));
    assert!(runtime.components().is_empty());

    started(named(&runtime, "broken")).await;
}

#[tokio::test]
async fn errors_traps_and_unknown_operations_are_told_apart() {
    let runtime = runtime();
    let component = started(named(&runtime, "mixed")).await;

    let error = component.call("fail", "no luck").await.unwrap_err();
    assert_eq!((error.fault(), error.code()), (Fault::Guest, "processing-failed"));
    let Error::Guest(error) = error else { panic!("{error:?}") };
    let expected = ExecutionError::ProcessingFailed("no luck".to_owned());
    assert_eq!(error.failure, GuestFailure::Execution(expected));
    assert_eq!(error.failure.case(), "processing-failed");

    let error = component.call("no-such-thing", "").await.unwrap_err();
    let Error::Guest(error) = error else { panic!("{error:?}") };
    let expected = ExecutionError::UnknownOperation("no-such-thing".to_owned());
    assert_eq!(error.failure, GuestFailure::Execution(expected));

    component.deliver_message(&id("a/b@1.0.0"), "kept").await.unwrap();
    assert_eq!(seen(&component).await, "i:\nm:kept\n");
    let error = component.call("trap", "").await.unwrap_err();
    assert_eq!((error.fault(), error.code()), (Fault::Guest, "guest-trap"));
    let Error::Trap(trap) = error else { panic!("{error:?}") };
    assert_eq!((trap.component.to_string().as_str(), trap.operation.as_str()), ("test/mixed@1.0.0", "execute trap"));
    assert!(!trap.backtrace.is_empty());
    assert_eq!((trap.kind, trap.language, trap.panic.as_ref()), (TrapKind::Unreachable, None, None));
    assert!(trap.message().contains("unreachable"), "without words of the guest those of the engine: {trap}");

    // The next call gets a fresh instance, which was initialised and remembers nothing.
    assert_eq!(seen(&component).await, "i:\n");
    let stats = component.stats();
    assert_eq!((stats.traps, stats.instances, stats.recycled), (1, 2, 0));
}

#[tokio::test]
async fn the_guest_is_told_who_calls() {
    let runtime = runtime();
    let component = started(named(&runtime, "asked")).await;
    let mut options = CallOptions::default();
    options.request_id = Some("request-7".to_owned());
    options.caller = Some(Caller::External("operator".to_owned()));
    assert_eq!(component.call_with("context", "", options).await.unwrap(), b"request-7");
    let first = component.call("context", "").await.unwrap();
    assert_ne!(first, component.call("context", "").await.unwrap(), "every call has an id of its own");
}

#[tokio::test]
async fn health_is_the_guests_word_and_a_trap_is_unhealthy() {
    let runtime = runtime();
    let component = started(named(&runtime, "patient")).await;
    assert_eq!(component.health().await.unwrap().status, HealthStatus::Healthy);
    component.deliver_message(&id("a/b@1.0.0"), "sick").await.unwrap();
    assert_eq!(component.health().await.unwrap().status, HealthStatus::Degraded);
    component.deliver_message(&id("a/b@1.0.0"), "dead").await.unwrap();
    let health = component.health().await.unwrap();
    assert_eq!(health.status, HealthStatus::Unhealthy);
    assert!(health.reason.unwrap().contains("trapped in health"));
    assert_eq!(component.health().await.unwrap().status, HealthStatus::Healthy, "a fresh instance");
}

#[tokio::test]
async fn ids_are_unique_and_free_again_after_unloading() {
    let runtime = runtime();
    let component = started(runtime.start(guest())).await;
    let error = load_error(runtime.start(guest()).await.unwrap_err());
    assert!(matches!(error, LoadError::DuplicateId(_)), "{error:?}");
    assert_eq!(component.call("echo", "x").await.unwrap(), b"x", "the first is untouched");
    runtime.unload(component.id()).await.unwrap();
    let error = runtime.unload(component.id()).await.unwrap_err();
    assert_eq!(error.code(), "component-not-found");
    started(runtime.start(guest())).await;
}

#[tokio::test]
async fn values_go_in_and_come_out_as_json() {
    let runtime = runtime();
    let component = started(named(&runtime, "json")).await;
    // As short as it is, and so long that it is read elsewhere.
    for length in [1, 1_000_000] {
        let numbers = vec![7_u32; length];
        assert_eq!(component.call_json::<Vec<u32>>("echo", &numbers).await.unwrap(), numbers);
        let error = component.call_json::<Vec<String>>("echo", &numbers).await.unwrap_err();
        assert_eq!((error.code(), error.fault()), ("not-json", Fault::Caller));
    }
    let error = component.call_json::<u32>("fail", &"no luck").await.unwrap_err();
    assert_eq!(error.code(), "processing-failed");
}
