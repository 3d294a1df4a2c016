//! From the name of a program to the file that is executed, and the permission for it.
//!
//! The file is opened first, and what was opened is asked about: nothing that is swapped in between can change what runs.
//! Whether there is a program at all is told only to those who may start it, or one at the path that they gave.

use std::fs;
use std::io::{self, Read};
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::Path;

use airssys_wasm_policy::{Access, Gate, Operation, Permit, ProcessAction};
use rustix::fs::{FileType, Mode, OFlags};

use super::{ProcessConfig, ProcessError, Result};

/// As much of a script's first line as Linux looks at.
const FIRST_LINE_BYTES: u64 = 256;

/// A program that the component may start.
pub(super) struct Program {
    pub(super) file: OwnedFd,
    /// With links resolved.
    pub(super) path: String,
    /// If the file is a script: what it is read by.
    pub(super) interpreter: Option<Interpreter>,
    /// Held as long as the program: there is none without.
    _permit: Permit,
}

/// What reads a script.
pub(super) struct Interpreter {
    pub(super) program: Box<Program>,
    /// As the script names it.
    pub(super) name: String,
    pub(super) argument: Option<String>,
}

/// A file that was found under a name.
struct Opened {
    file: OwnedFd,
    path: String,
    is_executable: bool,
}

/// Finds a program and asks for it.
///
/// # Errors
/// `permission-denied`, `program-not-found` and `not-executable`.
pub(super) fn find(config: &ProcessConfig, gate: &Gate, operation: Operation, given: &str) -> Result<Program> {
    let candidates = candidates(config, given);
    let Some(shown) = candidates.last().cloned() else {
        return Err(ProcessError::ProgramNotFound(given.to_owned()));
    };
    let mut opened: Vec<Opened> = candidates.iter().filter_map(|path| open(path)).collect();
    let best = opened.iter().position(|found| found.is_executable).unwrap_or(0);
    if opened.is_empty() {
        let _allowed = ask(gate, operation, &shown)?;
        return Err(ProcessError::ProgramNotFound(given.to_owned()));
    }
    let found = opened.swap_remove(best);
    let permit = ask(gate, operation, &found.path).map_err(|denial| {
        if candidates.iter().any(|path| gate.allows(&spawning(path))) {
            return denial;
        }
        // Not what is there is told, but what was asked for.
        ask(gate, operation, &shown).err().unwrap_or(denial)
    })?;
    let not_executable = || ProcessError::NotExecutable(given.to_owned());
    if !found.is_executable {
        return Err(not_executable());
    }
    let interpreter = match first_line(&found.file)? {
        None => None,
        Some(line) => {
            let (name, argument) = interpreter(&line).ok_or_else(not_executable)?;
            let program = find(config, gate, operation, &name).map_err(|error| match error {
                ProcessError::ProgramNotFound(_) | ProcessError::NotExecutable(_) => not_executable(),
                other => other,
            })?;
            if program.interpreter.is_some() {
                return Err(not_executable());
            }
            Some(Interpreter { program: Box::new(program), name, argument })
        }
    };
    Ok(Program { file: found.file, path: found.path, interpreter, _permit: permit })
}

fn spawning(path: &str) -> Access {
    Access::Process { action: ProcessAction::Spawn, program: path.to_owned() }
}

fn ask(gate: &Gate, operation: Operation, path: &str) -> std::result::Result<Permit, airssys_wasm_policy::Denial> {
    gate.authorize(operation, spawning(path))
}

