//! Calling exported functions by name, and the resources in between.

use crate::common::*;

#[tokio::test]
async fn functions_are_called_by_name_and_mistakes_do_not_cost_the_instance() {
    let runtime = runtime();
    let component = started(named(&runtime, "named")).await;
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
        (component.invoke("airssys:core/component-lifecycle@1.0.0", "shutdown", vec![]).await, "lifecycle-by-name"),
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
    let component = started(named(&runtime, "mortal")).await;
    let made = component.invoke(COUNTERS, "make", vec![Val::U32(1)]).await.unwrap();
    component.call("trap", "").await.unwrap_err();
    let again = component.invoke(COUNTERS, "make", vec![Val::U32(2)]).await.unwrap();
    let error = component.invoke(COUNTERS, "[method]counter.get", made).await.unwrap_err();
    assert!(matches!(error.code(), "stale-resource" | "wrong-arguments"), "{error:?}");
    assert_eq!(component.invoke(COUNTERS, "[method]counter.get", again).await.unwrap(), [Val::U32(2)]);
}

#[tokio::test]
async fn a_destructor_is_a_call_of_its_own() {
    let runtime = runtime();
    let component = started(named(&runtime, "destructor")).await;
    let made = component.invoke(COUNTERS, "make", vec![Val::U32(0x7ead)]).await.unwrap();
    let Val::Resource(counter) = made[0] else { panic!("{made:?}") };
    // What this call is refused has nothing to do with what becomes of the destructor.
    component.call("send", "nobody").await.unwrap();
    assert_eq!(component.stats().refusals, 1);
    let before = component.stats().calls;

    let error = component.drop_resource(counter).await.unwrap_err();
    let trap = error.trap().expect("it traps");
    assert_eq!(trap.operation, "dropping a resource");
    assert!(trap.refusals.is_empty() && trap.recent_output.is_empty(), "{trap:?}");
    assert_eq!(component.stats().calls, before + 1);
}
