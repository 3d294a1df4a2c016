//! Cases as they stand on disk. The format is described in conformance/README.md.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The files that lie beside the folders of the packages.
const SCHEMA: &str = "case.schema.json";
const REQUIREMENTS: &str = "requirements.json";

/// What a case shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The operation does what it says.
    Ok,
    /// Without the permission it is refused, and nothing happens.
    Denied,
    /// An error case of the operation.
    Error,
    /// A value or situation at the edge of what is allowed.
    Edge,
    /// The order and the outcomes of a component's life.
    Lifecycle,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Ok => "ok",
            Self::Denied => "denied",
            Self::Error => "error",
            Self::Edge => "edge",
            Self::Lifecycle => "lifecycle",
        })
    }
}

/// What makes a host refuse or hide something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decider {
    /// The permissions of the component.
    Policy,
    /// What is mounted, and how, whatever the permissions.
    Mounts,
}

/// One case.
#[derive(Debug, Clone)]
pub struct Case {
    /// The operation it belongs to, by its full name.
    pub operation: String,
    /// The file's name without its ending: what the case shows.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// What it says.
    pub body: Body,
}

impl Case {
    /// Whether a host that allows everything must fail it.
    pub fn is_decided_by_policy(&self) -> bool {
        let denied = || self.body.steps.iter().any(|step| step.to_string().contains("\"denied\":"));
        self.body.decided_by.map_or_else(denied, |decider| decider == Decider::Policy)
    }

    /// Whether it is run once with the driver of each SDK as its peer.
    pub fn is_paired(&self) -> bool {
        self.body.peers.values().any(|peer| peer.sdk.is_some())
    }
}

/// The content of a case file.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Body {
    /// Where editors find the schema.
    #[serde(rename = "$schema", default)]
    pub schema: Option<String>,
    /// What the case shows.
    pub kind: Kind,
    /// What makes a host refuse or hide what the case says, where it is not plain from the steps.
    #[serde(default)]
    pub decided_by: Option<Decider>,
    /// A remark for the reader.
    #[serde(default)]
    pub says: Option<String>,
    /// Values made from the seed.
    #[serde(default)]
    pub values: BTreeMap<String, Value>,
    /// The instance under test.
    #[serde(flatten)]
    pub instance: Instance,
    /// Further instances, by name.
    #[serde(default)]
    pub peers: BTreeMap<String, Peer>,
    /// Guest paths of the mounts.
    #[serde(default = "default_mounts")]
    pub mounts: Vec<MountSpec>,
    /// Servers on loopback, by name.
    #[serde(default)]
    pub servers: Map<String, Value>,
    /// What the host's resolver knows: names and addresses with their answers.
    #[serde(default)]
    pub names: Map<String, Value>,
    /// Values that become paths of the program that guests start.
    #[serde(default)]
    pub programs: Vec<String>,
    /// Whether the host calls `init` before the first step.
    #[serde(default = "yes")]
    pub start: bool,
    /// The host's side before the first step.
    #[serde(default)]
    pub given: Vec<Value>,
    /// What happens.
    pub steps: Vec<Value>,
    /// Audit records that must appear, in this order.
    #[serde(default)]
    pub audit: Vec<AuditExpectation>,
}

/// How an instance is loaded.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Instance {
    /// What it declares, as `[permissions]` of Component.toml, with values of the case.
    #[serde(default)]
    pub permissions: Map<String, Value>,
    /// What the host grants, where that is not the same.
    #[serde(default)]
    pub granted: Option<Map<String, Value>>,
    /// The `[limits]` of Component.toml.
    #[serde(default)]
    pub limits: BTreeMap<String, u64>,
    /// Environment of its config.
    #[serde(default)]
    pub environment: Vec<(Value, Value)>,
    /// Data of its config.
    #[serde(default)]
    pub data: Option<Value>,
}

/// A further instance.
#[derive(Debug, Clone, Deserialize)]
pub struct Peer {
    /// Whose driver it is; the same as that under test when `None`.
    #[serde(default)]
    pub sdk: Option<PeerSdk>,
    /// How it is loaded.
    #[serde(flatten)]
    pub instance: Instance,
}

/// Whose driver a peer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeerSdk {
    /// That of each SDK of the run, one after the other: the case is a cell for each pair.
    Each,
}

/// A mount of the case.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum MountSpec {
    /// A fresh folder at this guest path.
    Plain(String),
    /// The same with options.
    Full {
        /// Guest path.
        guest: String,
        /// Whether nothing may be written there.
        #[serde(default, rename = "read-only")]
        read_only: bool,
    },
}

