//! The mailbox as tasks share it: one lock around the [`Queue`], [`Parking`] for calls without contention, and the callers
//! that wait.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use super::parking::{Open, Parking};
use super::queue::{Bounds, Next, Queue, Stopped, Taken};
use super::route::Revision;
use super::sender::{Lane, Sender};
use super::sync::{Arc, Mutex, MutexGuard, PoisonError};
use super::waiting::{NotTaken, Parcel};

/// Who runs jobs, for which nobody waits.
pub(crate) trait Workers {
    type Replica;
    type Job;

    /// Starts a task that takes the jobs of this replica with [`Mailbox::next`], until there are none.
    fn start(&self, index: usize, replica: Self::Replica);
}

/// See the [module](super).
pub(crate) struct Mailbox<W: Workers> {
    workers: W,
    /// Outside of the lock: a caller that finds a replica here writes to no cache line of another thread.
    parking: Parking<W::Replica>,
    state: Mutex<State<W>>,
}

struct State<W: Workers> {
    queue: Queue<W::Replica, W::Job, Ticket<W::Replica>>,
    /// Who waits until nothing waits and nobody works, or until nobody works.
    at_rest: Vec<Waker>,
    /// Places that may hold a parked replica. The queue counts parked replicas as busy.
    open: Open,
}

impl<W: Workers> State<W> {
    /// Whether nothing waits in the queue, and no task waits for the mailbox to come to rest.
    fn is_quiet(&self) -> bool {
        self.at_rest.is_empty() && self.queue.is_quiet()
    }
}

/// A place in the mailbox for a caller.
struct Ticket<R>(Arc<Mutex<Told<R>>>);

impl<R> Clone for Ticket<R> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<R> PartialEq for Ticket<R> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// What a waiting caller has been told.
enum Told<R> {
    Nothing(Option<Waker>),
    Come(usize, R),
    Gone,
}

impl<R> Ticket<R> {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Told::Nothing(None))))
    }

    fn told(&self) -> MutexGuard<'_, Told<R>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands a replica over, or gives it back if nobody waits any more.
    fn give(&self, index: usize, replica: R) -> Result<(), R> {
        let mut told = self.told();
        let Told::Nothing(waker) = &mut *told else { return Err(replica) };
        let waker = waker.take();
        *told = Told::Come(index, replica);
        drop(told);
        waker.into_iter().for_each(Waker::wake);
        Ok(())
    }

    /// Says that no replica will come.
    fn refuse(&self) {
        let mut told = self.told();
        let Told::Nothing(waker) = &mut *told else { return };
        let waker = waker.take();
        *told = Told::Gone;
        drop(told);
        waker.into_iter().for_each(Waker::wake);
    }
}

impl<W: Workers> Mailbox<W> {
    /// A mailbox without replicas, with `places` where threads park them. Messages wait until the mailbox is
    /// [opened](Mailbox::open).
    pub(crate) fn new(bounds: Bounds, places: usize, workers: W) -> Self {
        let state = State { queue: Queue::new(bounds), at_rest: Vec::new(), open: Open::default() };
        Self { workers, parking: Parking::new(places), state: Mutex::new(state) }
    }

    #[cfg(test)]
    #[allow(dead_code, reason = "for the tests that include this file")]
    pub(super) fn workers(&self) -> &W {
        &self.workers
    }

