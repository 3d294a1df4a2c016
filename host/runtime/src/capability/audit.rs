//! Where decisions of the policy go: to the embedder's sink or `tracing`, and into the error of the call that was refused
//! something.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use airssys_wasm_policy::{AuditRecord, AuditSink, Decision, printable_line};

use crate::capability::rate::Rate;
use crate::stats::Counters;

/// Refusals of one component that are recorded one by one after a rest: more than any mistake makes.
pub const AUDIT_BURST_REFUSALS: u32 = 1000;
/// Refusals of one component that are recorded one by one in one second in the long run. A guest is refused a million
/// times in a second if it likes; the first ones say all there is to say.
pub const AUDIT_REFUSALS_PER_SECOND: u32 = 500;
/// Permissions of one component that are recorded one by one after a rest: a tree of so many files is walked without a
/// gap in the record.
pub const AUDIT_BURST_ALLOWED: u32 = 10_000;
/// Permissions of one component that are recorded one by one in one second in the long run: about a megabyte of text.
pub const AUDIT_ALLOWED_PER_SECOND: u32 = 5000;
/// Different decisions of one component that are folded at a time. Each keeps its record, which may have a long path.
pub const MAX_AUDIT_FOLDED: usize = 256;

/// How often a refusal of each operation and action is recorded, however many others there are.
const EACH_KIND_AFTER: Duration = Duration::from_secs(1);
/// Kinds of refusals, operation and action together: the contract and WASI have some two hundred.
const MAX_KINDS: usize = 1024;

/// Writes every decision to `tracing`, target `airssys_wasm::audit`: a refusal as a warning, a permission as debug.
#[derive(Debug, Clone, Copy, Default)]
pub struct TracingAudit;

impl AuditSink for TracingAudit {
    fn record(&self, record: AuditRecord) {
        let AuditRecord {
            component,
            operation,
            resource,
            action,
            decision,
            missing,
            layer,
            mount,
            count,
            dropped_before,
            ..
        } = record;
        let mount = mount.map(|mount| mount.to_string()).unwrap_or_default();
        // A subscriber may write a line an event.
        let (operation, action) = (&*operation, &*action);
        let (resource, missing) = (&*printable_line(&resource), missing.as_deref().map(printable_line));
        match decision {
            Decision::Allowed => tracing::debug!(
                target: "airssys_wasm::audit",
                component, operation, resource, action, decision = "allowed", count, dropped_before
            ),
            Decision::Denied => tracing::warn!(
                target: "airssys_wasm::audit",
                component, operation, resource, action, decision = "denied", missing = missing.as_deref(), ?layer, mount,
                count, dropped_before
            ),
        }
    }
}

/// Refusals kept of one call: a guest that tries a thousand files is refused a thousand times.
const MAX_KEPT_REFUSALS: usize = 8;

/// Passes the decisions about one component on, no faster than somebody could read them.
pub(crate) struct Decisions {
    next: Arc<dyn AuditSink>,
    passing: Mutex<Passing>,
    /// Whether something waits to be passed on at the end of a call.
    has_folded: AtomicBool,
    counters: Arc<Counters>,
}

/// Keeps the refusals of the call that runs in one instance, for its error.
pub(crate) struct Refusals {
    decisions: Arc<Decisions>,
    kept: Mutex<Vec<AuditRecord>>,
    /// Whether there are any, for calls without a refusal, which is most.
    has_kept: AtomicBool,
}

/// What is let pass, and what has not been.
struct Passing {
    allowed: Rate,
    refused: Rate,
    /// Of what has been folded, which waits for the end of a call.
    folded_rate: Rate,
    /// When a refusal of this operation and action was last let pass.
    kinds: HashMap<(Cow<'static, str>, Cow<'static, str>), Instant>,
    /// In which order they came first, and how many they are.
    folded: HashMap<Equal, (u64, u64)>,
    next_place: u64,
    dropped: u64,
}

/// A record as it compares to others that may be folded with it.
struct Equal(AuditRecord);

impl Equal {
    fn parts(&self) -> (Decision, &str, &str, &str) {
        let AuditRecord { operation, resource, action, decision, .. } = &self.0;
        (*decision, operation, action, resource)
    }
}

impl PartialEq for Equal {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for Equal {}

impl Hash for Equal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (decision, operation, action, resource) = self.parts();
        (decision == Decision::Allowed, operation, action, resource).hash(state);
    }
}

impl Passing {
    fn new() -> Self {
        let folded = u32::try_from(MAX_AUDIT_FOLDED).unwrap_or(u32::MAX);
        Self {
            allowed: Rate::new(AUDIT_BURST_ALLOWED, AUDIT_ALLOWED_PER_SECOND),
            refused: Rate::new(AUDIT_BURST_REFUSALS, AUDIT_REFUSALS_PER_SECOND),
            folded_rate: Rate::new(folded, folded),
            kinds: HashMap::new(),
            folded: HashMap::new(),
            next_place: 0,
            dropped: 0,
        }
    }