impl MountSpec {
    /// The guest path.
    pub fn guest(&self) -> &str {
        match self {
            Self::Plain(guest) | Self::Full { guest, .. } => guest,
        }
    }

    /// Whether nothing may be written there.
    pub fn read_only(&self) -> bool {
        matches!(self, Self::Full { read_only: true, .. })
    }
}

/// An audit record that must appear.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditExpectation {
    /// Full name of the operation.
    pub operation: String,
    /// The resource, with values filled in.
    #[serde(default)]
    pub resource: Option<String>,
    /// The action asked for.
    #[serde(default)]
    pub action: Option<String>,
    /// `allowed` or `denied`.
    pub decision: String,
}

fn default_mounts() -> Vec<MountSpec> {
    vec![MountSpec::Plain("/data".to_owned())]
}

fn yes() -> bool {
    true
}

/// What must be shown of an operation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Requirement {
    /// The permissions it asks for.
    pub permission: PermissionNeed,
    /// The error cases it can give, by their WIT names.
    #[serde(default)]
    pub errors: Vec<String>,
    /// The error cases that the contract names and no case shows, with the reason.
    #[serde(default)]
    pub left_out: BTreeMap<String, String>,
}

/// The permission that an operation asks for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum PermissionNeed {
    /// `none`, or `handle` when the handle holds it.
    Word(String),
    /// Actions that must be allowed.
    Actions(Vec<String>),
}

impl PermissionNeed {
    /// Whether a denied case is due.
    pub fn is_needed(&self) -> bool {
        matches!(self, Self::Actions(_))
    }
}

/// Reads every case below `folder`, sorted by operation and name.
///
/// # Errors
/// Fails on a file that is not a case, naming it and the place.
pub fn read_all(folder: &Path) -> Result<Vec<Case>> {
    let schema = read_json(&folder.join(SCHEMA))?;
    let schema = jsonschema::validator_for(&schema).context("conformance/cases/case.schema.json is no JSON schema")?;
    let mut cases = Vec::new();
    for package in folders(folder, &[SCHEMA, REQUIREMENTS])? {
        for interface in folders(&package, &[])? {
            for operation in folders(&interface, &[])? {
                let full = format!("{}/{}.{}", file_name(&package), file_name(&interface), file_name(&operation));
                let paths = entries(&operation)?;
                if paths.is_empty() {
                    bail!("{}: there is no case", operation.display());
                }
                for path in paths {
                    if path.extension().is_none_or(|ending| ending != "json") {
                        bail!("{}: not a case (cases end in .json)", path.display());
                    }
                    cases.push(read_one(&path, &full, &schema)?);
                }
            }
        }
    }
    cases.sort_by(|a, b| (&a.operation, &a.name).cmp(&(&b.operation, &b.name)));
    Ok(cases)
}

/// Reads `requirements.json`.
///
/// # Errors
/// Fails when it is missing or has another shape.
pub fn read_requirements(folder: &Path) -> Result<BTreeMap<String, Requirement>> {
    let path = folder.join(REQUIREMENTS);
    serde_json::from_value(read_json(&path)?).with_context(|| format!("failed to read {}", path.display()))
}

fn read_one(path: &Path, operation: &str, schema: &jsonschema::Validator) -> Result<Case> {
    let json = read_json(path)?;
    let problems: Vec<String> =
        schema.iter_errors(&json).map(|error| format!("{}: {error}", error.instance_path())).collect();
    if !problems.is_empty() {
        bail!("{}: {}", path.display(), problems.join("; "));
    }
    let body = serde_json::from_value(json).with_context(|| format!("failed to read {}", path.display()))?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Case { operation: operation.to_owned(), name, path: path.to_owned(), body })
}

fn read_json(path: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("failed to parse {}", path.display()))
}

/// The folders in a folder, which has no other files than these: a case that nobody finds would be no case.
fn folders(folder: &Path, files: &[&str]) -> Result<Vec<PathBuf>> {
    let (folders, others): (Vec<_>, Vec<_>) = entries(folder)?.into_iter().partition(|path| path.is_dir());
    if let Some(stray) = others.iter().find(|path| !files.contains(&file_name(path).as_str())) {
        bail!("{}: a case lies in the folder of its operation", stray.display());
    }
    Ok(folders)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = std::fs::read_dir(folder).with_context(|| format!("failed to read {}", folder.display()))?;
    let mut paths = read.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
