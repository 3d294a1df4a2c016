//! Patterns over network hosts: names, names below a name, addresses, blocks of addresses, everything.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The longest name and the longest label of the domain name system.
const MAX_NAME_BYTES: usize = 253;
const MAX_LABEL_BYTES: usize = 63;

#[derive(Debug)]
pub(super) enum HostPattern {
    Any,
    Name(String),
    /// What is below the name; kept without the `*.`.
    Below(String),
    /// Addresses that share their first bits.
    Block {
        base: IpAddr,
        prefix: u8,
    },
}

/// What is asked for: a name or not, at an address or not yet.
pub(super) struct Host {
    name: Option<String>,
    address: Option<IpAddr>,
}

impl Host {
    /// Reads a host, which leads to the address if that is known. None if it is neither a name nor an address, or leads to
    /// another.
    pub(super) fn parse(host: &str, address: Option<IpAddr>) -> Option<Self> {
        let address = address.map(|address| address.to_canonical());
        if let Ok(literal) = host.parse::<IpAddr>() {
            let literal = literal.to_canonical();
            let agrees = address.is_none_or(|address| address == literal);
            return agrees.then_some(Self { name: None, address: Some(literal) });
        }
        Some(Self { name: Some(normal_name(host)?), address })
    }
}

impl HostPattern {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text == "*" {
            return Ok(Self::Any);
        }
        let refused = || format!("{text:?} is no name, IP address, CIDR block, \"*.example.com\" or \"*\"");
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self::single(address));
        }
        if let Some((address, prefix)) = text.split_once('/') {
            return block(address, prefix).ok_or_else(refused);
        }
        let (below, name) = match text.strip_prefix("*.") {
            Some(parent) => (true, parent),
            None => (false, text),
        };
        let name = normal_name(name).ok_or_else(refused)?;
        Ok(if below { Self::Below(name) } else { Self::Name(name) })
    }

    fn single(address: IpAddr) -> Self {
        let base = address.to_canonical();
        Self::Block { base, prefix: width(base) }
    }

    pub(super) fn covers(&self, host: &Host) -> bool {
        // A name, and everything, cover no address of which it depends on the host what it reaches.
        let open = !host.address.is_some_and(is_non_public);
        let name = host.name.as_deref();
        match self {
            Self::Any => open,
            Self::Name(allowed) => open && name == Some(allowed),
            Self::Below(parent) => {
                open && name
                    .and_then(|name| name.strip_suffix(parent.as_str()))
                    .is_some_and(|below| below.ends_with('.'))
            }
            Self::Block { base, prefix } => host
                .address
                .is_some_and(|address| address.is_ipv4() == base.is_ipv4() && masked(address, *prefix) == *base),
        }
    }

    /// The narrowest pattern that covers the host: its name, or its address where a name would not do.
    pub(super) fn covering(host: &Host) -> Option<Self> {
        match host.name.as_deref().filter(|_| !host.address.is_some_and(is_non_public)) {
            Some(name) => Self::parse(name).ok(),
            None => Some(Self::single(host.address?)),
        }
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => formatter.write_str("*"),
            Self::Name(name) => formatter.write_str(name),
            Self::Below(parent) => write!(formatter, "*.{parent}"),
            Self::Block { base, prefix } if *prefix == width(*base) => write!(formatter, "{base}"),
            Self::Block { base, prefix } => write!(formatter, "{base}/{prefix}"),
        }
    }
}

/// The name in lower case and without the dot at the end; none if it cannot be one, or could be taken for an address.
fn normal_name(name: &str) -> Option<String> {
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    let is_label = |label: &str| {
        (1..=MAX_LABEL_BYTES).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let last = name.rsplit('.').next().unwrap_or(&name);
    let looks_numeric = last.bytes().all(|byte| byte.is_ascii_digit())
        || last.strip_prefix("0x").is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    (name.len() <= MAX_NAME_BYTES && name.split('.').all(is_label) && !looks_numeric).then_some(name)
}

/// A block, if no bit of the address is set behind the prefix.
fn block(address: &str, prefix: &str) -> Option<HostPattern> {
    let written: IpAddr = address.parse().ok()?;
    let digits = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
    let mut prefix = prefix.parse::<u8>().ok().filter(|prefix| digits && *prefix <= width(written))?;
    let base = written.to_canonical();
    if base.is_ipv4() && written.is_ipv6() {
        // IPv4 in IPv6: the bits before it count for nothing, and a larger block would match no IPv4 address.
        prefix = prefix.checked_sub(96)?;
    }
    (masked(base, prefix) == base).then_some(HostPattern::Block { base, prefix })
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// The address with every bit after the first `prefix` cleared.
fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0);
            Ipv4Addr::from_bits(address.to_bits() & mask).into()
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0);
            Ipv6Addr::from_bits(address.to_bits() & mask).into()
        }
    }
}

/// Whether only a permission for the address itself, or for a block, covers it: loopback, private, link-local, shared,
/// multicast, unspecified or reserved.
fn is_non_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_non_public_v4(address),
        IpAddr::V6(address) => is_non_public_v6(address),
    }
}

fn is_non_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    matches!(
        (a, b, c),
        (0 | 10 | 127, _, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (192, 0, 0)
            | (192, 88, 99)
            | (198, 18..=19, _)
            | (224.., _, _)
    )
}

fn is_non_public_v6(address: Ipv6Addr) -> bool {
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_non_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0, _, _] => true,
        // What becomes IPv4 on its way is as little public as that.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
        [0x2002, high, low, ..] => embedded(high, low),
        [0x64, 0xff9b, 1, ..] | [0, 0, 0, 0, 0xffff, 0, ..] | [0x100, 0, 0, 0, ..] | [0x2001, 0, ..] => true,
        [first, ..] => matches!(first, 0xfc00..=0xfdff | 0xfe80..=0xfeff | 0xff00..),
    }
}
