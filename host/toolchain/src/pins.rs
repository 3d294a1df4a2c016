//! The pinned tools: toolchains.toml and the lock file of the JavaScript tools, embedded.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// The file with the pins, as it stands in the repository.
pub const TOOLCHAINS: &str = include_str!("../toolchains.toml");
/// The JavaScript tools.
pub const PACKAGE_JSON: &str = include_str!("../npm/package.json");
/// The JavaScript tools and all they depend on, with the integrity of each.
pub const PACKAGE_LOCK: &str = include_str!("../npm/package-lock.json");

/// All pins.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Pins {
    /// Tools of the user's own, and the oldest version that will do.
    pub minimum: Minimum,
    /// What Rust guests are built for and depend on.
    pub rust: RustPins,
    /// The runtime package of the Go bindings.
    pub go_module: GoModule,
    /// The generators linked into this crate: their versions by name.
    pub libraries: BTreeMap<String, String>,
    /// The JavaScript tools: their versions by name.
    pub npm: BTreeMap<String, String>,
    /// Packages for Python, by name.
    pub pypi: BTreeMap<String, Wheels>,
}

/// The oldest version of each tool that the user brings.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Minimum {
    /// rustc.
    pub rust: String,
    /// go.
    pub go: String,
    /// node.
    pub node: String,
    /// python3.
    pub python: String,
    /// clang.
    pub clang: String,
}

/// What Rust guests are built for and depend on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct RustPins {
    /// The target.
    pub target: String,
    /// The target of guests that use WASI.
    pub wasi_target: String,
    /// The version of the crate `wit-bindgen`.
    pub wit_bindgen: String,
}

/// A Go module and the lines that go.sum has for it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct GoModule {
    /// Its path.
    pub path: String,
    /// Its version, with the v.
    pub version: String,
    /// The sum of the module.
    pub sum: String,
    /// The sum of its go.mod.
    pub go_mod_sum: String,
}

impl GoModule {
    /// The two lines of go.sum.
    pub fn go_sum(&self) -> String {
        let GoModule { path, version, sum, go_mod_sum } = self;
        format!("{path} {version} {sum}\n{path} {version}/go.mod {go_mod_sum}\n")
    }
}

/// A package for Python: a version and the hashes of its wheels.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Wheels {
    /// The version.
    pub version: String,
    /// The SHA-256 of each wheel that may be installed, in hexadecimal.
    pub sha256: Vec<String>,
}

impl Pins {
    /// The pins of this build.
    pub fn get() -> &'static Pins {
        static PINS: OnceLock<Pins> = OnceLock::new();
        PINS.get_or_init(|| toml::from_str(TOOLCHAINS).expect("the embedded pins parse"))
    }

    /// A requirements.txt for one pinned package, for `pip install --require-hashes`.
    pub(crate) fn requirements(&self, package: &str) -> String {
        let wheels = &self.pypi[package];
        let hashes: String = wheels.sha256.iter().map(|hash| format!(" --hash=sha256:{hash}")).collect();
        format!("{package}=={}{hashes}\n", wheels.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_has_what_is_pinned_and_names_no_download_address() {
        let lock: serde_json::Value = serde_json::from_str(PACKAGE_LOCK).unwrap();
        let packages = lock["packages"].as_object().unwrap();
        for (name, version) in &Pins::get().npm {
            assert_eq!(packages[&format!("node_modules/{name}")]["version"], **version, "{name}");
        }
        for (path, package) in packages.iter().filter(|(path, _)| !path.is_empty()) {
            assert!(package.get("resolved").is_none(), "{path} has an address");
            assert!(package["integrity"].as_str().unwrap().starts_with("sha512-"), "{path} has no integrity");
        }
    }

    #[test]
    fn package_json_agrees_with_the_pins() {
        let package: serde_json::Value = serde_json::from_str(PACKAGE_JSON).unwrap();
        let pins = &Pins::get().npm;
        for group in ["dependencies", "overrides"] {
            for (name, version) in package[group].as_object().unwrap() {
                assert_eq!(Some(version.as_str().unwrap()), pins.get(name).map(String::as_str), "{name}");
            }
        }
    }

    #[test]
    fn the_linked_generators_are_the_pinned_ones() {
        let manifest: toml::Table = toml::from_str(include_str!("../../../Cargo.toml")).unwrap();
        let dependencies = manifest["workspace"]["dependencies"].as_table().unwrap();
        let version = |name: &str| match &dependencies[name] {
            toml::Value::String(version) => version.clone(),
            table => table["version"].as_str().unwrap().to_owned(),
        };
        let pins = Pins::get();
        for (name, pinned) in &pins.libraries {
            assert_eq!(version(name), format!("={pinned}"), "{name}");
        }
        assert_eq!(version("wit-bindgen"), format!("={}", pins.rust.wit_bindgen));
        assert!(
            manifest["workspace"]["package"]["rust-version"]
                .as_str()
                .is_some_and(|version| { crate::tool::at_least(&pins.minimum.rust, version) })
        );
    }

    #[test]
    fn every_wheel_has_a_whole_hash() {
        for (name, wheels) in &Pins::get().pypi {
            assert!(!wheels.sha256.is_empty(), "{name}");
            for hash in &wheels.sha256 {
                assert!(hash.len() == 64 && hash.chars().all(|c| c.is_ascii_hexdigit()), "{name}: {hash}");
            }
        }
        let requirements = Pins::get().requirements("ziglang");
        assert!(requirements.starts_with("ziglang==") && requirements.contains(" --hash=sha256:"), "{requirements}");
    }
}
