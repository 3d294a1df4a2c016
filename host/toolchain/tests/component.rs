//! Components made of modules that a compiler might have made.

use std::fmt::Write as _;
use std::path::Path;

use airssys_wasm_toolchain::component::{self, ComponentError, Extra, Kind, Preview1};
use airssys_wasm_toolchain::contract;
use wasm_encoder::Section as _;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::abi::{AbiVariant, WasmType};
use wit_parser::{PackageId, Resolve, WorldId, WorldItem};

/// The contract as a user of its files reads it.
fn resolve() -> (Resolve, PackageId) {
    let folder = tempfile::tempdir().unwrap();
    contract::write(folder.path()).unwrap();
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(folder.path()).unwrap();
    (resolve, package)
}

/// The module of one world of the contract.
fn core(world: &str) -> Vec<u8> {
    let (resolve, package) = resolve();
    let world = resolve.select_world(&[package], Some(world)).unwrap();
    hollow(&resolve, world)
}

/// A module that imports and exports all of a world, and does nothing.
fn hollow(resolve: &Resolve, world: WorldId) -> Vec<u8> {
    let types = |types: &[WasmType]| -> String {
        let name = |ty: &WasmType| match ty {
            WasmType::I64 | WasmType::PointerOrI64 => " i64",
            WasmType::F32 => " f32",
            WasmType::F64 => " f64",
            WasmType::I32 | WasmType::Pointer | WasmType::Length => " i32",
        };
        types.iter().map(name).collect()
    };
    let mut text = String::from("(module\n");
    for variant in [AbiVariant::GuestImport, AbiVariant::GuestExport] {
        let world = &resolve.worlds[world];
        let items = if variant == AbiVariant::GuestImport { &world.imports } else { &world.exports };
        for (key, item) in items {
            let WorldItem::Interface { id, .. } = item else { panic!("the contract has interfaces only") };
            let interface = resolve.name_world_key(key);
            for function in resolve.interfaces[*id].functions.values() {
                let signature = resolve.wasm_signature(variant, function);
                let (parameters, results) = (types(&signature.params), types(&signature.results));
                let name = &function.name;
                match variant {
                    AbiVariant::GuestImport => writeln!(
                        text,
                        r#"(import "{interface}" "{name}" (func (param{parameters}) (result{results})))"#
                    ),
                    _ => writeln!(
                        text,
                        r#"(func (export "{interface}#{name}") (param{parameters}) (result{results}) unreachable)"#
                    ),
                }
                .unwrap();
            }
        }
    }
    text.push_str(r#"(memory (export "memory") 1)"#);
    text.push_str(r#"(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable))"#);
    wat::parse_str(text).unwrap()
}

fn names(interfaces: &[component::Interface]) -> Vec<&str> {
    interfaces.iter().map(|interface| interface.name.as_str()).collect()
}

#[test]
fn a_module_of_every_world_becomes_a_component_of_it() {
    for world in contract::worlds() {
        let component = component::encode(&core(&world), &world, Preview1::Refused).unwrap();
        component::validate(&component).unwrap();
        component::check(&component, &world, Extra::Refused).unwrap();
    }
}

#[test]
fn an_import_that_the_world_does_not_have_is_named() {
    let component = component::encode(&core("with-network"), "with-network", Preview1::Refused).unwrap();
    component::check(&component, "full", Extra::Refused).unwrap();
    let error = component::check(&component, "minimal", Extra::Refused).unwrap_err();
    let ComponentError::Imports { imports, .. } = &error else { panic!("{error}") };
    assert!(imports.iter().any(|import| import.starts_with("airssys:ext-network/tcp@")), "{imports:?}");
    assert!(error.help().unwrap().contains("[permissions]"));
}

#[test]
fn an_export_that_the_world_demands_is_named() {
    let component = component::encode(&core("minimal"), "minimal", Preview1::Refused).unwrap();
    let error = component::check(&component, "driver-filesystem", Extra::Refused).unwrap_err();
    let ComponentError::Exports { exports, .. } = &error else { panic!("{error}") };
    assert!(exports.iter().any(|export| export.starts_with("airssys:ext-filesystem/files@")), "{exports:?}");
}

#[test]
fn an_interface_of_another_shape_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    contract::write(folder.path()).unwrap();
    let file = folder.path().join("deps/core/host-services.wit");
    let text = std::fs::read_to_string(&file).unwrap();
    let changed = text.replace("sleep: func(duration-ms: u32)", "sleep: func(duration-ms: u64)");
    assert_ne!(changed, text);
    std::fs::write(&file, changed).unwrap();
    let component = other_contract(folder.path());
    let error = component::check(&component, "minimal", Extra::Refused).unwrap_err();
    assert!(matches!(error, ComponentError::Type { .. }), "{error}");
    assert!(error.to_string().contains("sleep"), "{error}");
}

/// A component of the world `minimal` of another contract.
fn other_contract(folder: &Path) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(folder).unwrap();
    let world = resolve.select_world(&[package], Some("minimal")).unwrap();
    let mut core = hollow(&resolve, world);
    embed_component_metadata(&mut core, &resolve, world, StringEncoding::UTF8, false).unwrap();
    ComponentEncoder::default().module(&core).unwrap().encode().unwrap()
}