    fn state(&self) -> MutexGuard<'_, State<W>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Locks the state and moves all parked replicas back into the queue: needed before work is enqueued, and before all
    /// replicas are counted or stopped.
    fn gathered(&self) -> MutexGuard<'_, State<W>> {
        let mut state = self.state();
        self.gather(&mut state);
        state
    }

    fn gather(&self, state: &mut State<W>) {
        let State { queue, open, .. } = state;
        self.parking.close(open).for_each(|(index, replica)| queue.put_back(index, replica));
    }

    /// Adds a replica, and gives its index.
    pub(crate) fn add(&self, revision: Revision, replica: W::Replica) -> usize {
        self.state().queue.add(revision, replica)
    }

    /// How many replicas were added.
    pub(crate) fn replicas(&self) -> usize {
        self.state().queue.replicas()
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.state().queue.is_closed()
    }

    pub(crate) fn waiting_messages(&self) -> u32 {
        self.state().queue.waiting_messages()
    }

    /// A free replica at once: the short way.
    pub(crate) fn try_enter(&self) -> Result<Option<(usize, W::Replica)>, NotTaken> {
        if let Some(parked) = self.parking.take() {
            return Ok(Some(parked));
        }
        let mut state = self.state();
        if state.queue.is_closed() {
            return Err(NotTaken::Closed);
        }
        let place = place(&state.queue);
        if let Some(free) = state.queue.take_free(place) {
            return Ok(Some(free));
        }
        self.gather(&mut state);
        Ok(state.queue.take_free(place))
    }

    /// Waits for a replica, in the order of the senders' turns.
    pub(crate) fn enter(&self, sender: Sender) -> Result<Enter<'_, W>, NotTaken> {
        let ticket = Ticket::new();
        let mut state = self.gathered();
        let place = place(&state.queue);
        let number = state.queue.wait(sender.clone(), place, ticket.clone())?;
        self.wake_free(state);
        Ok(Enter { mailbox: self, ticket, place: Place::Turn(sender, number) })
    }

    /// Waits for one replica, ahead of all that any could take.
    pub(crate) fn enter_replica(&self, index: usize) -> Result<Enter<'_, W>, NotTaken> {
        let ticket = Ticket::new();
        let mut state = self.gathered();
        match state.queue.take_this(index) {
            Some(replica) => *ticket.told() = Told::Come(index, replica),
            None => state.queue.wait_for(index, ticket.clone())?,
        }
        Ok(Enter { mailbox: self, ticket, place: Place::Inbox(index) })
    }

    /// Puts a message into the mailbox.
    pub(crate) fn post(&self, parcel: Parcel<W::Job>) -> Result<(), (NotTaken, W::Job)> {
        let mut state = self.gathered();
        state.queue.post(parcel)?;
        self.wake_free(state);
        Ok(())
    }

    /// Takes room for something that [`Mailbox::post_to`] brings.
    pub(crate) fn reserve(&self, bytes: u64) -> bool {
        self.state().queue.reserve(bytes)
    }

    /// Puts a job into the inbox of one replica.
    pub(crate) fn post_to(&self, index: usize, job: W::Job, bytes: u64) {
        let mut state = self.gathered();
        state.queue.post_to(index, job, bytes);
        self.wake_free(state);
    }

    /// Lets a free replica come for what waits, if there is one.
    fn wake_free(&self, mut state: MutexGuard<'_, State<W>>) {
        let woken = state.queue.next_of_free();
        drop(state);
        if let Some((index, next)) = woken {
            self.pass_on(index, next);
        }
    }

    /// Gives a replica back.
    pub(crate) fn give_back(&self, index: usize, replica: W::Replica) {
        let Err(replica) = self.parking.leave(index, replica) else { return };
        let mut state = self.state();
        let replica = match state.is_quiet() {
            true => match self.parking.open(&mut state.open, index, replica) {
                Ok(()) => return,
                Err(replica) => replica,
            },
            false => replica,
        };
        let next = state.queue.give_back(index, replica, false);
        self.rest(state);
        self.pass_on(index, next);
    }

    /// Gives a replica back, and takes it along with the next job, if there is one. The lane of the job before is free.
    pub(crate) fn next(
        &self,
        index: usize,
        replica: W::Replica,
        finished: Option<Lane>,
    ) -> Option<(W::Replica, Taken<W::Job>)> {
        let mut state = self.state();
        if let Some(lane) = finished {
            state.queue.finish(lane);
        }
        let next = state.queue.give_back(index, replica, true);
        self.rest(state);
        match next {
            Next::Job(replica, taken) => Some((replica, taken)),
            next => {
                self.pass_on(index, next);
                None
            }
        }
    }

    /// The job of a lane has ended in another way than with [`Mailbox::next`].
    pub(crate) fn free_lane(&self, lane: Option<Lane>) {
        if let Some(lane) = lane {
            self.state().queue.finish(lane);
        }
    }

    /// A replica is gone, whatever it was doing. The lane of its job is free.
    pub(crate) fn lose(&self, index: usize, finished: Option<Lane>) {
        let mut state = self.state();
        if let Some(lane) = finished {
            state.queue.finish(lane);
        }
        state.queue.lose(index);
        self.rest(state);
    }

    fn pass_on(&self, index: usize, next: Next<W::Replica, W::Job, Ticket<W::Replica>>) {
        match next {
            Next::Free => {}
            Next::Jobs(replica) => self.workers.start(index, replica),
            Next::Caller(ticket, replica) => {
                if let Err(replica) = ticket.give(index, replica) {
                    self.give_back(index, replica);
                }
            }
            Next::Drop(replica) => drop(replica),
            Next::Job(..) => unreachable!("only those who run jobs are given one"),
        }
    }

    /// Unlocks the state and tells those who wait for rest, if something may have come to it.
    fn rest(&self, mut state: MutexGuard<'_, State<W>>) {
        let wakers = if state.at_rest.is_empty() || state.queue.busy() > 0 {
            Vec::new()
        } else {
            std::mem::take(&mut state.at_rest)
        };
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// From now on what waits is taken.
    pub(crate) fn open(&self) {
        self.state().queue.open();
        loop {
            let mut state = self.state();
            let woken = state.queue.next_of_free();
            drop(state);
            match woken {
                Some((index, next)) => self.pass_on(index, next),
                None => return,
            }
        }
    }

    /// Takes nothing new on. `false`: it was closed before.
    pub(crate) fn close(&self) -> bool {
        self.gathered().queue.close()
    }

    /// Ends it: what waits is dropped, those who wait are told, and replicas go as soon as they are given back.
    pub(crate) fn stop(&self) {
        let mut state = self.gathered();
        let Stopped { replicas, jobs, callers } = state.queue.stop();
        self.rest(state);
        drop((replicas, jobs));
        callers.iter().for_each(Ticket::refuse);
    }

    /// Waits until nothing waits any more and every replica is free.
    pub(crate) async fn at_rest(&self) {
        self.until(Queue::is_at_rest).await;
    }

    /// Waits until nobody has a replica.
    pub(crate) async fn all_back(&self) {
        self.until(|queue| queue.busy() == 0).await;
    }

    async fn until(&self, is_so: impl Fn(&Queue<W::Replica, W::Job, Ticket<W::Replica>>) -> bool) {
        std::future::poll_fn(|context| {
            let mut state = self.gathered();
            if is_so(&state.queue) {
                return Poll::Ready(());
            }
            state.at_rest.push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

/// Where a job goes if there is a candidate: the same chance for each.
fn place<R, J, C: Clone + PartialEq>(queue: &Queue<R, J, C>) -> f64 {
    if queue.has_candidate() { rand::random() } else { 0.0 }
}

/// A caller that waits for a replica.
pub(crate) struct Enter<'a, W: Workers> {
    mailbox: &'a Mailbox<W>,
    ticket: Ticket<W::Replica>,
    place: Place,
}

enum Place {
    Turn(Sender, u64),
    Inbox(usize),
    /// It has come, or never will.
    Left,
}

impl<W: Workers> Future for Enter<'_, W> {
    /// The replica, or `None` when the mailbox has ended.
    type Output = Option<(usize, W::Replica)>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut told = self.ticket.told();
        let came = match std::mem::replace(&mut *told, Told::Gone) {
            Told::Come(index, replica) => Some((index, replica)),
            Told::Gone => None,
            Told::Nothing(_) => {
                *told = Told::Nothing(Some(context.waker().clone()));
                return Poll::Pending;
            }
        };
        drop(told);
        self.place = Place::Left;
        Poll::Ready(came)
    }
}

impl<W: Workers> Drop for Enter<'_, W> {
    fn drop(&mut self) {
        let mut state = self.mailbox.state();
        match &self.place {
            Place::Turn(sender, number) => state.queue.cancel(sender, *number),
            Place::Inbox(index) => state.queue.cancel_for(*index, &self.ticket),
            Place::Left => return,
        }
        self.mailbox.rest(state);
        // It may have come in the same moment.
        let told = std::mem::replace(&mut *self.ticket.told(), Told::Gone);
        if let Told::Come(index, replica) = told {
            self.mailbox.give_back(index, replica);
        }
    }
}
