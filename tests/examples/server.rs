//! A web server with TLS on loopback, and an authority for its certificate.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// The path that the server knows.
pub const PATH: &str = "/a/page?of=it";

/// A path whose answer is whole, after which the server cuts the connection without a word.
pub const CUT: &str = "/whole/then/cut";

/// A path whose answer is cut short.
pub const SHORT: &str = "/cut/short";

/// More than the requests of the examples have.
const MAX_REQUEST_BYTES: usize = 8 << 10;

/// Issues certificates.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A server that runs as long as this does.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Authority {
    /// An authority of this name.
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a certificate"))
    }

    /// Its own certificate, in DER.
    pub fn certificate(&self) -> Vec<u8> {
        self.0.der().to_vec()
    }

    /// Starts a server whose certificate is for 127.0.0.1. It answers to [`PATH`] with the body, to all else with 404.
    pub async fn serve(&self, body: Vec<u8>) -> Server {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("parameters");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        let private = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private)
            .expect("a certificate and its key");
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::default();
        let task = tokio::spawn(accept(listener, acceptor, Arc::new(body), Arc::clone(&requests)));
        Server { address, requests, task }
    }
}

impl Server {
    /// The requests that have come, each up to its empty line, and none of them twice.
    pub fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut *self.requests.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, body: Arc<Vec<u8>>, requests: Arc<Mutex<Vec<String>>>) {
    while let Ok((socket, _)) = listener.accept().await {
        // A client that does not trust the certificate leaves here.
        let Ok(mut stream) = acceptor.accept(socket).await else { continue };
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") && request.len() < MAX_REQUEST_BYTES {
            match stream.read_u8().await {
                Ok(byte) => request.push(byte),
                Err(_) => break,
            }
        }
        let request = String::from_utf8_lossy(&request).into_owned();
        let is_for = |path| request.starts_with(&format!("GET {path} HTTP/1.1\r\n"));
        let (cut, short) = (is_for(CUT), is_for(SHORT));
        let found = is_for(PATH) || cut || short;
        requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        let (status, body) = if found { ("200 OK", body.as_slice()) } else { ("404 Not Found", &b"no such page"[..]) };
        let header = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        // The client may have seen enough.
        let _ = stream.write_all(header.as_bytes()).await;
        let _ = stream.write_all(if short { &body[..body.len() / 2] } else { body }).await;
        let _ = stream.flush().await;
        if cut {
            // Below TLS, which would say goodbye.
            let _ = stream.get_mut().0.shutdown().await;
        } else {
            let _ = stream.shutdown().await;
        }
    }
}
