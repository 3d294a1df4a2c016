//! Where connections lead: endpoints by name, and addresses as the standard library has them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::bindings::airssys::ext_network::types as generated;

/// Where to connect to: a host name or an IP literal, and a port from 1 to 65,535.
///
/// Made from a pair or an address, or read from text: `("example.com", 443)`, `"example.com:443"`, `"[::1]:80"`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// A host name, or an IPv4 or IPv6 literal without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// A text that is no `host:port`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not host:port")]
pub struct NotAnEndpoint(pub String);

impl Endpoint {
    pub(crate) fn into_host(self) -> generated::Endpoint {
        generated::Endpoint { host: self.host, port: self.port }
    }
}

impl<H: Into<String>> From<(H, u16)> for Endpoint {
    fn from((host, port): (H, u16)) -> Self {
        Self { host: host.into(), port }
    }
}

impl From<SocketAddr> for Endpoint {
    fn from(address: SocketAddr) -> Self {
        Self { host: address.ip().to_string(), port: address.port() }
    }
}

impl From<&Endpoint> for Endpoint {
    fn from(endpoint: &Endpoint) -> Self {
        endpoint.clone()
    }
}

impl std::fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.host.contains(':') {
            true => write!(formatter, "[{}]:{}", self.host, self.port),
            false => write!(formatter, "{}:{}", self.host, self.port),
        }
    }
}

impl std::str::FromStr for Endpoint {
    type Err = NotAnEndpoint;

    /// Reads `host:port` or `[IPv6 literal]:port`. Whether there is such a host, its resolver knows.
    fn from_str(text: &str) -> Result<Self, NotAnEndpoint> {
        let parts = text.rsplit_once(':').and_then(|(host, port)| {
            let bare = match host.strip_prefix('[') {
                Some(literal) => literal.strip_suffix(']')?,
                None if host.contains(':') => return None,
                None => host,
            };
            let port: u16 = port.parse().ok()?;
            (!bare.is_empty()).then(|| (bare.to_owned(), port))
        });
        parts.map(Self::from).ok_or_else(|| NotAnEndpoint(text.to_owned()))
    }
}

pub(crate) fn ip_to_host(ip: IpAddr) -> generated::IpAddress {
    match ip {
        IpAddr::V4(ip) => generated::IpAddress::Ipv4(ip.octets().into()),
        IpAddr::V6(ip) => generated::IpAddress::Ipv6(ip.segments().into()),
    }
}

pub(crate) fn ip_from_host(ip: generated::IpAddress) -> IpAddr {
    match ip {
        generated::IpAddress::Ipv4(octets) => Ipv4Addr::from(<[u8; 4]>::from(octets)).into(),
        generated::IpAddress::Ipv6(segments) => Ipv6Addr::from(<[u16; 8]>::from(segments)).into(),
    }
}

/// Flow information and scope of an IPv6 address are not part of the contract.
pub(crate) fn address_to_host(address: SocketAddr) -> generated::SocketAddress {
    generated::SocketAddress { ip: ip_to_host(address.ip()), port: address.port() }
}

pub(crate) fn address_from_host(address: generated::SocketAddress) -> SocketAddr {
    SocketAddr::new(ip_from_host(address.ip), address.port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_read_as_they_are_printed() {
        for text in ["example.com:443", "127.0.0.1:80", "[::1]:65535"] {
            assert_eq!(text.parse::<Endpoint>().map(|endpoint| endpoint.to_string()), Ok(text.to_owned()));
        }
        assert_eq!("[::1]:80".parse(), Ok(Endpoint::from(("::1", 80))));
        for wrong in ["", "example.com", ":80", "::1:80", "[::1:80", "[]:80", "example.com:65536", "example.com:"] {
            assert_eq!(wrong.parse::<Endpoint>(), Err(NotAnEndpoint(wrong.to_owned())));
        }
    }

    #[test]
    fn addresses_of_both_families_come_back() {
        for text in ["127.0.0.1:0", "255.1.2.3:65535", "[::1]:1", "[1:2:3:4:5:6:7:ffff]:8"] {
            let address: SocketAddr = text.parse().expect("an address");
            assert_eq!(address_from_host(address_to_host(address)), address);
            let endpoint = Endpoint::from(address);
            assert_eq!((endpoint.host, endpoint.port), (address.ip().to_string(), address.port()));
        }
    }
}
