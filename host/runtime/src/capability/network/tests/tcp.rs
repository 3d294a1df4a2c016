//! Connections and listeners.

use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

const MEBIBYTE: usize = 1024 * 1024;

#[tokio::test]
async fn bytes_go_both_ways_over_both_families() {
    for host in ["127.0.0.1", "::1"] {
        let world = World::open();
        let listener = Listener::bind(any_port(host)).await.unwrap();
        let stream = world.connect(listener.local_addr().unwrap()).await;
        let (mut peer, from) = listener.accept().await.unwrap();
        assert_eq!(stream.remote_address().await.unwrap(), listener.local_addr().unwrap());
        assert_eq!(stream.local_address().await.unwrap(), from);

        assert_eq!(stream.write(b"to the peer").await.unwrap(), 11);
        let mut received = [0; 11];
        peer.read_exact(&mut received).await.unwrap();
        assert_eq!(&received, b"to the peer");
        peer.write_all(b"and back").await.unwrap();
        assert_eq!(stream.read_exact(8).await.unwrap(), b"and back");

        let stats = stream.stats().await;
        assert_eq!((stats.bytes_sent, stats.bytes_received), (11, 8));
    }
}

#[tokio::test]
async fn a_read_gives_what_is_there_and_an_end_is_empty() {
    let (stream, mut peer) = World::open().pair().await;
    peer.write_all(b"abcdef").await.unwrap();
    drop(peer);
    assert_eq!(stream.read(0).await.unwrap(), b"");
    assert_eq!(stream.read(4).await.unwrap(), b"abcd");
    assert_eq!(stream.read(u32::MAX).await.unwrap(), b"ef");
    assert_eq!(stream.read(u32::MAX).await.unwrap(), b"");
    assert_eq!(stream.read(1).await.unwrap(), b"");
}

#[tokio::test]
async fn an_early_end_says_how_much_came() {
    let (stream, mut peer) = World::open().pair().await;
    assert_eq!(stream.read_exact(0).await.unwrap(), b"");
    peer.write_all(b"abc").await.unwrap();
    drop(peer);
    assert_eq!(failure(stream.read_exact(4).await), NetworkError::EndOfStream(3));
    assert_eq!(stream.stats().await.bytes_received, 3);
    invalid_argument(stream.read_exact(u32::MAX).await);
}

#[tokio::test]
async fn a_mebibyte_goes_both_ways() {
    let (stream, peer) = World::open().pair().await;
    let echo = tokio::spawn(async move {
        let (mut reading, mut writing) = peer.into_split();
        tokio::io::copy(&mut reading, &mut writing).await.unwrap()
    });
    let data: Vec<u8> = (0..MEBIBYTE).map(|at| (at % 251) as u8).collect();
    let mut received = Vec::new();
    for part in data.chunks(64 * 1024) {
        stream.write_all(part).await.unwrap();
        received.extend(stream.read_exact(part.len() as u32).await.unwrap());
    }
    stream.shutdown(ShutdownDirection::Write).await.unwrap();
    assert_eq!(stream.read(1).await.unwrap(), b"");
    assert!(received == data, "what came back is something else");
    assert_eq!(echo.await.unwrap(), MEBIBYTE as u64);
    let stats = stream.stats().await;
    assert_eq!((stats.bytes_sent, stats.bytes_received), (MEBIBYTE as u64, MEBIBYTE as u64));
}

#[tokio::test]
async fn a_peer_that_sends_nothing_is_waited_for_as_long_as_the_options_say() {
    let (stream, mut peer) = World::open().pair().await;
    stream.set_options(TcpOptions { read_timeout: Some(SHORT), ..Default::default() }).await.unwrap();
    assert_eq!(failure(stream.read(1).await), NetworkError::Timeout);
    // What came before the time was over is not lost to a read that follows.
    peer.write_all(b"abc").await.unwrap();
    assert_eq!(failure(stream.read_exact(5).await), NetworkError::Timeout);
    peer.write_all(b"de").await.unwrap();
    assert_eq!(stream.read_exact(5).await.unwrap(), b"abcde");
    assert_eq!(stream.stats().await.bytes_received, 5);
}

