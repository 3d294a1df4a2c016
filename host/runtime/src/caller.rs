//! Who calls a component.

use airssys_wasm_policy::ComponentId;

/// Who asks for something.
///
/// ```
/// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/runtime/support.rs")); }
/// use airssys_wasm::{CallOptions, Caller};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let runtime = airssys_wasm::Runtime::builder().cache(airssys_wasm::CacheFolder::Disabled).build()?;
/// let component = runtime.start(support::guest()).await?;
/// let mut options = CallOptions::default();
/// options.caller = Some(Caller::External("operator".to_owned()));
/// component.call_with("echo", "hello", options).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Caller {
    /// Another component.
    Component(ComponentId),
    /// Somebody outside, by a name that means something to the embedder.
    External(String),
    /// The host itself.
    Host,
}
