//! What the last stage of a build gets, as a name for what it makes.
//!
//! Nothing is guessed by walking folders. The first stage of every language runs each time and is quick when nothing has
//! changed, because the compiler itself knows what it reads: cargo by its dep-info, Go by its build cache, the bundler by
//! resolving every import again, the C compiler by compiling. The last stage is the slow one. Its result is kept under the
//! hash of the bytes that it gets.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use blake3::Hasher;

use super::BuildError;
use super::project::Project;
use super::scripts::JAVASCRIPT;
use crate::{adapter, contract, pins};

/// Raised whenever a route makes something else of the same inputs, so that what was built before is not taken for it.
const RECIPE: &str = "5";

/// How much of a file is in memory at a time.
const PIECE_BYTES: usize = 64 << 10;

/// How deep folders may lie in each other; deeper is a loop of links.
const MAX_DEPTH: usize = 32;

/// The hash of all that the last stage gets. Pieces cannot run together: each is hashed with its length or by itself.
#[derive(Debug, Clone)]
pub(super) struct Key(Hasher);

impl Key {
    /// What holds for every language: Component.toml, the options, the pins, the contract, and what this crate puts in.
    pub(super) fn new(project: &Project) -> Key {
        let mut key = Key(Hasher::new());
        for text in
            [RECIPE, JAVASCRIPT, env!("CARGO_PKG_VERSION"), pins::TOOLCHAINS, pins::PACKAGE_JSON, pins::PACKAGE_LOCK]
        {
            key.bytes(text);
        }
        key.bytes(adapter::adapter(None));
        for (path, text) in contract::files() {
            key.bytes(path).bytes(text);
        }
        for (path, text) in project.world.files() {
            key.bytes(path).bytes(text);
        }
        let Project { text, language, world, engine, debug, .. } = project;
        let world = world.name();
        key.bytes(text).bytes(language.to_string()).bytes(world).bytes(engine.to_string()).bytes(debug.to_string());
        key
    }

    /// Adds a piece.
    pub(super) fn bytes(&mut self, bytes: impl AsRef<[u8]>) -> &mut Key {
        let bytes = bytes.as_ref();
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// Adds a file: by which name the last stage sees it, and what is in it. It is never in memory as a whole.
    pub(super) fn file(&mut self, name: &Path, path: &Path) -> Result<&mut Key, BuildError> {
        let hash = hash(path).map_err(|source| BuildError::Read { path: path.to_owned(), source })?;
        Ok(self.bytes(name.as_os_str().as_encoded_bytes()).bytes(hash.as_bytes()))
    }

    /// Adds the files in a folder, and in the folders in it, by their names below it and in a fixed order: those for which
    /// `wanted` says so, which is asked for folders too. What cannot be read is none, so that an unreadable folder which
    /// nobody needs does no harm; whoever needs it will say so.
    pub(super) fn folder(&mut self, root: &Path, wanted: impl Fn(&Path) -> bool) -> Result<&mut Key, BuildError> {
        self.below(root, root, 0, &wanted)?;
        Ok(self)
    }

    fn below(
        &mut self,
        root: &Path,
        folder: &Path,
        depth: usize,
        wanted: &dyn Fn(&Path) -> bool,
    ) -> Result<(), BuildError> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths.into_iter().filter(|path| wanted(path)) {
            if path.is_dir() {
                if depth < MAX_DEPTH {
                    self.below(root, &path, depth + 1, wanted)?;
                }
            } else if path.is_file() {
                self.file(path.strip_prefix(root).unwrap_or(&path), &path)?;
            }
        }
        Ok(())
    }

    /// The name of it all.
    pub(super) fn name(&self) -> String {
        self.0.finalize().to_hex().to_string()
    }
}

