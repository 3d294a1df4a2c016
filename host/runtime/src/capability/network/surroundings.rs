//! Which public addresses are those of this machine, or of machines in the same network: the kernel is asked how it would
//! get there.
//!
//! One question to the kernel's routing table for each decision, so that nothing is kept that could be old by then. What
//! goes to the machine itself or to a network without a router in between is near, whichever interface, table or tunnel
//! that is by. What cannot be told is near as well.

use std::io::{self, Read, Write};
use std::net::IpAddr;
use std::sync::Once;

use airssys_wasm_policy::{AddressBlock, Surroundings};
use socket2::{Domain, Protocol, Socket, Type};

/// The surroundings of this machine, and what the operator adds to them.
pub(super) struct Near {
    blocks: Vec<AddressBlock>,
    told: Once,
}

impl Near {
    pub(super) fn new(blocks: Vec<AddressBlock>) -> Self {
        Near { blocks, told: Once::new() }
    }
}

impl Surroundings for Near {
    fn include(&self, address: IpAddr) -> bool {
        if self.blocks.iter().any(|block| block.contains(address)) {
            return true;
        }
        is_near(address).unwrap_or_else(|error| {
            // Guests decide how often this is asked.
            self.told.call_once(|| {
                tracing::warn!(%error, "cannot ask where addresses are; no permission for a name covers any");
            });
            true
        })
    }
}

fn is_near(address: IpAddr) -> io::Result<bool> {
    let Some(way) = ask(address, Question::Way)? else { return Ok(false) };
    if way.leads_here {
        return Ok(true);
    }
    if way.has_router {
        return Ok(false);
    }
    // Where a machine sends everything into a tunnel or down a line, there is no router on the way to anything.
    let shortest = if address.is_ipv4() { SHORTEST_NETWORK_V4 } else { SHORTEST_NETWORK_V6 };
    Ok(ask(address, Question::Route)?.is_some_and(|route| route.prefix >= shortest))
}

/// A route for more addresses than that is one to the internet, or to a half or quarter of it.
const SHORTEST_NETWORK_V4: u8 = 8;
const SHORTEST_NETWORK_V6: u8 = 16;

/// What is asked: where exactly an address is, or by which route of the table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    Way,
    Route,
}

/// What the kernel answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Route {
    /// To this machine, or to all in its networks.
    leads_here: bool,
    has_router: bool,
    prefix: u8,
}

/// More than any answer: a route with all that it can have.
const ANSWER_BYTES: usize = 8192;
const HEADER_BYTES: usize = 16;
const ROUTE_BYTES: usize = 12;
const ATTRIBUTE_BYTES: usize = 4;

// `linux/rtnetlink.h`.
const RTA_DST: u16 = 1;
const RTA_GATEWAY: u16 = 5;
const RTA_VIA: u16 = 18;
const RTM_F_FIB_MATCH: u32 = 0x2000;
const RTN_LOCAL: u8 = 2;
const RTN_MULTICAST: u8 = 5;

/// The answer to one question; none if the machine has no way there.
fn ask(address: IpAddr, question: Question) -> io::Result<Option<Route>> {
    let mut socket = Socket::new(Domain::from(libc::AF_NETLINK), Type::RAW, Some(Protocol::from(libc::NETLINK_ROUTE)))?;
    // The kernel has answered when the question is sent.
    socket.set_nonblocking(true)?;
    socket.write_all(&request(address, question))?;
    let mut answer = [0; ANSWER_BYTES];
    let length = socket.read(&mut answer)?;
    read(&answer[..length])
}

/// One message: its header, a route with nothing but the address, and the address.
fn request(address: IpAddr, question: Question) -> Vec<u8> {
    let (family, octets) = match address {
        IpAddr::V4(address) => (libc::AF_INET, address.octets().to_vec()),
        IpAddr::V6(address) => (libc::AF_INET6, address.octets().to_vec()),
    };
    let flags = if question == Question::Route { RTM_F_FIB_MATCH } else { 0 };
    let length = HEADER_BYTES + ROUTE_BYTES + ATTRIBUTE_BYTES + octets.len();
    let mut message = Vec::with_capacity(length);
    message.extend((length as u32).to_ne_bytes());
    message.extend(libc::RTM_GETROUTE.to_ne_bytes());
    message.extend((libc::NLM_F_REQUEST as u16).to_ne_bytes());
    // Number and sender: there is one question, and its socket is its own.
    message.extend([0; 8]);
    message.extend([family as u8, (octets.len() * 8) as u8, 0, 0, 0, 0, 0, 0]);
    message.extend(flags.to_ne_bytes());
    message.extend(((ATTRIBUTE_BYTES + octets.len()) as u16).to_ne_bytes());
    message.extend(RTA_DST.to_ne_bytes());
    message.extend(octets);
    message
}

