//! Looking up names and addresses.

use std::net::IpAddr;

use super::name_server::Reply;
use super::*;

const RESOLVING: [&str; 4] = ["resolve *", "resolve 127.0.0.1", "resolve 10.0.0.1", "resolve ::1"];

fn addresses(texts: &[&str]) -> Vec<IpAddr> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

async fn resolved(world: &World, host: &str, family: IpFamily) -> Vec<IpAddr> {
    world.network.resolve_host(host, family).await.unwrap()
}

#[tokio::test]
async fn a_name_has_addresses_of_two_families() {
    let server = NameServer::fixed(&["10.0.0.1", "fd00::1", "10.0.0.2", "10.0.0.1"]).await;
    let world = World::named(&RESOLVING, &server);
    assert_eq!(resolved(&world, "db.example", IpFamily::Any).await, addresses(&["10.0.0.1", "10.0.0.2", "fd00::1"]));
    assert_eq!(resolved(&world, "db.example", IpFamily::Ipv4).await, addresses(&["10.0.0.1", "10.0.0.2"]));
    assert_eq!(resolved(&world, "DB.Example.", IpFamily::Ipv6).await, addresses(&["fd00::1"]));
    assert!(server.asked().iter().all(|question| question.name == "db.example"), "{:?}", server.asked());
}

#[tokio::test]
async fn an_address_gives_itself_and_asks_nobody() {
    let server = NameServer::fixed(&["10.9.9.9"]).await;
    let world = World::named(&RESOLVING, &server);
    assert_eq!(resolved(&world, "127.0.0.1", IpFamily::Any).await, addresses(&["127.0.0.1"]));
    assert_eq!(resolved(&world, "::1", IpFamily::Ipv6).await, addresses(&["::1"]));
    assert_eq!(name_not_found(world.network.resolve_host("::1", IpFamily::Ipv4).await), "::1");
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn what_a_server_says_is_told_apart() {
    let server = NameServer::start(|question| match question.name.as_str() {
        "four.example" => Reply::Addresses(addresses(&["10.0.0.4"])),
        "empty.example" => Reply::Addresses(Vec::new()),
        "half.example" if question.kind == 28 => Reply::Failure,
        "half.example" => Reply::Addresses(addresses(&["10.0.0.5"])),
        "failing.example" => Reply::Failure,
        _ => Reply::Missing,
    })
    .await;
    let world = World::named(&RESOLVING, &server);
    let network = &world.network;
    assert_eq!(name_not_found(network.resolve_host("missing.example", IpFamily::Any).await), "missing.example");
    assert_eq!(name_not_found(network.resolve_host("empty.example", IpFamily::Any).await), "empty.example");
    assert_eq!(name_not_found(network.resolve_host("four.example", IpFamily::Ipv6).await), "four.example");
    assert_eq!(resolved(&world, "half.example", IpFamily::Any).await, addresses(&["10.0.0.5"]));
    let error = failure(network.resolve_host("failing.example", IpFamily::Any).await);
    assert!(matches!(error, NetworkError::TemporaryResolverFailure(_)), "{error:?}");
    for wrong in ["", "a\0b", "a b", "127.1", ".."] {
        invalid_argument(network.resolve_host(wrong, IpFamily::Any).await);
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_is_a_temporary_failure() {
    let server = NameServer::start(|_| Reply::Silence).await;
    let mut config = NetworkConfig { dns: Dns::Servers(vec![server.address]), ..Default::default() };
    config.limits.resolver_timeout = SHORT;
    let world = World::built(&["resolve *", "resolve 10.0.0.1", "outbound *"], config);
    for error in [
        failure(world.network.resolve_host("slow.example", IpFamily::Any).await),
        failure(world.network.reverse_lookup("10.0.0.1".parse().unwrap()).await),
        failure(world.connect_name("slow.example", 80).await),
    ] {
        assert!(matches!(error, NetworkError::TemporaryResolverFailure(_)), "{error:?}");
    }
    // What a guest allows for everything together counts first.
    let world = World::named(&["outbound *"], &server);
    let endpoint = Endpoint { host: "slow.example".to_owned(), port: 80 };
    assert_eq!(failure(world.network.connect(&endpoint, Some(SHORT)).await), NetworkError::Timeout);
    assert_eq!(world.network.open_sockets(), 0);
}

#[tokio::test]
async fn an_answer_that_does_not_fit_comes_over_tcp_and_is_bounded() {
    let server = NameServer::start(|_| {
        Reply::Long((0..1000).map(|at| IpAddr::from([10, 1, (at / 250) as u8, (at % 250) as u8])).collect())
    })
    .await;
    let world = World::named(&RESOLVING, &server);
    let found = resolved(&world, "many.example", IpFamily::Ipv4).await;
    assert_eq!(found.len(), NetworkLimits::default().max_addresses);
    assert!(server.asked().iter().any(|question| question.tcp));
}

#[tokio::test]
async fn an_address_has_a_name() {
    let server = NameServer::start(|question| match question.name.as_str() {
        "1.0.0.10.in-addr.arpa" => Reply::Name("db.Example"),
        "2.0.0.10.in-addr.arpa" => Reply::Name("a b;c"),
        _ => Reply::Missing,
    })
    .await;
    let world = World::named(&["resolve 10.0.0.0/8"], &server);
    let name = async |address: &str| world.network.reverse_lookup(address.parse().unwrap()).await;
    assert_eq!(name("10.0.0.1").await.unwrap(), "db.example");
    assert_eq!(name_not_found(name("10.0.0.2").await), "10.0.0.2", "what is no name is none");
    assert_eq!(name_not_found(name("10.0.0.3").await), "10.0.0.3");
    denied(name("11.0.0.1").await);
}

#[tokio::test]
async fn the_machine_knows_itself() {
    let world = World::with(&["resolve localhost", "resolve 127.0.0.1"]);
    assert!(resolved(&world, "localhost", IpFamily::Ipv4).await.contains(&IpAddr::from([127, 0, 0, 1])));
    assert_eq!(world.network.reverse_lookup(IpAddr::from([127, 0, 0, 1])).await.unwrap(), "localhost");
}