#[test]
fn what_comes_from_wasi_is_refused_unless_it_is_expected() {
    let (mut resolve, _) = resolve();
    let package = resolve
        .push_source(
            "extra.wit",
            "package wasi:extra@0.2.0;
             interface clock { now: func() -> u64; }
             world extra { include airssys:worlds/minimal@1.0.0; import clock; }",
        )
        .unwrap();
    let world = resolve.select_world(&[package], Some("extra")).unwrap();
    let mut core = hollow(&resolve, world);
    embed_component_metadata(&mut core, &resolve, world, StringEncoding::UTF8, false).unwrap();
    let component = ComponentEncoder::default().module(&core).unwrap().encode().unwrap();

    component::check(&component, "minimal", Extra::Wasi).unwrap();
    let error = component::check(&component, "minimal", Extra::Refused).unwrap_err();
    assert!(matches!(&error, ComponentError::Imports { imports, .. } if imports == &["wasi:extra/clock@0.2.0"]));
    assert_eq!(error.help(), None);
    assert_eq!(component::inspect(&component).unwrap().wasi_imports, ["wasi:extra/clock@0.2.0"]);
}

/// The module of `minimal` with functions that call WASI preview 1.
fn with_preview1(imports: &str, calls: &str) -> Vec<u8> {
    let exports = "airssys:core/component-lifecycle@1.0.0";
    wat::parse_str(format!(
        r#"(module
          {imports}
          (memory (export "memory") 1)
          (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
          (func (export "{exports}#init") (param i32) (result i32) {calls} (i32.const 0))
          (func (export "{exports}#execute") (param i32) (result i32) (i32.const 0))
          (func (export "{exports}#handle-message") (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32) (i32.const 0))
          (func (export "{exports}#handle-callback") (param i32 i32 i32 i32 i32) (result i32) (i32.const 0))
          (func (export "{exports}#metadata") (result i32) (i32.const 0))
          (func (export "{exports}#health") (result i32) (i32.const 0))
          (func (export "{exports}#shutdown") (result i32) (i32.const 0)))"#
    ))
    .unwrap()
}

#[test]
fn the_adapter_imports_what_is_used_and_nothing_from_wasi() {
    let random = r#"(import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))"#;
    let write = r#"(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))"#;
    let time = r#"(import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))"#;
    let call_random = "(drop (call $random (i32.const 0) (i32.const 8)))";
    let call_write = "(drop (call $write (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0)))";
    let call_time = "(drop (call $time (i32.const 0) (i64.const 0) (i32.const 8)))";
    for (imports, calls, expected) in [
        (random.to_owned(), call_random.to_owned(), &[][..]),
        (write.to_owned(), call_write.to_owned(), &["log"]),
        (time.to_owned(), call_time.to_owned(), &["current-time"]),
        (format!("{time}{write}"), format!("{call_write}{call_time}"), &["log", "current-time"]),
    ] {
        let component = component::encode(&with_preview1(&imports, &calls), "minimal", Preview1::HostServices).unwrap();
        component::validate(&component).unwrap();
        component::check(&component, "minimal", Extra::Refused).unwrap();
        let inspection = component::inspect(&component).unwrap();
        assert!(inspection.wasi_imports.is_empty());
        let functions: Vec<&str> = inspection
            .imports
            .iter()
            .filter(|interface| interface.name.starts_with("airssys:core/host-services@"))
            .flat_map(|interface| interface.functions.iter().map(String::as_str))
            .collect();
        assert_eq!(functions, expected);
    }
}

