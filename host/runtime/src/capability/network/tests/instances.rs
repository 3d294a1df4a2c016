//! What the instances of one component share, and what each has for itself.

use super::*;

/// The network for another instance of the component, with these permissions and an audit log of its own.
fn another(world: &World, allowed: &[&str]) -> World {
    let World { network, audit } = World::with(allowed);
    World { network: world.network.behind(network.gate), audit }
}

#[tokio::test]
async fn instances_share_the_limit_on_sockets() {
    let world = World::limited(|limits| limits.max_sockets = 1);
    let other = another(&world, &EVERYTHING);
    let peer = listener().await;
    let address = peer.local_addr().unwrap();
    let stream = world.connect(address).await;
    assert_eq!(failure(other.network.connect(&endpoint(address), None).await), NetworkError::TooManySockets);
    drop(stream);
    let _stream = other.connect(address).await;
    assert_eq!(failure(world.network.bind(any_port("127.0.0.1")).map(drop)), NetworkError::TooManySockets);
}

#[tokio::test]
async fn each_instance_asks_its_own_gate() {
    let world = World::open();
    let other = another(&world, &[]);
    denied(other.network.bind(any_port("127.0.0.1")).map(drop));
    assert_eq!(world.decisions(), Vec::<String>::new());
    assert_eq!(other.decisions().len(), 1);
    world.network.bind(any_port("127.0.0.1")).unwrap();
    assert_eq!((world.decisions().len(), other.decisions().len()), (1, 0));
}