#[tokio::test]
async fn a_peer_that_reads_nothing_stops_a_write() {
    let (stream, mut peer) = World::open().pair().await;
    stream.set_options(TcpOptions { write_timeout: Some(SHORT), ..Default::default() }).await.unwrap();
    assert_eq!(failure(stream.write_all(&vec![1; 64 * MEBIBYTE]).await), NetworkError::Timeout);
    assert_eq!(failure(stream.write(&[1]).await), NetworkError::Timeout);
    let taken = stream.stats().await.bytes_sent;
    drop(stream);
    let mut received = Vec::new();
    peer.read_to_end(&mut received).await.unwrap();
    assert_eq!(received.len() as u64, taken, "the statistics count what has really gone out");
}

#[tokio::test]
async fn a_reset_is_no_regular_end() {
    let (stream, peer) = World::open().pair().await;
    SockRef::from(&peer).set_linger(Some(Duration::ZERO)).unwrap();
    drop(peer);
    assert_eq!(failure(stream.read(1).await), NetworkError::ConnectionReset);
    assert_eq!(failure(stream.read(1).await), NetworkError::ConnectionReset, "and it stays one");
    assert_eq!(failure(stream.write(&[1]).await), NetworkError::ConnectionReset);
    assert_eq!(failure(stream.remote_address().await), NetworkError::NotConnected);
    assert_eq!(failure(stream.shutdown(ShutdownDirection::Write).await), NetworkError::NotConnected);
}

#[tokio::test]
async fn what_a_peer_sent_before_it_closed_can_be_read_after_a_failed_write() {
    let (stream, mut peer) = World::open().pair().await;
    peer.write_all(b"bye").await.unwrap();
    peer.shutdown().await.unwrap();
    assert_eq!(stream.read(16).await.unwrap(), b"bye");
    drop(peer);
    // The first one provokes the reset, a later one meets it.
    let error = loop {
        if let Err(error) = stream.write(b"too late").await {
            break error;
        }
    };
    assert_eq!(error, NetworkError::ConnectionReset);
}

#[tokio::test]
async fn each_direction_ends_by_itself() {
    let (stream, mut peer) = World::open().pair().await;
    stream.write_all(b"question").await.unwrap();
    stream.shutdown(ShutdownDirection::Write).await.unwrap();
    let mut received = Vec::new();
    peer.read_to_end(&mut received).await.unwrap();
    assert_eq!(received, b"question");
    assert_eq!(failure(stream.write(b"x").await), NetworkError::NotConnected);
    assert_eq!(failure(stream.write_all(b"").await), NetworkError::NotConnected);

    peer.write_all(b"answer").await.unwrap();
    assert_eq!(stream.read_exact(6).await.unwrap(), b"answer");
    peer.write_all(b"more").await.unwrap();
    stream.shutdown(ShutdownDirection::Read).await.unwrap();
    assert_eq!(stream.read(16).await.unwrap(), b"");
    assert_eq!(failure(stream.shutdown(ShutdownDirection::Both).await), NetworkError::NotConnected);

    let (stream, mut peer) = World::open().pair().await;
    stream.shutdown(ShutdownDirection::Both).await.unwrap();
    assert_eq!(peer.read(&mut [0]).await.unwrap(), 0);
    assert_eq!(stream.read(1).await.unwrap(), b"");
    assert_eq!(failure(stream.write(b"x").await), NetworkError::NotConnected);
}

#[tokio::test]
async fn options_read_back_and_reach_the_socket() {
    let (stream, _peer) = World::open().pair().await;
    assert_eq!(stream.options().await, TcpOptions::default());
    let options = TcpOptions {
        no_delay: true,
        keep_alive: Some(Duration::from_millis(1500)),
        read_timeout: Some(SHORT),
        write_timeout: Some(Duration::from_millis(u32::MAX.into())),
        receive_buffer_bytes: Some(16_384),
        send_buffer_bytes: Some(32_768),
    };
    stream.set_options(options).await.unwrap();
    assert_eq!(stream.options().await, options);
    stream
        .with_socket(|socket| {
            let socket = SockRef::from(socket);
            assert!(socket.tcp_nodelay().unwrap() && socket.keepalive().unwrap());
            assert_eq!(socket.tcp_keepalive_time().unwrap(), Duration::from_secs(2));
            assert!(socket.recv_buffer_size().unwrap() >= 16_384 && socket.send_buffer_size().unwrap() >= 32_768);
        })
        .await;
    stream.set_options(TcpOptions::default()).await.unwrap();
    stream
        .with_socket(|socket| {
            let socket = SockRef::from(socket);
            assert!(!socket.tcp_nodelay().unwrap() && !socket.keepalive().unwrap());
        })
        .await;

    for wrong in [
        TcpOptions { keep_alive: Some(Duration::ZERO), ..options },
        TcpOptions { keep_alive: Some(Duration::from_secs(32_768)), ..options },
        TcpOptions { receive_buffer_bytes: Some(0), ..options },
        TcpOptions { send_buffer_bytes: Some(u32::MAX), ..options },
    ] {
        invalid_argument(stream.set_options(wrong).await);
    }
    assert_eq!(stream.options().await, TcpOptions::default(), "all at once, or none");
}

