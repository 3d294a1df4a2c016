use super::*;
use crate::mailbox::queue::MAX_LATECOMERS;

/// Replicas are their own numbers, jobs are texts, and callers are numbers.
type Mailbox = Queue<usize, &'static str, u32>;

const BOUNDS: Bounds = Bounds { messages: 8, bytes: 1000 };
const CANDIDATE: Revision = Revision(1);

fn mailbox(replicas: usize) -> Mailbox {
    let mut queue = Mailbox::new(BOUNDS);
    for number in 0..replicas {
        assert_eq!(queue.add(Revision::default(), number), number);
    }
    queue.open();
    queue
}

fn post(queue: &mut Mailbox, sender: &str, job: &'static str) {
    assert!(queue.post(parcel(sender, job)).is_ok(), "{job}");
}

/// Takes everything with one replica, each job ended before the next.
fn drain(queue: &mut Mailbox, index: usize) -> Vec<&'static str> {
    let mut taken = Vec::new();
    let mut replica = queue.take_this(index).expect("it is free");
    loop {
        match queue.give_back(index, replica, true) {
            Next::Job(again, job) => {
                taken.push(job.job);
                job.lane.into_iter().for_each(|lane| queue.finish(lane));
                replica = again;
            }
            Next::Free => return taken,
            _ => panic!("only jobs were sent"),
        }
    }
}

/// The next job for a replica in somebody's hands.
fn next(queue: &mut Mailbox, index: usize) -> (&'static str, Option<Lane>) {
    match queue.give_back(index, index, true) {
        Next::Job(_, taken) => (taken.job, taken.lane),
        _ => panic!("a job waits"),
    }
}

#[test]
fn senders_take_turns_and_each_keeps_its_order() {
    let mut queue = mailbox(1);
    for (sender, job) in [("a", "a1"), ("a", "a2"), ("a", "a3"), ("b", "b1"), ("c", "c1"), ("b", "b2")] {
        post(&mut queue, sender, job);
    }
    assert_eq!(drain(&mut queue, 0), ["a1", "b1", "c1", "a2", "b2", "a3"]);
    assert_eq!(queue.waiting_messages(), 0);
}

#[test]
fn the_messages_of_one_lane_are_never_with_two_replicas() {
    let mut queue = mailbox(2);
    for (sender, job) in [("a", "a1"), ("a", "a2"), ("b", "b1")] {
        post(&mut queue, sender, job);
    }
    queue.take_this(0).unwrap();
    queue.take_this(1).unwrap();
    let (first, lane) = next(&mut queue, 0);
    assert_eq!(first, "a1");
    assert_eq!(next(&mut queue, 1).0, "b1", "the second of a waits for the first");
    assert!(matches!(queue.give_back(1, 1, true), Next::Free));
    queue.finish(lane.unwrap());
    let (index, Next::Jobs(replica)) = queue.next_of_free().unwrap() else { panic!("a job waits") };
    assert!(matches!(queue.give_back(index, replica, true), Next::Job(_, taken) if taken.job == "a2"));
}

#[test]
fn a_name_keeps_its_order_whoever_sends_in_it() {
    let mut queue = mailbox(2);
    post(&mut queue, "a", "of its own");
    let of_embedder = Parcel { sender: Sender::Embedder, ..parcel("a", "of the embedder") };
    assert!(queue.post(of_embedder).is_ok());
    queue.take_this(0).unwrap();
    queue.take_this(1).unwrap();
    let (first, lane) = next(&mut queue, 0);
    assert_eq!(first, "of its own");
    assert!(matches!(queue.give_back(1, 1, true), Next::Free), "the other one waits");
    queue.finish(lane.unwrap());
    queue.take_this(1).unwrap();
    assert_eq!(next(&mut queue, 1).0, "of the embedder");
}

#[test]
fn calls_wait_for_nobody_but_their_turn() {
    let mut queue = mailbox(2);
    let embedder = || Sender::Embedder;
    post(&mut queue, "a", "a1");
    queue.take_this(0).unwrap();
    queue.take_this(1).unwrap();
    queue.wait(embedder(), 0.0, 1).unwrap();
    queue.wait(embedder(), 0.0, 2).unwrap();
    assert_eq!(next(&mut queue, 0).0, "a1");
    assert!(matches!(queue.give_back(1, 1, false), Next::Caller(1, 1)));
    assert!(matches!(queue.give_back(1, 1, false), Next::Caller(2, 1)));
}

#[test]
fn who_comes_now_does_not_overtake_who_waits() {
    let mut queue = mailbox(2);
    assert_eq!(queue.take_free(0.0), Some((1, 1)));
    queue.wait(Sender::Embedder, 0.0, 7).unwrap();
    assert_eq!(queue.take_free(0.0), None, "somebody waits");
    assert!(matches!(queue.next_of_free(), Some((0, Next::Caller(7, 0)))));
}

