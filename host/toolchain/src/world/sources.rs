//! Reads the WIT of a host's own: a folder for each package, which holds what it uses in `deps/`.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use airssys_wasm_policy::Import;
use wit_parser::{SourceMap, UnresolvedPackageGroup};

use super::WitError;

/// Far more than any interface has; the path may lead to anything.
const MAX_FILES: usize = 256;
const MAX_BYTES: usize = 4 << 20;

/// Packages of the contract are the contract's, whatever text of them lies beside others.
const CONTRACT: &str = "airssys";

/// The files of one package.
#[derive(Debug, Clone)]
pub(super) struct Package {
    /// Its whole name.
    name: String,
    /// Where it was found.
    folder: PathBuf,
    /// By their names for messages, with their texts.
    pub(super) files: Vec<(String, String)>,
}

/// Reads the packages of all imports, and what they use; none twice.
pub(super) fn read(imports: &[Import], project: &Path) -> Result<Vec<Package>, WitError> {
    let mut packages: BTreeMap<String, Package> = BTreeMap::new();
    let mut folders: Vec<&str> = imports.iter().map(|import| import.wit.as_str()).collect();
    folders.sort_unstable();
    folders.dedup();
    for folder in folders {
        let mut reader = Reader { folder: project.join(folder), named: folder.into(), files: 0, bytes: 0 };
        fs::metadata(&reader.folder).map_err(|source| WitError::Read { path: folder.into(), source })?;
        let main = reader.package(&reader.folder.clone())?.ok_or_else(|| WitError::Empty(folder.into()))?;
        check_interfaces(imports.iter().filter(|import| import.wit == folder), &main.1, Path::new(folder))?;
        let dependencies = reader.dependencies()?;
        for (package, _) in dependencies.into_iter().chain([main]) {
            let earlier = packages.get(&package.name);
            let same = |earlier: &&Package| {
                let texts = |package: &Package| package.files.iter().map(|(_, text)| text.clone()).collect::<Vec<_>>();
                texts(earlier) == texts(&package)
            };
            match earlier {
                Some(earlier) if !same(&earlier) => {
                    let (first, second) = (earlier.folder.clone(), package.folder);
                    return Err(WitError::Contradiction { package: package.name, first, second });
                }
                Some(_) => {}
                None => drop(packages.insert(package.name.clone(), package)),
            }
        }
    }
    Ok(packages.into_values().collect())
}

/// Whether the package has all interfaces that are imported from its folder.
fn check_interfaces<'a>(
    imports: impl Iterator<Item = &'a Import>,
    group: &UnresolvedPackageGroup,
    folder: &Path,
) -> Result<(), WitError> {
    let package = &group.main.name;
    let named = group.main.interfaces.iter().filter_map(|(_, interface)| interface.name.as_deref());
    let known: Vec<String> = named.map(|interface| package.interface_id(interface)).collect();
    for import in imports {
        let wanted = import.name.to_string();
        if !known.contains(&wanted) {
            return Err(WitError::Missing { folder: folder.to_owned(), wanted, known });
        }
    }
    Ok(())
}

/// Reads below one folder, within bounds.
struct Reader {
    folder: PathBuf,
    /// What it is called in Component.toml.
    named: PathBuf,
    files: usize,
    bytes: usize,
}

impl Reader {
    /// The packages in `deps/` that are not the contract's.
    fn dependencies(&mut self) -> Result<Vec<(Package, UnresolvedPackageGroup)>, WitError> {
        let mut found = Vec::new();
        let folder = self.folder.join("deps");
        if !folder.is_dir() {
            return Ok(found);
        }
        for path in self.entries(&folder)? {
            let package = self.package(&path)?;
            found.extend(package.filter(|(_, group)| group.main.name.namespace != CONTRACT));
        }
        Ok(found)
    }

    /// The package of a file, or of the files of a folder, if there are any.
    fn package(&mut self, path: &Path) -> Result<Option<(Package, UnresolvedPackageGroup)>, WitError> {
        let paths = if path.is_dir() { self.entries(path)? } else { vec![path.to_owned()] };
        let mut files = Vec::new();
        for path in paths.into_iter().filter(|path| is_wit(path) && !path.is_dir()) {
            let name = self.named.join(path.strip_prefix(&self.folder).unwrap_or(Path::new("")));
            let name = name.to_string_lossy().trim_end_matches('/').replace('\\', "/");
            let text = self.text(&path)?;
            files.push((name, text));
        }
        if files.is_empty() {
            return Ok(None);
        }
        let mut map = SourceMap::new();
        for (name, text) in &files {
            map.push_str(name, text);
        }
        let group = map.parse().map_err(|(map, error)| WitError::Invalid(error.render(&map)))?;
        let folder = self.named.join(path.strip_prefix(&self.folder).unwrap_or(Path::new("")));
        Ok(Some((Package { name: group.main.name.to_string(), folder, files }, group)))
    }

    /// What is in a folder, sorted.
    fn entries(&mut self, folder: &Path) -> Result<Vec<PathBuf>, WitError> {
        let failed = |source| WitError::Read { path: folder.to_owned(), source };
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).map_err(failed)? {
            self.files += 1;
            if self.files > MAX_FILES {
                return Err(WitError::TooLarge { folder: self.named.clone(), limit: MAX_FILES, of: "files" });
            }
            paths.push(entry.map_err(failed)?.path());
        }
        paths.sort();
        Ok(paths)
    }

    fn text(&mut self, path: &Path) -> Result<String, WitError> {
        let failed = |source| WitError::Read { path: path.to_owned(), source };
        let mut bytes = Vec::new();
        let left = MAX_BYTES - self.bytes;
        let file = fs::File::open(path).map_err(failed)?;
        file.take(left as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() > left {
            return Err(WitError::TooLarge { folder: self.named.clone(), limit: MAX_BYTES, of: "bytes" });
        }
        self.bytes += bytes.len();
        String::from_utf8(bytes).map_err(|error| failed(io::Error::new(io::ErrorKind::InvalidData, error)))
    }
}

fn is_wit(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "wit")
}