/// The absolute paths that a name may mean, in the order of looking. The directories of the search path are known to
/// everybody; of any other only the text is used.
fn candidates(config: &ProcessConfig, given: &str) -> Vec<String> {
    if given.contains('/') {
        if !given.starts_with('/') {
            return Vec::new();
        }
        let mut names: Vec<&str> = Vec::new();
        for name in given.split('/') {
            match name {
                "" | "." => {}
                ".." => drop(names.pop()),
                name => names.push(name),
            }
        }
        let Some(name) = names.pop() else { return Vec::new() };
        let parent = format!("/{}", names.join("/"));
        let parent = if config.search_path.iter().any(|path| path.as_os_str() == parent.as_str()) {
            resolved(Path::new(&parent)).unwrap_or(parent)
        } else {
            parent
        };
        return vec![join(&parent, name)];
    }
    if matches!(given, "" | "." | "..") {
        return Vec::new();
    }
    let mut paths: Vec<String> = Vec::new();
    for folder in config.search_path.iter().filter_map(|folder| resolved(folder).or(folder.to_str().map(str::to_owned)))
    {
        let path = join(&folder, given);
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
}

fn join(parent: &str, name: &str) -> String {
    if parent == "/" { format!("/{name}") } else { format!("{parent}/{name}") }
}

fn resolved(path: &Path) -> Option<String> {
    fs::canonicalize(path).ok()?.into_os_string().into_string().ok()
}

/// Opens what is at a path for nothing but being pointed at, and says where that really is. None if there is nothing, or
/// nothing that the host can see.
fn open(path: &str) -> Option<Opened> {
    let file = rustix::fs::open(path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty()).ok()?;
    let path = real_path(&file)?;
    let stat = rustix::fs::fstat(&file).ok()?;
    let is_executable = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile && stat.st_mode & 0o111 != 0;
    (stat.st_nlink > 0).then_some(Opened { file, path, is_executable })
}

/// Where an open file is.
pub(super) fn real_path(file: &OwnedFd) -> Option<String> {
    fs::read_link(through_proc(file)).ok()?.into_os_string().into_string().ok()
}

fn through_proc(file: &OwnedFd) -> String {
    format!("/proc/self/fd/{}", file.as_raw_fd())
}

/// What a script begins with, up to the end of the line. None if it is no script, or one that the host cannot read.
fn first_line(file: &OwnedFd) -> Result<Option<Vec<u8>>> {
    let mut start = Vec::new();
    match fs::File::open(through_proc(file)) {
        Ok(content) => content.take(FIRST_LINE_BYTES).read_to_end(&mut start)?,
        // A program can be executable and not readable; a script is nothing that way.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let Some(line) = start.strip_prefix(b"#!") else { return Ok(None) };
    Ok(Some(line.split(|byte| *byte == b'\n').next().unwrap_or_default().to_vec()))
}

/// The interpreter and its one argument, as Linux takes them from the line.
fn interpreter(line: &[u8]) -> Option<(String, Option<String>)> {
    let line = std::str::from_utf8(line).ok().filter(|line| !line.contains('\0'))?;
    let line = line.trim_matches([' ', '\t']);
    let (name, argument) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    let argument = argument.trim_matches([' ', '\t']);
    name.starts_with('/').then(|| (name.to_owned(), (!argument.is_empty()).then(|| argument.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_script_names_an_absolute_interpreter_and_one_argument() {
        let parsed = |line: &str| interpreter(line.as_bytes());
        assert_eq!(parsed("/bin/sh"), Some(("/bin/sh".to_owned(), None)));
        assert_eq!(parsed(" /bin/sh  -e -u "), Some(("/bin/sh".to_owned(), Some("-e -u".to_owned()))));
        for line in ["", "sh", "  ", "/bin/\0sh"] {
            assert_eq!(parsed(line), None, "{line:?}");
        }
    }

    #[test]
    fn a_name_is_looked_up_in_the_search_path_and_nowhere_else() {
        let config =
            ProcessConfig { search_path: vec!["/none/a".into(), "/none/b".into()], ..ProcessConfig::default() };
        assert_eq!(candidates(&config, "x"), ["/none/a/x", "/none/b/x"]);
        assert_eq!(candidates(&config, "/y/../x/./z"), ["/x/z"]);
        for name in ["", ".", "..", "a/b", "./a", "/", "/.."] {
            assert!(candidates(&config, name).is_empty(), "{name}");
        }
    }
}
