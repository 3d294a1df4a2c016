//! The questions to the gate. Each answer is a [`Permit`], and a permit says for exactly which address a socket may be
//! opened.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use airssys_wasm_policy::{Access, Host, NetworkAction, Operation, Permit};

use super::error::invalid;
use super::{Endpoint, Network, Result};

/// Where a guest wants to connect to, well-formed. Nothing is permitted by that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// As the guest wrote it, for the gate and the audit log.
    written: String,
    pub(super) host: Host,
    pub(super) port: u16,
}

impl Target {
    pub(super) fn parse(endpoint: &Endpoint) -> Result<Target> {
        let host = parse_host(&endpoint.host)?;
        if endpoint.port == 0 {
            return Err(invalid("the port is 0"));
        }
        Ok(Target { written: endpoint.host.clone(), host, port: endpoint.port })
    }
}

/// A host name or an address, in a form that every resolver reads alike.
pub(super) fn parse_host(host: &str) -> Result<Host> {
    Host::parse(host, None).ok_or_else(|| {
        let problem = match host {
            "" => "the host is empty",
            host if host.contains('\0') => "the host contains NUL",
            host if !host.is_ascii() => "the host has letters outside ASCII; a name is written with `xn--` then",
            _ => "the host is neither a name nor a complete IP address",
        };
        invalid(problem)
    })
}

impl Network {
    /// Whether a name may be looked up to connect to it, or an address be connected to.
    pub(super) fn ask_for_target(&self, operation: Operation, target: &Target) -> Result<Permit> {
        let permit = self.ask_outbound(operation, target.written.clone(), target.port, None)?;
        self.ask_for_loopback(operation, permit)
    }

    /// Whether a connection may be made to one of the addresses of a name.
    pub(super) fn ask_for_address(&self, operation: Operation, target: &Target, address: IpAddr) -> Result<Permit> {
        let permit = self.ask_outbound(operation, target.written.clone(), target.port, Some(address))?;
        self.ask_for_loopback(operation, permit)
    }

    /// Whether something may be sent to an address.
    pub(super) fn ask_to_send(&self, operation: Operation, to: SocketAddr) -> Result<Permit> {
        let permit = self.ask_outbound(operation, to.ip().to_string(), to.port(), None)?;
        self.ask_for_loopback(operation, permit)
    }

    /// Whether the component may listen on an address, or bind to it. A wildcard address is one like others: who has it
    /// receives on all addresses of the machine, and a listener on `::` those of IPv4, unless it was made `ipv6-only`.
    pub(super) fn ask_to_bind(&self, operation: Operation, address: SocketAddr) -> Result<Permit> {
        self.ask_inbound(operation, address.ip(), Some(address.port()))
    }

    /// Whether the component may receive what is sent to a group.
    pub(super) fn ask_for_group(&self, operation: Operation, group: IpAddr) -> Result<Permit> {
        self.ask_inbound(operation, group, None)
    }

    /// Whether a name or address may be looked up.
    pub(super) fn ask_to_resolve(&self, operation: Operation, host: &str) -> Result<Permit> {
        let action = NetworkAction::Resolve;
        let access = Access::Network { action, host: host.to_owned(), port: None, address: None };
        Ok(self.gate.authorize(operation, access)?)
    }

    fn ask_inbound(&self, operation: Operation, address: IpAddr, port: Option<u16>) -> Result<Permit> {
        Ok(self.gate.authorize(operation, inbound(address, port))?)
    }

    fn ask_outbound(&self, operation: Operation, host: String, port: u16, address: Option<IpAddr>) -> Result<Permit> {
        Ok(self.gate.authorize(operation, outbound(host, port, address))?)
    }

    /// The operating system takes the unspecified address of a destination for loopback; so does this, and asks for that
    /// as well.
    fn ask_for_loopback(&self, operation: Operation, permit: Permit) -> Result<Permit> {
        let Some(to) = destination(&permit).filter(|to| to.ip().is_unspecified()) else { return Ok(permit) };
        let loopback = match to.ip() {
            IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        };
        self.ask_outbound(operation, loopback.to_string(), to.port(), None)
    }
}

/// To connect or send to a host, at one of its addresses if it is a name that was looked up.
pub(super) fn outbound(host: String, port: u16, address: Option<IpAddr>) -> Access {
    Access::Network { action: NetworkAction::Outbound, host, port: Some(port), address }
}

/// To listen or receive on an address.
pub(super) fn inbound(address: IpAddr, port: Option<u16>) -> Access {
    Access::Network { action: NetworkAction::Inbound, host: address.to_string(), port, address: None }
}

/// The one address that the permit is for; none as long as there is only a name.
pub(super) fn destination(permit: &Permit) -> Option<SocketAddr> {
    let Access::Network { action: NetworkAction::Outbound, host, port, address } = permit.access() else { return None };
    Some(SocketAddr::new(Host::parse(host, *address)?.address()?, (*port)?))
}

/// The one address of this machine that the permit is for.
pub(super) fn own_address(permit: &Permit) -> Option<SocketAddr> {
    let Access::Network { action: NetworkAction::Inbound, host, port, address } = permit.access() else { return None };
    Some(SocketAddr::new(Host::parse(host, *address)?.address()?, (*port)?))
}
