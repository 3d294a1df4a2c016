//! The mailbox itself, with the locks of a model checker: thousands of orders in which threads may come to them.

use std::sync::Arc as Shared;
use std::sync::atomic::{AtomicUsize, Ordering};

use shuttle::future::block_on;
use shuttle::thread;

use super::*;
use crate::mailbox::sender;
use crate::mailbox::{queue, route, waiting};

/// The same files as in the crate.
#[allow(clippy::duplicate_mod, reason = "the same code with other locks")]
#[path = "../parking.rs"]
mod parking;
#[allow(dead_code, clippy::duplicate_mod, reason = "the same code with other locks, a part of which is tried here")]
#[path = "../shared.rs"]
mod shared;

mod sync {
    pub(super) use std::sync::PoisonError;

    pub(super) use shuttle::sync::{Arc, Mutex, MutexGuard};

    /// Any place will do, if it is the thread's own or not.
    pub(super) fn thread_number() -> usize {
        use shuttle::rand::Rng;
        shuttle::rand::thread_rng().r#gen()
    }
}

use shared::{Mailbox, Workers};

/// Orders that every run of the tests tries, and those that `cargo dev prove` does.
const SCHEDULES: usize = 2_000;
const SCHEDULES_TO_PROVE: usize = 100_000;
/// Places where threads leave replicas: fewer than threads.
const PLACES: usize = 2;
const PROVE: &str = "AIRSSYS_WASM_PROVE";

/// A replica that notices when two have it.
struct Replica {
    in_use: Shared<AtomicUsize>,
}

impl Replica {
    fn work(&mut self) {
        assert_eq!(self.in_use.fetch_add(1, Ordering::SeqCst), 0, "two have one replica");
        thread::yield_now();
        assert_eq!(self.in_use.fetch_sub(1, Ordering::SeqCst), 1);
    }
}

/// What was handled: sender and number.
type Handled = Shared<std::sync::Mutex<Vec<(usize, usize)>>>;

/// Threads that run jobs.
struct Threads {
    /// Whether the first replica is still there.
    first: std::sync::Weak<AtomicUsize>,
    mailbox: std::sync::OnceLock<shuttle::sync::Weak<Mailbox<Threads>>>,
    handled: Handled,
    running: Shared<AtomicUsize>,
}

impl Workers for Threads {
    type Replica = Replica;
    type Job = (usize, usize);

