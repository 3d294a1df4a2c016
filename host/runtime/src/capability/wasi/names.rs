//! `wasi:sockets/ip-name-lookup`: names, by the host's resolver.

use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use airssys_wasm_policy::{Host, Operation};
use wasmtime::component::Resource;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::p2::bindings::sockets::ip_name_lookup::{self, HostResolveAddressStream, ResolveAddressStream};
use wasmtime_wasi::p2::bindings::sockets::network::{ErrorCode, IpAddress, Network};
use wasmtime_wasi::p2::{DynPollable, Pollable, SocketResult};

use super::known_names::Names;
use crate::capability::network::{self as net, NetworkError};
use crate::host_state::HostState;

const RESOLVE: Operation = Operation("wasi:sockets/ip-name-lookup.resolve-addresses");

/// A name that is being looked up, and then its addresses.
enum Lookup {
    Waiting(Pin<Box<dyn Future<Output = net::Result<Vec<IpAddr>>> + Send>>),
    Found(std::vec::IntoIter<IpAddr>),
    Failed(ErrorCode),
}

impl Lookup {
    fn note(&mut self, answer: net::Result<Vec<IpAddr>>) {
        *self = match answer {
            Ok(addresses) => Lookup::Found(addresses.into_iter()),
            Err(error) => Lookup::Failed(code(&error)),
        };
    }

    /// Whether it is known, without waiting for it.
    fn look(&mut self) {
        if let Lookup::Waiting(work) = self
            && let Poll::Ready(answer) = work.as_mut().poll(&mut Context::from_waker(Waker::noop()))
        {
            self.note(answer);
        }
    }
}

#[async_trait]
impl Pollable for Lookup {
    async fn ready(&mut self) {
        if let Lookup::Waiting(work) = self {
            let answer = work.await;
            self.note(answer);
        }
    }
}

fn code(error: &NetworkError) -> ErrorCode {
    match error {
        NetworkError::PermissionDenied(_) => ErrorCode::AccessDenied,
        NetworkError::InvalidArgument(_) => ErrorCode::InvalidArgument,
        NetworkError::NameNotFound(_) => ErrorCode::NameUnresolvable,
        _ => ErrorCode::TemporaryResolverFailure,
    }
}

impl Lookup {
    /// Begins to look a name up.
    ///
    /// # Errors
    /// What is known at once: a refusal, or that too many names are being looked up.
    fn start(host: net::Network, names: Names, name: String) -> Result<Self, ErrorCode> {
        let mut lookup = Lookup::Waiting(Box::pin(async move {
            let addresses = host.resolve_for(RESOLVE, &name).await?;
            // What is written as an address already has no name.
            if Host::parse(&name, None).is_some_and(|host| host.name().is_some()) {
                names.remember(name, addresses.clone());
            }
            Ok(addresses)
        }));
        lookup.look();
        match lookup {
            Lookup::Failed(code) => Err(code),
            begun => Ok(begun),
        }
    }
}

impl ip_name_lookup::Host for HostState {
    fn resolve_addresses(
        &mut self,
        network: Resource<Network>,
        name: String,
    ) -> SocketResult<Resource<ResolveAddressStream>> {
        self.table.get(&network)?;
        let lookup = Lookup::start(self.capabilities.network.clone(), self.sockets.names.clone(), name)?;
        let lookup = self.table.push(lookup)?;
        Ok(Resource::new_own(lookup.rep()))
    }
}

/// The same place in the table, as what it is here.
fn own(stream: &Resource<ResolveAddressStream>) -> Resource<Lookup> {
    Resource::new_borrow(stream.rep())
}

impl HostResolveAddressStream for HostState {
    fn resolve_next_address(&mut self, stream: Resource<ResolveAddressStream>) -> SocketResult<Option<IpAddress>> {
        let lookup = self.table.get_mut(&own(&stream))?;
        lookup.look();
        match lookup {
            Lookup::Waiting(_) => Err(ErrorCode::WouldBlock.into()),
            Lookup::Found(addresses) => Ok(addresses.next().map(IpAddress::from)),
            Lookup::Failed(code) => Err((*code).into()),
        }
    }

    fn subscribe(&mut self, stream: Resource<ResolveAddressStream>) -> wasmtime::Result<Resource<DynPollable>> {
        wasmtime_wasi::p2::subscribe(&mut self.table, own(&stream))
    }

    fn drop(&mut self, stream: Resource<ResolveAddressStream>) -> wasmtime::Result<()> {
        self.table.delete(Resource::<Lookup>::new_own(stream.rep()))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use airssys_wasm_policy::{AuditRecord, AuditSink, Gate, Permissions};

    use super::*;
    use crate::capability::network::{Dns, NetworkConfig, NetworkServices};

    #[tokio::test]
    async fn names_are_looked_up_a_few_at_a_time_however_many_are_asked_for() {
        // A name server that never answers.
        let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let dns = Dns::Servers(vec![silent.local_addr().unwrap()]);
        let config = NetworkConfig { dns, ..NetworkConfig::default() };
        let permissions = r#"network = [{ action = "resolve", host = "*" }]"#;
        let permissions = Permissions::parse(permissions, "test").unwrap();
        let gate = Gate::new("acme/test@1.0.0".parse().unwrap(), permissions.clone(), permissions, Arc::new(Unheard));
        let services = NetworkServices::new(&config).unwrap();
        let network = net::Network::new(gate, Arc::new(services));
        let start = |number: u32| Lookup::start(network.clone(), Names::default(), format!("host{number}.example"));
        let (begun, refused): (Vec<_>, Vec<_>) = (0..2000).map(start).partition(Result::is_ok);
        assert_eq!(begun.len(), config.limits.max_lookups as usize);
        assert!(refused.into_iter().all(|refused| matches!(refused, Err(ErrorCode::TemporaryResolverFailure))));
        drop(begun);
        assert!(start(0).is_ok(), "those that nobody waits for make room");
    }

    struct Unheard;

    impl AuditSink for Unheard {
        fn record(&self, _: AuditRecord) {}
    }
}
