//! Connections that are used again.

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

const OPTIONS: PoolOptions =
    PoolOptions { max_connections: 2, max_idle: Duration::from_secs(600), connect_timeout: Duration::from_secs(5) };

fn stats(open: u32, idle: u32, waiting: u32) -> PoolStats {
    PoolStats { open, idle, waiting }
}

#[tokio::test]
async fn a_released_connection_is_the_next_one() {
    let world = World::open();
    let pool = world.network.connection_pool(OPTIONS).unwrap();
    let listener = listener().await;
    let endpoint = endpoint(listener.local_addr().unwrap());
    assert_eq!(pool.stats(), stats(0, 0, 0));
    let first = pool.acquire(&endpoint).await.unwrap();
    let own = first.local_address().await.unwrap();
    first.write_all(b"abc").await.unwrap();
    first.set_options(TcpOptions { no_delay: true, ..Default::default() }).await.unwrap();
    assert_eq!(pool.stats(), stats(1, 0, 0));
    pool.release(first);
    assert_eq!(pool.stats(), stats(1, 1, 0));
    assert_eq!(world.network.open_sockets(), 1);

    let again = pool.acquire(&endpoint).await.unwrap();
    assert_eq!(again.local_address().await.unwrap(), own);
    assert_eq!(again.options().await, TcpOptions::default(), "as if it were new");
    let other = pool.acquire(&endpoint).await.unwrap();
    assert_ne!(other.local_address().await.unwrap(), own);
    assert_eq!(pool.stats(), stats(2, 0, 0));
    drop(again);
    assert_eq!(pool.stats(), stats(1, 0, 0), "what is dropped makes room");
}

#[tokio::test]
async fn a_full_pool_waits_and_then_gives_up() {
    let world = World::open();
    let options = PoolOptions { max_connections: 1, connect_timeout: SHORT, ..OPTIONS };
    let pool = world.network.connection_pool(options).unwrap();
    let listener = listener().await;
    let endpoint = endpoint(listener.local_addr().unwrap());
    let first = pool.acquire(&endpoint).await.unwrap();
    assert_eq!(failure(pool.acquire(&endpoint).await), NetworkError::PoolExhausted);
    assert_eq!(pool.stats(), stats(1, 0, 0));
    drop(first);

    let patient = PoolOptions { max_connections: 1, ..OPTIONS };
    let pool = world.network.connection_pool(patient).unwrap();
    for released in [true, false] {
        let first = pool.acquire(&endpoint).await.unwrap();
        let waiting = tokio::spawn({
            let (pool, endpoint) = (pool.clone(), endpoint.clone());
            async move { pool.acquire(&endpoint).await }
        });
        while pool.stats().waiting == 0 {
            tokio::task::yield_now().await;
        }
        if released {
            pool.release(first)
        } else {
            drop(first)
        }
        let second = waiting.await.unwrap().unwrap();
        assert_eq!(pool.stats(), stats(1, 0, 0));
        pool.release(second);
    }
}

#[tokio::test]
async fn an_idle_connection_gives_way_to_one_to_somewhere_else() {
    let world = World::open();
    let pool = world.network.connection_pool(PoolOptions { max_connections: 1, ..OPTIONS }).unwrap();
    let (here, there) = (listener().await, listener().await);
    let stream = pool.acquire(&endpoint(here.local_addr().unwrap())).await.unwrap();
    let (mut peer, _) = here.accept().await.unwrap();
    pool.release(stream);
    let stream = pool.acquire(&endpoint(there.local_addr().unwrap())).await.unwrap();
    assert_eq!(stream.remote_address().await.unwrap(), there.local_addr().unwrap());
    assert_eq!(pool.stats(), stats(1, 0, 0));
    assert_eq!(peer.read(&mut [0]).await.unwrap(), 0, "the idle one is closed");
}

