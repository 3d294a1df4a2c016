//! Patterns over network hosts: names, names below a name, addresses, blocks of addresses, everything.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::address::{AddressBlock, is_non_public_address};
use crate::InvalidValue;
use crate::keyword::serde_as_string;

/// The longest name and the longest label of the domain name system.
const MAX_NAME_BYTES: usize = 253;
const MAX_LABEL_BYTES: usize = 63;

/// A pattern over hosts: a name, `*.example.com` (what is below that name, not the name itself), an IP address, a CIDR
/// block, or `*`. Names match in upper and lower case, with and without a dot at the end.
///
/// A name, and `*`, cover whatever address the name leads to, except non-public ones (see [`is_non_public_address`]) and, where a
/// [`Gate`](crate::Gate) knows them, those of the host's [`Surroundings`](crate::Surroundings): these are covered only by an
/// address or a block.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostPattern(Kind);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    Any,
    Name(String),
    /// What is below the name; kept without the `*.`.
    Below(String),
    Block(AddressBlock),
}

impl HostPattern {
    /// Whether `host`, a name or an IP address as the guest wrote it, is covered at `address`, the one it leads to.
    ///
    /// Without an address, a name is covered when it may be looked up: each address found has to be asked for again.
    /// Blocks cover addresses, so without one they cover no name. A text that is neither name nor address, or an address
    /// that `host` contradicts, is never covered.
    pub fn matches(&self, host: &str, address: Option<IpAddr>) -> bool {
        Host::parse(host, address).is_some_and(|host| self.covers(&host))
    }

    pub(crate) fn covers(&self, host: &Host) -> bool {
        let open = !host.is_non_public();
        let name = host.name.as_deref();
        match &self.0 {
            Kind::Any => open,
            Kind::Name(allowed) => open && name == Some(allowed),
            // A name has no empty labels: what ends in a dot before the parent is at least one label.
            Kind::Below(parent) => {
                open && name
                    .and_then(|name| name.strip_suffix(parent.as_str()))
                    .is_some_and(|below| below.ends_with('.'))
            }
            Kind::Block(block) => host.address.is_some_and(|address| block.contains(address)),
        }
    }

    /// Whether it covers every address that is like this one: IPv4, or IPv6. The star does not, because of non-public ones.
    pub(crate) fn covers_all_like(&self, address: IpAddr) -> bool {
        matches!(&self.0, Kind::Block(block) if block.is_everything() && block.contains(address))
    }

    /// The narrowest pattern that covers `host`: its name, or its address where a name would not do.
    pub(crate) fn covering(host: &Host) -> Option<HostPattern> {
        let by_name = host.name.as_deref().filter(|_| !host.is_non_public());
        let pattern = match by_name {
            Some(name) => name.parse().ok()?,
            None => HostPattern(Kind::Block(AddressBlock::single(host.address?))),
        };
        pattern.covers(host).then_some(pattern)
    }
}

/// What a guest asks for: a name or not, at an address or not yet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Host {
    pub(crate) name: Option<String>,
    pub(crate) address: Option<IpAddr>,
    /// Whether the address is on this side of the internet because of where the host runs.
    pub(crate) is_near: bool,
}

impl Host {
    fn is_non_public(&self) -> bool {
        self.is_near || self.address.is_some_and(is_non_public_address)
    }

    /// The name in the one form in which it is compared, which is what is to be looked up: lower case, no dot at the end.
    /// None if the host was written as an address.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The address, IPv4 in its own form whatever the form it was given in.
    pub fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// Reads `host`, which leads to `address` if that is known already. None if it is neither a name nor an address, or if
    /// it is one and leads to another.
    pub fn parse(host: &str, address: Option<IpAddr>) -> Option<Host> {
        let address = address.map(|address| address.to_canonical());
        if let Ok(literal) = host.parse::<IpAddr>() {
            let literal = literal.to_canonical();
            return address.is_none_or(|address| address == literal).then_some(Host {
                name: None,
                address: Some(literal),
                is_near: false,
            });
        }
        Some(Host { name: Some(normalize(host)?), address, is_near: false })
    }
}