    /// The record to pass on now, with the equal ones that were folded; `None` when it is one too many.
    fn take(&mut self, record: AuditRecord, counters: &Counters) -> Option<AuditRecord> {
        let passes = match record.decision {
            Decision::Allowed => self.allowed.take(0),
            Decision::Denied => {
                let is_due = self.is_kind_due(&record);
                self.refused.take(0) || is_due
            }
        };
        if !passes {
            self.fold(record, counters);
            return None;
        }
        if record.decision == Decision::Denied && self.kinds.len() < MAX_KINDS {
            self.kinds.insert((record.operation.clone(), record.action.clone()), Instant::now());
        }
        let key = Equal(record);
        let folded = self.folded.remove(&key).map_or(0, |(_, count)| count);
        let mut record = key.0;
        record.count += folded;
        record.dropped_before = std::mem::take(&mut self.dropped);
        Some(record)
    }

    /// Whether a refusal is the first of its operation and action for some time.
    fn is_kind_due(&self, record: &AuditRecord) -> bool {
        match self.kinds.get(&(record.operation.clone(), record.action.clone())) {
            Some(passed) => passed.elapsed() >= EACH_KIND_AFTER,
            None => self.kinds.len() < MAX_KINDS,
        }
    }

    /// Keeps a record for later, together with its equals; or counts it, when too many different ones are kept.
    fn fold(&mut self, record: AuditRecord, counters: &Counters) {
        let has_room = self.folded.len() < MAX_AUDIT_FOLDED;
        let decision = record.decision;
        match self.folded.entry(Equal(record)) {
            Entry::Occupied(mut folded) => folded.get_mut().1 += 1,
            Entry::Vacant(place) if has_room => {
                place.insert((self.next_place, 1));
                self.next_place += 1;
            }
            Entry::Vacant(_) => {
                self.dropped += 1;
                Counters::add(match decision {
                    Decision::Allowed => &counters.allowed_dropped,
                    Decision::Denied => &counters.refusals_dropped,
                });
            }
        }
    }

    /// What was folded, oldest first: as much as there is room for, or all of it.
    fn take_folded(&mut self, all: bool) -> Vec<AuditRecord> {
        let mut places: Vec<u64> = self.folded.values().map(|(place, _)| *place).collect();
        places.sort_unstable();
        if !all {
            places.truncate(places.iter().take_while(|_| self.folded_rate.take(0)).count());
        }
        let Some(last) = places.last().copied() else { return Vec::new() };
        let taken = self.folded.extract_if(|_, (place, _)| *place <= last);
        let mut taken: Vec<_> = taken.map(|(Equal(record), (place, count))| (place, record, count)).collect();
        taken.sort_unstable_by_key(|(place, ..)| *place);
        let records = taken.into_iter().map(|(_, mut record, count)| {
            record.count = count;
            record.dropped_before = std::mem::take(&mut self.dropped);
            record
        });
        records.collect()
    }
}

impl Decisions {
    pub(crate) fn new(next: Arc<dyn AuditSink>, counters: Arc<Counters>) -> Self {
        Self { next, passing: Mutex::new(Passing::new()), has_folded: AtomicBool::new(false), counters }
    }

    /// A call ends: passes on what was folded during it.
    pub(crate) fn pass_on_folded(&self) {
        if self.has_folded.load(Ordering::Relaxed) {
            self.pass_on(false);
        }
    }

    fn pass_on(&self, all: bool) {
        let mut passing = self.passing();
        let records = passing.take_folded(all);
        self.has_folded.store(!passing.folded.is_empty(), Ordering::Relaxed);
        drop(passing);
        for record in records {
            self.next.record(record);
        }
    }

    fn passing(&self) -> MutexGuard<'_, Passing> {
        self.passing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, record: AuditRecord) {
        let mut passing = self.passing();
        let passed = passing.take(record, &self.counters);
        self.has_folded.store(!passing.folded.is_empty(), Ordering::Relaxed);
        drop(passing);
        if let Some(record) = passed {
            self.next.record(record);
        }
    }
}

impl Drop for Decisions {
    fn drop(&mut self) {
        self.pass_on(true);
    }
}

impl Refusals {
    pub(crate) fn new(decisions: Arc<Decisions>) -> Self {
        Self { decisions, kept: Mutex::default(), has_kept: AtomicBool::new(false) }
    }

    /// A call begins.
    pub(crate) fn forget(&self) {
        if self.has_kept.load(Ordering::Relaxed) {
            drop(self.take());
        }
    }

    /// The refusals since this was last asked, oldest first.
    pub(crate) fn take(&self) -> Vec<AuditRecord> {
        let mut kept = self.kept();
        self.has_kept.store(false, Ordering::Relaxed);
        std::mem::take(&mut kept)
    }

    /// A call ends.
    pub(crate) fn pass_on_folded(&self) {
        self.decisions.pass_on_folded();
    }

