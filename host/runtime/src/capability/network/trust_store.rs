//! Which certificate authorities an operator trusts.

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// The certificate authorities that are trusted, each in DER.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrustStore {
    /// Those that the operating system trusts, read when the first connection needs them.
    #[default]
    System,
    /// Those, and these.
    SystemAnd(Vec<Vec<u8>>),
    /// These and no others.
    Roots(Vec<Vec<u8>>),
}

impl TrustStore {
    /// Trusts more certificate authorities, each in DER.
    pub fn add(&mut self, certificates: impl IntoIterator<Item = Vec<u8>>) {
        match self {
            Self::System => *self = Self::SystemAnd(certificates.into_iter().collect()),
            Self::SystemAnd(trusted) | Self::Roots(trusted) => trusted.extend(certificates),
        }
    }

    /// Reads certificates from the text of a PEM file, for the cases that take any.
    ///
    /// # Errors
    /// The text has no certificate in it, or a damaged one.
    pub fn read_pem(text: &[u8]) -> Result<Vec<Vec<u8>>, InvalidCertificate> {
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text).collect();
        let certificates = certificates.map_err(|error| InvalidCertificate(error.into()))?;
        if certificates.is_empty() {
            return Err(InvalidCertificate("there is no certificate in it".into()));
        }
        let mut store = RootCertStore::empty();
        for certificate in &certificates {
            store.add(certificate.clone()).map_err(|error| InvalidCertificate(error.into()))?;
        }
        Ok(certificates.iter().map(|certificate| certificate.to_vec()).collect())
    }
}

/// A certificate that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct InvalidCertificate(pub(super) Box<dyn std::error::Error + Send + Sync>);
