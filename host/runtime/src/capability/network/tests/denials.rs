//! Without a permission nothing happens, and the answer says which one is missing.

use super::*;

#[tokio::test]
async fn without_permission_nothing_is_connected_bound_or_looked_up() {
    let server = NameServer::fixed(&["127.0.0.1"]).await;
    let world = World::named(&[], &server);
    let network = &world.network;
    let listener = listener().await;
    let address = listener.local_addr().unwrap();
    let own: SocketAddr = "127.0.0.1:7".parse().unwrap();
    let pool =
        network.connection_pool(PoolOptions { max_connections: 1, max_idle: SHORT, connect_timeout: SHORT }).unwrap();
    let port = address.port();
    let named = Endpoint { host: "api.example".to_owned(), port: 443 };
    let outbound = format!(r#"network = [{{ action = "outbound", host = "127.0.0.1", port = {port} }}]"#);

    for (denial, operation, resource, missing) in [
        (denied(network.connect(&endpoint(address), None).await), "tcp.connect", address.to_string(), &*outbound),
        (
            denied(network.connect(&named, None).await),
            "tcp.connect",
            "api.example:443".to_owned(),
            r#"network = [{ action = "outbound", host = "api.example", port = 443 }]"#,
        ),
        (
            denied(pool.acquire(&endpoint(address)).await),
            "connections.connection-pool.acquire",
            address.to_string(),
            &*outbound,
        ),
        (
            denied(network.listen(own, LISTENING)),
            "tcp.listen",
            own.to_string(),
            r#"network = [{ action = "inbound", host = "127.0.0.1", port = 7 }]"#,
        ),
        (
            denied(network.bind(own)),
            "udp.bind",
            own.to_string(),
            r#"network = [{ action = "inbound", host = "127.0.0.1", port = 7 }]"#,
        ),
        (
            denied(network.resolve_host("api.example", IpFamily::Any).await),
            "connections.resolve-host",
            "api.example".to_owned(),
            r#"network = [{ action = "resolve", host = "api.example" }]"#,
        ),
        (
            denied(network.reverse_lookup(own.ip()).await),
            "connections.reverse-lookup",
            "127.0.0.1".to_owned(),
            r#"network = [{ action = "resolve", host = "127.0.0.1" }]"#,
        ),
    ] {
        assert_eq!(denial.operation.as_str(), format!("ext-network/{operation}"));
        assert_eq!((denial.resource.as_str(), denial.missing.as_str()), (resource.as_str(), missing));
    }
    let decisions = world.decisions();
    assert!(decisions.len() == 7 && decisions.iter().all(|decision| decision.starts_with("denied ")), "{decisions:?}");
    assert!(server.asked().is_empty() && untouched(&listener).await);
    assert_eq!(network.open_sockets(), 0);
}

#[tokio::test]
async fn a_bound_socket_sends_nowhere_and_joins_nothing_without_permission() {
    let world = World::with(&["inbound 127.0.0.1"]);
    let socket = world.network.bind(any_port("127.0.0.1")).unwrap();
    let other = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let to = other.local_addr().unwrap();
    let group = "239.1.2.3".parse().unwrap();
    world.decisions();
    denied(socket.connect(to).await);
    denied(socket.send_to(b"x", to).await);
    denied(socket.join_multicast(group));
    denied(socket.leave_multicast(group));
    assert_eq!(failure(socket.send(b"x").await), NetworkError::NotConnected);
    assert_eq!(
        world.decisions(),
        [
            format!("denied udp.udp-socket.connect network.outbound {to}"),
            format!("denied udp.udp-socket.send-to network.outbound {to}"),
            "denied udp.udp-socket.join-multicast network.inbound 239.1.2.3".to_owned(),
            "denied udp.udp-socket.leave-multicast network.inbound 239.1.2.3".to_owned(),
        ]
    );
    assert_eq!(other.try_recv(&mut [0]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}

#[tokio::test]
async fn a_permission_is_for_its_port_and_its_action() {
    let listener = listener().await;
    let address = listener.local_addr().unwrap();
    let other = address.port() ^ 1;
    for line in [format!("outbound 127.0.0.1:{other}"), "inbound 127.0.0.1".into(), "resolve 127.0.0.1".into()] {
        denied(World::with(&[&line]).network.connect(&endpoint(address), None).await);
    }
    World::with(&[&format!("outbound {address}")]).connect(address).await;
    // A port that the operating system chooses is none that was named.
    denied(World::with(&["inbound 127.0.0.1:8080"]).network.listen(any_port("127.0.0.1"), LISTENING));
    World::with(&["inbound 127.0.0.1:0"]).network.listen(any_port("127.0.0.1"), LISTENING).unwrap();
    // Wildcard addresses are addresses of their own.
    denied(World::with(&["inbound 127.0.0.0/8"]).network.listen(any_port("0.0.0.0"), LISTENING));
    denied(World::with(&["inbound *"]).network.bind(any_port("::")));
}

#[tokio::test]
async fn what_is_allowed_is_recorded_as_well() {
    let server = NameServer::fixed(&["127.0.0.1"]).await;
    let world = World::named(&["outbound api.example", "outbound 127.0.0.1"], &server);
    let port = listener().await.local_addr().unwrap().port();
    assert_eq!(failure(world.connect_name("API.example.", port).await), NetworkError::ConnectionRefused);
    assert_eq!(
        world.decisions(),
        [
            format!("allowed tcp.connect network.outbound API.example.:{port}"),
            format!("allowed tcp.connect network.outbound API.example.:{port} (127.0.0.1)"),
        ]
    );
}
