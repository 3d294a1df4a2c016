//! Starting TLS on a connection.

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::authority::{Authority, Presented, Server};
use super::*;

fn trusting(trust: TrustStore) -> World {
    World::built(&EVERYTHING, NetworkConfig { trust, ..Default::default() })
}

fn hello(name: &str, alpn: &[&str]) -> TlsOptions {
    TlsOptions { server_name: name.to_owned(), alpn: alpn.iter().map(|protocol| (*protocol).to_owned()).collect() }
}

async fn start(world: &World, server: &Server, name: &str, alpn: &[&str]) -> (TcpStream, Result<TlsInfo>) {
    let stream = world.connect(server.address).await;
    let info = stream.start_tls(&hello(name, alpn)).await;
    (stream, info)
}

#[tokio::test]
async fn a_good_certificate_is_taken_with_both_versions() {
    let authority = Authority::new();
    let world = trusting(TrustStore::Roots(vec![authority.der()]));
    for (only_tls12, version, suite) in
        [(false, TlsVersion::Tls13, "TLS_"), (true, TlsVersion::Tls12, "TLS_ECDHE_ECDSA_WITH_")]
    {
        let presented = Presented { only_tls12, protocols: vec!["h2", "http/1.1"], ..Default::default() };
        let server = authority.serve("good.example", presented).await;
        let stream = world.connect(server.address).await;
        assert_eq!(stream.tls_info().await, None);
        let info = stream.start_tls(&hello("Good.Example.", &["http/1.1"])).await.unwrap();
        assert_eq!(stream.tls_info().await.as_ref(), Some(&info));
        assert_eq!((info.version, info.alpn.as_deref()), (version, Some("http/1.1")));
        assert!(info.cipher_suite.starts_with(suite) && !info.cipher_suite.contains("TLS13"), "{}", info.cipher_suite);
        assert_eq!(info.peer_certificate, server.certificate);

        assert_eq!(stream.write(b"secret").await.unwrap(), 6);
        assert_eq!(stream.read_exact(6).await.unwrap(), b"secret");
        let stats = stream.stats().await;
        assert_eq!((stats.bytes_sent, stats.bytes_received), (6, 6), "before encryption and after");
        stream.shutdown(ShutdownDirection::Write).await.unwrap();
        assert_eq!(stream.read_exact(7).await.unwrap(), b"goodbye");
        assert_eq!(stream.read(1).await.unwrap(), b"", "a regular end");
        invalid_argument(stream.start_tls(&hello("good.example", &[])).await);
    }
}

#[tokio::test]
async fn a_mebibyte_goes_both_ways_encrypted() {
    let authority = Authority::new();
    let world = trusting(TrustStore::SystemAnd(vec![authority.der()]));
    let server = authority.serve("127.0.0.1", Presented::default()).await;
    let (stream, info) = start(&world, &server, "127.0.0.1", &[]).await;
    assert_eq!(info.unwrap().alpn, None);
    let data: Vec<u8> = (0..1024 * 1024).map(|at| (at % 251) as u8).collect();
    let mut received = Vec::new();
    for part in data.chunks(32 * 1024) {
        stream.write_all(part).await.unwrap();
        received.extend(stream.read_exact(part.len() as u32).await.unwrap());
    }
    assert!(received == data, "what came back is something else");
}

