//! The settings of a host as a TOML file: every key of [`RuntimeConfig`], checked as Component.toml is.

use std::fs::File;
use std::io::Read;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use airssys_wasm_policy::document::{self, Node, Problems, Section, Sections};
use airssys_wasm_policy::{AuditSink, InvalidValue, Manifest, ManifestError, ManifestErrors};

use crate::capability::filesystem::{FilesystemLimits, Mount};
use crate::capability::host_services::record::LogSink;
use crate::capability::network::{Dns, NetworkConfig, NetworkLimits, TrustStore};
use crate::capability::process::{ProcessConfig, ProcessLimits};
use crate::record_file::RecordFile;
use crate::runtime_config::{CacheFolder, MAX_MEMORY_BYTES, ResolvedLimits, RuntimeConfig};

/// The port of name servers, where none is named.
const NAME_SERVER_PORT: u16 = 53;
/// The longest time that can be set, in milliseconds: a year. What is longer is a slip.
const MAX_MILLISECONDS: u64 = 366 * 24 * 3_600_000;

const ROOT: &[&str] = &[
    "granted",
    "mounts",
    "default-limits",
    "limit-ceilings",
    "filesystem-limits",
    "network",
    "processes",
    "max-instances",
    "max-descriptors",
    "max-host-memory-bytes",
    "raise-descriptor-limit",
    "shutdown-grace-ms",
    "cache",
    "protected-folders",
    "audit",
    "log",
];
const MOUNT: &[&str] = &["guest", "host", "read-only"];
const LIMITS: &[&str] =
    &["max-memory-bytes", "max-cpu-time-ms", "max-execution-time-ms", "max-open-files", "max-mailbox-messages"];
const FILESYSTEM_LIMITS: &[&str] = &[
    "max-read-bytes",
    "max-read-file-bytes",
    "max-write-bytes",
    "max-file-bytes",
    "max-list-entries",
    "max-page-entries",
    "max-find-results",
    "max-find-bytes",
    "max-visited-entries",
    "quota-bytes",
];
const NETWORK: &[&str] = &["name-servers", "trusted-certificates", "trust-system", "non-public", "limits"];
const NETWORK_LIMITS: &[&str] = &[
    "max-sockets",
    "max-read-bytes",
    "max-backlog",
    "max-buffer-bytes",
    "max-addresses",
    "max-lookups",
    "resolver-timeout-ms",
    "connect-attempt-timeout-ms",
    "tls-handshake-timeout-ms",
];
const PROCESSES: &[&str] = &[
    "search-path",
    "system-paths",
    "unconfined",
    "inherit-stdio",
    "max-processes",
    "max-tasks",
    "max-component-tasks",
    "max-component-memory-bytes",
    "default-limits",
    "limit-ceilings",
    "write-past-quota",
];
const PROCESS_LIMITS: &[&str] =
    &["max-memory-bytes", "max-cpu-time-ms", "max-wall-time-ms", "max-open-files", "max-output-bytes"];
const CACHE: &[&str] = &["folder", "keep"];
const RECORDS: &[&str] = &["file"];

/// Every section with its keys, the most likely one for a key first.
const SECTIONS: Sections = &[
    ("default-limits", LIMITS),
    ("limit-ceilings", LIMITS),
    ("filesystem-limits", FILESYSTEM_LIMITS),
    ("network", NETWORK),
    ("network.limits", NETWORK_LIMITS),
    ("processes", PROCESSES),
    ("cache", CACHE),
];

impl RuntimeConfig {
    /// Reads a file with the settings of a host, as [`RuntimeConfig::from_toml`] does.
    ///
    /// # Errors
    /// Everything that is wrong with it, also that it cannot be read, or is not UTF-8.
    pub fn from_file(file: impl AsRef<Path>) -> Result<RuntimeConfig, ManifestErrors> {
        let file = file.as_ref();
        let bytes = read_bounded(file, Manifest::MAX_BYTES).map_err(|error| whole(file, &error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            whole(file, &format!("not UTF-8 (byte {}); save it as UTF-8", error.utf8_error().valid_up_to()))
        })?;
        RuntimeConfig::from_toml(&text, file)
    }

