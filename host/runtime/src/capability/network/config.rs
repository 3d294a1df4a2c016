//! What an operator decides about the network, and what the components of a runtime share because of it.

use std::net::SocketAddr;
use std::sync::Arc;

use airssys_wasm_policy::{AddressBlock, Surroundings};

use crate::capability::descriptors::Descriptors;
use crate::capability::host_memory::{DEFAULT_MAX_HOST_MEMORY_BYTES, HostMemory};

use super::limits::NetworkLimits;
use super::surroundings::Near;
use super::tls::Trust;
use super::trust_store::{InvalidCertificate, TrustStore};

/// How components reach the network. The default is what the host's operating system is set up for.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct NetworkConfig {
    /// Whose certificates TLS connections trust. No component can change that.
    pub trust: TrustStore,
    /// Who resolves names.
    pub dns: Dns,
    /// What one component can use at most.
    pub limits: NetworkLimits,
    /// Public addresses that belong to the operator's side of the internet, such as those of a site or of a cloud's own
    /// services: no permission for a name covers them, nor `*`, but one for an address or a CIDR block does. Private
    /// addresses, those of this machine and those in its own networks are treated so without being named here, as far as
    /// the machine knows them: what leads back to it through a translation of addresses elsewhere has to be named.
    pub non_public: Vec<AddressBlock>,
}

/// Who resolves names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dns {
    /// What the operating system is set up for: `/etc/hosts`, then the name servers of `/etc/resolv.conf`. Both are read
    /// anew for each name.
    #[default]
    System,
    /// These name servers and nothing else, each asked over UDP, and over TCP when an answer does not fit.
    Servers(Vec<SocketAddr>),
}

/// What the components of a runtime share of the network.
pub struct NetworkServices {
    pub(super) dns: Dns,
    pub(super) trust: Arc<Trust>,
    pub(super) limits: NetworkLimits,
    pub(super) descriptors: Descriptors,
    pub(super) memory: HostMemory,
    surroundings: Arc<Near>,
}

impl NetworkServices {
    /// Checks the certificates that the configuration names; those of the system are read later.
    ///
    /// # Errors
    /// One of them is no certificate.
    pub fn new(config: &NetworkConfig) -> Result<Self, InvalidCertificate> {
        let trust = Arc::new(Trust::new(&config.trust)?);
        let descriptors = Descriptors::at_most(u32::MAX);
        let memory = HostMemory::at_most(DEFAULT_MAX_HOST_MEMORY_BYTES);
        let surroundings = Arc::new(Near::new(config.non_public.clone()));
        Ok(NetworkServices {
            dns: config.dns.clone(),
            trust,
            limits: config.limits.clone(),
            descriptors,
            memory,
            surroundings,
        })
    }

    /// The same with sockets out of these descriptors, and data out of this memory.
    pub(crate) fn within(self, descriptors: Descriptors, memory: HostMemory) -> Self {
        NetworkServices { descriptors, memory, ..self }
    }

    /// What lies around the host, for the gates of components.
    pub fn surroundings(&self) -> Arc<dyn Surroundings> {
        self.surroundings.clone()
    }
}
