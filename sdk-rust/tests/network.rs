//! Connections, datagrams and names, over the network of the fake host.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use airssys_wasm_sdk::connections::{self, ConnectionPool, IpFamily, PoolOptions, PoolStats};
use airssys_wasm_sdk::tcp::{self, ListenOptions, TcpListener, TcpOptions, TcpStream, TlsOptions, TlsVersion};
use airssys_wasm_sdk::testing::FakeHost;
use airssys_wasm_sdk::udp::{self, UdpOptions};
use airssys_wasm_sdk::{ExecutionError, NetworkError, Timestamp};

/// A host that permits all: these tests have no Component.toml.
fn permitted() -> FakeHost {
    let host = FakeHost::new();
    host.permit_all();
    host
}

const ANY_PORT: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 0);

/// Both ends of a connection.
fn pair() -> (TcpListener, TcpStream, TcpStream) {
    let listener = tcp::listen(ANY_PORT, ListenOptions::default()).unwrap();
    let stream = tcp::connect(listener.local_address().unwrap(), None).unwrap();
    let accepted = listener.accept(Some(Duration::from_secs(1))).unwrap();
    (listener, stream, accepted)
}

#[test]
fn a_stream_reads_and_writes_as_those_of_the_standard_library() {
    let host = permitted();
    host.add_server(("example.com", 80), |data| [b"got ", data].concat());
    let stream = tcp::connect(("example.com", 80), Some(Duration::from_secs(1))).unwrap();
    write!(&mut &stream, "one\ntwo\n").unwrap();
    let mut lines = BufReader::new(&stream).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "got one");
    assert_eq!(lines.next().unwrap().unwrap(), "two");
    assert!(lines.next().is_none());
    stream.write_all(b"").unwrap();
    let mut rest = String::new();
    { stream }.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "got ");
}

#[test]
fn the_two_ends_of_a_connection_have_each_others_address_and_count_bytes() {
    let host = permitted();
    host.set_time(Timestamp { seconds: 7, nanoseconds: 5 });
    let (_listener, stream, accepted) = pair();
    assert_eq!(stream.local_address(), accepted.remote_address());
    assert_eq!(stream.remote_address(), accepted.local_address());
    assert_eq!(stream.write(&[1, 2, 3]), Ok(3));
    assert_eq!(accepted.read(2), Ok(vec![1, 2]));
    let (sent, received) = (stream.stats(), accepted.stats());
    assert_eq!((sent.bytes_sent, sent.bytes_received), (3, 0));
    assert_eq!((received.bytes_sent, received.bytes_received), (0, 2));
    assert_eq!(sent.established, Timestamp { seconds: 7, nanoseconds: 5 });
    assert_eq!(accepted.read_exact(2), Err(NetworkError::Timeout));
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(stream.write(b"more"), Err(NetworkError::NotConnected));
    assert_eq!(accepted.read_exact(2), Err(NetworkError::EndOfStream(1)));
    accepted.write_all(b"still").unwrap();
    assert_eq!(stream.read(100), Ok(b"still".to_vec()));
    drop(stream);
    assert_eq!(accepted.write(b"x"), Err(NetworkError::ConnectionReset));
}

#[test]
fn options_read_back_as_they_were_set() {
    let _host = permitted();
    let (_listener, stream, _accepted) = pair();
    assert_eq!(stream.options(), Ok(TcpOptions::default()));
    let options = TcpOptions {
        no_delay: true,
        keep_alive: Some(Duration::from_millis(u32::MAX.into())),
        read_timeout: Some(Duration::ZERO),
        write_timeout: Some(Duration::from_millis(1)),
        receive_buffer_bytes: Some(u32::MAX),
        send_buffer_bytes: Some(0),
    };
    stream.set_options(&options).unwrap();
    assert_eq!(stream.options(), Ok(options));
    let socket = udp::bind(ANY_PORT).unwrap();
    assert_eq!(socket.options(), Ok(UdpOptions::default()));
    let options = UdpOptions {
        broadcast: true,
        time_to_live: Some(255),
        receive_timeout: Some(Duration::from_secs(1)),
        multicast_loop: false,
    };
    socket.set_options(&options).unwrap();
    assert_eq!(socket.options(), Ok(options));
}