fn read(answer: &[u8]) -> io::Result<Option<Route>> {
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "the kernel's answer is no route");
    let kind = u16::from_ne_bytes(*answer.get(4..).and_then(<[u8]>::first_chunk).ok_or_else(damaged)?);
    let body = answer.get(HEADER_BYTES..).ok_or_else(damaged)?;
    if i32::from(kind) == libc::NLMSG_ERROR {
        let code = i32::from_ne_bytes(*body.first_chunk().ok_or_else(damaged)?);
        return match -code {
            libc::ENETUNREACH | libc::EHOSTUNREACH | libc::EACCES | libc::EINVAL => Ok(None),
            code => Err(io::Error::from_raw_os_error(code)),
        };
    }
    if kind != libc::RTM_NEWROUTE {
        return Err(damaged());
    }
    let [_, prefix, _, _, _, _, _, kind, ..] = *body.first_chunk::<ROUTE_BYTES>().ok_or_else(damaged)?;
    let mut has_router = false;
    let mut rest = body.get(ROUTE_BYTES..).unwrap_or_default();
    while let Some([low, high, kind @ ..]) = rest.first_chunk::<ATTRIBUTE_BYTES>() {
        let length = usize::from(u16::from_ne_bytes([*low, *high])).max(ATTRIBUTE_BYTES);
        has_router |= matches!(u16::from_ne_bytes(*kind), RTA_GATEWAY | RTA_VIA);
        rest = rest.get(length.next_multiple_of(ATTRIBUTE_BYTES)..).unwrap_or_default();
    }
    Ok(Some(Route { leads_here: (RTN_LOCAL..=RTN_MULTICAST).contains(&kind), has_router, prefix }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn every_address_of_this_machine_is_near() {
        for text in ["127.0.0.1", "127.9.9.9"] {
            assert!(is_near(address(text)).unwrap(), "{text}");
        }
    }

    #[test]
    fn blocks_of_the_operator_are_near() {
        let near = Near::new(vec!["203.0.113.0/24".parse().unwrap(), "2001:db8:7::/48".parse().unwrap()]);
        for text in ["203.0.113.9", "2001:db8:7::1"] {
            assert!(near.include(address(text)), "{text}");
        }
    }

    /// An answer of the kernel, with attributes that have no content.
    fn answer(kind: u8, prefix: u8, attributes: &[u16]) -> Vec<u8> {
        let mut bytes = vec![0; HEADER_BYTES + ROUTE_BYTES];
        bytes[4..6].copy_from_slice(&libc::RTM_NEWROUTE.to_ne_bytes());
        bytes[HEADER_BYTES + 1] = prefix;
        bytes[HEADER_BYTES + 7] = kind;
        for attribute in attributes {
            bytes.extend((ATTRIBUTE_BYTES as u16 + 1).to_ne_bytes());
            bytes.extend(attribute.to_ne_bytes());
            bytes.extend([0; 4]);
        }
        bytes
    }

    #[test]
    fn answers_of_the_kernel_are_read() {
        let route = |leads_here, has_router, prefix| Some(Route { leads_here, has_router, prefix });
        const UNICAST: u8 = 1;
        for (bytes, expected) in [
            (answer(UNICAST, 24, &[RTA_DST, 4]), route(false, false, 24)),
            (answer(UNICAST, 0, &[RTA_DST, RTA_GATEWAY, 4]), route(false, true, 0)),
            (answer(UNICAST, 0, &[4, RTA_VIA]), route(false, true, 0)),
            (answer(RTN_LOCAL, 128, &[RTA_DST]), route(true, false, 128)),
            (answer(3, 32, &[]), route(true, false, 32)),
        ] {
            assert_eq!(read(&bytes).unwrap(), expected);
        }
        let error = |code: i32| {
            let mut bytes = vec![0; HEADER_BYTES];
            bytes[4..6].copy_from_slice(&(libc::NLMSG_ERROR as u16).to_ne_bytes());
            bytes.extend((-code).to_ne_bytes());
            bytes
        };
        assert_eq!(read(&error(libc::ENETUNREACH)).unwrap(), None);
        assert_eq!(read(&error(libc::EPERM)).unwrap_err().raw_os_error(), Some(libc::EPERM));
        for damaged in [&[][..], &[0; 5], &[0; HEADER_BYTES], &answer(UNICAST, 0, &[])[..HEADER_BYTES + 3]] {
            assert!(read(damaged).is_err(), "{damaged:?}");
        }
    }
}
