//! An access as permissions are compared with it: read once for each decision, however many permissions there are.

use std::net::IpAddr;

use crate::pattern::{Host, is_resolved};
use crate::{Access, FieldKind, NetworkAction, Surroundings, is_non_public_address};

/// An access that a permission can cover at all: its path is resolved, its host a name or an address.
pub(crate) struct Question<'a> {
    pub(crate) access: &'a Access,
    /// The host of a network access.
    pub(crate) host: Option<Host>,
    /// Whether it goes to what is around the host. To listen is on an address of the machine in any case.
    pub(crate) is_near: bool,
}

impl<'a> Question<'a> {
    /// `None`: no permission can cover it.
    pub(crate) fn of(access: &'a Access, surroundings: Option<&dyn Surroundings>) -> Option<Self> {
        let is_near = |address: Option<IpAddr>| match (surroundings, address) {
            (Some(surroundings), Some(address)) => !is_non_public_address(address) && surroundings.include(address),
            _ => false,
        };
        let (mut host, mut near) = (None, false);
        match access {
            Access::Filesystem { path, .. } | Access::Process { program: path, .. } if !is_resolved(path) => {
                return None;
            }
            Access::Network { action, host: name, address, .. } => {
                let mut asked = Host::parse(name, *address)?;
                near = *action == NetworkAction::Outbound && is_near(asked.address());
                asked.is_near = near;
                host = Some(asked);
            }
            Access::Interface { fields, .. } if surroundings.is_some() => {
                let mut hosts = fields.iter().filter(|field| field.kind == FieldKind::Host);
                near = hosts.any(|field| is_near(Host::parse(&field.value, None).and_then(|host| host.address())));
            }
            _ => {}
        }
        Some(Self { access, host, is_near: near })
    }
}
