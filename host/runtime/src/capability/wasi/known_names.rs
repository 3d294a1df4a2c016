//! Names that an instance has looked up.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Names that an instance is remembered to have looked up: more than any has in use, and little to search.
const MAX_NAMES: usize = 256;

/// Which names led to which addresses, as this instance was told. A connection is made to an address; which name is
/// meant by it, the permission for a name has to know.
#[derive(Clone, Default)]
pub(super) struct Names(Arc<Mutex<VecDeque<Known>>>);

/// A name, and what it led to.
type Known = (String, Vec<IpAddr>);

impl Names {
    fn list(&self) -> MutexGuard<'_, VecDeque<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the name means by now: an address that it has lost is no longer one of its own.
    pub(super) fn remember(&self, name: String, addresses: Vec<IpAddr>) {
        let mut list = self.list();
        list.retain(|(known, _)| *known != name);
        if list.len() >= MAX_NAMES {
            list.pop_front();
        }
        list.push_back((name, addresses));
    }

    /// The names that led to an address, the latest first.
    pub(super) fn of(&self, address: IpAddr) -> Vec<String> {
        let list = self.list();
        list.iter().rev().filter(|(_, known)| known.contains(&address)).map(|(name, _)| name.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_belongs_to_the_names_that_lead_to_it_now() {
        let names = Names::default();
        names.remember("a".to_owned(), vec![address("192.0.2.1"), address("192.0.2.2")]);
        names.remember("b".to_owned(), vec![address("192.0.2.2")]);
        assert_eq!(names.of(address("192.0.2.2")), ["b", "a"]);
        names.remember("a".to_owned(), vec![address("192.0.2.1")]);
        assert_eq!(names.of(address("192.0.2.2")), ["b"]);
        assert!(names.of(address("192.0.2.3")).is_empty());
    }

    #[test]
    fn the_oldest_name_is_forgotten_first() {
        let names = Names::default();
        for number in 0..=MAX_NAMES {
            names.remember(number.to_string(), vec![address("192.0.2.1")]);
        }
        let known = names.of(address("192.0.2.1"));
        assert_eq!(known.len(), MAX_NAMES);
        assert!(!known.contains(&"0".to_owned()));
    }
}