#[tokio::test]
async fn a_bad_certificate_is_not_taken_and_the_connection_is_of_no_more_use() {
    let (authority, unknown) = (Authority::new(), Authority::new());
    let world = trusting(TrustStore::Roots(vec![authority.der()]));
    let good = Presented::default;
    for (server, name) in [
        (authority.serve("good.example", Presented { expired: true, ..good() }).await, "good.example"),
        (authority.serve("good.example", Presented { not_yet: true, ..good() }).await, "good.example"),
        (authority.serve("good.example", good()).await, "other.example"),
        (authority.serve("good.example", good()).await, "127.0.0.1"),
        (authority.serve("good.example", good()).await, "sub.good.example"),
        (unknown.serve("good.example", good()).await, "good.example"),
    ] {
        let (stream, info) = start(&world, &server, name, &[]).await;
        let error = failure(info);
        assert!(matches!(error, NetworkError::CertificateInvalid(_)), "{name}: {error:?}");
        assert_eq!(stream.tls_info().await, None);
        for error in [
            failure(stream.read(1).await),
            failure(stream.write(b"in the open").await),
            failure(stream.remote_address().await),
            failure(stream.start_tls(&hello(name, &[])).await),
        ] {
            assert_eq!(error, NetworkError::NotConnected);
        }
    }
    // The system knows none of them.
    let server = authority.serve("good.example", good()).await;
    let error = failure(start(&World::open(), &server, "good.example", &[]).await.1);
    assert!(matches!(error, NetworkError::CertificateInvalid(_)), "{error:?}");
}

#[tokio::test]
async fn a_host_that_trusts_nobody_and_one_that_trusts_others_say_so_in_different_words() {
    let (authority, other) = (Authority::new(), Authority::new());
    let server = authority.serve("good.example", Presented::default()).await;
    let mut texts = Vec::new();
    for (roots, expected) in
        [(vec![], "this host trusts nobody"), (vec![other.der()], "it is issued by none of the 1 authorities")]
    {
        let world = trusting(TrustStore::Roots(roots));
        let error = failure(start(&world, &server, "good.example", &[]).await.1);
        let NetworkError::CertificateInvalid(text) = error else { panic!("{error:?}") };
        assert!(text.starts_with(expected) && text.contains("--trust-ca"), "{text}");
        texts.push(text);
    }
    assert_ne!(texts[0], texts[1]);
}

#[tokio::test]
async fn what_does_not_speak_tls_fails_the_handshake() {
    let world = World::open();
    for (said, closes) in [(&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], false), (b"", true)] {
        let (stream, mut peer) = world.pair().await;
        let peer = tokio::spawn(async move {
            let mut first = [0; 512];
            assert!(peer.read(&mut first).await.unwrap() > 0);
            peer.write_all(said).await.unwrap();
            if closes {
                peer.shutdown().await.unwrap();
            }
            peer
        });
        let error = failure(stream.start_tls(&hello("a.example", &[])).await);
        assert!(matches!(error, NetworkError::TlsHandshake(_)), "{error:?}");
        peer.await.unwrap();
    }
    // No protocol in common.
    let authority = Authority::new();
    let world = trusting(TrustStore::Roots(vec![authority.der()]));
    let server = authority.serve("a.example", Presented { protocols: vec!["h2"], ..Default::default() }).await;
    let error = failure(start(&world, &server, "a.example", &["http/1.1"]).await.1);
    assert!(matches!(error, NetworkError::TlsHandshake(_)), "{error:?}");
}

#[tokio::test]
async fn what_was_sent_in_the_open_is_never_taken_for_what_came_encrypted() {
    let world = World::open();
    // In the kernel's buffer.
    let (stream, mut peer) = world.pair().await;
    peer.write_all(b"250 injected\r\n").await.unwrap();
    stream.until_readable().await;
    let error = failure(stream.start_tls(&hello("a.example", &[])).await);
    assert!(matches!(error, NetworkError::TlsHandshake(_)), "{error:?}");
    assert_eq!(failure(stream.read(16).await), NetworkError::NotConnected);
    // In ours.
    let (stream, mut peer) = world.pair().await;
    stream.set_options(TcpOptions { read_timeout: Some(SHORT), ..Default::default() }).await.unwrap();
    peer.write_all(b"250").await.unwrap();
    assert_eq!(failure(stream.read_exact(16).await), NetworkError::Timeout);
    let error = failure(stream.start_tls(&hello("a.example", &[])).await);
    assert!(matches!(error, NetworkError::TlsHandshake(_)), "{error:?}");
    assert_eq!(failure(stream.read(16).await), NetworkError::NotConnected);
}