    fn kept(&self) -> MutexGuard<'_, Vec<AuditRecord>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AuditSink for Refusals {
    fn record(&self, record: AuditRecord) {
        let counters = &self.decisions.counters;
        match record.decision {
            Decision::Allowed => Counters::add(&counters.allowed),
            Decision::Denied => {
                Counters::add(&counters.refusals);
                let mut kept = self.kept();
                if kept.len() == MAX_KEPT_REFUSALS {
                    kept.remove(0);
                }
                kept.push(record.clone());
                self.has_kept.store(true, Ordering::Relaxed);
            }
        }
        self.decisions.record(record);
    }
}

#[cfg(test)]
mod tests {
    use airssys_wasm_policy::Layer;

    use super::*;

    #[derive(Default)]
    struct Kept(Mutex<Vec<AuditRecord>>);

    impl AuditSink for Kept {
        fn record(&self, record: AuditRecord) {
            self.0.lock().unwrap().push(record);
        }
    }

    fn refusals(kept: &Arc<Kept>) -> Refusals {
        Refusals::new(Arc::new(Decisions::new(kept.clone(), Arc::default())))
    }

    fn decision(decision: Decision, operation: &str, resource: &str) -> AuditRecord {
        let mut record =
            AuditRecord::new("acme/hello@1.0.0", operation.to_owned(), resource, "filesystem.read", decision);
        record.layer = (decision == Decision::Denied).then_some(Layer::Host);
        record
    }

    fn told(kept: &Kept) -> u64 {
        kept.0.lock().unwrap().iter().map(|record| record.count).sum()
    }

    #[test]
    fn equal_decisions_that_are_too_many_become_one_record_that_says_how_many() {
        for (what, burst) in [(Decision::Allowed, AUDIT_BURST_ALLOWED), (Decision::Denied, AUDIT_BURST_REFUSALS)] {
            let kept = Arc::new(Kept::default());
            let refusals = refusals(&kept);
            let all = 100 * u64::from(burst);
            for _ in 0..all {
                refusals.record(decision(what, "open", "/data/a"));
            }
            refusals.pass_on_folded();
            assert_eq!(told(&kept), all, "each is told of");
            let records = kept.0.lock().unwrap().len();
            assert!(records >= burst as usize && records < all as usize / 2, "{records} records");
            let stats = refusals.decisions.counters.snapshot();
            assert_eq!((stats.allowed + stats.refusals, stats.allowed_dropped + stats.refusals_dropped), (all, 0));
        }
    }

    #[test]
    fn one_refusal_of_each_kind_is_recorded_behind_however_many_others() {
        let kept = Arc::new(Kept::default());
        let refusals = refusals(&kept);
        for number in 0..20 * AUDIT_BURST_REFUSALS {
            refusals.record(decision(Decision::Denied, "open", &format!("/data/{number}")));
        }
        refusals.record(decision(Decision::Denied, "delete", "/etc/shadow"));
        let last = kept.0.lock().unwrap().last().cloned().unwrap();
        assert_eq!((&*last.operation, last.resource.as_str(), last.count), ("delete", "/etc/shadow", 1));
        assert!(last.dropped_before > 0);
    }

    #[test]
    fn what_is_neither_recorded_nor_folded_is_counted() {
        let kept = Arc::new(Kept::default());
        let refusals = refusals(&kept);
        let all = 20 * u64::from(AUDIT_BURST_ALLOWED);
        for number in 0..all {
            refusals.record(decision(Decision::Allowed, "open", &format!("/data/{number}")));
        }
        refusals.pass_on_folded();
        let stats = refusals.decisions.counters.snapshot();
        assert!(stats.allowed_dropped > 0);
        assert_eq!(told(&kept) + stats.allowed_dropped, all);
        let dropped: u64 = kept.0.lock().unwrap().iter().map(|record| record.dropped_before).sum();
        assert_eq!(dropped, stats.allowed_dropped, "and told of");
    }

    #[test]
    fn what_is_folded_waits_for_the_end_of_the_call_or_of_the_component() {
        let kept = Arc::new(Kept::default());
        let refusals = refusals(&kept);
        let mut passing = refusals.decisions.passing();
        for name in ["b", "a", "b"] {
            passing.fold(decision(Decision::Allowed, "open", name), &Counters::default());
        }
        drop(passing);
        refusals.decisions.has_folded.store(true, Ordering::Relaxed);
        let seen = || {
            let records = std::mem::take(&mut *kept.0.lock().unwrap());
            records.into_iter().map(|record| (record.resource, record.count)).collect::<Vec<_>>()
        };
        refusals.pass_on_folded();
        assert_eq!(seen(), [("b".to_owned(), 2), ("a".to_owned(), 1)]);
        refusals.decisions.passing().fold(decision(Decision::Allowed, "open", "c"), &Counters::default());
        drop(refusals);
        assert_eq!(seen(), [("c".to_owned(), 1)]);
    }
}
