//! TLS as the client, and whose certificates are good.

use std::io;
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, ProtocolVersion, RootCertStore};
use tokio::net::TcpStream as Socket;
use tokio::sync::OnceCell;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::error::invalid;
use super::transport::Transport;
use super::trust_store::{InvalidCertificate, TrustStore};
use super::{NetworkError, Result, TlsInfo, TlsOptions, TlsVersion};

/// Protocols that are offered. They go into the first message, which servers do not take at any length.
const MAX_PROTOCOLS: usize = 32;
/// The longest name of a protocol that can be written.
const MAX_PROTOCOL_BYTES: usize = 255;

/// Whose certificates are trusted, and how TLS is spoken.
pub(super) struct Trust {
    /// Those that were named.
    named: RootCertStore,
    with_system: bool,
    base: OnceCell<Base>,
}

/// How TLS is spoken with everybody.
struct Base {
    client: ClientConfig,
    /// How many authorities are trusted.
    authorities: usize,
}

/// What the first message says, well-formed.
pub(super) struct Hello {
    name: ServerName<'static>,
    protocols: Vec<Vec<u8>>,
}

impl TlsOptions {
    pub(super) fn checked(&self) -> Result<Hello> {
        let name = self.server_name.strip_suffix('.').unwrap_or(&self.server_name);
        let name = ServerName::try_from(name.to_owned())
            .map_err(|_| invalid("server-name is neither a name nor an IP address"))?;
        if self.alpn.len() > MAX_PROTOCOLS {
            return Err(invalid(format!("alpn has more than {MAX_PROTOCOLS} protocols")));
        }
        if self.alpn.iter().any(|protocol| !(1..=MAX_PROTOCOL_BYTES).contains(&protocol.len())) {
            return Err(invalid(format!("a protocol of alpn has 1 to {MAX_PROTOCOL_BYTES} bytes")));
        }
        Ok(Hello { name, protocols: self.alpn.iter().map(|protocol| protocol.clone().into_bytes()).collect() })
    }
}

impl Trust {
    pub(super) fn new(store: &TrustStore) -> std::result::Result<Trust, InvalidCertificate> {
        let (certificates, with_system) = match store {
            TrustStore::System => (&[][..], true),
            TrustStore::SystemAnd(certificates) => (&certificates[..], true),
            TrustStore::Roots(certificates) => (&certificates[..], false),
        };
        let mut named = RootCertStore::empty();
        for certificate in certificates {
            named.add(CertificateDer::from(certificate.clone())).map_err(|error| InvalidCertificate(error.into()))?;
        }
        Ok(Trust { named, with_system, base: OnceCell::new() })
    }

    /// Starts TLS on a connection where nothing waits to be read.
    pub(super) async fn shake_hands(&self, hello: Hello, transport: Transport) -> Result<(TlsStream<Socket>, TlsInfo)> {
        let base = self.base.get_or_try_init(|| self.base()).await?;
        let mut client = base.client.clone();
        client.alpn_protocols = hello.protocols;
        let Some(socket) = transport.into_plain() else { return Err(invalid("TLS was started before")) };
        let stream = TlsConnector::from(Arc::new(client)).connect(hello.name, socket).await;
        let stream = stream.map_err(|error| failed(error, base.authorities))?;
        let info = agreed(&stream)?;
        Ok((stream, info))
    }

    async fn base(&self) -> Result<Base> {
        let mut roots = self.named.clone();
        if self.with_system {
            let read = tokio::task::spawn_blocking(rustls_native_certs::load_native_certs).await;
            let read = read.map_err(|error| NetworkError::Io(error.to_string()))?;
            // One that this implementation cannot read trusts nobody less than none would.
            let (added, ignored) = roots.add_parsable_certificates(read.certs);
            let failures = read.errors.len();
            tracing::debug!(added, ignored, failures, "read the certificates that the system trusts");
        }
        let authorities = roots.len();
        let mut client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| NetworkError::Io(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        // A session that is taken up again is one that another component may have had.
        client.resumption = Resumption::disabled();
        Ok(Base { client, authorities })
    }
}

fn agreed(stream: &TlsStream<Socket>) -> Result<TlsInfo> {
    let (_, session) = stream.get_ref();
    let missing = || NetworkError::TlsHandshake("the handshake is not complete".to_owned());
    let version = match session.protocol_version().ok_or_else(missing)? {
        ProtocolVersion::TLSv1_2 => TlsVersion::Tls12,
        ProtocolVersion::TLSv1_3 => TlsVersion::Tls13,
        other => return Err(NetworkError::TlsHandshake(format!("the version is {other:?}"))),
    };
    let suite = session.negotiated_cipher_suite().ok_or_else(missing)?.suite();
    let suite = suite.as_str().map_or_else(|| format!("{suite:?}"), str::to_owned);
    let certificate = session.peer_certificates().and_then(|chain| chain.first()).ok_or_else(missing)?;
    Ok(TlsInfo {
        version,
        // The library marks the suites of TLS 1.3, IANA does not.
        cipher_suite: suite.replacen("TLS13_", "TLS_", 1),
        alpn: session.alpn_protocol().map(|protocol| String::from_utf8_lossy(protocol).into_owned()),
        peer_certificate: certificate.to_vec(),
    })
}

/// How an operator adds an authority.
const TRUST: &str = "the operator of the host names those to trust (--trust-ca of `airssys-wasm call`)";

/// The case for a handshake that came to nothing, where so many authorities are trusted.
fn failed(error: io::Error, authorities: usize) -> NetworkError {
    match error.get_ref().and_then(|source| source.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer)) => {
            NetworkError::CertificateInvalid(match authorities {
                0 => format!("this host trusts nobody: it has no certificates of authorities; {TRUST}"),
                _ => format!(
                    "it is issued by none of the {authorities} authorities that this host trusts, or its chain is not complete; {TRUST}"
                ),
            })
        }
        Some(rustls::Error::InvalidCertificate(problem)) => NetworkError::CertificateInvalid(problem.to_string()),
        Some(problem) => NetworkError::TlsHandshake(problem.to_string()),
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            NetworkError::TlsHandshake("the peer closed the connection instead of answering".to_owned())
        }
        None => error.into(),
    }
}