    fn start(&self, index: usize, replica: Replica) {
        let mailbox = self.mailbox.get().expect("it is set").upgrade().expect("it lives");
        let (handled, running) = (Shared::clone(&self.handled), Shared::clone(&self.running));
        running.fetch_add(1, Ordering::SeqCst);
        thread::spawn(move || {
            let mut next = mailbox.next(index, replica, None);
            while let Some((mut replica, taken)) = next {
                replica.work();
                handled.lock().unwrap().push(taken.job);
                next = mailbox.next(index, replica, taken.lane);
            }
            running.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

fn mailbox(replicas: usize) -> (sync::Arc<Mailbox<Threads>>, Handled) {
    let handled = Handled::default();
    let in_use: Vec<_> = (0..replicas).map(|_| Shared::default()).collect();
    let threads = Threads {
        first: Shared::downgrade(&in_use[0]),
        mailbox: std::sync::OnceLock::new(),
        handled: Shared::clone(&handled),
        running: Shared::default(),
    };
    let mailbox = sync::Arc::new(Mailbox::new(Bounds { messages: 100, bytes: 1000 }, PLACES, threads));
    let weak = sync::Arc::downgrade(&mailbox);
    assert!(mailbox.workers().mailbox.set(weak).is_ok());
    for in_use in in_use {
        mailbox.add(Revision::default(), Replica { in_use });
    }
    mailbox.open();
    (mailbox, handled)
}

/// A thread that has the mailbox.
fn spawn<T: Send + 'static>(
    mailbox: &sync::Arc<Mailbox<Threads>>,
    run: impl FnOnce(&Mailbox<Threads>) -> T + Send + 'static,
) -> thread::JoinHandle<T> {
    let mailbox = sync::Arc::clone(mailbox);
    thread::spawn(move || run(&mailbox))
}

/// A call as a handle makes it.
fn call(mailbox: &Mailbox<Threads>) -> bool {
    let entered = match mailbox.try_enter() {
        Ok(Some(entered)) => Some(entered),
        Ok(None) => match mailbox.enter(Sender::Embedder) {
            Ok(enter) => block_on(enter),
            Err(_) => None,
        },
        Err(_) => None,
    };
    let Some((index, mut replica)) = entered else { return false };
    replica.work();
    mailbox.give_back(index, replica);
    true
}

fn check(test: impl Fn() + Send + Sync + 'static) {
    let schedules = if std::env::var_os(PROVE).is_some() { SCHEDULES_TO_PROVE } else { SCHEDULES };
    shuttle::check_random(test, schedules);
}

#[test]
fn every_call_and_message_is_done_once_in_the_order_of_its_sender() {
    check(|| {
        let (mailbox, handled) = mailbox(2);
        let callers: Vec<_> =
            (0..2).map(|_| spawn(&mailbox, |mailbox| assert!(call(mailbox) && call(mailbox)))).collect();
        let senders = (0..2).map(|sender| {
            spawn(&mailbox, move |mailbox| {
                for number in 0..2 {
                    let name = format!("sender-{sender}");
                    assert!(mailbox.post(parcel(&name, (sender, number))).is_ok());
                }
            })
        });
        let senders: Vec<_> = senders.collect();
        callers.into_iter().chain(senders).for_each(|thread| thread.join().unwrap());
        block_on(mailbox.at_rest());
        let handled = handled.lock().unwrap();
        for sender in 0..2 {
            let numbers: Vec<_> =
                handled.iter().filter(|(from, _)| *from == sender).map(|(_, number)| *number).collect();
            assert_eq!(numbers, [0, 1]);
        }
    });
}

#[test]
fn a_caller_that_gives_up_takes_no_replica_along() {
    check(|| {
        let (mailbox, _) = mailbox(1);
        let caller = spawn(&mailbox, |mailbox| assert!(call(mailbox)));
        let impatient = spawn(&mailbox, |mailbox| {
            if let Ok(waiting) = mailbox.enter(Sender::Embedder) {
                thread::yield_now();
                drop(waiting);
            }
        });
        caller.join().unwrap();
        impatient.join().unwrap();
        block_on(mailbox.at_rest());
        assert!(call(&mailbox), "the replica is there");
    });
}

#[test]
fn a_replica_that_a_thread_keeps_comes_to_whoever_wants_that_very_one() {
    check(|| {
        let (mailbox, handled) = mailbox(2);
        let callers: Vec<_> =
            (0..2).map(|_| spawn(&mailbox, |mailbox| (0..3).for_each(|_| assert!(call(mailbox))))).collect();
        for index in [1, 0] {
            let (found, mut replica) = block_on(mailbox.enter_replica(index).unwrap()).expect("it has not ended");
            assert_eq!(found, index);
            replica.work();
            mailbox.give_back(index, replica);
            assert!(mailbox.reserve(1));
            mailbox.post_to(index, (index, 0), 1);
        }
        // Who waits for rest is told by callers that have nobody else to tell.
        block_on(mailbox.at_rest());
        callers.into_iter().for_each(|caller| caller.join().unwrap());
        block_on(mailbox.at_rest());
        assert_eq!(handled.lock().unwrap().len(), 2);
    });
}

#[test]
fn whoever_waits_when_it_ends_is_told() {
    check(|| {
        let (mailbox, _) = mailbox(1);
        let callers: Vec<_> = (0..3).map(|_| spawn(&mailbox, call)).collect();
        assert!(mailbox.post(parcel("a", (0, 0))).is_ok());
        mailbox.stop();
        block_on(mailbox.all_back());
        callers.into_iter().for_each(|caller| assert!(caller.join().is_ok()));
        assert!(!call(&mailbox));
    });
}

#[test]
fn what_a_thread_keeps_goes_when_it_ends() {
    check(|| {
        let (mailbox, _) = mailbox(1);
        let caller = spawn(&mailbox, call);
        thread::yield_now();
        mailbox.stop();
        block_on(mailbox.all_back());
        assert!(mailbox.workers().first.upgrade().is_none(), "a replica is kept");
        caller.join().unwrap();
    });
}