#[test]
fn tls_is_started_once_and_for_the_name_of_the_certificate() {
    let host = permitted();
    host.add_server(("example.com", 443), |_| Vec::new());
    let stream = tcp::connect(("example.com", 443), None).unwrap();
    assert_eq!(stream.tls_info(), None);
    let wrong = stream.start_tls(&TlsOptions::new("example.org"));
    assert!(matches!(wrong, Err(NetworkError::CertificateInvalid(_))), "{wrong:?}");
    let info = stream.start_tls(&TlsOptions::new("example.com").with_alpn(["h2", "http/1.1"])).unwrap();
    assert_eq!((info.version, info.alpn.as_deref()), (TlsVersion::Tls13, Some("h2")));
    assert_eq!(stream.tls_info(), Some(info));
    let again = stream.start_tls(&TlsOptions::new("example.com"));
    assert!(matches!(again, Err(NetworkError::InvalidArgument(_))), "{again:?}");
    let (_listener, plain, _accepted) = pair();
    let plain = plain.start_tls(&TlsOptions::new("localhost"));
    assert!(matches!(plain, Err(NetworkError::TlsHandshake(_))), "{plain:?}");
}

#[test]
fn a_listener_has_its_port_alone_and_gives_each_connection_once() {
    let _host = permitted();
    let (listener, first, _accepted) = pair();
    let address = listener.local_address().unwrap();
    assert_ne!(address.port(), 0);
    assert_eq!(tcp::listen(address, ListenOptions::default()).unwrap_err(), NetworkError::AddressInUse);
    let second = tcp::connect(address, None).unwrap();
    let accepted = listener.incoming().next().unwrap().unwrap();
    assert_eq!(accepted.remote_address(), second.local_address());
    assert_ne!(accepted.remote_address(), first.local_address());
    assert_eq!(listener.accept(None).unwrap_err(), NetworkError::Timeout);
    drop(listener);
    assert_eq!(tcp::connect(address, None).unwrap_err(), NetworkError::ConnectionRefused);
}

#[test]
fn what_leads_nowhere_says_so() {
    let host = permitted();
    host.add_server(("example.com", 80), |_| Vec::new());
    let error = |host: &str, port| tcp::connect((host, port), None).unwrap_err();
    assert_eq!(error("example.com", 81), NetworkError::ConnectionRefused);
    assert_eq!(error("nowhere.test", 80), NetworkError::NameNotFound("nowhere.test".to_owned()));
    assert!(matches!(error("example.com", 0), NetworkError::InvalidArgument(_)));
    assert!(matches!(error("example.com\0.test", 80), NetworkError::InvalidArgument(_)));
}

