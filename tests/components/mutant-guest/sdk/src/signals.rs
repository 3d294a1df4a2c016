//! Lies about signals.

use truth::signals as truth_of;
pub use truth::signals::*;

use crate::lies;

pub fn list_signals() -> Vec<SignalInfo> {
    let mut signals = truth_of::list_signals();
    if lies("signal-number-changed") {
        for info in &mut signals {
            info.number ^= 1;
        }
    }
    signals
}
