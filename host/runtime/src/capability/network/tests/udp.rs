//! Datagrams.

use tokio::net::UdpSocket as Socket;

use super::*;

async fn other() -> (Socket, SocketAddr) {
    let socket = Socket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

fn timed(timeout: Duration) -> UdpOptions {
    UdpOptions { broadcast: false, time_to_live: None, receive_timeout: Some(timeout), multicast_loop: true }
}

#[tokio::test]
async fn datagrams_go_both_ways_over_both_families() {
    for host in ["127.0.0.1", "::1"] {
        let world = World::open();
        let socket = world.network.bind(any_port(host)).unwrap();
        let own = socket.local_address().unwrap();
        assert_ne!(own.port(), 0);
        let peer = Socket::bind(any_port(host)).await.unwrap();
        let address = peer.local_addr().unwrap();
        assert_eq!(socket.send_to(b"hello", address).await.unwrap(), 5);
        let mut buffer = [0; 16];
        assert_eq!(peer.recv_from(&mut buffer).await.unwrap(), (5, own));
        peer.send_to(b"and back", own).await.unwrap();
        let expected = Datagram { data: b"and back".to_vec(), source: address, truncated: false };
        assert_eq!(socket.receive(16).await.unwrap(), expected);
        assert_eq!(failure(world.network.bind(own)), NetworkError::AddressInUse);
    }
}

#[tokio::test]
async fn a_datagram_is_cut_to_what_was_asked_for_and_an_empty_one_is_data() {
    let world = World::open();
    let socket = world.network.bind(any_port("127.0.0.1")).unwrap();
    let (peer, source) = other().await;
    let to = socket.local_address().unwrap();
    for (sent, max, data, truncated) in [
        (&b"abcdef"[..], 4, &b"abcd"[..], true),
        (b"abcd", 4, b"abcd", false),
        (b"", 4, b"", false),
        (b"", 0, b"", false),
        (b"a", 0, b"", true),
        (b"a", u32::MAX, b"a", false),
    ] {
        peer.send_to(sent, to).await.unwrap();
        let expected = Datagram { data: data.to_vec(), source, truncated };
        assert_eq!(socket.receive(max).await.unwrap(), expected);
    }
    socket.set_options(timed(SHORT)).unwrap();
    assert_eq!(failure(socket.receive(1).await), NetworkError::Timeout);
}

#[tokio::test]
async fn a_datagram_has_a_largest_size() {
    let world = World::open();
    let socket = world.network.bind(any_port("127.0.0.1")).unwrap();
    let (peer, address) = other().await;
    assert_eq!(socket.send_to(&[7; 65_507], address).await.unwrap(), 65_507);
    let mut buffer = vec![0; 65_536];
    assert_eq!(peer.recv(&mut buffer).await.unwrap(), 65_507);
    assert_eq!(failure(socket.send_to(&[7; 65_508], address).await), NetworkError::DatagramTooLarge);
    socket.connect(address).await.unwrap();
    assert_eq!(failure(socket.send(&vec![7; 1 << 20]).await), NetworkError::DatagramTooLarge);
    assert_eq!(socket.send(b"").await.unwrap(), 0);
    assert_eq!(peer.recv(&mut buffer).await.unwrap(), 0);
}

#[tokio::test]
async fn a_peer_is_the_only_one_that_is_heard() {
    let world = World::open();
    let socket = world.network.bind(any_port("127.0.0.1")).unwrap();
    let own = socket.local_address().unwrap();
    let ((first, at_first), (second, at_second)) = (other().await, other().await);
    assert_eq!(failure(socket.send(b"x").await), NetworkError::NotConnected);
    second.send_to(b"before", own).await.unwrap();
    socket.connect(at_first).await.unwrap();
    second.send_to(b"after", own).await.unwrap();
    first.send_to(b"peer", own).await.unwrap();
    assert_eq!(socket.receive(16).await.unwrap().data, b"peer");

    socket.connect(at_second).await.unwrap();
    assert_eq!(socket.send(b"to the second").await.unwrap(), 13);
    let mut buffer = [0; 16];
    assert_eq!(second.recv(&mut buffer).await.unwrap(), 13);
    // Another address goes as well, with a permission of its own.
    socket.send_to(b"first", at_first).await.unwrap();
    assert_eq!(first.recv(&mut buffer).await.unwrap(), 5);
}

#[tokio::test]
async fn each_datagram_is_asked_for() {
    let (_peer, address) = other().await;
    let world = World::with(&["inbound 127.0.0.1", &format!("outbound {address}")]);
    let socket = world.network.bind(any_port("127.0.0.1")).unwrap();
    world.decisions();
    socket.connect(address).await.unwrap();
    socket.send(b"1").await.unwrap();
    socket.send_to(b"2", address).await.unwrap();
    let (_other, elsewhere) = other().await;
    denied(socket.send_to(b"3", elsewhere).await);
    denied(socket.send_to(b"3", format!("[::ffff:127.0.0.1]:{}", elsewhere.port()).parse().unwrap()).await);
    denied(socket.send_to(&[0; 70_000], elsewhere).await);
    let decisions = world.decisions();
    assert_eq!(
        decisions[..3],
        ["connect", "send", "send-to"]
            .map(|operation| { format!("allowed udp.udp-socket.{operation} network.outbound {address}") })
    );
    assert_eq!(decisions.len(), 6);
}

#[tokio::test]
async fn a_peer_where_nobody_listens_says_so() {
    let world = World::open();
    let socket = world.network.bind(any_port("127.0.0.1")).unwrap();
    let (gone, address) = other().await;
    drop(gone);
    socket.connect(address).await.unwrap();
    socket.send(b"x").await.unwrap();
    assert_eq!(failure(socket.receive(1).await), NetworkError::ConnectionRefused);
}

#[tokio::test]
async fn destinations_that_make_no_sense_are_invalid() {
    let world = World::open();
    let socket = world.network.bind(any_port("127.0.0.1")).unwrap();
    for wrong in ["127.0.0.1:0", "[::1]:9"] {
        let wrong = wrong.parse().unwrap();
        invalid_argument(socket.connect(wrong).await);
        invalid_argument(socket.send_to(b"x", wrong).await);
    }
    let socket = world.network.bind(any_port("::1")).unwrap();
    for wrong in ["127.0.0.1:9", "[::ffff:127.0.0.1]:9"] {
        invalid_argument(socket.send_to(b"x", wrong.parse().unwrap()).await);
    }
    assert_eq!(
        failure(World::with(&["inbound 198.51.100.1"]).network.bind(any_port("198.51.100.1"))),
        NetworkError::AddressNotAvailable
    );
}

#[tokio::test]
async fn options_read_back() {
    let world = World::open();
    for host in ["127.0.0.1", "::1"] {
        let socket = world.network.bind(any_port(host)).unwrap();
        let defaults = socket.options();
        assert_eq!(defaults, UdpOptions { receive_timeout: None, ..timed(SHORT) });
        let options =
            UdpOptions { broadcast: true, time_to_live: Some(7), receive_timeout: Some(SHORT), multicast_loop: false };
        socket.set_options(options).unwrap();
        assert_eq!(socket.options(), options);
        invalid_argument(socket.set_options(UdpOptions { time_to_live: Some(0), ..options }));
        assert_eq!(socket.options(), options);
        socket.set_options(defaults).unwrap();
        assert_eq!(socket.options(), defaults);
    }
}

#[tokio::test]
async fn a_group_is_heard_between_joining_and_leaving() {
    let world =
        World::with(&["inbound 0.0.0.0", "inbound 127.0.0.1", "inbound 239.255.7.0/24", "outbound 239.255.7.0/24"]);
    let socket = world.network.bind(any_port("127.0.0.1")).unwrap();
    for wrong in ["127.0.0.1", "10.0.0.1", "ff02::1"] {
        invalid_argument(socket.join_multicast(wrong.parse().unwrap()));
        invalid_argument(socket.leave_multicast(wrong.parse().unwrap()));
    }
    denied(socket.join_multicast("239.255.8.1".parse().unwrap()));
    let group = "239.255.7.7".parse().unwrap();
    assert_eq!(failure(socket.leave_multicast(group)), NetworkError::AddressNotAvailable);
    socket.join_multicast(group).unwrap();
    assert_eq!(failure(socket.join_multicast(group)), NetworkError::AddressInUse);
    socket.leave_multicast(group).unwrap();
    assert_eq!(failure(socket.leave_multicast(group)), NetworkError::AddressNotAvailable);
}

#[tokio::test]
async fn what_is_sent_to_a_group_comes_to_its_members_and_to_nobody_else() {
    let world = World::with(&["inbound 0.0.0.0", "inbound 239.255.7.8", "outbound 239.255.7.8"]);
    let group: SocketAddr = "239.255.7.8:0".parse().unwrap();
    let (member, other) =
        (world.network.bind(any_port("0.0.0.0")).unwrap(), world.network.bind(any_port("0.0.0.0")).unwrap());
    let mine = tokio::net::UdpSocket::bind("0.0.0.0:0").await.unwrap();
    let as_anybody = mine.join_multicast_v4("239.255.7.8".parse().unwrap(), "0.0.0.0".parse().unwrap());
    let joined = member.join_multicast(group.ip());
    assert_eq!(joined.is_ok(), as_anybody.is_ok(), "a machine without a network has no groups: {joined:?}");
    if joined.is_err() {
        return;
    }
    let to = |socket: &UdpSocket| SocketAddr::new(group.ip(), socket.local_address().unwrap().port());
    // The other one is no member; another program of the machine is, which must not make a difference.
    other.set_options(timed(SHORT)).unwrap();
    member.send_to(b"not for you", to(&other)).await.unwrap();
    assert_eq!(failure(other.receive(16).await), NetworkError::Timeout);
    other.send_to(b"members only", to(&member)).await.unwrap();
    assert_eq!(member.receive(16).await.unwrap().data, b"members only");
    member.leave_multicast(group.ip()).unwrap();
    member.set_options(timed(SHORT)).unwrap();
    other.send_to(b"too late", to(&member)).await.unwrap();
    assert_eq!(failure(member.receive(16).await), NetworkError::Timeout);
    other.set_options(UdpOptions { multicast_loop: false, ..timed(SHORT) }).unwrap();
    member.join_multicast(group.ip()).unwrap();
    other.send_to(b"away", to(&member)).await.unwrap();
    assert_eq!(failure(member.receive(16).await), NetworkError::Timeout, "without the loop nothing comes back");
}
