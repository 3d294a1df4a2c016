//! What the tool says when it refuses, in a form to compare: both formats, the exit code, and nothing that varies.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use airssys_wasm_tests::{root, stderr, tool};
use serde_json::Value;
use tempfile::TempDir;

/// A folder to run the tool in, with an environment of its own.
pub struct Place {
    folder: TempDir,
    environment: Vec<(String, PathBuf)>,
}

impl Place {
    pub fn new() -> Self {
        // However slow the machine is, that is not talked of.
        let environment = vec![("AIRSSYS_WASM_SLOW_MS".to_owned(), PathBuf::from("3600000"))];
        Self { folder: TempDir::new().expect("a folder"), environment }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, and the folders it is in.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("created");
        std::fs::write(&path, content).expect("written");
        path
    }

    /// Writes a program of the shell.
    pub fn program(&self, name: &str, script: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("created");
        // Another process writes it: what a thread of this one has open while another one starts a process, that process
        // has open too, and what is open for writing cannot be run.
        let writer = "rm -f \"$1\" && printf '#!/bin/sh\\n%s\\n' \"$2\" > \"$1\" && chmod 755 \"$1\"";
        let written = Command::new("sh").args(["-c", writer, "sh"]).arg(path).arg(script).status();
        assert!(written.expect("the system has a shell").success());
    }

    /// Sets a variable of the environment.
    pub fn set(&mut self, name: &str, value: impl Into<PathBuf>) {
        self.environment.push((name.to_owned(), value.into()));
    }

    /// Gives the tool a cache of its own, and these folders of programs before the system's own.
    pub fn alone(&mut self, programs: &str) {
        self.set("AIRSSYS_WASM_CACHE", self.path("cache"));
        self.set("PATH", format!("{}:/usr/bin:/bin", self.path(programs).display()));
    }

    pub fn command<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        let mut command = Command::new(tool());
        command.current_dir(self.folder.path()).args(arguments).env("NO_COLOR", "1");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// How the tool refuses: its exit code, the code for programs, and what people read.
    ///
    /// # Panics
    /// When it succeeds, prints to standard output, or says something else in JSON.
    pub fn refusal(&self, arguments: &[&str]) -> String {
        let human = self.command(arguments).output().expect("the tool starts");
        let code = human.status.code().expect("it is not killed");
        assert_ne!(code, 0, "{arguments:?} succeeds");
        assert!(human.stdout.is_empty(), "standard output is data");

        let json = self.command(&[&["--format", "json"], arguments].concat()).output().expect("the tool starts");
        assert_eq!(json.status.code(), Some(code), "{}", stderr(&json));
        let error: Value = serde_json::from_str(&stderr(&json))
            .unwrap_or_else(|_| panic!("standard error is not one document: {}", stderr(&json)));
        assert_eq!((&error["schema"], &error["exit-code"]), (&"airssys-error/1".into(), &code.into()));
        let name = error["code"].as_str().expect("every error has a code");
        format!("{}\nexit code {code}, {name}\n{}", arguments.join(" "), self.shown(&stderr(&human)))
    }

    /// The refusals of several command lines.
    pub fn refusals(&self, lines: &[&[&str]]) -> String {
        lines.iter().map(|arguments| self.refusal(arguments)).collect::<Vec<_>>().join("\n")
    }

    /// A text without what varies.
    pub fn shown(&self, text: &str) -> String {
        let real = self.folder.path().canonicalize().expect("the folder is there");
        let mut text = text.to_owned();
        for (path, name) in [(real.as_path(), "[FOLDER]"), (self.folder.path(), "[FOLDER]"), (&root(), "[CHECKOUT]")] {
            text = text.replace(&path.display().to_string(), name);
        }
        // Scratch folders have random names of this length.
        const RANDOM: usize = ".tmp123456".len();
        while let Some(at) = text.find("/.tmp") {
            text.replace_range(at + 1..at + 1 + RANDOM, "[SCRATCH]");
        }
        text
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// A place with a project of a template in C, made and built as a user does.
///
/// # Panics
/// When it is not built.
pub fn with_project(name: &str, kind: &str) -> (Place, PathBuf) {
    let place = Place::new();
    for arguments in [&["new", name, "--lang", "c", "--template", kind, "--path", "project"][..], &["build", "project"]]
    {
        let output = place.command(arguments).output().expect("the tool starts");
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    }
    let file = name.rsplit('/').next().expect("a name has a last part");
    let component = place.path(&format!("project/target/airssys/{file}.wasm"));
    (place, component)
}

/// The names of all files and folders below a folder, sorted.
pub fn tree(folder: &Path) -> Vec<String> {
    fn walk(root: &Path, folder: &Path, names: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            names.push(path.strip_prefix(root).expect("it is below").display().to_string());
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                walk(root, &path, names);
            }
        }
    }
    let mut names = Vec::new();
    walk(folder, folder, &mut names);
    names.sort();
    names
}