#[test]
fn a_full_mailbox_takes_one_message_of_each_sender_that_has_none() {
    let mut queue = mailbox(1);
    for _ in 0..BOUNDS.messages {
        post(&mut queue, "flood", "flood");
    }
    assert!(matches!(queue.post(parcel("flood", "one more")), Err((NotTaken::Full, "one more"))));
    for number in 0..MAX_LATECOMERS {
        let name = format!("late-{number}");
        assert!(queue.post(parcel(&name, "late")).is_ok());
        assert!(matches!(queue.post(parcel(&name, "again")), Err((NotTaken::Full, _))), "one each");
    }
    assert!(matches!(queue.post(parcel("too-late", "late")), Err((NotTaken::Full, _))));
    assert_eq!(queue.waiting_messages(), BOUNDS.messages + MAX_LATECOMERS);
    assert_eq!(drain(&mut queue, 0).len() as u32, BOUNDS.messages + MAX_LATECOMERS);
    for _ in 0..BOUNDS.messages {
        post(&mut queue, "flood", "room again");
    }
}

#[test]
fn bytes_are_bounded_and_come_back() {
    let mut queue = mailbox(1);
    assert!(queue.post(Parcel { bytes: 600, ..parcel("a", "large") }).is_ok());
    assert!(matches!(queue.post(Parcel { bytes: 600, ..parcel("a", "large") }), Err((NotTaken::Full, _))));
    assert!(!queue.reserve(600) && queue.reserve(400));
    queue.post_to(0, "reserved", 400);
    assert_eq!(drain(&mut queue, 0), ["reserved", "large"], "what is for one replica comes first");
    assert!(queue.reserve(1000));
}

#[test]
fn a_call_that_is_given_up_leaves_nothing() {
    let mut queue = mailbox(1);
    queue.take_this(0).unwrap();
    let caller = Sender::External("someone".into());
    let number = queue.wait(caller.clone(), 0.0, 1).unwrap();
    queue.cancel(&caller, number);
    queue.cancel(&caller, number);
    queue.wait_for(0, 2).unwrap();
    queue.cancel_for(0, &2);
    assert!(matches!(queue.give_back(0, 0, false), Next::Free));
    assert!(queue.is_at_rest());
}

#[test]
fn before_init_only_what_is_for_one_replica_is_done() {
    let mut queue = Mailbox::new(BOUNDS);
    queue.add(Revision::default(), 0);
    post(&mut queue, "a", "early");
    assert!(queue.next_of_free().is_none() && queue.take_free(0.0).is_none());
    queue.post_to(0, "inbox", 0);
    assert_eq!(drain(&mut queue, 0), ["inbox"]);
    queue.open();
    assert_eq!(drain(&mut queue, 0), ["early"]);
}

#[test]
fn a_job_gets_its_revision_when_it_is_taken() {
    let mut queue = mailbox(1);
    queue.add(CANDIDATE, 1);
    let at = |name, place, job| Parcel { place, ..parcel(name, job) };
    for (name, place, job) in [("a", 0.1, "a1"), ("a", 0.9, "a2"), ("b", 0.2, "b1"), ("c", 0.4, "c1")] {
        assert!(queue.post(at(name, place, job)).is_ok());
    }
    let route = |share| Route { stable: Revision::default(), candidate: Some((CANDIDATE, share)) };
    queue.switch(route(0.3));
    queue.take_this(1).unwrap();
    let (first, lane) = next(&mut queue, 1);
    assert_eq!(first, "a1", "0.1 is below the candidate's share");
    assert_eq!(next(&mut queue, 1).0, "b1");
    assert!(matches!(queue.give_back(1, 1, true), Next::Free), "c has 0.4, and the next of a waits for the first");
    // More for the candidate: what waits goes another way, and nothing is lost.
    queue.switch(route(0.5));
    queue.take_this(1).unwrap();
    assert_eq!(next(&mut queue, 1).0, "c1");
    queue.finish(lane.unwrap());
    assert!(matches!(queue.give_back(1, 1, true), Next::Free));
    assert_eq!(drain(&mut queue, 0), ["a2"], "0.9 stays with the stable one");
}

#[test]
fn what_waits_when_it_is_stopped_is_given_out_once() {
    let mut queue = mailbox(2);
    queue.take_this(0).unwrap();
    for (sender, job) in [("a", "a1"), ("a", "a2"), ("b", "b1")] {
        post(&mut queue, sender, job);
    }
    queue.wait(Sender::Embedder, 0.0, 1).unwrap();
    queue.wait_for(0, 2).unwrap();
    let mut stopped = queue.stop();
    stopped.jobs.sort_unstable();
    stopped.callers.sort_unstable();
    assert_eq!((stopped.jobs, stopped.callers, stopped.replicas), (vec!["a1", "a2", "b1"], vec![1, 2], vec![1]));
    assert!(matches!(queue.post(parcel("a", "late")), Err((NotTaken::Closed, _))));
    assert!(queue.wait(Sender::Embedder, 0.0, 3).is_err() && queue.wait_for(0, 3).is_err());
    assert!(matches!(queue.give_back(0, 0, true), Next::Drop(0)));
    assert_eq!(queue.busy(), 0);
}