    /// Reads the settings of a host. Its keys are the fields of this type and of those in it, with `-` for `_`, times in
    /// milliseconds with `-ms` at the end, sizes in bytes; `file` is what messages call it, and paths in it are relative
    /// to the folder of `file`. What is absent is as in the default, which grants nothing. `README.md` of this crate shows
    /// every key.
    ///
    /// ```
    /// use airssys_wasm::RuntimeConfig;
    ///
    /// let text = r#"
    ///     granted.filesystem = [{ action = "read", path = "/data/**" }]
    ///     limit-ceilings.max-memory-bytes = 268435456
    ///     network.name-servers = ["9.9.9.9"]
    /// "#;
    /// let config = RuntimeConfig::from_toml(text, "host.toml")?;
    /// assert_eq!(config.limit_ceilings.memory_bytes, 256 << 20);
    /// # Ok::<(), airssys_wasm::policy::ManifestErrors>(())
    /// ```
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the file, each with its line and column: also that a file that
    /// it names cannot be read or written.
    pub fn from_toml(text: &str, file: impl AsRef<Path>) -> Result<RuntimeConfig, ManifestErrors> {
        let file = file.as_ref();
        let folder = file.parent().unwrap_or(Path::new(""));
        document::read(text, &file.display().to_string(), ROOT, SECTIONS, |root, problems| {
            Some(Reader { folder }.config(root, problems))
        })
    }
}

/// What is wrong with a file as a whole.
fn whole(file: &Path, problem: &str) -> ManifestErrors {
    let problem = format!("failed to read it: {problem}");
    ManifestErrors(vec![ManifestError::of_file(file.display().to_string(), problem)])
}

/// A file up to a size: its path may lead to anything.
fn read_bounded(file: &Path, limit: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > limit {
        return Err(std::io::Error::other(format!("larger than {limit} bytes")));
    }
    Ok(bytes)
}

/// Reads the values, with paths relative to one folder.
struct Reader<'a> {
    folder: &'a Path,
}

/// Sets a value if its key is there and right.
fn set<'t, T>(value: &mut T, node: Option<Node<'t>>, read: impl FnOnce(Node<'t>) -> Option<T>) {
    if let Some(read) = node.and_then(read) {
        *value = read;
    }
}

/// Sets amounts by their keys.
macro_rules! amounts {
    ($section:expr, $problems:expr, $($key:literal => $value:expr),+ $(,)?) => {
        $(set($value, $section.get($key), |node| node.amount($problems));)+
    };
}