fn hash(path: &Path) -> io::Result<blake3::Hash> {
    let mut file = File::open(path)?;
    let mut hasher = Hasher::new();
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(hasher.finalize()),
            Ok(count) => hasher.update(&piece[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::BuildRequest;

    const MANIFEST: &str = "[component]\nname = \"a/b\"\nversion = \"1.0.0\"\n[build]\nlanguage = \"python\"\n";

    fn project(folder: &Path) -> Project {
        Project::read(&BuildRequest::new(folder.join("Component.toml"))).unwrap()
    }

    fn start() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Component.toml"), MANIFEST).unwrap();
        fs::write(folder.path().join("app.py"), "x = 1\n").unwrap();
        folder
    }

    #[test]
    fn a_file_counts_by_its_name_and_by_what_is_in_it() {
        let folder = start();
        let file = folder.path().join("app.py");
        let plain = Key::new(&project(folder.path()));
        let of = |name: &str| plain.clone().file(Path::new(name), &file).unwrap().name();
        let first = of("app.py");
        assert_eq!(first, of("app.py"));
        assert_ne!(first, of("other.py"));
        fs::write(&file, "x = 2\n").unwrap();
        assert_ne!(first, of("app.py"));
    }

    #[test]
    fn a_file_that_is_larger_than_a_piece_counts_to_its_end() {
        let folder = start();
        let file = folder.path().join("large");
        let plain = Key::new(&project(folder.path()));
        let of = |bytes: &[u8]| {
            fs::write(&file, bytes).unwrap();
            plain.clone().file(Path::new("large"), &file).unwrap().name()
        };
        let mut bytes = vec![1; 3 * PIECE_BYTES + 1];
        let first = of(&bytes);
        *bytes.last_mut().unwrap() = 2;
        assert_ne!(first, of(&bytes));
    }

    #[test]
    fn of_a_folder_what_is_wanted_counts_and_nothing_else_is_read() {
        let folder = start();
        let root = folder.path().join("modules");
        let write = |name: &str, text: &str| {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("deep/a.py", "1");
        let plain = Key::new(&project(folder.path()));
        let wanted = |path: &Path| path.is_dir() || path.extension().is_some_and(|extension| extension == "py");
        let name = || plain.clone().folder(&root, wanted).unwrap().name();
        let first = name();
        write("data.bin", "2");
        std::os::unix::fs::symlink("/nowhere", root.join("dangling.py")).unwrap();
        assert_eq!(name(), first);
        write("deep/a.py", "2");
        assert_ne!(name(), first);
        write("deep/a.py", "1");
        write("b.py", "");
        assert_ne!(name(), first);
    }

    #[test]
    fn pieces_do_not_run_together() {
        let folder = start();
        let plain = Key::new(&project(folder.path()));
        assert_ne!(plain.clone().bytes("ab").bytes("c").name(), plain.clone().bytes("a").bytes("bc").name());
    }

    #[test]
    fn the_wit_of_what_is_imported_is_an_input() {
        let folder = start();
        let manifest = format!("{MANIFEST}[imports]\n\"a:b/c\" = {{ wit = \"wit\" }}\n");
        fs::write(folder.path().join("Component.toml"), manifest).unwrap();
        fs::create_dir_all(folder.path().join("wit/deps/d")).unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join("wit").join(name), text).unwrap();
        let name = || Key::new(&project(folder.path())).name();
        write("c.wit", "package a:b;\ninterface c { use d:e/f.{t}; g: func(t: t); }\n");
        write("deps/d/e.wit", "package d:e;\ninterface f { type t = u8; }\n");
        let first = name();
        write("notes.txt", "no WIT");
        assert_eq!(name(), first);
        write("c.wit", "package a:b;\ninterface c { use d:e/f.{t}; g: func(t: t, u: u8); }\n");
        let second = name();
        assert_ne!(second, first);
        write("deps/d/e.wit", "package d:e;\ninterface f { type t = u16; }\n");
        assert_ne!(name(), second);
    }

    #[test]
    fn the_manifest_and_the_options_are_inputs() {
        let folder = start();
        let plain = Key::new(&project(folder.path())).name();
        let mut request = BuildRequest::new(folder.path().join("Component.toml"));
        request.debug = true;
        assert_ne!(Key::new(&Project::read(&request).unwrap()).name(), plain);
        fs::write(folder.path().join("Component.toml"), MANIFEST.replace("1.0.0", "1.0.1")).unwrap();
        assert_ne!(Key::new(&project(folder.path())).name(), plain);
    }
}
