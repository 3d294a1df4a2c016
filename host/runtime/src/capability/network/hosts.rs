//! The names that the operating system knows by itself: `/etc/hosts`.

use std::io::Read;
use std::net::IpAddr;

/// A larger file is read up to here. Lists of blocked names have a few megabytes.
const MAX_HOSTS_BYTES: u64 = 16 * 1024 * 1024;

/// The lines of a hosts file, in their order.
#[derive(Debug, Default)]
pub(super) struct Hosts(String);

impl Hosts {
    /// Those of the system; none if there is no file. This blocks.
    pub(super) fn of_system() -> Hosts {
        let mut content = Vec::new();
        let read =
            std::fs::File::open("/etc/hosts").and_then(|file| file.take(MAX_HOSTS_BYTES).read_to_end(&mut content));
        match read {
            Ok(_) => Hosts(String::from_utf8_lossy(&content).into_owned()),
            Err(_) => Hosts::default(),
        }
    }

    /// All addresses of a name.
    pub(super) fn addresses(&self, name: &str) -> Vec<IpAddr> {
        let of_name = |(_, mut names): (IpAddr, std::str::SplitWhitespace<'_>)| {
            names.any(|other| other.strip_suffix('.').unwrap_or(other).eq_ignore_ascii_case(name))
        };
        let lines = self.lines().filter(|(address, names)| of_name((*address, names.clone())));
        lines.map(|(address, _)| address).collect()
    }

    /// The first name of an address.
    pub(super) fn name(&self, address: IpAddr) -> Option<String> {
        self.lines().find(|(other, _)| *other == address).and_then(|(_, mut names)| names.next().map(str::to_owned))
    }

    fn lines(&self) -> impl Iterator<Item = (IpAddr, std::str::SplitWhitespace<'_>)> {
        self.0.lines().filter_map(|line| {
            let mut words = line.split('#').next()?.split_whitespace();
            Some((words.next()?.parse().ok()?, words))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_found_in_the_order_of_the_file() {
        let text =
            "# comment\n127.0.0.1 localhost\n::1\tlocalhost ip6-localhost # both\n127.0.0.1 second\n10.0.0.1\nx y\n";
        let hosts = Hosts(text.to_owned());
        let addresses = |name| hosts.addresses(name).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(addresses("localhost"), ["127.0.0.1", "::1"]);
        assert_eq!(addresses("ip6-localhost"), ["::1"]);
        assert!(addresses("both").is_empty() && addresses("y").is_empty());
        assert_eq!(hosts.name("127.0.0.1".parse().unwrap()).as_deref(), Some("localhost"));
        assert_eq!(hosts.name("10.0.0.1".parse().unwrap()), None);
    }
}
