//! What the suite asks of a host under test and what it answers: JSON lines for a host in another process, the same values
//! for our own in this one. `conformance/host.schema.json` says the same as a schema.

use std::collections::BTreeMap;

use airssys_wasm_policy::Permissions;
use serde::{Deserialize, Serialize};

use super::val::{Bytes, Val};

/// Name and version of the protocol.
pub const PROTOCOL: &str = "airssys-host/1";

/// One line from the suite.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ask {
    /// The answer carries the same number. Answers may come in any order.
    pub id: u64,
    /// What is asked.
    #[serde(flatten)]
    pub request: Request,
}

/// One line from the host.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answer {
    /// The number of the request.
    pub id: u64,
    /// What it came to.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What a request came to.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was done.
    Ok(Reply),
    /// It was not.
    Error(HostError),
}

/// What the suite asks. `component` is always the id under which an instance was loaded.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Request {
    /// The first request, once.
    Start {
        /// [`PROTOCOL`].
        protocol: String,
        /// How the host is to be set up.
        settings: Settings,
    },
    /// Loads a component.
    Load(Box<Load>),
    /// Calls an exported function.
    Invoke {
        /// The instance.
        component: String,
        /// As in `airssys:ext-filesystem/files@1.0.0`.
        interface: String,
        /// As in `[method]file.read`.
        function: String,
        /// The arguments, the resource of a method first.
        arguments: Vec<Val>,
    },
    /// Drops a resource that `invoke` has returned.
    Drop {
        /// The instance.
        component: String,
        /// Its number.
        resource: u64,
    },
    /// Calls `execute`.
    Execute {
        /// The instance.
        component: String,
        /// The operation.
        operation: String,
        /// Its input, in hexadecimal.
        input: Bytes,
        /// Name of the outside caller; the host itself when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        external: Option<String>,
        /// The trace that the call belongs to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trace_parent: Option<String>,
    },
    /// Delivers a message and answers when it was handled.
    Message {
        /// The instance.
        component: String,
        /// Id of the sender.
        from: String,
        /// The message, in hexadecimal.
        message: Bytes,
    },
    /// Calls `init`.
    Init {
        /// The instance.
        component: String,
    },
    /// Calls `metadata`.
    Metadata {
        /// The instance.
        component: String,
    },
    /// Calls `health`.
    Health {
        /// The instance.
        component: String,
    },
    /// Calls `shutdown`; the instance is gone after it.
    Shutdown {
        /// The instance.
        component: String,
    },
    /// Takes a component away, with all that it holds.
    Unload {
        /// The instance.
        component: String,
    },
    /// Gives the audit records and the log of an instance, oldest first, also after it has gone, until the id is loaded anew.
    Records {
        /// The instance.
        component: String,
    },
    /// Gives the counters of an instance.
    Stats {
        /// The instance.
        component: String,
    },
}

/// How the host under test is set up, for all cases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Settings {
    /// Most entries that a directory list has.
    pub list_entries: u64,
    /// How long `shutdown` may take, in milliseconds.
    pub shutdown_grace_ms: u64,
    /// Where compiled components may be kept, for a host that does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compiled: Option<String>,
    /// Most sockets that a component has open.
    pub sockets: u32,
    /// Most processes whose handles a component holds.
    pub processes: u32,
    /// How long a name server may take to answer, in milliseconds.
    pub resolver_timeout_ms: u64,
    /// The name servers to ask, and no others, as in `127.0.0.1:53`.
    #[serde(default)]
    pub name_servers: Vec<String>,
    /// The certificate authorities to trust, and no others, in DER as hexadecimal.
    #[serde(default)]
    pub trusted_certificates: Vec<Bytes>,
    /// Where a program's bare name is looked up, and nowhere else.
    #[serde(default)]
    pub program_folders: Vec<String>,
}

/// How an instance is loaded.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Load {
    /// Its id, as in `conformance/self@1.0.0`.
    pub component: String,
    /// The file.
    pub file: String,
    /// What it declares, instead of what its Component.toml says.
    pub declared: Permissions,
    /// What the host grants.
    pub granted: Permissions,
    /// The folders that it sees.
    pub mounts: Vec<MountPoint>,
    /// Environment of its config.
    pub environment: Vec<(String, String)>,
    /// Data of its config, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Bytes>,
    /// Limits, by their names in `[limits]` of Component.toml.
    pub limits: BTreeMap<String, u64>,
    /// Whether to call `init`.
    pub start: bool,
}

impl Load {
    /// A component that may do nothing, without calling it.
    pub fn unstarted(component: String, file: &std::path::Path) -> Self {
        Self {
            component,
            file: file.to_string_lossy().into_owned(),
            declared: Permissions::none(),
            granted: Permissions::none(),
            mounts: Vec::new(),
            environment: Vec::new(),
            data: None,
            limits: BTreeMap::new(),
            start: false,
        }
    }
}

/// A folder that a component sees.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MountPoint {
    /// Under which absolute guest path.
    pub guest: String,
    /// The host's folder.
    pub host: String,
    /// Whether nothing may be changed.
    pub read_only: bool,
}

/// What the host gives back.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// Nothing but that it was done.
    Done,
    /// Who answers: name and version of the host.
    Started(String),
    /// The result of the function; absent when it has none.
    Value(Option<Val>),
    /// Audit and log.
    Records(Records),
    /// Counters by name.
    Stats(BTreeMap<String, u64>),
}

/// What a host has written down about an instance.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Records {
    /// Decisions of its policy.
    pub audit: Vec<Audited>,
    /// The log of the guest.
    pub log: Vec<Logged>,
}

