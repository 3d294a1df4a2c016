//! How much a component can take.

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::capability::host_memory::{DEFAULT_MAX_HOST_MEMORY_BYTES, NONE_LEFT};

use super::*;

#[tokio::test]
async fn the_last_socket_is_the_last() {
    let world = World::limited(|limits| limits.max_sockets = 3);
    let network = &world.network;
    let peer = listener().await;
    let address = peer.local_addr().unwrap();
    let listener = network.listen(any_port("127.0.0.1"), LISTENING).unwrap();
    let socket = network.bind(any_port("127.0.0.1")).unwrap();
    let stream = world.connect(address).await;
    let pool = network
        .connection_pool(PoolOptions { max_connections: u32::MAX, max_idle: SHORT, connect_timeout: SHORT })
        .unwrap();
    let knocking = tokio::net::TcpStream::connect(listener.local_address().unwrap()).await.unwrap();
    for error in [
        failure(network.connect(&endpoint(address), None).await),
        failure(network.listen(any_port("127.0.0.1"), LISTENING)),
        failure(network.bind(any_port("127.0.0.1"))),
        failure(listener.accept(None).await),
        failure(pool.acquire(&endpoint(address)).await),
    ] {
        assert_eq!(error, NetworkError::TooManySockets);
    }
    assert_eq!(network.open_sockets(), 3);
    assert_eq!(pool.stats(), PoolStats::default());
    drop(socket);
    let accepted = listener.accept(None).await.unwrap();
    assert_eq!(accepted.remote_address().await.unwrap(), knocking.local_addr().unwrap(), "it went on waiting");
    drop((accepted, stream, listener));
    assert_eq!(network.open_sockets(), 0);
}

#[tokio::test]
async fn ten_thousand_attempts_leave_nothing_behind() {
    let world = World::limited(|limits| limits.max_sockets = 1);
    let peer = listener().await;
    let address = peer.local_addr().unwrap();
    let stream = world.connect(address).await;
    peer.accept().await.unwrap();
    for _ in 0..10_000 {
        assert_eq!(failure(world.network.connect(&endpoint(address), None).await), NetworkError::TooManySockets);
    }
    assert!(untouched(&peer).await);
    assert_eq!(world.network.open_sockets(), 1);
    drop(stream);
    world.connect(address).await;
}

#[tokio::test]
async fn what_is_dropped_is_closed() {
    let world = World::open();
    let listener = world.network.listen(any_port("127.0.0.1"), LISTENING).unwrap();
    let address = listener.local_address().unwrap();
    let mut peer = tokio::net::TcpStream::connect(address).await.unwrap();
    let stream = listener.accept(None).await.unwrap();
    let mut unaccepted = tokio::net::TcpStream::connect(address).await.unwrap();
    drop(listener);
    let refused = tokio::net::TcpStream::connect(address).await.unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    // The one that nobody has accepted has gone with the listener, the other goes on.
    assert!(!matches!(unaccepted.read(&mut [0]).await, Ok(1..)));
    peer.write_all(b"still here").await.unwrap();
    assert_eq!(stream.read_exact(10).await.unwrap(), b"still here");
    drop(stream);
    assert_eq!(peer.read(&mut [0]).await.unwrap(), 0);
    assert_eq!(world.network.open_sockets(), 0);
}

#[tokio::test]
async fn a_read_takes_what_is_there_however_much_was_asked_for() {
    let world = World::limited(|limits| limits.max_read_bytes = 4);
    let (stream, mut peer) = world.pair().await;
    peer.write_all(b"abcdef").await.unwrap();
    assert_eq!(stream.read(u32::MAX).await.unwrap(), b"abcd");
    let rest = stream.read(u32::MAX).await.unwrap();
    assert_eq!((rest.as_slice(), rest.capacity()), (&b"ef"[..], 2));
    invalid_argument(stream.read_exact(5).await);
}

#[tokio::test]
async fn a_backlog_of_any_length_is_taken() {
    let world = World::open();
    for backlog in [0, 1, u32::MAX] {
        let listener = world.network.listen(any_port("127.0.0.1"), ListenOptions { backlog, ..LISTENING }).unwrap();
        let _peer = tokio::net::TcpStream::connect(listener.local_address().unwrap()).await.unwrap();
        listener.accept(None).await.unwrap();
    }
}

#[tokio::test]
async fn what_waits_for_a_peer_is_taken_from_the_memory_of_all() {
    let world = World::open();
    let (stream, mut peer) = world.pair().await;
    let memory = world.network.services.memory.clone();
    let free = DEFAULT_MAX_HOST_MEMORY_BYTES - memory.taken_bytes();
    let others = memory.room_now(free - 1024).unwrap();
    let refused = Err(NetworkError::Io(NONE_LEFT.to_owned()));
    assert_eq!(stream.write_all(&[0; 2000]).await, refused);
    assert_eq!(stream.write(&[0; 2000]).await.map(drop), refused);
    // What a peer sends takes as much as has come.
    peer.write_all(&[7; 2000]).await.unwrap();
    assert_eq!(stream.read_exact(2000).await.map(drop), refused);
    drop(others);
    assert_eq!(stream.read_exact(2000).await.unwrap(), [7; 2000], "nothing was lost");
    stream.write_all(&[0; 2000]).await.unwrap();
    assert_eq!(memory.taken_bytes(), 0);
}
