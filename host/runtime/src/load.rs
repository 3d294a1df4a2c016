//! Reading a component file: what kind of file it is, the Component.toml in it, and what it imports and exports. All of
//! this is known before anything is compiled.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use wasmparser::{Chunk, Parser, Payload};

use crate::background::Wanted;
use crate::contract::{MANIFEST_SECTION, MAX_COMPONENT_BYTES};
use crate::error::{Error, Result};
use crate::interfaces::{Exports, Imports};
use crate::load_error::LoadError;
use crate::source_map;

/// What every binary of WebAssembly begins with.
const MAGIC: &[u8] = b"\0asm";
/// The length of that and of the version.
const HEADER_BYTES: usize = 8;

/// Reads a component file, at most [`MAX_COMPONENT_BYTES`] of it.
///
/// # Errors
///
/// [`Error::Load`] when it cannot be read, is a folder or too large.
pub fn read_component(path: impl AsRef<Path>) -> Result<Vec<u8>> {
    let path = path.as_ref();
    open(path).and_then(|(file, _)| read(file)).map_err(|error| Error::load(path.display(), error))
}

/// Opens a component file, and says how many bytes it has at most.
pub(crate) fn open(path: &Path) -> Result<(File, u64), LoadError> {
    let file = File::open(path).map_err(LoadError::Read)?;
    let about = file.metadata().map_err(LoadError::Read)?;
    if about.is_dir() {
        return Err(LoadError::Folder);
    }
    if about.len() > MAX_COMPONENT_BYTES {
        return Err(LoadError::TooLarge);
    }
    // What is no ordinary file says nothing of its length, and may have no end.
    let most = if about.is_file() { about.len() } else { MAX_COMPONENT_BYTES + 1 };
    Ok((file, most))
}

/// Reads an open component file to its end.
pub(crate) fn read(file: File) -> Result<Vec<u8>, LoadError> {
    let length = file.metadata().map_err(LoadError::Read)?.len().min(MAX_COMPONENT_BYTES);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(MAX_COMPONENT_BYTES + 1).read_to_end(&mut bytes).map_err(LoadError::Read)?;
    if bytes.len() as u64 > MAX_COMPONENT_BYTES {
        return Err(LoadError::TooLarge);
    }
    Ok(bytes)
}

/// Looks for what would keep these bytes from being loaded, as far as that shows without compiling them.
///
/// # Errors
///
/// The first thing that is wrong, as [`Runtime::start`](crate::Runtime::start) would give it.
pub fn examine(bytes: &[u8]) -> Result<(), LoadError> {
    let survey = Survey::of(bytes, &Wanted::default(), |_| false)?;
    survey.check_interfaces()?;
    let text = survey.manifest()?.ok_or(LoadError::NoManifest)?;
    airssys_wasm_policy::Manifest::parse(&text, "Component.toml").map(drop).map_err(LoadError::Manifest)
}

/// What a component shows of itself without being compiled. A file of many small sections, or of one with many names,
/// makes it no larger.
pub(crate) struct Survey<'a> {
    /// How many manifest sections there are, and what the first one holds.
    manifests: usize,
    first_manifest: &'a [u8],
    /// What leads from a bundle back to its sources, if the build left it.
    pub(crate) source_map: Option<&'a [u8]>,
    pub(crate) imports: Imports,
    exports: Exports,
}

