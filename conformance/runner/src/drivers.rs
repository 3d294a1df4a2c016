//! The drivers: found on disk, built by the same code as every component.

use std::path::{Path, PathBuf};

use airssys_wasm_policy::{Engine, Language};
use airssys_wasm_toolchain::{BuildRequest, Cache, Progress};
use anyhow::{Context, Result, bail};

/// One column of the matrix.
#[derive(Debug, Clone)]
pub struct Driver {
    /// Its name in reports: the language, and the engine where it is not the default one.
    pub sdk: String,
    /// Its Component.toml.
    pub manifest: PathBuf,
    /// The JavaScript engine, where it is not the one of Component.toml.
    pub engine: Option<Engine>,
}

/// The components of one cell.
#[derive(Debug, Clone, Copy)]
pub struct DriverFiles<'a> {
    /// Under test.
    pub own: &'a Path,
    /// Of the peers that may be of any SDK; the same where the case has none.
    pub each: &'a Path,
}

/// The drivers below `folder`: one a language, whether it is there or not, and one for each further engine.
///
/// # Errors
/// Fails when a folder is the driver of no language.
pub fn find(folder: &Path) -> Result<Vec<Driver>> {
    let mut drivers = Vec::new();
    for language in Language::ALL.iter().copied() {
        let manifest = folder.join(language.to_string()).join("Component.toml");
        drivers.push(Driver { sdk: language.to_string(), manifest: manifest.clone(), engine: None });
        if language == Language::Js {
            drivers.push(Driver { sdk: "js@quickjs".to_owned(), manifest, engine: Some(Engine::Quickjs) });
        }
    }
    for entry in std::fs::read_dir(folder).with_context(|| format!("failed to read {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && name.parse::<Language>().is_err() {
            bail!("{} is the driver of no SDK", entry.path().display());
        }
    }
    Ok(drivers)
}

impl Driver {
    /// Builds the component, or takes it from the cache, and returns its file.
    ///
    /// # Errors
    /// Fails as the language's toolchain does.
    pub fn build(&self, cache: &Cache, progress: &dyn Progress) -> Result<PathBuf> {
        let mut request = BuildRequest::new(&self.manifest);
        request.engine = self.engine;
        let built = airssys_wasm_toolchain::build(&request, cache, progress)
            .with_context(|| format!("failed to build the {} driver", self.sdk))?;
        Ok(built.component)
    }
}
