//! The adapter that stands in for WASI preview 1 under Go and C.
//!
//! Go's runtime and C's standard library call WASI preview 1. The usual adapter turns that into twenty imports from WASI;
//! this one turns it into at most three from `airssys:core/host-services`, which every component may use anyway:
//!
//! | asked for | answered with |
//! |---|---|
//! | output to file 1 or 2 | `log`, at info or warn, with the field `stream` = `stdout` or `stderr`; a message is a piece of output as it was written, not a line |
//! | the time | `current-time`, for the wall clock and the monotonic clock alike: it never goes back |
//! | waiting for a time | `sleep` |
//! | randomness | refused: a generator with a seed would silently be predictable, so what needs randomness fails instead |
//! | arguments | one: the name of the component |
//! | environment | there is none |
//! | end of the process | `log`, at error, with the fields `kind` = `exit` and `status`, and a trap |
//! | files, sockets and the rest | refused |
//!
//! What a guest does not use is not imported. Bytes of output that are not UTF-8 arrive as U+FFFD.
//!
//! # Leaving the instance
//! While a guest allocates the room for an argument, or frees a result, it must not call an import. C's allocator does
//! not; Go's scheduler and garbage collector look at the clock whenever they like. The guard brackets those exports, and
//! inside the brackets the adapter answers from what it knows: time stands still, waiting ends at once and moves the
//! time by what was waited for, output is dropped.
//!
//! # Memory
//! An adapter has no memory of its own and must not grow its guest's. Where an import wants room, a piece of the guest's
//! memory is borrowed: saved, used during the call, in which no guest code runs, and put back.

use std::fmt::Write as _;

use wit_component::{StringEncoding, embed_component_metadata};

use crate::contract;

/// The module that the adapter stands in for.
pub const MODULE: &str = "wasi_snapshot_preview1";

/// The function by which a guest says that it must not leave the instance for a while.
pub(crate) const PAUSE: &str = "adapter_monotonic_clock_set_paused";

const SUCCESS: i32 = 0;
const BADF: i32 = 8;
const NOSYS: i32 = 52;
const NOTSUP: i32 = 58;
const SPIPE: i32 = 70;
const NOTCAPABLE: i32 = 76;

/// Functions that only refuse: name, parameters (`i` for i32, `l` for i64), error.
const REFUSED: &[(&str, &str, i32)] = &[
    ("fd_advise", "illi", BADF),
    ("fd_allocate", "ill", BADF),
    ("fd_datasync", "i", BADF),
    ("fd_fdstat_set_flags", "ii", BADF),
    ("fd_fdstat_set_rights", "ill", BADF),
    ("fd_filestat_get", "ii", BADF),
    ("fd_filestat_set_size", "il", BADF),
    ("fd_filestat_set_times", "illi", BADF),
    ("fd_pread", "iiili", BADF),
    ("fd_prestat_dir_name", "iii", BADF),
    ("fd_prestat_get", "ii", BADF),
    ("fd_pwrite", "iiili", BADF),
    ("fd_readdir", "iiili", BADF),
    ("fd_renumber", "ii", BADF),
    ("fd_seek", "ilii", SPIPE),
    ("fd_sync", "i", BADF),
    ("fd_tell", "ii", SPIPE),
    ("path_create_directory", "iii", NOTCAPABLE),
    ("path_filestat_get", "iiiii", NOTCAPABLE),
    ("path_filestat_set_times", "iiiilli", NOTCAPABLE),
    ("path_link", "iiiiiii", NOTCAPABLE),
    ("path_open", "iiiiillii", NOTCAPABLE),
    ("path_readlink", "iiiiii", NOTCAPABLE),
    ("path_remove_directory", "iii", NOTCAPABLE),
    ("path_rename", "iiiiii", NOTCAPABLE),
    ("path_symlink", "iiiii", NOTCAPABLE),
    ("path_unlink_file", "iii", NOTCAPABLE),
    ("proc_raise", "i", NOSYS),
    ("random_get", "ii", NOSYS),
    ("sock_accept", "iii", NOTSUP),
    ("sock_recv", "iiiiii", NOTSUP),
    ("sock_send", "iiiii", NOTSUP),
    ("sock_shutdown", "ii", NOTSUP),
];

/// The adapter for the component of this name, a core module with the type of what it imports. Without a name there is no
/// argument.
pub fn adapter(name: Option<&str>) -> Vec<u8> {
    let mut resolve = contract::resolve().0.clone();
    let host_services = host_services();
    let text = format!("package airssys:preview1-adapter;\nworld adapter {{ import {host_services}; }}\n");
    let package = resolve.push_source("adapter.wit", &text).expect("the adapter's world resolves");
    let world = resolve.packages[package].worlds["adapter"];
    let mut module = wat::parse_str(source(&host_services, name)).expect("the adapter is well-formed");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)
        .expect("the adapter's world can be encoded");
    module
}