impl<'a> Survey<'a> {
    /// Looks at the bytes of a component, as long as that is wanted. Imports that the embedder provides are `known`.
    ///
    /// # Errors
    ///
    /// Bytes that are no component in binary form, or only a part of one.
    pub(crate) fn of(bytes: &'a [u8], wanted: &Wanted, known: impl Fn(&str) -> bool) -> Result<Self, LoadError> {
        if bytes.len() as u64 > MAX_COMPONENT_BYTES {
            return Err(LoadError::TooLarge);
        }
        check_kind(bytes)?;
        let mut survey = Self {
            manifests: 0,
            first_manifest: &[],
            source_map: None,
            imports: Imports::default(),
            exports: Exports::default(),
        };
        let truncated = || LoadError::Truncated { size: bytes.len() };
        let invalid = |error| LoadError::invalid(wasmtime::Error::new(error));
        let mut parser = Parser::new(0);
        let mut rest = bytes;
        while !rest.is_empty() {
            if !wanted.still() {
                return Err(unwanted());
            }
            // Told that more may come, the parser says where it would need more; there is none.
            let (consumed, payload) = match parser.parse(rest, false).map_err(invalid)? {
                Chunk::Parsed { consumed, payload } => (consumed, payload),
                Chunk::NeedMoreData(_) => return Err(truncated()),
            };
            let mut skip = 0;
            match payload {
                Payload::CustomSection(section) if section.name() == MANIFEST_SECTION => {
                    if survey.manifests == 0 {
                        survey.first_manifest = section.data();
                    }
                    survey.manifests += 1;
                }
                Payload::CustomSection(section) if section.name() == source_map::SECTION => {
                    survey.source_map.get_or_insert(section.data());
                }
                Payload::ComponentImportSection(section) => {
                    let mut left = section.count() as usize;
                    for import in section {
                        let name = import.map_err(invalid)?.name.full_name();
                        let seen = if known(&name) { survey.imports.count() } else { survey.imports.see(&name) };
                        if !seen {
                            survey.imports.see_no_more(left);
                            break;
                        }
                        left -= 1;
                    }
                }
                Payload::ComponentExportSection(section) => {
                    let mut left = section.count() as usize;
                    for export in section {
                        if !survey.exports.see(&export.map_err(invalid)?.name.full_name()) {
                            survey.exports.see_no_more(left);
                            break;
                        }
                        left -= 1;
                    }
                }
                // Nested modules and components are most of the file, and have sections of their own.
                Payload::ModuleSection { unchecked_range, .. } | Payload::ComponentSection { unchecked_range, .. } => {
                    skip = unchecked_range.end - unchecked_range.start;
                }
                _ => {}
            }
            rest = rest.get(consumed + usize::try_from(skip).unwrap_or(usize::MAX)..).ok_or_else(truncated)?;
        }
        Ok(survey)
    }

    /// The text of Component.toml, if the component carries one.
    pub(crate) fn manifest(&self) -> Result<Option<String>, LoadError> {
        match self.manifests {
            0 => Ok(None),
            1 => match std::str::from_utf8(self.first_manifest) {
                Ok(text) => Ok(Some(text.to_owned())),
                Err(error) => Err(LoadError::ManifestNotText { at: error.valid_up_to() }),
            },
            // Which of them counts would be anyone's guess, and each reader's another.
            count => Err(LoadError::SeveralManifests { count }),
        }
    }

    /// Whether this host offers all that it imports, and whether it exports what it has to.
    pub(crate) fn check_interfaces(&self) -> Result<(), LoadError> {
        self.imports.check()?;
        self.exports.check()
    }
}

/// What work ends with whose result nobody waits for.
fn unwanted() -> LoadError {
    LoadError::Read(std::io::ErrorKind::Interrupted.into())
}

fn check_kind(bytes: &[u8]) -> Result<(), LoadError> {
    if Parser::is_component(bytes) {
        Ok(())
    } else if Parser::is_core_wasm(bytes) {
        Err(LoadError::CoreModule)
    } else if bytes.is_empty() {
        Err(LoadError::Empty)
    } else if bytes.len() < HEADER_BYTES && (bytes.starts_with(MAGIC) || MAGIC.starts_with(bytes)) {
        Err(LoadError::Truncated { size: bytes.len() })
    } else {
        Err(LoadError::NotWebAssembly { looks_like: looks_like(bytes) })
    }
}

/// What a file is that somebody took for a component: what downloads and build systems leave in its place.
fn looks_like(bytes: &[u8]) -> &'static str {
    let kinds: [(&[u8], &str); 9] = [
        (MAGIC, "WebAssembly of a version that this host does not know"),
        (b"\x89PNG", "a PNG image"),
        (b"\x7fELF", "a program for Linux"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"version https://git-lfs", "a pointer of Git LFS"),
        (b"(component", "a component in the text format"),
        (b"(module", "a module in the text format"),
        (b"<", "a page of HTML or XML"),
    ];
    let text = bytes.trim_ascii_start();
    let found = kinds.iter().find(|(start, _)| bytes.starts_with(start) || text.starts_with(start));
    match (found, std::str::from_utf8(bytes)) {
        (Some((_, kind)), _) => kind,
        (None, Ok(_)) => "text",
        (None, Err(_)) => "data of an unknown kind",
    }
}