impl Reader<'_> {
    fn config(&self, root: &Section<'_>, problems: &mut Problems<'_>) -> RuntimeConfig {
        let mut config = RuntimeConfig::default();
        // Every field by name: one that is added has to get a key here.
        let RuntimeConfig {
            granted,
            mounts,
            default_limits,
            limit_ceilings,
            filesystem_limits,
            network,
            processes,
            max_instances,
            max_descriptors,
            max_host_memory_bytes,
            raise_descriptor_limit,
            shutdown_grace,
            cache,
            protected_folders,
            audit,
            log,
        } = &mut config;
        set(granted, root.get("granted"), |node| node.permissions(problems));
        set(mounts, root.get("mounts"), |node| Some(self.mounts(node, problems)));
        resolved(default_limits, root.get("default-limits"), problems);
        resolved(limit_ceilings, root.get("limit-ceilings"), problems);
        self.filesystem(filesystem_limits, root.get("filesystem-limits"), problems);
        self.network(network, root.get("network"), problems);
        self.processes(processes, root.get("processes"), problems);
        set(max_instances, root.get("max-instances"), |node| node.amount(problems));
        set(max_descriptors, root.get("max-descriptors"), |node| node.amount(problems));
        set(max_host_memory_bytes, root.get("max-host-memory-bytes"), |node| node.amount(problems));
        set(raise_descriptor_limit, root.get("raise-descriptor-limit"), |node| node.flag(problems));
        set(shutdown_grace, root.get("shutdown-grace-ms"), |node| duration(&node, problems));
        set(cache, root.get("cache"), |node| self.cache(node, problems));
        set(protected_folders, root.get("protected-folders"), |node| Some(self.paths(node, problems)));
        if let Some(file) = root.get("audit").and_then(|node| self.records(node, problems)) {
            *audit = file as Arc<dyn AuditSink>;
        }
        if let Some(file) = root.get("log").and_then(|node| self.records(node, problems)) {
            *log = Some(file as Arc<dyn LogSink>);
        }
        config
    }

    fn path(&self, node: &Node<'_>, problems: &mut Problems<'_>) -> Option<PathBuf> {
        let text = node.text(problems)?;
        if text.is_empty() || text.contains('\0') {
            node.refuse(
                problems,
                InvalidValue::with_help("this is no path", "write \".\" for the folder of this file"),
            );
            return None;
        }
        Some(self.folder.join(text))
    }

    fn paths(&self, node: Node<'_>, problems: &mut Problems<'_>) -> Vec<PathBuf> {
        let nodes = node.array(problems);
        nodes.iter().filter_map(|node| self.path(node, problems)).collect()
    }

    fn mounts(&self, node: Node<'_>, problems: &mut Problems<'_>) -> Vec<Mount> {
        let nodes = node.array(problems);
        let mut mount = |node: Node<'_>| {
            let fields = node.table(problems, MOUNT)?;
            let guest = fields.require(problems, "guest", "guest = \"/data\"").and_then(|node| {
                node.checked_text(problems, |text| match text.starts_with('/') {
                    true => Ok(()),
                    false => {
                        Err(InvalidValue::with_help("not absolute", "start it with `/`: guest paths are absolute"))
                    }
                })
            });
            let host = fields.require(problems, "host", "host = \"data\"").and_then(|node| self.path(&node, problems));
            let read_only = fields.get("read-only").and_then(|node| node.flag(problems)).unwrap_or_default();
            Some(Mount { guest: guest?, host: host?, read_only })
        };
        nodes.into_iter().filter_map(&mut mount).collect()
    }

    fn filesystem(&self, limits: &mut FilesystemLimits, node: Option<Node<'_>>, problems: &mut Problems<'_>) {
        let Some(section) = node.and_then(|node| node.table(problems, FILESYSTEM_LIMITS)) else { return };
        let FilesystemLimits {
            max_read_bytes,
            max_read_file_bytes,
            max_write_bytes,
            max_file_bytes,
            max_list_entries,
            max_page_entries,
            max_find_results,
            max_find_bytes,
            max_visited_entries,
            quota_bytes,
        } = limits;
        amounts!(section, problems,
            "max-read-bytes" => max_read_bytes,
            "max-read-file-bytes" => max_read_file_bytes,
            "max-write-bytes" => max_write_bytes,
            "max-file-bytes" => max_file_bytes,
            "max-list-entries" => max_list_entries,
            "max-page-entries" => max_page_entries,
            "max-find-results" => max_find_results,
            "max-find-bytes" => max_find_bytes,
            "max-visited-entries" => max_visited_entries,
        );
        set(quota_bytes, section.get("quota-bytes"), |node| node.amount(problems).map(Some));
    }

    fn network(&self, network: &mut NetworkConfig, node: Option<Node<'_>>, problems: &mut Problems<'_>) {
        let Some(section) = node.and_then(|node| node.table(problems, NETWORK)) else { return };
        let NetworkConfig { trust, dns, non_public, limits } = network;
        if let Some(node) = section.get("name-servers") {
            *dns = Dns::Servers(name_servers(node, problems));
        }
        let certificates = section.get("trusted-certificates").map(|node| self.certificates(node, problems));
        let with_system = section.get("trust-system").and_then(|node| node.flag(problems)).unwrap_or(true);
        *trust = match (certificates.unwrap_or_default(), with_system) {
            (certificates, false) => TrustStore::Roots(certificates),
            (certificates, true) if certificates.is_empty() => TrustStore::System,
            (certificates, true) => TrustStore::SystemAnd(certificates),
        };
        if let Some(node) = section.get("non-public") {
            *non_public = node.array(problems).iter().filter_map(|node| node.parsed(problems)).collect();
        }
        let Some(section) = section.get("limits").and_then(|node| node.table(problems, NETWORK_LIMITS)) else { return };
        let NetworkLimits {
            max_sockets,
            max_read_bytes,
            max_backlog,
            max_buffer_bytes,
            max_addresses,
            max_lookups,
            resolver_timeout,
            connect_attempt_timeout,
            tls_handshake_timeout,
        } = limits;
        amounts!(section, problems,
            "max-sockets" => max_sockets,
            "max-read-bytes" => max_read_bytes,
            "max-backlog" => max_backlog,
            "max-buffer-bytes" => max_buffer_bytes,
            "max-addresses" => max_addresses,
            "max-lookups" => max_lookups,
        );
        for (key, value) in [
            ("resolver-timeout-ms", resolver_timeout),
            ("connect-attempt-timeout-ms", connect_attempt_timeout),
            ("tls-handshake-timeout-ms", tls_handshake_timeout),
        ] {
            set(value, section.get(key), |node| duration(&node, problems));
        }
    }

    /// The certificates of PEM files.
    fn certificates(&self, node: Node<'_>, problems: &mut Problems<'_>) -> Vec<Vec<u8>> {
        let mut certificates = Vec::new();
        for node in node.array(problems) {
            let Some(path) = self.path(&node, problems) else { continue };
            let read = read_bounded(&path, Manifest::MAX_BYTES).map_err(|error| error.to_string());
            match read.and_then(|text| TrustStore::read_pem(&text).map_err(|error| error.to_string())) {
                Ok(read) => certificates.extend(read),
                Err(error) => {
                    let problem = format!("failed to read the certificates of {}: {error}", path.display());
                    node.refuse(
                        problems,
                        InvalidValue::with_help(problem, "name a PEM file of certificate authorities"),
                    );
                }
            }
        }
        certificates
    }

    fn processes(&self, processes: &mut ProcessConfig, node: Option<Node<'_>>, problems: &mut Problems<'_>) {
        let Some(section) = node.and_then(|node| node.table(problems, PROCESSES)) else { return };
        let ProcessConfig {
            search_path,
            system_paths,
            unconfined,
            inherit_stdio,
            max_processes,
            max_tasks,
            max_component_tasks,
            max_component_memory_bytes,
            default_limits,
            limit_ceilings,
            write_past_quota,
        } = processes;
        set(search_path, section.get("search-path"), |node| Some(self.paths(node, problems)));
        set(system_paths, section.get("system-paths"), |node| Some(self.paths(node, problems)));
        set(unconfined, section.get("unconfined"), |node| node.flag(problems));
        set(inherit_stdio, section.get("inherit-stdio"), |node| node.flag(problems));
        amounts!(section, problems,
            "max-processes" => max_processes,
            "max-tasks" => max_tasks,
            "max-component-tasks" => max_component_tasks,
        );
        let memory = section.get("max-component-memory-bytes");
        set(max_component_memory_bytes, memory, |node| node.amount(problems).map(Some));
        set(write_past_quota, section.get("write-past-quota"), |node| node.flag(problems));
        process_limits(default_limits, section.get("default-limits"), problems);
        process_limits(limit_ceilings, section.get("limit-ceilings"), problems);
    }

    fn cache(&self, node: Node<'_>, problems: &mut Problems<'_>) -> Option<CacheFolder> {
        let section = node.table(problems, CACHE)?;
        let folder_node = section.get("folder");
        let folder = folder_node.as_ref().and_then(|node| self.path(node, problems));
        let keep = section.get("keep").and_then(|node| node.flag(problems)).unwrap_or(true);
        match (folder, keep) {
            (Some(folder), true) => Some(CacheFolder::At(folder)),
            (None, true) => Some(CacheFolder::Default),
            (None, false) => Some(CacheFolder::Disabled),
            (Some(_), false) => {
                let help = "leave out one of the two";
                let invalid = InvalidValue::with_help("a folder is named, and keep = false keeps nothing", help);
                folder_node.expect("there is a folder").refuse(problems, invalid);
                None
            }
        }
    }

    /// A file for records, opened, so that it shows now if that cannot be.
    fn records(&self, node: Node<'_>, problems: &mut Problems<'_>) -> Option<Arc<RecordFile>> {
        let section = node.table(problems, RECORDS)?;
        let node = section.require(problems, "file", "file = \"records.jsonl\"")?;
        let path = self.path(&node, problems)?;
        match RecordFile::append(&path) {
            Ok(file) => Some(Arc::new(file)),
            Err(error) => {
                let problem = format!("failed to write to {}: {error}", path.display());
                node.refuse(problems, InvalidValue::with_help(problem, "name a file in a folder that exists"));
                None
            }
        }
    }
}

