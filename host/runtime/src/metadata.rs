//! What a component says of itself.

use airssys_wasm_policy::ComponentId;

/// Metadata of one component. It is kept as long as the component is.
pub(crate) const MAX_METADATA_BYTES: usize = 64 << 10;

/// What a component says of itself. The id is text, because nothing keeps a guest from giving one that is none.
///
/// ```
/// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/runtime/support.rs")); }
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let runtime = airssys_wasm::Runtime::builder().cache(airssys_wasm::CacheFolder::Disabled).build()?;
/// let component = runtime.start(support::guest()).await?;
/// assert_eq!(component.metadata().await?.description, "A guest for tests.");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct ComponentMetadata {
    /// First part of the name, e.g. `acme`.
    pub namespace: String,
    /// Second part of the name, e.g. `hello`.
    pub name: String,
    /// Semantic version.
    pub version: String,
    /// One sentence.
    pub description: String,
    /// `Name <address>` each.
    pub authors: Vec<String>,
    /// SPDX expression.
    pub license: Option<String>,
    /// What `execute` takes.
    pub operations: Vec<String>,
}

impl ComponentMetadata {
    pub(crate) fn is_of(&self, id: &ComponentId) -> bool {
        self.namespace == id.namespace && self.name == id.name && self.version == id.version.to_string()
    }

    /// What it takes to keep it, in bytes. A text takes some even if it is empty, or millions of them would be free.
    pub(crate) fn size(&self) -> usize {
        let lists = self.authors.iter().chain(&self.operations).chain(&self.license);
        let single = [&self.namespace, &self.name, &self.version, &self.description];
        lists.chain(single).map(|text| size_of::<String>() + text.len()).sum()
    }

    pub(crate) fn id_text(&self) -> String {
        format!("{}/{}@{}", self.namespace, self.name, self.version)
    }
}

/// How a component feels.
///
/// ```
/// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/runtime/support.rs")); }
/// use airssys_wasm::HealthStatus;
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let runtime = airssys_wasm::Runtime::builder().cache(airssys_wasm::CacheFolder::Disabled).build()?;
/// let component = runtime.start(support::guest()).await?;
/// let health = component.health().await?;
/// assert_eq!((health.status, health.reason), (HealthStatus::Healthy, None));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Health {
    /// What the guest answered, or what the host makes of its not answering.
    pub status: HealthStatus,
    /// Why, where the host has something to say: that the guest trapped, did not answer, or is busy.
    pub reason: Option<String>,
}

/// `health-status` of the contract.
///
/// ```
/// use airssys_wasm::HealthStatus;
///
/// /// Whether a balancer sends calls there.
/// fn is_ready(status: HealthStatus) -> bool {
///     matches!(status, HealthStatus::Healthy | HealthStatus::Degraded)
/// }
/// ```
// Exhaustive: these are the cases of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HealthStatus {
    /// All is well.
    Healthy,
    /// It works, but not as it should.
    Degraded,
    /// It does not work.
    Unhealthy,
    /// Nobody can say; also what a component is that is too busy to answer.
    Unknown,
}

impl HealthStatus {
    /// How bad it is, compared to the others.
    pub(crate) fn badness(self) -> u8 {
        match self {
            Self::Healthy => 0,
            Self::Degraded => 1,
            Self::Unknown => 2,
            Self::Unhealthy => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_texts_have_a_size_too() {
        let empty = String::new;
        let metadata = ComponentMetadata {
            namespace: empty(),
            name: empty(),
            version: empty(),
            description: empty(),
            authors: vec![empty(); 10_000],
            license: None,
            operations: Vec::new(),
        };
        assert!(metadata.size() > MAX_METADATA_BYTES);
    }
}
