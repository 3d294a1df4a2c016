//! Which revision of a component takes which jobs.

/// A version of a component, in the numbers of whoever sets the [`Route`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Revision(pub(crate) u32);

/// Which revision takes which jobs.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Route {
    pub(crate) stable: Revision,
    /// A revision that is tried, and its share of the jobs in [0, 1].
    pub(crate) candidate: Option<(Revision, f64)>,
}

impl Route {
    pub(super) fn of(&self, place: f64) -> Revision {
        match self.candidate {
            Some((candidate, share)) if place < share => candidate,
            _ => self.stable,
        }
    }
}