#[tokio::test]
async fn where_nothing_listens_a_connection_is_refused() {
    let address = listener().await.local_addr().unwrap();
    assert_eq!(failure(World::open().network.connect(&endpoint(address), None).await), NetworkError::ConnectionRefused);
}

#[tokio::test]
async fn what_is_no_endpoint_is_an_invalid_argument() {
    let world = World::with(&["outbound *"]);
    for (host, port) in [
        ("", 80),
        ("a\0b", 80),
        ("exa mple.com", 80),
        ("[::1]", 80),
        ("fe80::1%lo", 80),
        ("exämple.com", 80),
        ("http://example.com", 80),
        ("example.com:80", 80),
        ("example.com", 0),
        ("127.0.0.1", 0),
    ] {
        invalid_argument(world.network.connect(&Endpoint { host: host.to_owned(), port }, None).await);
    }
    assert_eq!(world.decisions(), [""; 0]);
}

#[tokio::test]
async fn a_listener_accepts_one_connection_a_call() {
    let world = World::open();
    for host in ["127.0.0.1", "::1"] {
        let listener = world.network.listen(any_port(host), LISTENING).unwrap();
        let address = listener.local_address().unwrap();
        assert_ne!(address.port(), 0);
        assert_eq!(failure(listener.accept(Some(SHORT)).await), NetworkError::Timeout);
        let mut peers = Vec::new();
        for _ in 0..3 {
            peers.push(tokio::net::TcpStream::connect(address).await.unwrap());
        }
        for peer in &mut peers {
            let stream = listener.accept(None).await.unwrap();
            assert_eq!(stream.remote_address().await.unwrap(), peer.local_addr().unwrap());
            assert_eq!(stream.local_address().await.unwrap(), address);
            stream.write_all(b"hello").await.unwrap();
            peer.read_exact(&mut [0; 5]).await.unwrap();
        }
        assert_eq!(failure(listener.accept(Some(Duration::ZERO)).await), NetworkError::Timeout);
    }
}

#[tokio::test]
async fn an_address_belongs_to_one_listener_and_to_this_machine() {
    let world = World::with(&["inbound 127.0.0.1", "inbound 198.51.100.1"]);
    let listener = world.network.listen(any_port("127.0.0.1"), LISTENING).unwrap();
    let address = listener.local_address().unwrap();
    assert_eq!(failure(world.network.listen(address, LISTENING)), NetworkError::AddressInUse);
    let reusing = ListenOptions { reuse_address: true, ..LISTENING };
    assert_eq!(failure(world.network.listen(address, reusing)), NetworkError::AddressInUse);
    assert_eq!(failure(world.network.listen(any_port("198.51.100.1"), LISTENING)), NetworkError::AddressNotAvailable);
    drop(listener);
    world.network.listen(address, LISTENING).unwrap();
}

#[tokio::test]
async fn a_listener_on_ipv6_takes_ipv4_unless_it_was_told_not_to() {
    let world = World::open();
    let open = world.network.listen(any_port("::"), LISTENING).unwrap();
    let port = open.local_address().unwrap().port();
    let peer = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let stream = open.accept(None).await.unwrap();
    assert_eq!(stream.remote_address().await.unwrap(), peer.local_addr().unwrap(), "IPv4 in its own form");

    let closed = world.network.listen(any_port("::"), ListenOptions { ipv6_only: true, ..LISTENING }).unwrap();
    let port = closed.local_address().unwrap().port();
    let refused = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    tokio::net::TcpStream::connect(("::1", port)).await.unwrap();
}
