//! The author's own environment, which a guest is not built for.

use std::path::PathBuf;

use airssys_wasm_tests::stderr;

use crate::builds::{built, edit, manifest, new, rust};
use crate::interrupted::project;
use crate::refusal::Place;

#[test]
fn flags_for_the_machine_do_not_reach_a_guest_in_rust() {
    let mut place = Place::new();
    rust(&place, "hello", "format!(\"{name} {}\", cfg!(mine))", "");
    place.write(
        "hello/.cargo/config.toml",
        "[build]\nrustflags = [\"-C\", \"link-arg=-fuse-ld=mold\"]\nrustc-wrapper = \"no-such-wrapper\"\n",
    );
    let plain = built(&place, "hello", &[]).0;
    place.set("RUSTFLAGS", "-C link-arg=-fuse-ld=mold -C panic=unwind -C target-cpu=native");
    place.set("CARGO_BUILD_TARGET", "x86_64-unknown-linux-gnu");
    place.set("RUSTC_WRAPPER", "no-such-wrapper");
    assert_eq!(built(&place, "hello", &[]), (plain.clone(), true));
    place.set("RUSTFLAGS", "-C link-arg=-fuse-ld=mold --cfg mine");
    assert_ne!(built(&place, "hello", &[]).0, plain, "a flag for all targets is the author's wish");
}

#[test]
fn a_flag_that_is_meant_for_guests_and_does_not_fit_is_named() {
    let place = Place::new();
    rust(&place, "hello", "name", "");
    place.write(
        "hello/.cargo/config.toml",
        "[target.wasm32-unknown-unknown]\nrustflags = [\"-C\", \"link-arg=-fuse-ld=mold\"]\n",
    );
    let said = place.refusal(&["build", "hello"]);
    assert!(said.contains("[target.wasm32-unknown-unknown]"), "{said}");
}

#[test]
fn search_paths_of_the_machines_compiler_do_not_reach_a_guest_in_c() {
    let mut place = Place::new();
    new(&place, "c", "hello");
    let plain = built(&place, "hello", &[]).0;
    place.write("headers/stdint.h", "#error this machine's own\n");
    for name in ["CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH"] {
        place.set(name, place.path("headers"));
    }
    for name in ["CFLAGS", "LDFLAGS", "LIBRARY_PATH"] {
        place.set(name, "-fuse-ld=mold");
    }
    assert_eq!(built(&place, "hello", &[]), (plain, true));
}

#[test]
fn settings_of_the_machines_go_do_not_reach_a_guest() {
    let mut place = Place::new();
    new(&place, "go", "hello");
    let plain = built(&place, "hello", &[]).0;
    place.write("goenv", "GOFLAGS=-race\nCGO_ENABLED=1\nGO111MODULE=off\n");
    place.set("GOENV", place.path("goenv"));
    assert_eq!(built(&place, "hello", &[]), (plain.clone(), true));
    place.set("GOFLAGS", "-race -buildmode=pie");
    place.set("CGO_CFLAGS", "-march=native");
    place.set("GOOS", "linux");
    assert_eq!(built(&place, "hello", &[]), (plain, true));
}

#[test]
fn a_go_work_above_that_has_nothing_to_do_with_the_module_does_no_harm() {
    let place = Place::new();
    new(&place, "go", "work/hello");
    let plain = built(&place, "work/hello", &[]).0;
    place.write("work/go.work", "go 1.26\nuse ./other\n");
    place.write("work/other/go.mod", "module example.org/other\ngo 1.26\n");
    assert_eq!(built(&place, "work/hello", &[]), (plain, true));
}

/// What a played Go is told, as the lines of `env`.
fn told(place: &Place) -> Vec<String> {
    let said = std::fs::read_to_string(place.path("environment")).expect("the compiler has run");
    said.lines().map(str::to_owned).collect()
}

#[test]
fn without_a_home_folder_go_keeps_its_things_in_the_cache() {
    for home in ["", "/proc/nowhere"] {
        let mut place = project("");
        // As the real one does, it says where they would be.
        let script = format!(
            r#"case "$1" in
version) echo go version go1.99.0 linux/amd64; exit;;
env) printf '{{"GOCACHE":"%s","GOMODCACHE":"%s"}}' "${{HOME:+$HOME/.cache/go-build}}" "${{HOME:+$HOME/go/pkg/mod}}"; exit;;
esac
env > {}
while [ "$1" != -o ]; do shift; done
cp {} "$2""#,
            place.path("environment").display(),
            place.path("core.wasm").display()
        );
        place.program("bin/go", &script);
        place.set("HOME", home);
        let output = place.command(&["build", "project"]).env_remove("XDG_CACHE_HOME").output().expect("it starts");
        assert!(output.status.success(), "{}", stderr(&output));
        let cache = place.path("cache").canonicalize().expect("it is there");
        let told = told(&place);
        for (name, folder) in [("GOCACHE", "go-build"), ("GOMODCACHE", "go-mod")] {
            let expected = format!("{name}={}", cache.join(folder).display());
            assert!(told.contains(&expected), "HOME={home:?}: {expected} in {told:?}");
        }
    }
}

