//! Which files are taken, and what is kept of compiling them.

use crate::common::*;

#[tokio::test]
async fn files_that_are_no_components_are_told_apart() {
    let runtime = runtime();
    for (bytes, code, fault) in [
        (b"#!/bin/sh".to_vec(), "not-webassembly", Fault::Caller),
        (Vec::new(), "empty-file", Fault::Caller),
        (b"\0as".to_vec(), "truncated-component", Fault::Caller),
        (wat::parse_str("(module)").unwrap(), "core-module", Fault::Caller),
        (bare_guest(), "no-manifest", Fault::Guest),
        (with_manifest(bare_guest(), "[component]\nname = 7"), "bad-manifest", Fault::Guest),
        (with_manifest(wat::parse_str("(component)").unwrap(), MANIFEST), "wrong-world", Fault::Guest),
        ([wat::parse_str("(component)").unwrap(), vec![1, 200, 1]].concat(), "truncated-component", Fault::Caller),
        ([guest(), vec![99, 1, 0]].concat(), "invalid-component", Fault::Guest),
        (with_manifest(guest(), MANIFEST), "several-manifests", Fault::Guest),
    ] {
        let error = runtime.start(bytes).await.unwrap_err();
        assert_eq!((error.code(), error.fault()), (code, fault), "{error:?}");
    }
    let error = runtime.start("no/such/file.wasm").await.unwrap_err();
    assert_eq!((error.code(), error.fault()), ("unreadable", Fault::Caller));
}

#[test]
fn every_place_to_cut_a_component_is_noticed() {
    let whole = guest();
    for end in 0..whole.len() {
        let error = airssys_wasm::inspect::examine(&whole[..end]).expect_err("it is not whole");
        // Between two sections it looks whole, but the manifest is the last.
        let codes = ["empty-file", "truncated-component", "no-manifest", "wrong-world"];
        assert!(codes.contains(&error.code()), "{end} bytes: {error:?}");
    }
    airssys_wasm::inspect::examine(&whole).expect("it is whole");
}

#[tokio::test]
async fn all_unknown_imports_are_listed_at_once_with_the_nearest_known() {
    let runtime = runtime();
    let text = r#"(component
        (import "wasi:http/types@0.2.0" (instance (export "f" (func))))
        (import "airssys:core/host-service@1.0.0" (instance (export "f" (func))))
        (import "airssys:core/host-services@2.0.0" (instance (export "f" (func))))
        (import "airssys:core/host-services@1.0.0" (instance (export "sleep" (func (param "duration-ms" u32)))))
        (import "wasi:cli/stdout@0.2.6" (instance))
        (import "completely-different" (func)))"#;
    let bytes = with_manifest(wat::parse_str(text).unwrap(), MANIFEST);
    let error = load_error(runtime.start(bytes).await.unwrap_err());
    let LoadError::UnknownImports(imports) = &error else { panic!("{error:?}") };
    assert_eq!(imports.more, 0);
    let names: Vec<_> = imports.listed.iter().map(|import| (import.name.as_str(), import.nearest.as_deref())).collect();
    assert_eq!(
        names,
        [
            ("wasi:http/types@0.2.0", None),
            ("airssys:core/host-service@1.0.0", Some("airssys:core/host-services@1.0.0")),
            ("airssys:core/host-services@2.0.0", Some("airssys:core/host-services@1.0.0")),
            ("completely-different", None),
        ]
    );
    for (name, _) in names {
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[tokio::test]
async fn metadata_must_be_what_the_manifest_says() {
    let runtime = runtime();
    let start = runtime.start(guest()).manifest("[component]\nname = \"test/guest\"\nversion = \"2.0.0\"");
    let error = load_error(start.await.unwrap_err());
    assert!(matches!(error, LoadError::MetadataMismatch { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.contains("test/guest@1.0.0") && text.contains("test/guest@2.0.0"), "{text}");
    assert!(runtime.components().is_empty());
}

#[tokio::test]
async fn a_loaded_component_gives_further_instances_with_a_state_of_their_own() {
    let runtime = runtime();
    let first = started(may_message(&runtime, "first", "test/*")).await;
    let second = runtime.start(&first).id(id("test/second@1.0.0")).await.unwrap();
    assert_eq!(second.id(), &id("test/second@1.0.0"));
    assert_eq!(second.metadata().await.unwrap(), first.metadata().await.unwrap());
    // What the first may do is not taken over, and what it keeps is its own.
    assert_eq!(first.call("send", "second").await.unwrap(), [255]);
    assert_eq!(second.call("send", "first").await.unwrap(), [1]);
    assert_eq!((seen(&first).await, seen(&second).await), ("i:\n".to_owned(), "i:\nm:ping\n".to_owned()));

    let again = load_error(runtime.start(&first).id(id("test/second@1.0.0")).await.unwrap_err());
    assert!(matches!(again, LoadError::DuplicateId(_)), "{again:?}");
    first.shutdown().await.unwrap();
    assert_eq!(second.call("echo", "still here").await.unwrap(), b"still here");
    let error = runtime_with(|_| {}).start(&second).id(id("test/third@1.0.0")).await.unwrap_err();
    assert_eq!((error.code(), error.fault()), ("other-runtime", Fault::Caller));
}

#[tokio::test]
async fn compiled_components_are_kept_and_damaged_ones_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("compiled");
    let runtime = || runtime_with(|config| config.cache = CacheFolder::At(path.clone()));
    let files = || {
        let mut files: Vec<_> = std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    };
    started(runtime().start(guest())).await;
    let first = files();
    assert_eq!(first.len(), 2, "{first:?}");
    let compiled = first.iter().find(|file| file.extension().is_some_and(|end| end == "cwasm")).unwrap();
    let good = std::fs::read(compiled).unwrap();

    let component = started(runtime().start(guest())).await;
    assert_eq!(component.call("echo", "cached").await.unwrap(), b"cached");
    assert_eq!(files(), first);

    let mut bad = good.clone();
    let middle = bad.len() / 2;
    bad[middle] ^= 1;
    std::fs::remove_file(compiled).unwrap();
    std::fs::write(compiled, &bad).unwrap();
    let component = started(runtime().start(guest())).await;
    assert_eq!(component.call("echo", "mended").await.unwrap(), b"mended");
    assert_ne!(std::fs::read(compiled).unwrap(), bad);
}

#[cfg(unix)]
#[tokio::test]
async fn the_cache_folder_is_made_private() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("compiled");
    std::fs::create_dir(&path).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o777)).unwrap();
    runtime_with(|config| config.cache = CacheFolder::At(path.clone()));
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);

    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let mut config = RuntimeConfig::default();
    config.cache = CacheFolder::At(link);
    let error = Runtime::new(config).unwrap_err();
    assert_eq!(error.fault(), Fault::Host);
}

