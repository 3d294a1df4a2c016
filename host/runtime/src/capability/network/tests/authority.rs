//! A certificate authority, and servers with certificates of it, good and bad.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// How a server presents itself.
#[derive(Clone, Default)]
pub struct Presented {
    pub expired: bool,
    pub not_yet: bool,
    pub only_tls12: bool,
    pub protocols: Vec<&'static str>,
}

impl Authority {
    pub fn new() -> Authority {
        // Two of one name would be taken for each other.
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        let name = format!("authority {}", COUNT.fetch_add(1, Ordering::Relaxed));
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Authority(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// Its own certificate.
    pub fn der(&self) -> Vec<u8> {
        self.0.der().to_vec()
    }

    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A server whose certificate is for this name. It sends back what it gets until the end.
    pub async fn serve(&self, name: &str, presented: Presented) -> Server {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        if presented.expired {
            (params.not_before, params.not_after) = (date_time_ymd(2001, 1, 1), date_time_ymd(2002, 1, 1));
        }
        if presented.not_yet {
            (params.not_before, params.not_after) = (date_time_ymd(2901, 1, 1), date_time_ymd(2902, 1, 1));
        }
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let versions: &[_] = if presented.only_tls12 {
            &[&rustls::version::TLS12]
        } else {
            &[&rustls::version::TLS13, &rustls::version::TLS12]
        };
        let private = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private)
            .unwrap();
        config.alpn_protocols = presented.protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // A client that does not trust it leaves in the middle.
                    let Ok(mut stream) = acceptor.accept(socket).await else { return };
                    let mut buffer = vec![0; 16 * 1024];
                    loop {
                        match stream.read(&mut buffer).await {
                            Ok(0) => {
                                stream.write_all(b"goodbye").await.unwrap();
                                return stream.shutdown().await.unwrap();
                            }
                            Ok(read) => {
                                if stream.write_all(&buffer[..read]).await.is_err() || stream.flush().await.is_err() {
                                    return;
                                }
                            }
                            Err(_) => return,
                        }
                    }
                });
            }
        });
        Server { address, certificate: certificate.der().to_vec() }
    }
}

pub struct Server {
    pub address: SocketAddr,
    pub certificate: Vec<u8>,
}