/// The whole name of the interface with the host's services, with its version.
fn host_services() -> String {
    let (resolve, _) = contract::resolve();
    resolve
        .interfaces
        .iter()
        .filter_map(|(id, _)| resolve.id_of(id))
        .find(|id| id.starts_with("airssys:core/host-services@"))
        .expect("the contract has host-services")
}

/// The functions that give the arguments: the name, ended by NUL, byte by byte, for an adapter has no memory to keep it in.
fn arguments(name: Option<&str>) -> String {
    let bytes: Vec<u8> = name.into_iter().flat_map(|name| name.bytes().chain([0])).collect();
    let mut source = format!(
        r#"
  (func (export "args_sizes_get") (param $count i32) (param $size i32) (result i32)
    (i32.store (local.get $count) (i32.const {count}))
    (i32.store (local.get $size) (i32.const {size}))
    (i32.const SUCCESS))
  (func (export "args_get") (param $pointers i32) (param $buffer i32) (result i32)
"#,
        count = i32::from(name.is_some()),
        size = bytes.len(),
    );
    if name.is_some() {
        source.push_str("    (i32.store (local.get $pointers) (local.get $buffer))\n");
    }
    for (offset, byte) in bytes.iter().enumerate() {
        writeln!(source, "    (i32.store8 offset={offset} (local.get $buffer) (i32.const {byte}))")
            .expect("a string takes it");
    }
    source.push_str("    (i32.const SUCCESS))\n");
    source
}

fn source(host_services: &str, name: Option<&str>) -> String {
    let mut source = format!("(module\n{}", IMPORTS.replace("HOST_SERVICES", host_services));
    for (name, parameters, error) in REFUSED {
        let parameters: String = parameters.chars().map(|c| if c == 'i' { " i32" } else { " i64" }).collect();
        writeln!(source, r#"  (func (export "{name}") (param{parameters}) (result i32) (i32.const {error}))"#)
            .expect("a string takes it");
    }
    source.push_str(
        &(FUNCTIONS.to_owned() + &arguments(name))
            .replace("PAUSE", PAUSE)
            .replace("SUCCESS", &SUCCESS.to_string())
            .replace("BADF", &BADF.to_string())
            .replace("NOSYS", &NOSYS.to_string())
            .replace("NOTSUP", &NOTSUP.to_string()),
    );
    source.push(')');
    source
}

const IMPORTS: &str = r#"
  ;; level, message (address, length), fields (address, count)
  (import "HOST_SERVICES" "log" (func $log (param i32 i32 i32 i32 i32)))
  ;; where to put seconds (u64) and nanoseconds (u32)
  (import "HOST_SERVICES" "current-time" (func $current-time (param i32)))
  ;; milliseconds
  (import "HOST_SERVICES" "sleep" (func $sleep (param i32)))
  (import "env" "memory" (memory 0))

  ;; How many brackets are open in which the instance must not be left.
  (global $paused (mut i32) (i32.const 0))
  ;; The last time given out, in nanoseconds; it starts above zero because zero means "never" to some.
  (global $now (mut i64) (i64.const 1000000000))
"#;

/// In the order: time, output, and what answers without either.
const FUNCTIONS: &str = include_str!("adapter.wat");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use wasmparser::{ExternalKind, Parser, Payload, Validator, WasmFeatures};

    use super::*;

    #[test]
    fn the_adapter_is_valid_and_imports_only_host_services() {
        let adapter = adapter(Some("acme/hello"));
        Validator::new_with_features(WasmFeatures::all()).validate_all(&adapter).unwrap();
        let mut imports = BTreeSet::new();
        for payload in Parser::new(0).parse_all(&adapter) {
            if let Payload::ImportSection(section) = payload.unwrap() {
                for import in section.into_imports() {
                    let import = import.unwrap();
                    imports.insert(format!("{}#{}", import.module, import.name));
                }
            }
        }
        let expected = ["current-time", "log", "sleep"].map(|name| format!("{}#{name}", host_services()));
        assert_eq!(imports, expected.into_iter().chain(["env#memory".to_owned()]).collect());
    }

    #[test]
    fn every_function_of_preview_1_is_there() {
        let mut exports = BTreeSet::new();
        for payload in Parser::new(0).parse_all(&adapter(None)) {
            if let Payload::ExportSection(section) = payload.unwrap() {
                exports.extend(section.into_iter().map(|export| {
                    let export = export.unwrap();
                    assert_eq!(export.kind, ExternalKind::Func);
                    export.name.to_owned()
                }));
            }
        }
        assert_eq!(exports.len(), 47, "46 of preview 1 and the pause: {exports:?}");
    }

    #[test]
    fn the_adapter_never_grows_memory() {
        assert!(!source(&host_services(), None).contains("memory.grow"));
    }
}