#[tokio::test]
async fn an_embedder_may_say_which_component_it_expects() {
    let runtime = runtime();
    let expecting = |name: &str| runtime.start(guest()).expect_name(name.parse().unwrap());
    let error = expecting("acme/payments").await.unwrap_err();
    assert_eq!((error.code(), error.fault()), ("unexpected-name", Fault::Guest));
    assert!(error.hint().is_some());
    assert_eq!(load_error(error).to_string(), "it is test/guest, not acme/payments");
    // Under another id it is still the component that it is.
    let renamed = expecting("acme/payments").id(id("acme/payments@1.0.0"));
    assert_eq!(renamed.await.unwrap_err().code(), "unexpected-name");
    let component = expecting("test/guest").await.unwrap();
    let error = runtime.start(&component).expect_name("acme/payments".parse().unwrap()).await.unwrap_err();
    assert_eq!(error.code(), "unexpected-name");
    assert_eq!(runtime.components().len(), 1);
}

#[tokio::test]
async fn what_the_host_runs_lies_in_no_mount_that_can_be_written_to() {
    let base = tempfile::tempdir().unwrap();
    let at = |path: &str| base.path().join(path);
    for folder in ["cache/compiled", "toolchains/bin", "data"] {
        std::fs::create_dir_all(at(folder)).unwrap();
    }
    std::os::unix::fs::symlink(at("cache"), at("data/link")).unwrap();
    let runtime = runtime_with(|config| {
        config.cache = CacheFolder::At(at("cache/compiled"));
        config.protected_folders = vec![at("toolchains")];
    });
    let mounting = |host: &str, read_only| {
        let mount = if read_only { Mount::read_only } else { Mount::writable };
        runtime.start(guest()).mount(mount("/data", at(host)))
    };
    for host in ["", "cache", "cache/compiled", "data/link", "toolchains", "toolchains/bin"] {
        let error = mounting(host, false).await.unwrap_err();
        assert_eq!((error.code(), error.fault()), ("bad-mounts", Fault::Caller), "{host}");
        assert!(error.hint().unwrap().contains("read-only"), "{host}");
        assert!(matches!(load_error(error), LoadError::ProtectedFolder { guest, .. } if guest == "/data"), "{host}");
    }
    for (host, read_only) in [("data", false), ("cache", true), ("", true)] {
        let component = mounting(host, read_only).await.unwrap();
        component.shutdown().await.unwrap();
    }
    assert!(RuntimeConfig::default().protected_folders.iter().all(|folder| folder.ends_with("airssys-wasm")));
}
