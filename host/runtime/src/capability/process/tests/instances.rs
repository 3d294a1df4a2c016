//! What the instances of one component share, and what each has for itself.

use super::*;

/// The processes for another instance of the component, with these permissions.
fn another(world: &World, allowed: &str) -> Processes {
    let permissions = Permissions::parse(allowed, "test").unwrap();
    let audit = Arc::new(Audit::default());
    let gate = Gate::new("acme/test@1.0.0".parse().unwrap(), permissions.clone(), permissions, audit);
    let filesystem = world.processes.own.filesystem.behind(gate.clone());
    world.processes.behind(gate, filesystem)
}

#[tokio::test]
async fn instances_share_the_limit_on_processes_and_see_their_own() {
    let world = World::with(&[EVERY_PROGRAM], ProcessConfig { max_processes: 2, ..ProcessConfig::default() });
    let other = another(&world, EVERY_PROGRAM);
    let first = world.spawn(command("sleep", &["1000"])).await;
    let second = within(other.spawn(command("sleep", &["1000"]))).await.unwrap();
    assert_ne!(first.id(), second.id());
    assert_eq!(failure(world.processes.spawn(shell("true")).await.map(drop)), ProcessError::TooManyProcesses);
    assert_eq!(failure(other.spawn(shell("true")).await.map(drop)), ProcessError::TooManyProcesses);
    let ids = |processes: &Processes| processes.list().iter().map(|info| info.id).collect::<Vec<_>>();
    assert_eq!((ids(&world.processes), ids(&other)), (vec![first.id()], vec![second.id()]));
    assert_eq!(failure(other.info(first.id()).map(drop)), ProcessError::ProcessNotFound(first.id()));
    // One of them goes and waits for nothing of the other.
    first.end().await;
    drop(first);
    within(world.processes.all_gone()).await;
    assert_eq!(second.try_wait(), None);
    second.end().await;
}

#[tokio::test]
async fn each_instance_asks_its_own_gate() {
    let world = World::open();
    let other = another(&world, "");
    denied(within(other.spawn(shell("true"))).await.map(drop));
    assert_eq!(world.decisions(), Vec::<String>::new());
    assert_eq!(world.run(shell("true")).await.status, ExitStatus::Code(0));
    assert_eq!(world.decisions().len(), 1);
}