#[test]
fn what_the_test_denies_is_refused_with_the_line_that_is_missing() {
    let host = permitted();
    host.add_server(("example.com", 443), |_| panic!("reached"));
    host.deny("example.com");
    host.deny("224.0.0.1");
    let Err(NetworkError::PermissionDenied(denial)) = tcp::connect(("example.com", 443), None) else {
        panic!("allowed")
    };
    assert_eq!(denial.operation, "ext-network/tcp.connect");
    assert_eq!(denial.resource, "example.com:443");
    let line = r#"network = [{ action = "outbound", host = "example.com", port = 443 }]"#;
    assert_eq!(denial.missing, line);
    let refused = ExecutionError::from(NetworkError::PermissionDenied(denial));
    assert!(matches!(&refused, ExecutionError::PermissionDenied(text) if text.contains(line)), "{refused:?}");
    let Err(NetworkError::PermissionDenied(denial)) = connections::resolve_host("example.com", IpFamily::Any) else {
        panic!("allowed")
    };
    assert_eq!(denial.missing, r#"network = [{ action = "resolve", host = "example.com" }]"#);
    let group = udp::bind(ANY_PORT).unwrap().join_multicast(Ipv4Addr::new(224, 0, 0, 1));
    assert!(matches!(group, Err(NetworkError::PermissionDenied(_))), "{group:?}");
}

#[test]
fn a_refusal_stays_one_on_its_way_through_the_standard_library() {
    let host = permitted();
    let (listener, stream, _accepted) = pair();
    let pool = ConnectionPool::new(PoolOptions::default());
    host.deny("127.0.0.1");
    let refused = pool.acquire(listener.local_address().unwrap()).unwrap_err();
    let error = std::io::Error::from(refused.clone());
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert_eq!(ExecutionError::from(error), ExecutionError::from(refused));
    let error = Read::read(&mut &stream, &mut [0]).unwrap_err();
    assert_eq!(ExecutionError::from(error), ExecutionError::Timeout("timed out".to_owned()));
    let other = std::io::Error::other("why");
    assert_eq!(ExecutionError::from(other), ExecutionError::ProcessingFailed("why".to_owned()));
}

#[test]
fn datagrams_arrive_whole_cut_or_empty_and_say_from_whom() {
    let _host = permitted();
    let (one, other) = (udp::bind(ANY_PORT).unwrap(), udp::bind(ANY_PORT).unwrap());
    let address = |socket: &udp::UdpSocket| -> SocketAddr { socket.local_address().unwrap() };
    assert_eq!(one.send(b"x"), Err(NetworkError::NotConnected));
    one.connect(address(&other)).unwrap();
    assert_eq!(one.send(b"hello"), Ok(5));
    assert_eq!(one.send_to(b"", address(&other)), Ok(0));
    let cut = other.receive(4).unwrap();
    assert_eq!((cut.data.as_slice(), cut.source, cut.truncated), (&b"hell"[..], address(&one), true));
    let empty = other.receive(4).unwrap();
    assert_eq!((empty.data.as_slice(), empty.truncated), (&b""[..], false));
    assert_eq!(other.receive(4), Err(NetworkError::Timeout));
    assert_eq!(one.send(&vec![0; 65_508]), Err(NetworkError::DatagramTooLarge));

    let stranger = udp::bind(ANY_PORT).unwrap();
    stranger.send_to(b"spam", address(&one)).unwrap();
    assert_eq!(one.receive(4), Err(NetworkError::Timeout));
    let family = stranger.connect((Ipv6Addr::LOCALHOST, 1));
    assert!(matches!(family, Err(NetworkError::InvalidArgument(_))), "{family:?}");
    assert_eq!(udp::bind(address(&one)).unwrap_err(), NetworkError::AddressInUse);
}

#[test]
fn a_socket_joins_a_group_once_and_leaves_it_once() {
    let _host = permitted();
    let socket = udp::bind(ANY_PORT).unwrap();
    let group = Ipv4Addr::new(239, 1, 2, 3);
    assert_eq!(socket.leave_multicast(group), Err(NetworkError::AddressNotAvailable));
    socket.join_multicast(group).unwrap();
    assert_eq!(socket.join_multicast(group), Err(NetworkError::AddressInUse));
    socket.leave_multicast(group).unwrap();
    assert!(matches!(socket.join_multicast(Ipv4Addr::LOCALHOST), Err(NetworkError::InvalidArgument(_))));
}

#[test]
fn a_pool_gives_the_same_connection_again_and_no_more_than_it_may() {
    let host = permitted();
    let heard = Rc::new(RefCell::new(Vec::new()));
    let hears = Rc::clone(&heard);
    host.add_server(("example.com", 80), move |data| {
        hears.borrow_mut().extend_from_slice(data);
        data.to_vec()
    });
    host.add_server(("example.org", 80), |_| Vec::new());
    let pool = ConnectionPool::new(PoolOptions { max_connections: 1, ..PoolOptions::default() });
    let first = pool.acquire(("example.com", 80)).unwrap();
    let local = first.local_address();
    first.write_all(b"one").unwrap();
    assert_eq!(first.read_exact(3), Ok(b"one".to_vec()));
    assert_eq!(pool.stats(), PoolStats { open: 1, idle: 0, waiting: 0 });
    assert_eq!(pool.acquire(("example.com", 80)).unwrap_err(), NetworkError::PoolExhausted);
    drop(first);
    assert_eq!(pool.stats(), PoolStats { open: 1, idle: 1, waiting: 0 });

    let again = pool.acquire(("example.com", 80)).unwrap();
    assert_eq!(again.local_address(), local);
    again.write_all(b" two").unwrap();
    drop(again);
    assert_eq!(pool.stats().open, 0, "bytes that nobody has read close it");
    assert_eq!(*heard.borrow(), b"one two");

    let kept = pool.acquire(("example.com", 80)).unwrap().detach();
    pool.release(kept);
    pool.acquire(("example.org", 80)).unwrap().close();
    assert_eq!(pool.stats(), PoolStats { open: 0, idle: 0, waiting: 0 });
    pool.release(tcp::connect(("example.com", 80), None).unwrap());
    assert_eq!(pool.stats().idle, 0, "it did not come from this pool");
}

#[test]
#[should_panic(expected = "a pool of 0 connections gives none")]
fn a_pool_of_no_connections_is_a_mistake() {
    let _host = permitted();
    ConnectionPool::new(PoolOptions { max_connections: 0, ..PoolOptions::default() });
}

#[test]
fn names_lead_to_addresses_and_back() {
    let host = permitted();
    host.add_server(("example.com", 80), |_| Vec::new());
    let addresses = connections::resolve_host("example.com", IpFamily::Ipv4).unwrap();
    assert_eq!(addresses.len(), 1);
    assert_eq!(connections::reverse_lookup(addresses[0]), Ok("example.com".to_owned()));
    let none = connections::resolve_host("example.com", IpFamily::Ipv6);
    assert_eq!(none, Err(NetworkError::NameNotFound("example.com".to_owned())));
    let literal: IpAddr = "1:2:3:4:5:6:7:ffff".parse().unwrap();
    assert_eq!(connections::resolve_host("1:2:3:4:5:6:7:ffff", IpFamily::Any), Ok(vec![literal]));
    assert_eq!(connections::reverse_lookup(literal), Err(NetworkError::NameNotFound(literal.to_string())));
}
