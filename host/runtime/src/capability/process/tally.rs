//! What the children of one component have together: a file in memory with a place for each supervisor, which writes its
//! own and reads all. The host clears the place when the supervisor is gone.
//!
//! Supervisors use this, so it allocates nothing and cannot panic.
#![allow(unsafe_code)]

use std::os::fd::RawFd;

/// What is written in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// How many tasks it has taken for itself.
    Tasks = 0,
    /// Memory, in mebibytes.
    Memory = 1,
}

const KINDS: usize = 2;
const NUMBER_BYTES: usize = size_of::<u32>();
/// The bytes of one place.
pub(super) const PLACE_BYTES: usize = KINDS * NUMBER_BYTES;
/// Places that are read at once.
const PLACES: usize = 64;

/// Where a place begins.
pub(super) fn at(place: u32) -> u64 {
    u64::from(place) * PLACE_BYTES as u64
}

/// The tally as one supervisor has it.
#[derive(Clone, Copy)]
pub(super) struct Tally {
    file: RawFd,
    place: u32,
}

/// What all others have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Others {
    pub(super) sum: u32,
    pub(super) most: u32,
}

impl Tally {
    pub(super) fn new(file: RawFd, place: u32) -> Self {
        Tally { file, place }
    }

    pub(super) fn write(&self, kind: Kind, number: u32) {
        let bytes = number.to_ne_bytes();
        let at = at(self.place) + (kind as usize * NUMBER_BYTES) as u64;
        // SAFETY: the buffer has the length that is given. Without a tally this does nothing.
        unsafe { libc::pwrite(self.file, bytes.as_ptr().cast(), bytes.len(), at as libc::off_t) };
    }

    pub(super) fn of_others(&self, kind: Kind) -> Others {
        let (mut others, mut place) = (Others::default(), 0_u32);
        let mut bytes = [0_u8; PLACES * PLACE_BYTES];
        loop {
            // SAFETY: the buffer has the length that is given.
            let read =
                unsafe { libc::pread(self.file, bytes.as_mut_ptr().cast(), bytes.len(), at(place) as libc::off_t) };
            let places = usize::try_from(read).ok().and_then(|read| bytes.get(..read)).unwrap_or_default();
            // The last place may have been written in part.
            for numbers in places.chunks(PLACE_BYTES) {
                let number = numbers.as_chunks::<NUMBER_BYTES>().0.get(kind as usize);
                let number = number.map_or(0, |bytes| u32::from_ne_bytes(*bytes));
                if place != self.place {
                    others.sum = others.sum.saturating_add(number);
                    others.most = others.most.max(number);
                }
                place = place.saturating_add(1);
            }
            if places.len() < PLACES * PLACE_BYTES {
                return others;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsRawFd;

    use super::*;

    #[test]
    fn each_place_has_numbers_of_its_own() {
        let file = tempfile::tempfile().unwrap();
        let places = [0, 1, 63, 64, 200].map(|place| Tally::new(file.as_raw_fd(), place));
        for (tally, number) in places.iter().zip(1..) {
            tally.write(Kind::Memory, 100 * number);
            tally.write(Kind::Tasks, number);
        }
        for (tally, number) in places.iter().zip(1..) {
            let most = if number == 5 { 4 } else { 5 };
            assert_eq!(tally.of_others(Kind::Tasks), Others { sum: 15 - number, most });
            assert_eq!(tally.of_others(Kind::Memory), Others { sum: 100 * (15 - number), most: 100 * most });
        }
        assert_eq!(Tally::new(-1, 0).of_others(Kind::Tasks), Others::default());
    }
}