#[test]
fn without_the_adapter_preview_1_is_an_error() {
    let import = r#"(import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))"#;
    let core = with_preview1(import, "(drop (call $yield))");
    assert!(matches!(component::encode(&core, "minimal", Preview1::Refused), Err(ComponentError::Encode(_))));
    component::encode(&core, "minimal", Preview1::HostServices).unwrap();
}

#[test]
fn a_manifest_is_carried_word_for_word_and_replaced() {
    let component = component::encode(&core("minimal"), "minimal", Preview1::Refused).unwrap();
    assert_eq!(component::manifest(&component), None);
    let first = component::embed_manifest(&component, "# grüße\n[component]\n").unwrap();
    component::validate(&first).unwrap();
    assert_eq!(component::manifest(&first).as_deref(), Some("# grüße\n[component]\n"));
    let second = component::embed_manifest(&first, "").unwrap();
    assert_eq!(component::manifest(&second).as_deref(), Some(""));
    let third = component::embed_manifest(&second, "again").unwrap();
    component::validate(&third).unwrap();
    assert_eq!(third.len(), component::embed_manifest(&component, "again").unwrap().len());
}

#[test]
fn two_manifests_are_none() {
    let component = component::encode(&core("minimal"), "minimal", Preview1::Refused).unwrap();
    let once = component::embed_manifest(&component, "a").unwrap();
    let section = &once[component.len()..];
    let twice = [once.as_slice(), section].concat();
    component::validate(&twice).unwrap();
    assert_eq!(component::manifest(&twice), None);
}

#[test]
fn an_inspection_tells_imports_from_exports() {
    let component = component::encode(&core("with-filesystem"), "with-filesystem", Preview1::Refused).unwrap();
    let component = component::embed_manifest(&component, "text").unwrap();
    let inspection = component::inspect(&component).unwrap();
    assert_eq!(inspection.kind, Kind::Component);
    assert_eq!(inspection.bytes, component.len() as u64);
    assert_eq!(inspection.manifest.as_deref(), Some("text"));
    assert!(names(&inspection.imports).iter().any(|name| name.starts_with("airssys:ext-filesystem/files@")));
    assert!(names(&inspection.exports).iter().any(|name| name.starts_with("airssys:core/component-lifecycle@")));
    let lifecycle = &inspection.exports[0];
    assert!(lifecycle.functions.contains(&"handle-callback".to_owned()), "{lifecycle:?}");
    assert!(inspection.tools.iter().any(|tool| tool.starts_with("wit-component ")), "{:?}", inspection.tools);

    let module = component::inspect(&core("minimal")).unwrap();
    assert_eq!((module.kind, module.manifest), (Kind::Module, None));
}

#[test]
fn of_what_a_file_says_it_was_made_with_only_so_much_is_told() {
    let mut tools = wasm_encoder::ProducersField::new();
    for number in 0..200_000 {
        tools.value(&format!("tool {number}"), "1");
    }
    let mut section = wasm_encoder::ProducersSection::new();
    section.field("processed-by", &tools);
    let mut module = core("minimal");
    section.append_to(&mut module);
    let told = component::inspect(&module).unwrap().tools.len();
    assert!((2..=64).contains(&told), "{told}");
}

#[test]
fn what_is_no_component_is_refused() {
    for bytes in [&b"text"[..], b"", b"\0asm\x01\0\0\0"] {
        assert!(component::validate(bytes).is_err());
        assert!(component::embed_manifest(bytes, "").is_err());
        assert_eq!(component::manifest(bytes), None);
        assert!(component::check(bytes, "minimal", Extra::Wasi).is_err());
    }
    assert!(component::inspect(b"text").is_err());
    let component = component::encode(&core("minimal"), "minimal", Preview1::Refused).unwrap();
    assert!(component::validate(&component[..component.len() - 1]).is_err());
}
