//! The time that guests are told.

use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::locked::locked;

/// Wall-clock time that never goes back within one component, whatever happens to the machine's clock.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    last: Mutex<Duration>,
}

impl Clock {
    /// The time since 1970.
    pub(crate) fn now(&self) -> Duration {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut last = locked(&self.last);
        *last = now.max(*last);
        *last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_never_goes_back() {
        let clock = Clock::default();
        let ahead = Duration::from_secs(u64::from(u32::MAX));
        *clock.last.lock().unwrap() = ahead;
        assert_eq!(clock.now(), ahead, "the clock was set back, or so it looks");
    }
}
