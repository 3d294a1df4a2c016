//! Which addresses lie on this side of the internet, and blocks of addresses.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::InvalidValue;
use crate::keyword::serde_as_string;

/// Whether `address` is one that a permission for a name, or for `*`, never covers: loopback, private, link-local (where
/// clouds keep their metadata services), shared, multicast, unspecified or reserved.
///
/// What such an address reaches depends on where the host runs, and whoever controls a name decides to which address it
/// leads. So these take a permission for the address itself, or for a CIDR block that holds it. Which public addresses are
/// on this side as well depends on the machine, see [`Surroundings`](crate::Surroundings).
pub fn is_non_public_address(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_non_public_v4(address),
        IpAddr::V6(address) => is_non_public_v6(address),
    }
}

/// Services of clouds for the machine that asks, at addresses that look like any other: Azure's.
const METADATA_SERVICES: [Ipv4Addr; 1] = [Ipv4Addr::new(168, 63, 129, 16)];

fn is_non_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    matches!(
        (a, b, c),
        // This host; 0.0.0.0 connects to loopback on Linux.
        (0, _, _)
            | (127, _, _)
            // Private networks, and the space that carriers and clouds share (100.100.100.200 is a metadata service).
            | (10, _, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (100, 64..=127, _)
            // Link-local, with 169.254.169.254.
            | (169, 254, _)
            // Protocol assignments (192.0.0.192 is a metadata service), 6to4 relays, benchmarking.
            | (192, 0, 0)
            | (192, 88, 99)
            | (198, 18..=19, _)
            // Multicast, reserved, broadcast.
            | (224.., _, _)
    ) || METADATA_SERVICES.contains(&address)
}

fn is_non_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_non_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // Unspecified, loopback, and the old way to write IPv4 in IPv6.
        [0, 0, 0, 0, 0, 0, _, _] => true,
        // What translators turn into IPv4 is as little public as the IPv4 address; the local-use prefix never is public.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
        [0x64, 0xff9b, 1, ..] => true,
        [0x2002, high, low, ..] => embedded(high, low),
        // IPv4-translated, discard-only, Teredo.
        [0, 0, 0, 0, 0xffff, 0, ..] | [0x100, 0, 0, 0, ..] | [0x2001, 0, ..] => true,
        // Unique local (fd00:ec2::254 is a metadata service), link-local, the old site-local, multicast.
        [first, ..] => matches!(first, 0xfc00..=0xfdff | 0xfe80..=0xfeff | 0xff00..),
    }
}

/// A block of addresses that share their first bits, such as `10.0.0.0/8`; a single address is a block, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressBlock {
    base: IpAddr,
    prefix: u8,
}

impl AddressBlock {
    /// The block of one address.
    pub fn single(address: IpAddr) -> Self {
        let base = address.to_canonical();
        AddressBlock { base, prefix: width(base) }
    }

    /// Whether every address of its family lies in it.
    pub(crate) fn is_everything(self) -> bool {
        self.prefix == 0
    }

    /// Whether `address` lies in it; an IPv4 address written as IPv6 is the IPv4 address.
    pub fn contains(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.base.is_ipv4() && masked(address, self.prefix) == self.base
    }
}

serde_as_string!(AddressBlock);

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// `address` with every bit after the first `prefix` cleared.
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

/// An address, or an address, `/` and the number of bits that count.
impl FromStr for AddressBlock {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Some((address, prefix)) = text.split_once('/') else {
            return text
                .parse()
                .map(AddressBlock::single)
                .map_err(|_| InvalidValue::new(format!("{text:?} is not an IP address")));
        };
        let refuse = |problem: &str| {
            Err(InvalidValue::with_help(
                format!("{problem} in {text:?}"),
                "write a block as in \"10.0.0.0/8\", or a name without a path",
            ))
        };
        let Ok(written) = address.parse::<IpAddr>() else { return refuse("no IP address before the `/`") };
        let digits = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
        let Some(prefix) = prefix.parse::<u8>().ok().filter(|prefix| digits && *prefix <= width(written)) else {
            return refuse(&format!("no number of bits from 0 to {} after the `/`", width(written)));
        };
        // A block within ::ffff:0:0/96 is one of IPv4 addresses; a larger one around it would never match one.
        let base = written.to_canonical();
        let prefix = if base == written { prefix } else { prefix.saturating_sub(96) };
        let block = AddressBlock { base: masked(base, prefix), prefix };
        if block.base != base {
            return Err(InvalidValue::with_help(
                format!("{text:?} has bits set after the first {prefix}"),
                format!("write \"{block}\", or \"{base}\" for that one address"),
            ));
        }
        Ok(block)
    }
}

impl fmt::Display for AddressBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.prefix == width(self.base) {
            write!(f, "{}", self.base)
        } else {
            write!(f, "{}/{}", self.base, self.prefix)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn non_public_addresses_are_those_on_this_side_of_the_internet() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "127.0.0.1",
            "127.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "172.16.0.0",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.169.254",
            "169.254.0.1",
            "100.64.0.0",
            "100.100.100.200",
            "100.127.255.255",
            "192.0.0.192",
            "168.63.129.16",
            "::ffff:168.63.129.16",
            "64:ff9b::a83f:8110",
            "2002:a83f:8110::1",
            "198.18.0.1",
            "198.19.255.255",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "ff0e::1",
            "100::1",
            // IPv4 in all its IPv6 clothes.
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:a9fe:a9fe",
            "::127.0.0.1",
            "::8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::808:808",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::1",
            "2002:a00:1::1",
            "::ffff:0:127.0.0.1",
            "2001::1",
        ] {
            assert!(is_non_public_address(text.parse().unwrap()), "{text}");
        }
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.255.255",
            "168.63.129.15",
            "168.63.129.17",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "192.169.0.0",
            "192.0.1.1",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1",
            "2001:4860:4860::8888",
        ] {
            assert!(!is_non_public_address(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn a_block_holds_what_shares_its_first_bits() {
        for (block, address, expected) in [
            ("10.0.0.0/8", "10.255.255.255", true),
            ("10.0.0.0/8", "11.0.0.0", false),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("10.1.2.3/32", "10.1.2.3", true),
            ("10.1.2.3", "10.1.2.4", false),
            ("0.0.0.0/0", "255.255.255.255", true),
            ("0.0.0.0/0", "::1", false),
            ("::/0", "::1", true),
            ("::/0", "10.0.0.1", false),
            ("::/0", "::ffff:10.0.0.1", false),
            ("fe80::/10", "febf::1", true),
            ("fe80::/10", "fec0::", false),
            ("::1/128", "::1", true),
            ("::ffff:10.0.0.0/104", "10.9.9.9", true),
            ("::ffff:10.0.0.1", "10.0.0.1", true),
        ] {
            let block: AddressBlock = block.parse().unwrap();
            assert_eq!(block.contains(address.parse().unwrap()), expected, "{block} {address}");
        }
    }

    #[test]
    fn blocks_outside_the_form_are_refused() {
        for text in [
            "10.0.0.1/8",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "10.0.0.0/8/8",
            "/8",
            "10.0/8",
            "010.0.0.0/8",
            "fe80::1%eth0",
            "::1/0",
            "10.0.0.0/ 8",
            "10.0.0.0/256",
        ] {
            assert!(text.parse::<AddressBlock>().is_err(), "{text}");
        }
    }
}
