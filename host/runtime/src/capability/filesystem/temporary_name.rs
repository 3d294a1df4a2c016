//! Names for what gets its own name later. Guests do not see them.

use rand::Rng as _;

const PREFIX: &[u8] = b".airssys-";
const SUFFIX: &[u8] = b".draft";
const RANDOM_DIGITS: usize = 32;

/// Whether this is such a name: of something that is being written, or that a crash left.
pub(super) fn is_temporary(name: &[u8]) -> bool {
    let random = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX));
    random.is_some_and(|random| random.len() == RANDOM_DIGITS && random.iter().all(u8::is_ascii_hexdigit))
}

/// A name for something that gets its own name later.
pub(super) fn temporary_name() -> String {
    let random: u128 = rand::rng().random();
    format!(".airssys-{random:032x}.draft")
}
