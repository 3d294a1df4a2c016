//! `connections.resolve-host` and `connections.reverse-lookup`, and how names are looked up for connections.

use std::net::{IpAddr, SocketAddr};

use airssys_wasm_policy::{Access, Host, Operation, Permit};
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::system_conf::read_system_conf;

use super::gate::parse_host;
use super::hosts::Hosts;
use super::{Dns, IpFamily, Network, NetworkError, Result};

const RESOLVE_HOST: Operation = Operation("ext-network/connections.resolve-host");
const REVERSE_LOOKUP: Operation = Operation("ext-network/connections.reverse-lookup");

impl Network {
    /// The addresses of a name, at least one, IPv4 before IPv6.
    ///
    /// # Errors
    /// As `connections.resolve-host`.
    pub async fn resolve_host(&self, host: &str, family: IpFamily) -> Result<Vec<IpAddr>> {
        parse_host(host)?;
        let permit = self.ask_to_resolve(RESOLVE_HOST, host)?;
        self.look_up(&permit, family).await
    }

    /// The name of an address.
    ///
    /// # Errors
    /// As `connections.reverse-lookup`.
    pub async fn reverse_lookup(&self, address: IpAddr) -> Result<String> {
        let permit = self.ask_to_resolve(REVERSE_LOOKUP, &address.to_string())?;
        let (_, Some(address)) = asked(&permit)? else { return Err(NetworkError::NameNotFound(address.to_string())) };
        let _slot = self.take_lookup()?;
        let resolver = self.resolver().await;
        if let Some(name) = resolver.hosts.name(address) {
            return Ok(name);
        }
        let not_found = || NetworkError::NameNotFound(address.to_string());
        let servers = resolver.servers?;
        let question = servers.lookup(Name::from(address), RecordType::PTR);
        let answer = tokio::time::timeout(self.limits().resolver_timeout, question).await.map_err(|_| unanswered())?;
        let answer = answer.map_err(|error| failed(&error, &address.to_string()))?;
        let name = answer.answers().iter().find_map(|record| match &record.data {
            RData::PTR(name) => Some(name.to_ascii()),
            _ => None,
        });
        let name = name.ok_or_else(not_found)?;
        // Whoever has the address decides what its name is.
        let name = Host::parse(&name, None).and_then(|host| host.name().map(str::to_owned));
        name.ok_or_else(not_found)
    }

    /// The addresses of the name that the permit is for. An address of the family gives itself.
    pub(super) async fn look_up(&self, permit: &Permit, family: IpFamily) -> Result<Vec<IpAddr>> {
        let (name, address) = asked(permit)?;
        let wanted = |address: &IpAddr| match family {
            IpFamily::Ipv4 => address.is_ipv4(),
            IpFamily::Ipv6 => address.is_ipv6(),
            IpFamily::Any => true,
        };
        let Some(name) = name else {
            let address = address.filter(wanted).map(|address| vec![address]);
            return address.ok_or_else(|| NetworkError::NameNotFound(resource(permit)));
        };
        let _slot = self.take_lookup()?;
        let resolver = self.resolver().await;
        // As everywhere, what the machine's own list says about a name is all there is.
        let mut addresses = resolver.hosts.addresses(&name);
        if addresses.is_empty() {
            let question = questions(resolver.servers?, &name, family);
            addresses =
                tokio::time::timeout(self.limits().resolver_timeout, question).await.map_err(|_| unanswered())??;
        }
        addresses.retain(wanted);
        addresses.sort_by_key(IpAddr::is_ipv6);
        let mut known = std::collections::HashSet::new();
        addresses.retain(|address| known.insert(*address));
        addresses.truncate(self.limits().max_addresses);
        if addresses.is_empty() { Err(NetworkError::NameNotFound(name)) } else { Ok(addresses) }
    }

