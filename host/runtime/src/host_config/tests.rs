//! Settings of a host: every key, and every mistake.

use super::*;

/// The settings that README.md shows.
fn example() -> &'static str {
    let readme = include_str!("../../README.md");
    let (_, text) = readme.split_once("```toml\n").expect("it shows settings");
    text.split_once("```").expect("which end").0
}

/// What those settings need: a folder with an authority.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let key = rcgen::KeyPair::generate().unwrap();
    let authority = rcgen::CertificateParams::new(vec!["authority.example".to_owned()]).unwrap();
    std::fs::write(folder.path().join("ca.pem"), authority.self_signed(&key).unwrap().pem()).unwrap();
    folder
}

fn problems(text: &str) -> Vec<String> {
    let folder = folder();
    let errors = RuntimeConfig::from_toml(text, folder.path().join("host.toml")).unwrap_err();
    let whole = format!("{}/", folder.path().display());
    errors.0.iter().map(|error| error.to_string().replace(&whole, "")).collect()
}

#[test]
fn the_readme_shows_every_key_with_its_default() {
    let text = example();
    for known in
        [ROOT, MOUNT, LIMITS, FILESYSTEM_LIMITS, NETWORK, NETWORK_LIMITS, PROCESSES, PROCESS_LIMITS, CACHE, RECORDS]
    {
        for key in known {
            let written = [format!("\n{key} = "), format!("[{key}]"), format!(".{key}]")];
            assert!(text.starts_with(&format!("{key} = ")) || written.iter().any(|form| text.contains(form)), "{key}");
        }
    }
    let folder = folder();
    let config = RuntimeConfig::from_toml(text, folder.path().join("host.toml")).unwrap();
    let default = RuntimeConfig::default();
    assert_eq!(config.processes, default.processes);
    assert_eq!(config.network.limits, default.network.limits);
    assert_eq!(
        config.default_limits,
        ResolvedLimits { cpu_time: Some(Duration::from_secs(30)), ..default.default_limits }
    );
    assert_eq!(
        config.limit_ceilings,
        ResolvedLimits { cpu_time: Some(Duration::from_secs(3600)), ..default.limit_ceilings }
    );
    let limits = FilesystemLimits { quota_bytes: Some(1 << 30), ..default.filesystem_limits };
    assert_eq!(config.filesystem_limits, limits);
    assert_eq!(
        (config.max_instances, config.max_descriptors, config.max_host_memory_bytes, config.raise_descriptor_limit),
        (default.max_instances, default.max_descriptors, default.max_host_memory_bytes, default.raise_descriptor_limit)
    );
    assert_eq!(config.shutdown_grace, default.shutdown_grace);
    // What is an example there.
    assert_eq!(config.cache, CacheFolder::At(folder.path().join("compiled")));
    assert_eq!(config.protected_folders, [folder.path().join("tools")]);
    let mount = &config.mounts[0];
    assert_eq!((&*mount.guest, &mount.host, mount.read_only), ("/data", &folder.path().join("data"), true));
    assert_eq!(config.granted.filesystem.len(), 1);
    assert!(matches!(&config.network.trust, TrustStore::SystemAnd(certificates) if certificates.len() == 1));
    let servers: Vec<SocketAddr> = ["9.9.9.9:53", "[::1]:5353"].iter().map(|text| text.parse().unwrap()).collect();
    assert_eq!(config.network.dns, Dns::Servers(servers));
    drop(config);
    for file in ["audit.jsonl", "guests.jsonl"] {
        assert_eq!(std::fs::read(folder.path().join(file)).unwrap(), b"", "{file}");
    }
}

#[test]
fn nothing_written_is_the_default() {
    let config = RuntimeConfig::from_toml("", "host.toml").unwrap();
    let default = RuntimeConfig::default();
    assert_eq!((config.granted, config.default_limits), (default.granted, default.default_limits));
    assert!(config.mounts.is_empty() && config.log.is_none());
    assert_eq!(config.network.trust, TrustStore::System);
}

