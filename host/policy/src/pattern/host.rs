//! Patterns over network hosts: names, names below a name, addresses, blocks of addresses, everything.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::address::{Block, is_guarded_address};
use crate::InvalidValue;
use crate::keyword::serde_as_string;

/// The longest name and the longest label of the domain name system.
const MAX_NAME_BYTES: usize = 253;
const MAX_LABEL_BYTES: usize = 63;

/// A pattern over hosts: a name, `*.example.com` (what is below that name, not the name itself), an IP address, a CIDR
/// block, or `*`. Names match in upper and lower case, with and without a dot at the end.
///
/// A name, and `*`, cover whatever address the name leads to, except guarded ones (see
/// [`is_guarded_address`]): those are covered only by an address or a block.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostPattern(Kind);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    Any,
    Name(String),
    /// What is below the name; kept without the `*.`.
    Below(String),
    Block(Block),
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
        let open = !host.address.is_some_and(is_guarded_address);
        let name = host.name.as_deref();
        match &self.0 {
            Kind::Any => open,
            Kind::Name(allowed) => open && name == Some(allowed),
            Kind::Below(parent) => {
                open && name
                    .and_then(|name| name.strip_suffix(parent.as_str()))
                    .is_some_and(|label| label.len() > 1 && label.ends_with('.'))
            }
            Kind::Block(block) => host.address.is_some_and(|address| block.contains(address)),
        }
    }

    /// The narrowest pattern that covers `host`: its name, or its address where a name would not do.
    pub(crate) fn covering(host: &Host) -> Option<HostPattern> {
        let by_name = host.name.as_deref().filter(|_| !host.address.is_some_and(is_guarded_address));
        let pattern = match by_name {
            Some(name) => name.parse().ok()?,
            None => HostPattern(Kind::Block(Block::single(host.address?))),
        };
        pattern.covers(host).then_some(pattern)
    }
}

/// What a guest asks for: a name or not, at an address or not yet.
pub(crate) struct Host {
    pub(crate) name: Option<String>,
    pub(crate) address: Option<IpAddr>,
}

impl Host {
    pub(crate) fn parse(host: &str, address: Option<IpAddr>) -> Option<Host> {
        let address = address.map(|address| address.to_canonical());
        if let Ok(literal) = host.parse::<IpAddr>() {
            let literal = literal.to_canonical();
            return address
                .is_none_or(|address| address == literal)
                .then_some(Host { name: None, address: Some(literal) });
        }
        Some(Host { name: Some(normalize(host)?), address })
    }
}

/// The name in lower case and without the dot at the end; none if it cannot be one.
fn normalize(name: &str) -> Option<String> {
    let name = name.strip_suffix('.').unwrap_or(name);
    let is_label = |label: &str| {
        (1..=MAX_LABEL_BYTES).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    (name.len() <= MAX_NAME_BYTES && name.split('.').all(is_label)).then(|| name.to_ascii_lowercase())
}

/// Whether a resolver could take the name for an IPv4 address in one of the old notations, such as `127.1` or `0x7f000001`.
fn looks_numeric(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    let digits = last.strip_prefix("0x").unwrap_or(last);
    digits.bytes().all(|byte| byte.is_ascii_digit())
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
        let Some(name) = normalize(name) else {
            return refuse("not a host name:", "write a name, an IP address, a CIDR block, \"*.example.com\" or \"*\"");
        };
        if looks_numeric(&name) {
            return refuse("not a complete IP address:", "write all four numbers, as in \"127.0.0.1\"");
        }
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
