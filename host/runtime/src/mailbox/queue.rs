//! What waits for a component, and which of its replicas are free: the state of a mailbox, without a lock or a task.
//!
//! | rule | |
//! |---|---|
//! | M1 | Each job has a place in [0, 1). The candidate takes it if its place is below the candidate's share |
//! | M2 | A replica runs one job at a time, and takes the next one that is for its revision |
//! | M3 | The messages of one lane are taken one after the other, across replicas and revisions. Calls have no lane |
//! | M4 | Senders take turns; what one sender sends is taken in its order. A full mailbox still takes one message of a sender that has none in it, [`MAX_LATECOMERS`] times |
//! | M5 | The number of messages and their bytes are bounded |
//! | M6 | A caller that gives up takes its waiting call with it |
//! | M7 | What is for one replica goes to an inbox of its own, and is taken first |
//!
//! A job gets its revision when it is taken, not when it is sent: a new route moves nothing, and loses nothing.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, VecDeque};

use super::route::{Revision, Route};
use super::sender::{Lane, Sender};
use super::waiting::{NotTaken, Parcel, Turns, Waiting, Waits};

/// Messages that a full mailbox takes of senders that have none in it, so that a flood shuts nobody out.
pub(crate) const MAX_LATECOMERS: u32 = 64;

/// What a mailbox may hold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) messages: u32,
    pub(crate) bytes: u64,
}

/// A replica, or where it is.
enum Seat<R> {
    Free(R),
    Busy,
    Gone,
}

struct Slot<R, J, C> {
    revision: Revision,
    seat: Seat<R>,
    inbox: VecDeque<Waits<J, C>>,
}

/// A job that was taken, and the lane that it holds up until [`Queue::finish`].
pub(crate) struct Taken<J> {
    pub(crate) job: J,
    pub(crate) lane: Option<Lane>,
}

/// What becomes of a replica that is given back.
pub(crate) enum Next<R, J, C> {
    /// It waits.
    Free,
    /// It has a job to do.
    Job(R, Taken<J>),
    /// There is a job to do, for somebody who runs jobs.
    Jobs(R),
    /// Somebody has waited for it.
    Caller(C, R),
    /// The mailbox was stopped, and the replica with it.
    Drop(R),
}

/// See the module. `R` is a replica, `J` a job, and `C` how a caller that waits is told.
pub(crate) struct Queue<R, J, C> {
    bounds: Bounds,
    route: Route,
    /// Nothing new is taken on.
    closed: bool,
    /// Nothing is done any more.
    stopped: bool,
    /// Only what is for one replica is taken, until `init` has been called.
    held: bool,
    next: u64,
    senders: HashMap<Sender, Turns<J, C>>,
    rings: BTreeMap<Revision, VecDeque<Sender>>,
    /// Lanes with a message that is taken or could be, and what comes after it.
    lanes: HashMap<Lane, VecDeque<Waiting<J, C>>>,
    slots: Vec<Slot<R, J, C>>,
    /// Free replicas, the last one given back at the end: its memory is in the caches.
    free: Vec<usize>,
    messages: u32,
    latecomers: u32,
    bytes: u64,
    callers: usize,
    /// Number of entries in the inboxes of all replicas.
    in_inboxes: usize,
    busy: usize,
}

