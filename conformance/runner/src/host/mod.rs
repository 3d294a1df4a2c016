//! The host under test: our own in this process, or any in another one.

mod mutant;
mod own;
pub mod protocol;
mod remote;
pub mod serve;
pub mod val;

use anyhow::Result;

pub use mutant::{Flaw, MutantHost};
pub use own::{OwnHost, Policy};
pub use protocol::{HostError, Reply, Request};
pub use remote::RemoteHost;

/// A host under test.
pub enum Host {
    /// Ours, without a detour.
    Own(Box<OwnHost>),
    /// Ours with a flaw, for checking the suite itself.
    Mutant(Box<MutantHost>),
    /// Another one, behind the protocol.
    Remote(Box<RemoteHost>),
}

impl Host {
    /// What it says that it is: name and version.
    pub fn name(&self) -> &str {
        match self {
            Self::Own(_) | Self::Mutant(_) => own::NAME,
            Self::Remote(host) => &host.name,
        }
    }

    /// Asks the host.
    ///
    /// # Errors
    /// The outer error is the harness's: the host is gone, or does not keep to the protocol.
    pub async fn ask(&self, request: Request) -> Result<Result<Reply, HostError>> {
        match self {
            Self::Own(host) => Ok(host.ask(request).await),
            Self::Mutant(host) => host.ask(request).await,
            Self::Remote(host) => host.ask(request).await,
        }
    }
}