/// One decision of the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audited {
    /// Full name, as in `ext-filesystem/files.open`.
    pub operation: String,
    /// On what.
    pub resource: String,
    /// As in `filesystem.read`.
    pub action: String,
    /// `allowed` or `denied`.
    pub decision: String,
    /// With a denial, the line of Component.toml that would have allowed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
}

/// One record of the guest's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Logged {
    /// As in `warn`.
    pub level: String,
    /// The text.
    pub message: String,
    /// Names and values.
    pub fields: Vec<(String, String)>,
}

/// Why a request was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[error("{text}")]
pub struct HostError {
    /// A stable name: `guest-error`, `guest-trap`, `unknown-function`, or what else the cases name.
    pub code: String,
    /// What a person reads, causes included.
    pub text: String,
    /// With `guest-error`: the case and text of the error that the guest returned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guest: Option<(String, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One line of each kind.
    fn lines() -> Vec<String> {
        let everything = Val::Record(vec![
            ("a".to_owned(), Val::List(vec![Val::U8(1), Val::U8(255)])),
            ("b".to_owned(), Val::Variant("case".to_owned(), Some(Box::new(Val::U64(u64::MAX))))),
            ("c".to_owned(), Val::Option(None)),
            ("d".to_owned(), Val::Result(Err(Some(Box::new(Val::String("größe\u{0}".to_owned())))))),
            ("e".to_owned(), Val::Tuple(vec![Val::S32(-1), Val::Bool(true), Val::Flags(vec!["x".to_owned()])])),
            ("f".to_owned(), Val::Resource(7)),
        ]);
        let mut load = Load::unstarted("a/b@1.0.0".to_owned(), std::path::Path::new("/x.wasm"));
        load.limits.insert("max-open-files".to_owned(), 3);
        load.mounts.push(MountPoint { guest: "/data".to_owned(), host: "/tmp".to_owned(), read_only: true });
        load.declared = Permissions::parse(r#"filesystem = [{ action = "read", path = "/data/**" }]"#, "x").unwrap();
        let requests = [
            Request::Start { protocol: PROTOCOL.to_owned(), settings: Settings::default() },
            Request::Load(Box::new(load)),
            Request::Invoke {
                component: "a/b@1.0.0".to_owned(),
                interface: "i".to_owned(),
                function: "f".to_owned(),
                arguments: vec![everything.clone()],
            },
            Request::Execute {
                component: "a/b@1.0.0".to_owned(),
                operation: "o".to_owned(),
                input: Bytes(vec![0, 255]),
                external: Some("who".to_owned()),
                trace_parent: None,
            },
        ];
        let guest = Some(("io".to_owned(), "text".to_owned()));
        let logged = Logged { level: "warn".to_owned(), message: "m".to_owned(), fields: Vec::new() };
        let outcomes = [
            Outcome::Ok(Reply::Value(Some(everything))),
            Outcome::Ok(Reply::Records(Records { audit: Vec::new(), log: vec![logged] })),
            Outcome::Ok(Reply::Stats([("calls".to_owned(), 3)].into())),
            Outcome::Error(HostError { code: "guest-error".to_owned(), text: "t".to_owned(), guest }),
        ];
        let asks = requests.into_iter().map(|request| serde_json::to_string(&Ask { id: 1, request }).unwrap());
        let answers = outcomes.into_iter().map(|outcome| serde_json::to_string(&Answer { id: 1, outcome }).unwrap());
        asks.chain(answers).collect()
    }

    #[test]
    fn no_line_makes_the_reader_panic_and_what_it_reads_it_writes_again() {
        let pieces = [
            "\"",
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "null",
            "-1",
            "1e999",
            "18446744073709551616",
            "\\u0000",
            "\\ud800",
            "é",
            "",
            "\"do\"",
            "\"ok\"",
            "\"bytes\"",
            "\"f\"",
            "{}",
            "[[]]",
        ];
        let lines = lines();
        // The same numbers every time (Marsaglia's xorshift), so that what fails once fails again.
        let mut random = 0x9e37_79b9_7f4a_7c15_u64;
        let mut below = |end: usize| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            usize::try_from(random % end as u64).unwrap()
        };
        let (mut read, mut refused) = (0, 0);
        for round in 0..20_000 {
            let mut line = lines[round % lines.len()].clone();
            for _ in 0..below(4) {
                let from = line.floor_char_boundary(below(line.len() + 1));
                let to = line.ceil_char_boundary(from + below(line.len() - from + 1).min(below(16)));
                line.replace_range(from..to, pieces[below(pieces.len())]);
            }
            for again in [
                serde_json::from_str::<Ask>(&line).map(|ask| serde_json::to_string(&ask)),
                serde_json::from_str::<Answer>(&line).map(|answer| serde_json::to_string(&answer)),
            ] {
                let Ok(written) = again else {
                    refused += 1;
                    continue;
                };
                read += 1;
                let written = written.unwrap();
                let reread = match serde_json::from_str::<Ask>(&written) {
                    Ok(ask) => serde_json::to_string(&ask),
                    Err(_) => serde_json::to_string(&serde_json::from_str::<Answer>(&written).expect("it was written")),
                };
                assert_eq!(reread.unwrap(), written, "{line}");
            }
        }
        assert!(read > 1000 && refused > 1000, "{read} {refused}");
        for deep in ["[".repeat(100_000), format!("{{\"id\":1,\"ok\":{{\"value\":{}", "{\"list\":[".repeat(100_000))] {
            assert!(serde_json::from_str::<Ask>(&deep).is_err() && serde_json::from_str::<Answer>(&deep).is_err());
        }
    }
}