/// The name in lower case and without the dot at the end; none if it cannot be one.
fn normalize(name: &str) -> Option<String> {
    let name = name.strip_suffix('.').unwrap_or(name);
    let is_label = |label: &str| {
        (1..=MAX_LABEL_BYTES).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let name = name.to_ascii_lowercase();
    (name.len() <= MAX_NAME_BYTES && name.split('.').all(is_label) && !looks_numeric(&name)).then_some(name)
}

/// Whether a resolver could take the name for an IPv4 address in one of the old notations, such as `127.1` or `0x7f000001`.
/// Those are no names, so that nothing about them depends on the resolver.
fn looks_numeric(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    let digits = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X")).unwrap_or(last);
    !last.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        || (digits != last && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

impl FromStr for HostPattern {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "*" {
            return Ok(HostPattern(Kind::Any));
        }
        if text.contains("://") {
            return Err(InvalidValue::with_help(
                format!("host pattern {text:?} is a URL"),
                "write the host alone, and its port as `port`",
            ));
        }
        if text.contains('/') || text.parse::<IpAddr>().is_ok() {
            return text.parse().map(|block| HostPattern(Kind::Block(block)));
        }
        let refuse =
            |problem: &str, help: &str| Err(InvalidValue::with_help(format!("{problem} host pattern {text:?}"), help));
        if text.starts_with('[') || text.contains(':') {
            return refuse(
                "brackets or a port in",
                "write the host alone, an IPv6 address without brackets, and the port as `port`",
            );
        }
        if !text.is_ascii() {
            return refuse("letters outside ASCII in", "write the name in its ASCII form, which starts with `xn--`");
        }
        let (below, name) = match text.strip_prefix("*.") {
            Some(parent) => (true, parent),
            None => (false, text),
        };
        if name.contains('*') {
            return refuse("`*` inside of", "`*` stands alone, or as the first label as in \"*.example.com\"");
        }
        if looks_numeric(name) {
            return refuse("not a complete IP address:", "write all four numbers, as in \"127.0.0.1\"");
        }
        let Some(name) = normalize(name) else {
            return refuse("not a host name:", "write a name, an IP address, a CIDR block, \"*.example.com\" or \"*\"");
        };
        Ok(HostPattern(if below { Kind::Below(name) } else { Kind::Name(name) }))
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Any => f.write_str("*"),
            Kind::Name(name) => f.write_str(name),
            Kind::Below(parent) => write!(f, "*.{parent}"),
            Kind::Block(block) => write!(f, "{block}"),
        }
    }
}

serde_as_string!(HostPattern);

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(pattern: &str, host: &str, address: Option<&str>) -> bool {
        let pattern: HostPattern = pattern.parse().unwrap();
        pattern.matches(host, address.map(|address| address.parse().unwrap()))
    }

    #[test]
    fn a_name_is_that_name_in_any_case_and_with_or_without_the_last_dot() {
        for host in ["example.com", "EXAMPLE.com", "example.com.", "Example.COM."] {
            assert!(covers("example.com", host, None), "{host}");
            assert!(covers("Example.com.", host, Some("93.184.215.14")), "{host}");
        }
        for host in [
            "www.example.com",
            "example.org",
            "evilexample.com",
            "example.com.evil.org",
            "example.com..",
            ".example.com",
            "example.com\0",
            "example.com ",
            "example.com:80",
            "example..com",
            "",
            ".",
            "*",
            "example.com/",
            "exämple.com",
        ] {
            assert!(!covers("example.com", host, None), "{host:?}");
        }
    }

    #[test]
    fn a_wildcard_covers_what_is_below_and_not_the_name_itself() {
        for host in
            ["a.example.com", "a.b.example.com", "A.EXAMPLE.COM.", "_x.example.com", "xn--bcher-kva.example.com"]
        {
            assert!(covers("*.example.com", host, None), "{host}");
        }
        for host in [
            "example.com",
            "evilexample.com",
            ".example.com",
            "a.example.com.evil.org",
            "a..example.com",
            "*.example.com",
        ] {
            assert!(!covers("*.example.com", host, None), "{host}");
        }
    }

    #[test]
    fn no_name_covers_a_non_public_address() {
        for address in [
            "127.0.0.1",
            "10.0.0.1",
            "169.254.169.254",
            "::1",
            "::ffff:127.0.0.1",
            "fe80::1",
            "64:ff9b::7f00:1",
            "0.0.0.0",
        ] {
            for pattern in ["*", "api.example.com", "*.example.com"] {
                assert!(!covers(pattern, "api.example.com", Some(address)), "{pattern} {address}");
                assert!(covers(pattern, "api.example.com", None), "{pattern}");
            }
            assert!(!covers("*", address, None), "{address}");
            assert!(covers(address, "api.example.com", Some(address)), "{address}");
            assert!(covers(address, address, None), "{address}");
        }
        assert!(covers("10.0.0.0/8", "db.example.com", Some("::ffff:10.1.2.3")));
        assert!(!covers("localhost", "localhost", Some("127.0.0.1")));
    }

    #[test]
    fn an_address_is_covered_by_blocks_and_a_public_one_by_the_star() {
        for (pattern, host, address, expected) in [
            ("*", "1.1.1.1", None, true),
            ("*", "2606:4700::1111", None, true),
            ("1.1.1.0/24", "1.1.1.1", None, true),
            ("1.1.1.0/24", "one.example", Some("1.1.1.1"), true),
            ("1.1.1.0/24", "one.example", None, false),
            ("example.com", "93.184.215.14", None, false),
            ("::1", "0:0:0:0:0:0:0:1", None, true),
            // What the guest says and where it leads have to agree.
            ("*", "1.1.1.1", Some("8.8.8.8"), false),
            ("0.0.0.0/0", "1.1.1.1", Some("127.0.0.1"), false),
            ("127.0.0.1", "127.0.0.1", Some("::ffff:127.0.0.1"), true),
        ] {
            assert_eq!(covers(pattern, host, address), expected, "{pattern} {host} {address:?}");
        }
    }

    #[test]
    fn old_notations_of_addresses_are_neither_names_nor_addresses() {
        for host in [
            "127.1",
            "2130706433",
            "0x7f000001",
            "0X7F.1",
            "0177.0.0.1",
            "127.0.0.1.",
            "1.2.3.4.5",
            "[::1]",
            "fe80::1%eth0",
            "0x",
        ] {
            assert!(!covers("*", host, None), "{host}");
            assert!(!covers("*", host, Some("8.8.8.8")), "{host}");
            assert!(host.parse::<HostPattern>().is_err(), "{host}");
        }
    }

    #[test]
    fn names_have_a_longest_length() {
        let label = "a".repeat(63);
        let longest = format!("{label}.{label}.{label}.{}", "a".repeat(61));
        assert!(covers("*", &longest, None));
        assert!(!covers("*", &format!("{longest}a"), None));
        assert!(!covers("*", &format!("{label}a.example.com"), None));
        assert!(!covers("*", &"a.".repeat(100_000), None));
    }

    #[test]
    fn a_pattern_is_written_in_one_way() {
        for (text, expected) in [
            ("Example.COM.", "example.com"),
            ("*.Example.com", "*.example.com"),
            ("*", "*"),
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("10.0.0.1/32", "10.0.0.1"),
            ("::ffff:10.0.0.1", "10.0.0.1"),
            ("0:0:0:0:0:0:0:1", "::1"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ] {
            let pattern: HostPattern = text.parse().unwrap();
            assert_eq!(pattern.to_string(), expected);
            assert_eq!(expected.parse::<HostPattern>().unwrap(), pattern);
        }
        for text in [
            "", ".", "*.", "**", "*.*", "a.*", "*a.com", "a b", "a/b", "http://a", "a:1", "[::1]", "é.com", "*.1",
            "*.0x1",
        ] {
            assert!(text.parse::<HostPattern>().is_err(), "{text:?}");
        }
    }

    /// The same numbers every time (Marsaglia's xorshift).
    struct Numbers(u64);

    impl Numbers {
        fn next(&mut self) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0
        }

        fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
            choices[usize::try_from(self.next() % choices.len() as u64).unwrap()]
        }

        /// An address near a few others, so that many lie in the same blocks.
        fn address(&mut self) -> IpAddr {
            let few = self.next() & self.next() & self.next();
            match self.next() % 3 {
                0 => IpAddr::V4((0x0808_0808 ^ u32::try_from(few >> 32).unwrap()).into()),
                1 => IpAddr::V6((0x2606_4700_u128 << 96 ^ u128::from(few) << 60).into()),
                _ => IpAddr::V6((0xffff_0808_0808_u128 ^ u128::from(few >> 40)).into()),
            }
        }
    }

    /// The bits of an address, IPv4 apart from IPv6.
    fn bits(address: IpAddr) -> (bool, u128) {
        match address.to_canonical() {
            IpAddr::V4(address) => (true, u128::from(u32::from(address)) << 96),
            IpAddr::V6(address) => (false, address.into()),
        }
    }

    #[test]
    fn blocks_cover_the_addresses_that_begin_with_the_same_bits() {
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        let mut covered = 0;
        for _ in 0..20_000 {
            let network = numbers.address().to_canonical();
            let (is_v4, all) = bits(network);
            let length = u32::try_from(numbers.next() % if is_v4 { 33 } else { 129 }).unwrap();
            let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
            let first: IpAddr = match is_v4 {
                true => IpAddr::V4(u32::try_from((all & mask) >> 96).unwrap().into()),
                false => IpAddr::V6((all & mask).into()),
            };
            // An IPv6 block that holds all of IPv4's is no block of IPv4, and is written in another way.
            if !is_v4 && first.to_canonical() != first {
                continue;
            }
            let pattern: HostPattern = format!("{first}/{length}").parse().unwrap();
            for _ in 0..4 {
                let address = numbers.address();
                let (like, own) = bits(address);
                let expected = like == is_v4 && own & mask == all & mask;
                assert_eq!(pattern.matches(&address.to_string(), None), expected, "{pattern} {address}");
                assert_eq!(pattern.matches("some.name", Some(address)), expected, "{pattern} {address}");
                assert!(!pattern.matches("some.name", None), "{pattern}");
                covered += u32::from(expected);
            }
        }
        assert!(covered > 1000, "{covered}");
    }

    #[test]
    fn names_are_covered_label_by_label_from_the_right() {
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        let mut covered = 0;
        for _ in 0..20_000 {
            let mut name = |most: u64| {
                let count = 1 + numbers.next() % most;
                let labels: Vec<&str> =
                    (0..count).map(|_| numbers.one_of(&["a", "B", "com", "x-y", "_z", "a1", ""])).collect();
                labels.join(".")
            };
            let (pattern, host) = (name(3), name(4));
            let below = numbers.next().is_multiple_of(2);
            let text = if below { format!("*.{pattern}") } else { pattern.clone() };
            let Ok(parsed) = text.parse::<HostPattern>() else { continue };
            let labels = |name: &str| -> Vec<String> {
                let name = name.to_ascii_lowercase();
                name.strip_suffix('.').unwrap_or(&name).split('.').map(str::to_owned).collect()
            };
            let (wanted, found) = (labels(&pattern), labels(&host));
            let is_name = found.iter().all(|label| !label.is_empty());
            let expected =
                is_name && if below { found.len() > wanted.len() && found.ends_with(&wanted) } else { found == wanted };
            let address = numbers.address();
            assert_eq!(parsed.matches(&host, None), expected, "{text} {host:?}");
            let open = !is_non_public_address(address);
            assert_eq!(parsed.matches(&host, Some(address)), expected && open, "{text} {host:?} {address}");
            covered += u32::from(expected);
        }
        assert!(covered > 200, "{covered}");
    }
}
