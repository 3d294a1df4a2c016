//! The guests: the same echo in every language, built by the same code as every component.

use std::path::{Path, PathBuf};

use airssys_wasm_conformance::drivers::{self, Driver};
use airssys_wasm_toolchain::{Cache, Event, install};
use anyhow::{Result, bail};

/// A component that gives back the bytes it is given.
#[derive(Debug)]
pub struct Guest {
    /// The language, and the engine where it is not the default one.
    pub name: String,
    /// Its file.
    pub component: PathBuf,
}

impl Guest {
    /// Builds the guests below `folder`, or the one whose name is `only`. Installs the toolchains that are missing.
    ///
    /// # Errors
    /// Fails as the toolchains do, and when there is none of this name.
    pub fn build_all(folder: &Path, only: Option<&str>) -> Result<Vec<Self>> {
        let mut found = drivers::find(folder)?;
        let names = found.iter().map(|driver| driver.sdk.as_str()).collect::<Vec<_>>().join(", ");
        found.retain(|driver| only.is_none_or(|only| only == driver.sdk));
        if found.is_empty() {
            bail!("there is no guest of this name, only {names}");
        }
        let mut guests = Vec::new();
        for driver in found {
            guests.push(Self::build(driver)?);
        }
        Ok(guests)
    }

    /// Builds the guest in Rust whose project is `folder`.
    ///
    /// # Errors
    /// Fails as the toolchain does.
    pub fn in_rust(folder: &Path) -> Result<Self> {
        Self::build(Driver { sdk: "rust".to_owned(), manifest: folder.join("Component.toml"), engine: None })
    }

    fn build(driver: Driver) -> Result<Self> {
        eprintln!("== building {}", driver.sdk);
        let cache = Cache::open(None)?;
        let progress = |event: Event<'_>| {
            if let Event::Step(step) = event {
                eprintln!("   {step}");
            }
        };
        let language = driver.sdk.split('@').next().unwrap_or_default().parse()?;
        install(&[language], &cache, &progress)?;
        let component = driver.build(&cache, &progress)?;
        Ok(Self { name: driver.sdk, component })
    }
}