#[test]
fn c_and_rust_are_built_without_a_home_folder() {
    let mut place = Place::new();
    let home = PathBuf::from(std::env::var_os("HOME").expect("the test has one"));
    let own = |name: &str, folder: &str| std::env::var_os(name).map_or_else(|| home.join(folder), PathBuf::from);
    place.set("AIRSSYS_WASM_CACHE", own("AIRSSYS_WASM_CACHE", ".cache/airssys-wasm"));
    // Where the compilers themselves are.
    place.set("RUSTUP_HOME", own("RUSTUP_HOME", ".rustup"));
    place.set("CARGO_HOME", own("CARGO_HOME", ".cargo"));
    new(&place, "c", "c");
    rust(&place, "rust", "name", "");
    for folder in ["c", "rust"] {
        let mut build = place.command(&["build", folder]);
        let output = build.env_remove("HOME").env_remove("XDG_CACHE_HOME").output().expect("it starts");
        assert!(output.status.success(), "{folder}: {}", stderr(&output));
    }
}

#[test]
fn a_folder_whose_name_is_not_utf_8_works_or_is_named_with_the_tool() {
    use std::os::unix::ffi::OsStrExt;

    let place = Place::new();
    let odd = place.path("").join(std::ffi::OsStr::from_bytes(b"caf\xe9"));
    for language in ["go", "c", "rust", "js", "python"] {
        new(&place, language, language);
        let folder = odd.join(language);
        std::fs::create_dir_all(&odd).expect("created");
        std::fs::rename(place.path(language), &folder).expect("moved");
        let output = place.command(&["build"]).current_dir(&folder).output().expect("it starts");
        let said = stderr(&output);
        if ["go", "c"].contains(&language) {
            assert!(output.status.success(), "{language}: {said}");
            assert!(folder.join("target/airssys/hello.wasm").is_file(), "{language}");
        } else {
            assert_eq!(output.status.code(), Some(3), "{language}: {said}");
            let tool = match language {
                "rust" => "cargo",
                "js" => "node",
                _ => "componentize-py",
            };
            assert!(said.contains(tool) && said.contains("not UTF-8") && said.contains("help: "), "{language}: {said}");
            assert!(!folder.join("target/airssys/hello.wasm").exists(), "{language}");
        }
    }
    assert!(std::fs::read_dir(odd).expect("it is there").count() == 5);
}

#[test]
fn a_file_whose_name_is_not_utf_8_beside_a_program_is_named() {
    use std::os::unix::ffi::OsStrExt;

    let place = Place::new();
    for language in ["python", "go", "c"] {
        new(&place, language, language);
        std::fs::write(place.path(language).join(std::ffi::OsStr::from_bytes(b"caf\xe9.txt")), "").expect("written");
    }
    let said = place.refusal(&["build", "python"]);
    assert!(said.contains("componentize-py") && said.contains("python/caf"), "{said}");
    built(&place, "go", &[]);
    built(&place, "c", &[]);
}

#[test]
fn a_yarn_above_a_project_does_not_forbid_the_sdk() {
    let place = Place::new();
    new(&place, "js", "work/hello");
    edit(&place.path("work/hello/Component.toml"), "[build]", "[build]\nengine = \"quickjs\"");
    let data = r#"{
  "__info": [], "dependencyTreeRoots": [{"name": "work", "reference": "workspace:."}], "enableTopLevelFallback": false,
  "ignorePatternData": null, "fallbackExclusionList": [], "fallbackPool": [],
  "packageRegistryData": [[null, [[null, {"packageLocation": "./", "packageDependencies": [], "linkType": "SOFT"}]]],
    ["work", [["workspace:.", {"packageLocation": "./", "packageDependencies": [], "linkType": "SOFT"}]]]]
}"#;
    place.write("work/.pnp.data.json", data);
    place.write("work/.pnp.cjs", "");
    built(&place, "work/hello", &[]);
}

#[test]
fn a_manifest_of_another_language_above_does_no_harm() {
    let place = Place::new();
    place.write("work/CMakeLists.txt", "message(FATAL_ERROR \"not this one\")\n");
    place.write("work/pyproject.toml", "[tool.uv.workspace]\nmembers = [\"nothing\"]\n");
    place.write("work/package.json", "{ \"workspaces\": [\"nothing\"] }");
    place.write("work/.npmrc", "registry=http://127.0.0.1:9/\n");
    place.write("work/Component.toml", manifest("python"));
    new(&place, "c", "work/hello");
    built(&place, "work/hello", &[]);
}