#[test]
fn everything_that_is_wrong_is_said_with_its_place_and_what_was_meant() {
    let text = r#"max-instance = 3
memory = "1GiB"
max-open-files = 5
[limit-ceilings]
max_memory_bytes = 1
max-execution-time-ms = 0
[filesystem-limits]
max-list-entries = "5"
quota-bytes = -1
[granted]
filesystem = [{ action = "raed", path = "data" }]
[[mounts]]
guest = "data"
host = ""
[network]
name-servers = ["dns.example"]
trusted-certificates = ["absent.pem"]
[network.limits]
resolver-timeout-ms = 99999999999999
[processes]
unconfined = "no"
[cache]
folder = "x"
keep = false
[audit]
file = "absent/audit.jsonl"
[default-limits]
max-memory-bytes = 4294967297
"#;
    let expected = [
        "host.toml:1:1: max-instance: unknown key (help: did you mean `max-instances`?)",
        "host.toml:2:1: memory: unknown key (help: known here: granted, mounts, default-limits, limit-ceilings, \
         filesystem-limits, network, processes, max-instances, max-descriptors, max-host-memory-bytes, raise-descriptor-limit, shutdown-grace-ms, cache, protected-folders, audit, log)",
        "host.toml:3:1: max-open-files: unknown key (help: `max-open-files` belongs to [default-limits])",
        "host.toml:5:1: limit-ceilings.max_memory_bytes: unknown key (help: did you mean `max-memory-bytes`?)",
        "host.toml:6:25: limit-ceilings.max-execution-time-ms: 0 would allow nothing (help: leave it out for the host's default)",
        "host.toml:8:20: filesystem-limits.max-list-entries: expected an integer, found a string (help: write 5, without quotes)",
        "host.toml:9:15: filesystem-limits.quota-bytes: -1 is below zero",
        "host.toml:11:26: granted.filesystem[0].action: unknown filesystem action \"raed\" (help: write \"read\"; \
         allowed: \"read\", \"write\", \"delete\", \"list\")",
        "host.toml:11:41: granted.filesystem[0].path: path pattern \"data\" is not absolute (help: start it with `/`: guest paths are absolute)",
        "host.toml:13:9: mounts[0].guest: not absolute (help: start it with `/`: guest paths are absolute)",
        "host.toml:14:8: mounts[0].host: this is no path (help: write \".\" for the folder of this file)",
        "host.toml:16:17: network.name-servers[0]: \"dns.example\" is no address (help: write an IP address, as in \"9.9.9.9\" or \"[::1]:5353\")",
        "host.toml:17:25: network.trusted-certificates[0]: failed to read the certificates of absent.pem: \
         No such file or directory (os error 2) (help: name a PEM file of certificate authorities)",
        "host.toml:19:23: network.limits.resolver-timeout-ms: 99999999999999 ms are more than a year",
        "host.toml:21:14: processes.unconfined: expected a boolean, found a string (help: write true or false)",
        "host.toml:23:10: cache.folder: a folder is named, and keep = false keeps nothing (help: leave out one of the two)",
        "host.toml:26:8: audit.file: failed to write to absent/audit.jsonl: No such file or directory (os error 2) \
         (help: name a file in a folder that exists)",
        "host.toml:28:20: default-limits.max-memory-bytes: a component can address no more than 4 GiB (help: write 4294967296 at most)",
    ];
    assert_eq!(problems(text), expected);
    assert_eq!(problems("max-instances = ").len(), 1);
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let folder = folder();
    let latin = folder.path().join("latin.toml");
    std::fs::write(&latin, b"# gr\xfc\xdfe\n").unwrap();
    for (file, expected) in [
        (folder.path().join("absent.toml"), "No such file"),
        (folder.path().to_owned(), "directory"),
        (latin, "not UTF-8 (byte 4)"),
    ] {
        let error = RuntimeConfig::from_file(&file).unwrap_err().to_string();
        assert!(error.starts_with(&file.display().to_string()) && error.contains(expected), "{error}");
    }
}