#[tokio::test]
async fn an_end_without_goodbye_is_no_end() {
    let authority = Authority::new();
    let server = authority.serve("a.example", Presented::default()).await;
    // Somebody on the way who cuts the connection after the answer.
    let between = listener().await;
    let address = between.local_addr().unwrap();
    let cut = Arc::new(tokio::sync::Notify::new());
    let cutting = Arc::clone(&cut);
    tokio::spawn(async move {
        let (mut near, _) = between.accept().await.unwrap();
        let mut far = tokio::net::TcpStream::connect(server.address).await.unwrap();
        tokio::select! {
            _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
            () = cutting.notified() => near.shutdown().await.unwrap(),
        }
    });
    let world = trusting(TrustStore::Roots(vec![authority.der()]));
    let stream = world.connect(address).await;
    stream.start_tls(&hello("a.example", &[])).await.unwrap();
    stream.write_all(b"half").await.unwrap();
    assert_eq!(stream.read_exact(4).await.unwrap(), b"half");
    cut.notify_one();
    assert_eq!(failure(stream.read(1).await), NetworkError::ConnectionReset);
}

#[tokio::test]
async fn a_peer_that_never_answers_is_waited_for_as_long_as_the_options_say() {
    let (stream, _peer) = World::limited(|limits| limits.tls_handshake_timeout = SHORT).pair().await;
    assert_eq!(failure(stream.start_tls(&hello("a.example", &[])).await), NetworkError::Timeout);
    let (stream, _peer) = World::open().pair().await;
    stream.set_options(TcpOptions { read_timeout: Some(SHORT), ..Default::default() }).await.unwrap();
    assert_eq!(failure(stream.start_tls(&hello("a.example", &[])).await), NetworkError::Timeout);
    assert_eq!(failure(stream.write(b"x").await), NetworkError::NotConnected);
}

#[tokio::test]
async fn names_and_protocols_that_make_no_sense_are_invalid_and_change_nothing() {
    let (stream, mut peer) = World::open().pair().await;
    let (long, many) = ("x".repeat(256), vec!["x"; 33]);
    for (name, alpn) in [
        ("", &[][..]),
        ("a b", &[]),
        ("a\0b", &[]),
        ("*", &[]),
        ("a.example", &[""]),
        ("a.example", &[long.as_str()]),
        ("a.example", &many),
    ] {
        invalid_argument(stream.start_tls(&hello(name, alpn)).await);
    }
    stream.write_all(b"in the open").await.unwrap();
    peer.read_exact(&mut [0; 11]).await.unwrap();
}

#[tokio::test]
async fn a_pool_keeps_no_connection_with_tls() {
    let authority = Authority::new();
    let world = trusting(TrustStore::Roots(vec![authority.der()]));
    let server = authority.serve("a.example", Presented::default()).await;
    let options =
        PoolOptions { max_connections: 1, max_idle: Duration::from_secs(600), connect_timeout: Duration::from_secs(5) };
    let pool = world.network.connection_pool(options).unwrap();
    let stream = pool.acquire(&endpoint(server.address)).await.unwrap();
    stream.start_tls(&hello("a.example", &[])).await.unwrap();
    pool.release(stream);
    assert_eq!(pool.stats(), PoolStats::default());
    assert_eq!(world.network.open_sockets(), 0);
}

#[test]
fn certificates_are_read_from_pem_and_what_is_none_is_refused() {
    let authority = Authority::new();
    let text = format!("a comment\n{}\n{}", authority.pem(), Authority::new().pem());
    let read = TrustStore::read_pem(text.as_bytes()).unwrap();
    assert_eq!((read.len(), &read[0]), (2, &authority.der()));
    assert!(TrustStore::read_pem(b"nothing").is_err());
    assert!(TrustStore::read_pem(b"-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n").is_err());
    let config = NetworkConfig { trust: TrustStore::Roots(vec![vec![1, 2, 3]]), ..Default::default() };
    assert!(NetworkServices::new(&config).is_err());
}
