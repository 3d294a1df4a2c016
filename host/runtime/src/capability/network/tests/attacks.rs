//! What a guest, or whoever controls a name, tries to reach this side of the internet.

use std::net::IpAddr;

use super::name_server::Reply;
use super::*;

/// Loopback and its neighbours in every form that some resolver or socket takes for one.
const FORMS: [&str; 42] = [
    "127.0.0.1",
    "127.0.0.2",
    "127.255.255.255",
    "0.0.0.0",
    "0.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "255.255.255.255",
    "224.0.0.1",
    "127.1",
    "127.0.1",
    "0",
    "0x7f000001",
    "0x7f.1",
    "0x7f.0x0.0x0.0x1",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "0177.0.0.0x1",
    "127.0.0.1.",
    "127.0.0.01",
    "::1",
    "::",
    "0:0:0:0:0:0:0:1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::FFFF:127.0.0.1",
    "::ffff:0.0.0.0",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::",
    "fe80::1",
    "fd00:ec2::254",
    "[::1]",
    "::1%lo",
    "１２７.0.0.1",
    "127。0。0。1",
];

#[tokio::test]
async fn no_form_of_a_non_public_address_is_covered_by_the_star() {
    let listener = listener().await;
    let port = listener.local_addr().unwrap().port();
    let server = NameServer::fixed(&["127.0.0.1", "::1"]).await;
    let world = World::named(&["outbound *", "outbound *.com", "outbound localhost"], &server);
    for form in FORMS {
        match failure(world.connect_name(form, port).await) {
            NetworkError::PermissionDenied(_) | NetworkError::InvalidArgument(_) => {}
            other => panic!("{form}: {other:?}"),
        }
    }
    assert!(server.asked().is_empty(), "{:?}", server.asked());
    for name in ["localhost", "LOCALHOST.", "a.com", "127.0.0.1.com", "xn--80ak6aa92e.com", "_a.com"] {
        let denial = denied(world.connect_name(name, port).await);
        assert!(denial.resource.ends_with("(127.0.0.1)"), "{name}: {}", denial.resource);
        assert_eq!(
            denial.missing,
            format!(r#"network = [{{ action = "outbound", host = "127.0.0.1", port = {port} }}]"#)
        );
    }
    assert!(untouched(&listener).await);
    assert_eq!(world.network.open_sockets(), 0);
}

#[tokio::test]
async fn addresses_in_other_clothes_are_non_public_when_a_name_leads_to_them() {
    let listener = listener().await;
    let port = listener.local_addr().unwrap().port();
    for leads_to in
        ["0.0.0.0", "::", "::1", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1"]
    {
        let server = NameServer::fixed(&[leads_to]).await;
        let world = World::named(&["outbound *", "outbound a.example"], &server);
        denied(world.connect_name("a.example", port).await);
    }
    assert!(untouched(&listener).await);
}

/// Loopback, and each other address that this machine would send from to somewhere else.
fn own_addresses() -> Vec<IpAddr> {
    let sends_from = |bound: &str, to: &str| {
        let socket = std::net::UdpSocket::bind(bound).ok()?;
        socket.connect(to).ok()?;
        Some(socket.local_addr().ok()?.ip())
    };
    let others = [sends_from("0.0.0.0:0", "198.51.100.1:9"), sends_from("[::]:0", "[2001:db8::1]:9")];
    std::iter::once("127.0.0.1".parse().unwrap()).chain(others.into_iter().flatten()).collect()
}

#[tokio::test]
async fn no_name_leads_to_this_machine_by_any_of_its_addresses() {
    for own in own_addresses() {
        let listener = Listener::bind((own, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = NameServer::fixed(&[&own.to_string()]).await;
        let world =
            World::named(&["outbound *", "outbound a.example", "outbound *.example", "inbound 0.0.0.0"], &server);
        for host in ["a.example", &own.to_string()] {
            let denial = denied(world.connect_name(host, address.port()).await);
            let line = format!(r#"{{ action = "outbound", host = "{own}", port = {} }}"#, address.port());
            assert_eq!(denial.missing, format!("network = [{line}]"), "{host}");
        }
        let socket = world.network.bind(any_port("0.0.0.0")).unwrap();
        if own.is_ipv4() {
            denied(socket.send_to(b"x", address).await);
        }
        assert!(untouched(&listener).await, "{own}");
        let permitted = World::named(&[&format!("outbound {own}"), "outbound a.example"], &server);
        permitted.connect_name("a.example", address.port()).await.unwrap();
    }
}

#[tokio::test]
async fn what_the_operator_calls_its_own_is_reached_by_no_name() {
    let server = NameServer::fixed(&["198.51.100.7", "2001:db8:7::1"]).await;
    let config = NetworkConfig {
        dns: Dns::Servers(vec![server.address]),
        non_public: vec!["198.51.100.0/24".parse().unwrap(), "2001:db8::/32".parse().unwrap()],
        ..Default::default()
    };
    let world = World::built(&["outbound *", "outbound a.example"], config);
    let denial = denied(world.connect_name("a.example", 80).await);
    assert!(denial.resource.starts_with("a.example:80 ("), "{}", denial.resource);
    for address in ["198.51.100.200", "2001:db8:9::9"] {
        denied(world.connect_name(address, 80).await);
    }
}

#[tokio::test]
async fn the_unspecified_address_is_loopback_and_takes_a_permission_for_it() {
    let listener = listener().await;
    let port = listener.local_addr().unwrap().port();
    let half = World::with(&["outbound 0.0.0.0"]);
    assert_eq!(denied(half.connect_name("0.0.0.0", port).await).resource, format!("127.0.0.1:{port}"));
    assert!(untouched(&listener).await);
    let whole = World::with(&["outbound 0.0.0.0", "outbound 127.0.0.1"]);
    whole.connect_name("0.0.0.0", port).await.unwrap();

    let socket = World::with(&["inbound 127.0.0.1", "outbound 0.0.0.0"]).network.bind(any_port("127.0.0.1")).unwrap();
    denied(socket.send_to(b"x", "0.0.0.0:9".parse().unwrap()).await);
    denied(socket.connect("0.0.0.0:9".parse().unwrap()).await);
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_the_next_time_is_asked_for_the_next_time() {
    let listener = listener().await;
    let port = listener.local_addr().unwrap().port();
    let server = NameServer::start(|question| match (question.kind, question.before) {
        (1, 0) => Reply::Addresses(vec!["127.0.0.2".parse().unwrap()]),
        (1, _) => Reply::Addresses(vec!["127.0.0.1".parse().unwrap()]),
        _ => Reply::Missing,
    })
    .await;
    // As if 127.0.0.2 were a public address.
    let world = World::named(&["outbound rebind.example", "outbound 127.0.0.2"], &server);
    assert_eq!(failure(world.connect_name("rebind.example", port).await), NetworkError::ConnectionRefused);
    let asked = server.asked().iter().filter(|question| question.kind == 1).count();
    assert_eq!(asked, 1, "what was permitted is what was connected to: nobody looks again in between");
    let denial = denied(world.connect_name("rebind.example", port).await);
    assert_eq!(denial.resource, format!("rebind.example:{port} (127.0.0.1)"));
    assert!(untouched(&listener).await);
}

#[tokio::test]
async fn an_alias_does_not_lend_its_permission() {
    let listener = listener().await;
    let port = listener.local_addr().unwrap().port();
    let server = NameServer::start(|_| Reply::Alias("db.internal", vec!["127.0.0.1".parse().unwrap()])).await;
    let world = World::named(&["outbound *.example"], &server);
    denied(world.connect_name("www.example", port).await);
    assert!(untouched(&listener).await);
    // And the other way round: the name that was asked for is the one that counts.
    let world = World::named(&["outbound db.internal", "outbound 127.0.0.1"], &server);
    denied(world.connect_name("www.example", port).await);
}

#[tokio::test]
async fn of_several_addresses_only_those_that_are_permitted_are_tried() {
    let listener = listener().await;
    let port = listener.local_addr().unwrap().port();
    let forbidden = Listener::bind(("127.0.0.3", port)).await.unwrap();
    let server = NameServer::fixed(&["127.0.0.3", "127.0.0.2", "127.0.0.1", "::1"]).await;
    let world = World::named(&["outbound a.example", "outbound 127.0.0.1", "outbound 127.0.0.2"], &server);
    let stream = world.connect_name("a.example", port).await.unwrap();
    assert_eq!(stream.remote_address().await.unwrap().ip(), IpAddr::from([127, 0, 0, 1]), "127.0.0.2 refuses");
    assert!(untouched(&forbidden).await);
    assert_eq!(
        world.decisions(),
        [
            format!("allowed tcp.connect network.outbound a.example:{port}"),
            format!("denied tcp.connect network.outbound a.example:{port} (127.0.0.3)"),
            format!("allowed tcp.connect network.outbound a.example:{port} (127.0.0.2)"),
            format!("allowed tcp.connect network.outbound a.example:{port} (127.0.0.1)"),
        ]
    );
}

#[tokio::test]
async fn a_block_of_addresses_permits_no_name() {
    let server = NameServer::fixed(&["127.0.0.1"]).await;
    let world = World::named(&["outbound 127.0.0.0/8"], &server);
    denied(world.connect_name("a.example", 80).await);
    assert!(server.asked().is_empty(), "a question to a name server leaves the machine");
}