impl<R, J, C: Clone + PartialEq> Queue<R, J, C> {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            route: Route::default(),
            closed: false,
            stopped: false,
            held: true,
            next: 0,
            senders: HashMap::new(),
            rings: BTreeMap::new(),
            lanes: HashMap::new(),
            slots: Vec::new(),
            free: Vec::new(),
            messages: 0,
            latecomers: 0,
            bytes: 0,
            callers: 0,
            in_inboxes: 0,
            busy: 0,
        }
    }

    /// Adds a replica, which is free.
    pub(crate) fn add(&mut self, revision: Revision, replica: R) -> usize {
        let index = self.slots.len();
        self.slots.push(Slot { revision, seat: Seat::Free(replica), inbox: VecDeque::new() });
        self.free.push(index);
        index
    }

    pub(crate) fn replicas(&self) -> usize {
        self.slots.len()
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed
    }

    pub(crate) fn waiting_messages(&self) -> u32 {
        self.messages
    }

    /// The share of the jobs that a place decides about, if there is any.
    pub(crate) fn has_candidate(&self) -> bool {
        self.route.candidate.is_some()
    }

    /// A free replica for a caller that comes now, unless somebody has waited for longer.
    pub(crate) fn take_free(&mut self, place: f64) -> Option<(usize, R)> {
        if self.held {
            return None;
        }
        let revision = self.route.of(place);
        if self.rings.get(&revision).is_some_and(|ring| !ring.is_empty()) {
            return None;
        }
        let slots = &self.slots;
        let at = self.free.iter().rposition(|index| slots[*index].revision == revision)?;
        let index = self.free.remove(at);
        Some((index, self.sit(index)?))
    }

    /// The replica at `index`, if it is free and nothing waits for it in particular.
    pub(crate) fn take_this(&mut self, index: usize) -> Option<R> {
        let at = self.free.iter().position(|free| *free == index)?;
        self.free.remove(at);
        self.sit(index)
    }

    fn sit(&mut self, index: usize) -> Option<R> {
        match std::mem::replace(&mut self.slots[index].seat, Seat::Busy) {
            Seat::Free(replica) => {
                self.busy += 1;
                Some(replica)
            }
            other => {
                self.slots[index].seat = other;
                None
            }
        }
    }

    /// Puts a message into the mailbox.
    pub(crate) fn post(&mut self, parcel: Parcel<J>) -> Result<(), (NotTaken, J)> {
        if self.closed {
            return Err((NotTaken::Closed, parcel.job));
        }
        let is_late = self.messages - self.latecomers >= self.bounds.messages
            || self.bytes.saturating_add(parcel.bytes) > self.bounds.bytes;
        if is_late {
            let has_none = self.senders.get(&parcel.sender).is_none_or(|turns| turns.messages == 0);
            if !has_none || self.latecomers == MAX_LATECOMERS {
                return Err((NotTaken::Full, parcel.job));
            }
            self.latecomers += 1;
        }
        self.messages += 1;
        self.bytes += parcel.bytes;
        let Parcel { sender, lane, place, bytes, job } = parcel;
        let waits = Waits::Job { job, bytes, lane: Some(lane.clone()), is_late };
        let waiting = Waiting { number: self.number(), sender, place, waits };
        self.turns(&waiting.sender).messages += 1;
        match self.lanes.entry(lane) {
            Entry::Occupied(mut behind) => behind.get_mut().push_back(waiting),
            Entry::Vacant(lane) => {
                lane.insert(VecDeque::new());
                self.make_ready(waiting);
            }
        }
        Ok(())
    }

    /// Room for something that goes to one replica, given back when it is taken.
    pub(crate) fn reserve(&mut self, bytes: u64) -> bool {
        let fits = self.bytes.saturating_add(bytes) <= self.bounds.bytes;
        if fits {
            self.bytes += bytes;
        }
        fits
    }

    /// Puts a job into the inbox of one replica. Its `bytes` were [reserved](Queue::reserve).
    pub(crate) fn post_to(&mut self, index: usize, job: J, bytes: u64) {
        if self.stopped {
            self.bytes -= bytes;
            return;
        }
        self.in_inboxes += 1;
        self.slots[index].inbox.push_back(Waits::Job { job, bytes, lane: None, is_late: false });
    }

    /// A caller waits for a replica. The number is for [`Queue::cancel`].
    pub(crate) fn wait(&mut self, sender: Sender, place: f64, caller: C) -> Result<u64, NotTaken> {
        if self.closed {
            return Err(NotTaken::Closed);
        }
        let number = self.number();
        self.callers += 1;
        self.make_ready(Waiting { number, sender, place, waits: Waits::Caller(caller) });
        Ok(number)
    }

    /// A caller waits for one replica.
    pub(crate) fn wait_for(&mut self, index: usize, caller: C) -> Result<(), NotTaken> {
        if self.stopped {
            return Err(NotTaken::Closed);
        }
        self.in_inboxes += 1;
        self.slots[index].inbox.push_back(Waits::Caller(caller));
        Ok(())
    }

    /// A caller waits no longer.
    pub(crate) fn cancel(&mut self, sender: &Sender, number: u64) {
        let Some(turns) = self.senders.get_mut(sender) else { return };
        for (revision, ready) in &mut turns.ready {
            if ready.remove(&number).is_some() {
                self.callers -= 1;
                if ready.is_empty()
                    && let Some(ring) = self.rings.get_mut(revision)
                {
                    ring.retain(|other| other != sender);
                }
            }
        }
        self.forget_if_empty(sender);
    }

    /// A caller waits no longer for one replica.
    pub(crate) fn cancel_for(&mut self, index: usize, caller: &C) {
        let inbox = &mut self.slots[index].inbox;
        let before = inbox.len();
        inbox.retain(|waits| !matches!(waits, Waits::Caller(other) if other == caller));
        self.in_inboxes -= before - inbox.len();
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn turns(&mut self, sender: &Sender) -> &mut Turns<J, C> {
        let empty = || Turns { ready: BTreeMap::new(), messages: 0 };
        self.senders.entry(sender.clone()).or_insert_with(empty)
    }

    fn make_ready(&mut self, waiting: Waiting<J, C>) {
        let revision = self.route.of(waiting.place);
        let sender = waiting.sender.clone();
        let ready = self.turns(&sender).ready.entry(revision).or_default();
        ready.insert(waiting.number, waiting);
        if ready.len() == 1 {
            self.rings.entry(revision).or_default().push_back(sender);
        }
    }

    /// Takes the first thing of the sender whose turn it is.
    fn take(&mut self, revision: Revision) -> Option<Waiting<J, C>> {
        if self.held {
            return None;
        }
        let sender = self.rings.get_mut(&revision)?.pop_front()?;
        let ready = self.senders.get_mut(&sender)?.ready.get_mut(&revision)?;
        let (_, first) = ready.pop_first()?;
        if !ready.is_empty() {
            self.rings.entry(revision).or_default().push_back(sender.clone());
        }
        match &first.waits {
            Waits::Job { bytes, is_late, .. } => {
                self.messages -= 1;
                self.latecomers -= u32::from(*is_late);
                self.bytes -= bytes;
                self.turns(&sender).messages -= 1;
            }
            Waits::Caller(_) => self.callers -= 1,
        }
        self.forget_if_empty(&sender);
        Some(first)
    }

    fn forget_if_empty(&mut self, sender: &Sender) {
        if let Entry::Occupied(turns) = self.senders.entry(sender.clone())
            && turns.get().messages == 0
            && turns.get().ready.values().all(BTreeMap::is_empty)
        {
            turns.remove();
        }
    }

    /// The next message of a lane may be taken.
    pub(crate) fn finish(&mut self, lane: Lane) {
        let Entry::Occupied(mut behind) = self.lanes.entry(lane) else { return };
        match behind.get_mut().pop_front() {
            Some(next) => self.make_ready(next),
            None => drop(behind.remove()),
        }
    }

    /// Whether a job or a caller is next for a replica, if anything is.
    fn next_is_job(&self, index: usize) -> Option<bool> {
        let slot = &self.slots[index];
        let next = match slot.inbox.front() {
            Some(waits) => waits,
            None if self.held => return None,
            None => {
                let sender = self.rings.get(&slot.revision)?.front()?;
                &self.senders.get(sender)?.ready.get(&slot.revision)?.first_key_value()?.1.waits
            }
        };
        Some(matches!(next, Waits::Job { .. }))
    }

    /// Takes a busy replica back and says what is next for it. Jobs are taken only for somebody who `runs_jobs`.
    pub(crate) fn give_back(&mut self, index: usize, replica: R, runs_jobs: bool) -> Next<R, J, C> {
        if self.stopped {
            self.busy -= 1;
            self.slots[index].seat = Seat::Gone;
            return Next::Drop(replica);
        }
        match self.next_is_job(index) {
            None => {
                self.put_back(index, replica);
                Next::Free
            }
            Some(true) if !runs_jobs => Next::Jobs(replica),
            Some(_) => {
                let waits = match self.slots[index].inbox.pop_front() {
                    Some(waits) => {
                        self.in_inboxes -= 1;
                        if let Waits::Job { bytes, .. } = &waits {
                            self.bytes -= bytes;
                        }
                        waits
                    }
                    None => match self.take(self.slots[index].revision) {
                        Some(waiting) => waiting.waits,
                        None => return self.give_back(index, replica, runs_jobs),
                    },
                };
                match waits {
                    Waits::Job { job, lane, .. } => Next::Job(replica, Taken { job, lane }),
                    Waits::Caller(caller) => Next::Caller(caller, replica),
                }
            }
        }
    }

    /// Takes back a busy replica for which nothing waits.
    pub(crate) fn put_back(&mut self, index: usize, replica: R) {
        self.busy -= 1;
        self.slots[index].seat = Seat::Free(replica);
        self.free.push(index);
    }

    /// A replica that is gone for good, with whoever had it.
    pub(crate) fn lose(&mut self, index: usize) {
        self.busy -= 1;
        self.slots[index].seat = Seat::Gone;
    }

    /// A free replica for which something waits, as if it had just been given back.
    pub(crate) fn next_of_free(&mut self) -> Option<(usize, Next<R, J, C>)> {
        let index = self.free.iter().rev().copied().find(|index| self.next_is_job(*index).is_some())?;
        let replica = self.take_this(index)?;
        Some((index, self.give_back(index, replica, false)))
    }

    /// From now on what waits is taken.
    pub(crate) fn open(&mut self) {
        self.held = false;
    }

    /// Sends what waits, and what comes, another way. No replica may be parked: a parked one goes to whoever comes.
    #[cfg_attr(not(test), allow(dead_code, reason = "a deployment sets it"))]
    pub(crate) fn switch(&mut self, route: Route) {
        self.route = route;
        self.rings.clear();
        let mut moved = Vec::new();
        for turns in self.senders.values_mut() {
            for (_, ready) in std::mem::take(&mut turns.ready) {
                moved.extend(ready.into_values());
            }
        }
        moved.sort_unstable_by_key(|waiting| waiting.number);
        moved.into_iter().for_each(|waiting| self.make_ready(waiting));
    }

    /// Nothing new is taken on. `false`: it was closed before.
    pub(crate) fn close(&mut self) -> bool {
        !std::mem::replace(&mut self.closed, true)
    }

    /// Nothing is done any more: gives what waits, and the replicas that are free.
    pub(crate) fn stop(&mut self) -> Stopped<R, J, C> {
        self.closed = true;
        self.stopped = true;
        let mut stopped = Stopped { replicas: Vec::new(), jobs: Vec::new(), callers: Vec::new() };
        for turns in std::mem::take(&mut self.senders).into_values() {
            turns.ready.into_values().flat_map(BTreeMap::into_values).for_each(|waiting| stopped.add(waiting.waits));
        }
        let lanes = std::mem::take(&mut self.lanes);
        lanes.into_values().flatten().for_each(|waiting| stopped.add(waiting.waits));
        for index in std::mem::take(&mut self.free) {
            if let Seat::Free(replica) = std::mem::replace(&mut self.slots[index].seat, Seat::Gone) {
                stopped.replicas.push(replica);
            }
        }
        let inboxes = self.slots.iter_mut().map(|slot| std::mem::take(&mut slot.inbox));
        inboxes.flatten().for_each(|waits| stopped.add(waits));
        self.rings.clear();
        (self.messages, self.latecomers, self.bytes, self.callers, self.in_inboxes) = (0, 0, 0, 0, 0);
        stopped
    }

    /// Nothing waits and nobody works.
    pub(crate) fn is_at_rest(&self) -> bool {
        let nobody_waits = self.held || (self.messages == 0 && self.callers == 0);
        self.busy == 0 && nobody_waits && self.in_inboxes == 0
    }

    /// Whether nothing waits and any replica may serve the next caller, so that replicas may be parked.
    pub(crate) fn is_quiet(&self) -> bool {
        let nobody_waits = self.messages == 0 && self.callers == 0 && self.in_inboxes == 0;
        nobody_waits && !self.held && !self.closed && !self.has_candidate()
    }

    /// Replicas that somebody has.
    pub(crate) fn busy(&self) -> usize {
        self.busy
    }
}

/// What was left when a mailbox was stopped.
pub(crate) struct Stopped<R, J, C> {
    pub(crate) replicas: Vec<R>,
    pub(crate) jobs: Vec<J>,
    pub(crate) callers: Vec<C>,
}

impl<R, J, C> Stopped<R, J, C> {
    fn add(&mut self, waits: Waits<J, C>) {
        match waits {
            Waits::Job { job, .. } => self.jobs.push(job),
            Waits::Caller(caller) => self.callers.push(caller),
        }
    }
}