fn resolved(limits: &mut ResolvedLimits, node: Option<Node<'_>>, problems: &mut Problems<'_>) {
    let Some(section) = node.and_then(|node| node.table(problems, LIMITS)) else { return };
    let ResolvedLimits { memory_bytes, cpu_time, execution_time, open_files, mailbox_messages } = limits;
    set(memory_bytes, section.get("max-memory-bytes"), |node| {
        let bytes = node.amount(problems)?;
        if bytes > MAX_MEMORY_BYTES {
            let help = format!("write {MAX_MEMORY_BYTES} at most");
            node.refuse(problems, InvalidValue::with_help("a component can address no more than 4 GiB", help));
            return None;
        }
        Some(bytes)
    });
    amounts!(section, problems,
        "max-open-files" => open_files,
        "max-mailbox-messages" => mailbox_messages,
    );
    set(execution_time, section.get("max-execution-time-ms"), |node| node.amount(problems).map(Duration::from_millis));
    set(cpu_time, section.get("max-cpu-time-ms"), |node| node.amount(problems).map(Duration::from_millis).map(Some));
}

fn process_limits(limits: &mut ProcessLimits, node: Option<Node<'_>>, problems: &mut Problems<'_>) {
    let Some(section) = node.and_then(|node| node.table(problems, PROCESS_LIMITS)) else { return };
    let ProcessLimits { max_memory_bytes, max_cpu_time, max_wall_time, max_open_files, max_output_bytes } = limits;
    for (key, value) in [("max-memory-bytes", max_memory_bytes), ("max-output-bytes", max_output_bytes)] {
        set(value, section.get(key), |node| node.amount(problems).map(Some));
    }
    for (key, value) in [("max-cpu-time-ms", max_cpu_time), ("max-wall-time-ms", max_wall_time)] {
        set(value, section.get(key), |node| node.amount(problems).map(Duration::from_millis).map(Some));
    }
    set(max_open_files, section.get("max-open-files"), |node| node.amount(problems).map(Some));
}

fn duration(node: &Node<'_>, problems: &mut Problems<'_>) -> Option<Duration> {
    let milliseconds = node.amount(problems)?;
    if milliseconds > MAX_MILLISECONDS {
        node.refuse(problems, InvalidValue::new(format!("{milliseconds} ms are more than a year")));
        return None;
    }
    Some(Duration::from_millis(milliseconds))
}

fn name_servers(node: Node<'_>, problems: &mut Problems<'_>) -> Vec<SocketAddr> {
    let mut servers = Vec::new();
    let nodes = node.array(problems);
    for node in nodes {
        let Some(text) = node.text(problems) else { continue };
        let address = text.parse().map(|address: IpAddr| SocketAddr::new(address, NAME_SERVER_PORT));
        match address.or_else(|_| text.parse()) {
            Ok(address) => servers.push(address),
            Err(_) => node.refuse(
                problems,
                InvalidValue::with_help(
                    format!("{text:?} is no address"),
                    "write an IP address, as in \"9.9.9.9\" or \"[::1]:5353\"",
                ),
            ),
        }
    }
    servers
}

#[cfg(test)]
mod tests;