    /// Made anew for each question: a name means what it means at this moment, a component learns nothing about what
    /// others have looked up, and a machine that moves to another network needs no restart.
    async fn resolver(&self) -> Resolver {
        match self.services.dns.clone() {
            Dns::Servers(servers) => Resolver { hosts: Hosts::default(), servers: asking(&servers) },
            Dns::System => {
                let read = tokio::task::spawn_blocking(|| (Hosts::of_system(), read_system_conf()));
                let (hosts, configuration) = match read.await {
                    Ok((hosts, Ok(configuration))) => (hosts, Ok(configuration)),
                    Ok((hosts, Err(error))) => (hosts, Err(error.to_string())),
                    Err(error) => (Hosts::default(), Err(error.to_string())),
                };
                let servers = configuration
                    .map(|(configuration, options)| (configuration.into_parts().2, options))
                    .map_err(NetworkError::TemporaryResolverFailure);
                Resolver { hosts, servers: servers.and_then(|(servers, options)| built(servers, options)) }
            }
        }
    }
}

/// Who is asked, one after the other.
struct Resolver {
    hosts: Hosts,
    servers: Result<TokioResolver>,
}

/// What a permit lets look up: a name, or an address.
fn asked(permit: &Permit) -> Result<(Option<String>, Option<IpAddr>)> {
    let host = match permit.access() {
        Access::Network { host, .. } => Host::parse(host, None),
        _ => None,
    };
    let host = host.ok_or_else(|| NetworkError::Io("the permit is not for a host".to_owned()))?;
    Ok((host.name().map(str::to_owned), host.address()))
}

fn resource(permit: &Permit) -> String {
    match permit.access() {
        Access::Network { host, .. } => host.clone(),
        other => other.resource(),
    }
}

fn asking(servers: &[SocketAddr]) -> Result<TokioResolver> {
    let at = |server: &SocketAddr| {
        let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
            connection.port = server.port();
            connection
        });
        NameServerConfig::new(server.ip(), true, connections.into())
    };
    built(servers.iter().map(at).collect(), ResolverOpts::default())
}

/// Without domains to be searched: the name that was permitted is the one that is looked up, and no longer one.
fn built(servers: Vec<NameServerConfig>, mut options: ResolverOpts) -> Result<TokioResolver> {
    options.use_hosts_file = ResolveHosts::Never;
    options.cache_size = 0;
    let configuration = ResolverConfig::from_parts(None, Vec::new(), servers);
    TokioResolver::builder_with_config(configuration, TokioRuntimeProvider::default())
        .with_options(options)
        .build()
        .map_err(|error| NetworkError::TemporaryResolverFailure(error.to_string()))
}

/// Asks for the addresses of a name, both families at the same time.
async fn questions(servers: TokioResolver, name: &str, family: IpFamily) -> Result<Vec<IpAddr>> {
    let mut absolute = Name::from_ascii(name).map_err(|error| super::error::invalid(error.to_string()))?;
    absolute.set_fqdn(true);
    let ask = async |wanted: bool, kind: RecordType| -> Result<Vec<IpAddr>> {
        if !wanted {
            return Ok(Vec::new());
        }
        match servers.lookup(absolute.clone(), kind).await {
            Ok(answer) => Ok(answer.answers().iter().filter_map(|record| record.data.ip_addr()).collect()),
            Err(error) => Err(failed(&error, name)),
        }
    };
    let (four, six) =
        tokio::join!(ask(family != IpFamily::Ipv6, RecordType::A), ask(family != IpFamily::Ipv4, RecordType::AAAA));
    match (four, six) {
        (Ok(mut four), Ok(six)) => {
            four.extend(six);
            Ok(four)
        }
        // One family is enough, unless the other might have had the only address.
        (Ok(found), Err(error)) | (Err(error), Ok(found)) => {
            if found.is_empty() {
                Err(error)
            } else {
                Ok(found)
            }
        }
        (Err(NetworkError::NameNotFound(_)), Err(error)) | (Err(error), Err(_)) => Err(error),
    }
}

fn unanswered() -> NetworkError {
    NetworkError::TemporaryResolverFailure("no name server answered in time".to_owned())
}

/// The case for what came of a question about `subject`.
fn failed(error: &NetError, subject: &str) -> NetworkError {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none))
            if matches!(none.response_code, ResponseCode::NXDomain | ResponseCode::NoError) =>
        {
            NetworkError::NameNotFound(subject.to_owned())
        }
        NetError::Timeout => unanswered(),
        other => NetworkError::TemporaryResolverFailure(other.to_string()),
    }
}
