//! Sockets come and go with the guest that has them.

use std::io::ErrorKind;

use tokio::net::TcpStream;

use crate::common::*;

fn may_listen(runtime: &Runtime, name: &str) -> Start {
    let permissions = r#"network = [{ action = "inbound", host = "127.0.0.1" }]"#;
    let permissions = Permissions::parse(permissions, "test").expect("a permission");
    named(runtime, name).declare(permissions.clone()).grant(permissions)
}

async fn listening(component: &Component) -> u16 {
    let port = component.call("bind", "").await.expect("it may listen");
    let port = u16::from_le_bytes(port.try_into().expect("a port"));
    TcpStream::connect(("127.0.0.1", port)).await.expect("somebody listens there");
    port
}

/// Waits until nobody listens there any more.
async fn closed(port: u16) {
    while let Ok(stream) = TcpStream::connect(("127.0.0.1", port)).await {
        drop(stream);
        tokio::task::yield_now().await;
    }
    let refused = TcpStream::connect(("127.0.0.1", port)).await.expect_err("it is closed");
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn a_socket_lives_as_long_as_its_instance() {
    let runtime = runtime();
    let component = started(may_listen(&runtime, "listener")).await;
    let first = listening(&component).await;
    component.call("echo", "").await.expect("it answers");
    TcpStream::connect(("127.0.0.1", first)).await.expect("between two calls it goes on");

    component.call("trap", "").await.expect_err("it traps");
    closed(first).await;
    let second = listening(&component).await;
    let mut deadline = CallOptions::default();
    deadline.timeout = Some(Duration::from_millis(50));
    component.call_with("spin", "", deadline).await.expect_err("it never ends");
    closed(second).await;
    let third = listening(&component).await;
    component.shutdown().await.expect("it stops");
    closed(third).await;
}

#[tokio::test]
async fn without_permission_nobody_listens_and_the_refusal_is_recorded() {
    let runtime = runtime();
    let audited = Arc::new(Audited::default());
    let start = named(&runtime, "listener").audit(audited.clone());
    let component = started(start).await;
    assert_eq!(component.call("bind", "").await.expect("it answers"), [0], "permission-denied is the first case");
    let records = audited.0.lock().unwrap();
    let record = records.iter().find(|record| record.decision == Decision::Denied).expect("a refusal");
    assert_eq!((&*record.operation, record.resource.as_str()), ("ext-network/tcp.listen", "127.0.0.1:0"));
}

#[tokio::test]
async fn a_pool_without_room_is_a_trap_that_says_so() {
    let runtime = runtime();
    let component = started(named(&runtime, "pool")).await;
    component.call("pool", bytes(u32::MAX, "")).await.expect("a large one is made and takes nothing");
    let error = component.call("pool", bytes(0, "")).await.expect_err("there is no room");
    let message = error.trap().expect("a trap").message();
    assert!(message.contains("max-connections is 0"), "{message}");
}