#[tokio::test]
async fn what_is_not_as_good_as_new_is_closed() {
    let world = World::open();
    let pool = world.network.connection_pool(OPTIONS).unwrap();
    let listener = listener().await;
    let endpoint = endpoint(listener.local_addr().unwrap());
    let pair = async || (pool.acquire(&endpoint).await.unwrap(), listener.accept().await.unwrap().0);

    // Half-read: what the last user was sent is not for the next one.
    let (stream, mut peer) = pair().await;
    peer.write_all(b"for you only").await.unwrap();
    stream.read_exact(1).await.unwrap();
    pool.release(stream);
    assert_eq!(pool.stats(), stats(0, 0, 0));

    // The same, held back by a read that ran out of time.
    let (stream, mut peer) = pair().await;
    stream.set_options(TcpOptions { read_timeout: Some(SHORT), ..Default::default() }).await.unwrap();
    peer.write_all(b"x").await.unwrap();
    assert_eq!(failure(stream.read_exact(2).await), NetworkError::Timeout);
    pool.release(stream);
    assert_eq!(pool.stats(), stats(0, 0, 0));

    for direction in [ShutdownDirection::Read, ShutdownDirection::Write] {
        let (stream, _peer) = pair().await;
        stream.shutdown(direction).await.unwrap();
        pool.release(stream);
        assert_eq!(pool.stats(), stats(0, 0, 0));
    }

    let (stream, peer) = pair().await;
    drop(peer);
    assert_eq!(stream.read(1).await.unwrap(), b"");
    pool.release(stream);
    assert_eq!(pool.stats(), stats(0, 0, 0));

    // From somewhere else.
    let (stream, _peer) = world.pair().await;
    pool.release(stream);
    let other = world.network.connection_pool(OPTIONS).unwrap();
    let (stream, _peer) = pair().await;
    other.release(stream);
    assert_eq!((pool.stats(), other.stats()), (stats(0, 0, 0), stats(0, 0, 0)));
    assert_eq!(world.network.open_sockets(), 0);
}

#[tokio::test]
async fn a_connection_that_died_in_the_pool_is_replaced() {
    let world = World::open();
    let pool = world.network.connection_pool(OPTIONS).unwrap();
    let listener = listener().await;
    let endpoint = endpoint(listener.local_addr().unwrap());
    let stream = pool.acquire(&endpoint).await.unwrap();
    let own = stream.local_address().await.unwrap();
    let (peer, _) = listener.accept().await.unwrap();
    pool.release(stream);
    drop(peer);
    while pool.stats().idle > 0 {
        tokio::task::yield_now().await;
    }
    let stream = pool.acquire(&endpoint).await.unwrap();
    assert_ne!(stream.local_address().await.unwrap(), own);
    stream.write_all(b"x").await.unwrap();
    assert_eq!(pool.stats(), stats(1, 0, 0));
}

#[tokio::test]
async fn idle_connections_go_after_their_time_and_with_the_pool() {
    let world = World::open();
    let listener = listener().await;
    let endpoint = endpoint(listener.local_addr().unwrap());
    let pool = world.network.connection_pool(PoolOptions { max_idle: SHORT, ..OPTIONS }).unwrap();
    pool.release(pool.acquire(&endpoint).await.unwrap());
    let (mut peer, _) = listener.accept().await.unwrap();
    assert_eq!(peer.read(&mut [0]).await.unwrap(), 0);
    assert_eq!(pool.stats(), stats(0, 0, 0));

    let pool = world.network.connection_pool(OPTIONS).unwrap();
    let (idle, used) = (pool.acquire(&endpoint).await.unwrap(), pool.acquire(&endpoint).await.unwrap());
    pool.release(idle);
    assert_eq!(world.network.open_sockets(), 2);
    drop(pool);
    assert_eq!(world.network.open_sockets(), 1, "those in use go on");
    used.write_all(b"x").await.unwrap();
    drop(used);
    assert_eq!(world.network.open_sockets(), 0);
}

#[tokio::test]
async fn each_acquisition_is_asked_for() {
    let server = NameServer::fixed(&["127.0.0.1"]).await;
    let world = World::named(&["outbound a.example", "outbound 127.0.0.1"], &server);
    let pool = world.network.connection_pool(OPTIONS).unwrap();
    let listener = listener().await;
    let port = listener.local_addr().unwrap().port();
    let named = |host: &str| Endpoint { host: host.to_owned(), port };
    pool.release(pool.acquire(&named("a.example")).await.unwrap());
    world.decisions();
    let asked = server.asked().len();
    pool.release(pool.acquire(&named("A.Example.")).await.unwrap());
    assert_eq!(server.asked().len(), asked, "an idle connection takes no resolution");
    assert_eq!(
        world.decisions(),
        [
            format!("allowed connections.connection-pool.acquire network.outbound A.Example.:{port}"),
            format!("allowed connections.connection-pool.acquire network.outbound A.Example.:{port} (127.0.0.1)"),
        ]
    );
    denied(pool.acquire(&named("b.example")).await);
    invalid_argument(pool.acquire(&named("a\0")).await);
    invalid_argument(world.network.connection_pool(PoolOptions { max_connections: 0, ..OPTIONS }));
}
