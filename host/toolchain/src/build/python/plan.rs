//! What a Python program is made of, found out before the long part of the build begins.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::BuildError;
use super::super::project::Project;
use super::failure;
use super::mounts::Mounts;
use super::virtual_environment::own_environment;
use crate::error::Error;
use crate::install;
use crate::progress::Silent;
use crate::tool::{Tool, ToolError};

/// What runs in the author's own interpreter.
pub(super) const SCRIPT: &str = include_str!("plan.py");

/// What a program is made of.
#[derive(Debug, Deserialize)]
pub(super) struct Plan {
    /// What is wrong with the syntax of one of its files, with the name of the file and the line.
    pub(super) error: Option<String>,
    /// A file that lies among the modules and whose name is not UTF-8.
    strange: Option<String>,
    /// The files that its modules name, which they may read while they are imported.
    data: Vec<PathBuf>,
    /// The folders with installed packages.
    pub(super) search: Vec<PathBuf>,
    /// The packages that are elsewhere, by name.
    pub(super) packages: BTreeMap<String, Package>,
    /// Why a module cannot be a part of a component, by its name.
    pub(super) unsupported: BTreeMap<String, String>,
    /// The folders of the SDK.
    #[serde(skip)]
    pub(super) libraries: Vec<PathBuf>,
}

/// A package or module that the author's interpreter finds by a hook.
#[derive(Debug, Deserialize)]
pub(super) struct Package {
    /// What is run when it is imported; a namespace has nothing.
    file: Option<PathBuf>,
    /// Where its modules are; a single module has none.
    folders: Option<Vec<PathBuf>>,
}

impl Plan {
    /// The folders from which packages come, the files of single modules, and those that modules name.
    pub(super) fn folders(&self) -> impl Iterator<Item = &Path> {
        let modules = self.packages.values().flat_map(|package| match &package.folders {
            Some(folders) => folders.iter().collect::<Vec<_>>(),
            None => package.file.iter().collect(),
        });
        self.search.iter().chain(modules).chain(&self.data).map(PathBuf::as_path)
    }
}

impl Package {
    /// The package as the interpreter in the component sees it.
    pub(super) fn mounted(&self, mounts: &mut Mounts) -> Result<Value, BuildError> {
        let folders = self.folders.as_ref();
        let folders =
            folders.map(|folders| folders.iter().map(|folder| mounts.add(folder)).collect::<Result<Vec<_>, _>>());
        let file = self.file.as_ref().map(|file| {
            let folder = file.parent().expect("a file is in a folder");
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            Ok::<_, BuildError>(format!("{}/{name}", mounts.add(folder)?))
        });
        Ok(json!({ "file": file.transpose()?, "folders": folders.transpose()? }))
    }
}

/// Finds out what a program is made of.
pub(super) fn make(project: &Project) -> Result<Plan, Error> {
    make_with(project, own_environment(&project.folder).as_deref())
}

/// Finds that out with the packages of this environment.
fn make_with(project: &Project, environment: Option<&Path>) -> Result<Plan, Error> {
    let libraries = library(project);
    let request = |site: Option<&Path>| {
        let folder = project.source.parent();
        json!({ "source": project.source, "folder": folder, "libraries": libraries, "site": site }).to_string()
    };
    let ask = |python: &Path, flags: &[&str], site| {
        let tool = Tool::new("python", python).args(flags).args(["-B", "-c", SCRIPT]).arg(request(site));
        tool.folder(&project.folder).data_on_stdout().run(&Silent)
    };
    let own = environment.and_then(|environment| {
        let python = ["bin/python", "Scripts/python.exe"].map(|name| environment.join(name));
        python.into_iter().find_map(|python| ask(&python, &["-I"], None).ok())
    });
    let said = match own {
        Some(said) => said,
        None => {
            // An environment whose interpreter is gone still has its packages.
            let (python, _) = install::python().map_err(Error::from)?;
            ask(&python, &["-I", "-S"], environment.and_then(site_packages).as_deref())?
        }
    };
    let plan = serde_json::from_str::<Plan>(&said).map_err(|error| ToolError::Broken {
        tool: "python".to_owned(),
        problem: format!("it answers {said:?}: {error}"),
        fix: "make the virtual environment again, with `python3 -m venv --clear .venv`".to_owned(),
    })?;
    match &plan.strange {
        Some(name) => Err(failure::strange_name(name).into()),
        None => Ok(Plan { libraries, ..plan }),
    }
}

/// The folder of the SDK that holds its modules.
fn library(project: &Project) -> Vec<PathBuf> {
    let source = |sdk: &PathBuf| Some(sdk.join("src")).filter(|source| source.is_dir()).unwrap_or_else(|| sdk.clone());
    project.sdk.iter().map(source).collect()
}

/// The folder of an environment that holds its packages.
fn site_packages(environment: &Path) -> Option<PathBuf> {
    let within = |folder: PathBuf| Some(folder.join("site-packages")).filter(|packages| packages.is_dir());
    let versions = fs::read_dir(environment.join("lib")).into_iter().flatten().flatten();
    let mut versions: Vec<_> = versions.map(|version| version.path()).collect();
    versions.sort();
    versions.into_iter().find_map(within).or_else(|| within(environment.join("Lib")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::BuildRequest;

    const MANIFEST: &str = "[component]\nname = \"a/b\"\nversion = \"1.0.0\"\n[build]\nlanguage = \"python\"\n";

    fn plan_of(files: &[(&str, &[u8])]) -> Plan {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Component.toml"), MANIFEST).unwrap();
        for (name, content) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let project = Project::read(&BuildRequest::new(folder.path().join("Component.toml"))).unwrap();
        make_with(&project, None).unwrap()
    }

    fn error_of(app: &[u8]) -> Option<String> {
        plan_of(&[("app.py", app)]).error
    }

    #[test]
    fn what_no_python_takes_is_told_with_its_line() {
        for (app, error) in [
            ("x = 1\ndef f(:\n    pass\n", "app.py:2: invalid syntax: def f(:"),
            ("def f():\nreturn 1\n", "app.py:2: expected an indented block"),
            ("if True:\n    x = (1,\n", "app.py:2: '(' was never closed"),
            ("return 1\n", "app.py:1: 'return' outside function"),
            ("async def f():\n    pass\nawait f()\n", "app.py:3: 'await' outside function"),
            ("def f(a, a):\n    pass\n", "app.py:1: duplicate argument 'a'"),
            ("x = 'a\n", "app.py:1: unterminated string literal"),
        ] {
            let told = error_of(app.as_bytes()).unwrap_or_default();
            assert!(told.starts_with(error), "{app:?}: {told:?}");
        }
        assert_eq!(error_of(b"x = '\xff'\n").as_deref().map(|told| told.starts_with("app.py")), Some(true));
    }

    #[test]
    fn what_a_newer_python_takes_is_left_to_it() {
        for app in [
            "type Names = list[str]\n",
            "def first[T](items: list[T]) -> T:\n    return items[0]\n",
            "class Box[T]:\n    pass\n",
            "names = {'a': 1}\nx = f'{names['a']}'\n",
            "try:\n    pass\nexcept ValueError, TypeError:\n    pass\n",
            "x = t'{1}'\n",
        ] {
            assert_eq!(error_of(app.as_bytes()), None, "{app:?}");
        }
    }

    #[test]
    fn the_modules_that_a_program_imports_are_read_and_others_are_not() {
        let broken: (&str, &[u8]) = ("pack/deep.py", b"def f(:\n");
        let files: [(&str, &[u8]); 3] =
            [("app.py", b"def late():\n    from pack import deep\n"), ("pack/__init__.py", b""), broken];
        assert_eq!(plan_of(&files).error.as_deref(), Some("pack/deep.py:1: invalid syntax: def f(:"));
        assert_eq!(plan_of(&[("app.py", b"import os\n"), broken]).error, None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_name_that_the_interpreter_cannot_read_is_told() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Component.toml"), MANIFEST).unwrap();
        fs::write(folder.path().join("app.py"), "").unwrap();
        fs::write(folder.path().join(OsStr::from_bytes(b"caf\xe9.txt")), "").unwrap();
        let project = Project::read(&BuildRequest::new(folder.path().join("Component.toml"))).unwrap();
        let error = make_with(&project, None).unwrap_err();
        assert_eq!(error.code(), "not-utf-8");
        assert!(error.to_string().contains("/caf\\xe9.txt: that name is not UTF-8"), "{error}");
    }

    #[test]
    fn files_that_a_module_names_are_a_part_of_it_and_what_lies_beside_it_is_not() {
        let app = b"from pathlib import Path\nHERE = Path(__file__).parent\n\
            WORDS = (HERE / 'data' / 'words.txt').read_text()\nPEM = HERE / 'data/ca.pem'\nJOURNAL = '/data/journal.txt'\n";
        let plan = plan_of(&[
            ("app.py", app),
            ("data/words.txt", b""),
            ("data/ca.pem", b""),
            ("data/journal.txt", b""),
            ("words.txt.bak", b""),
        ]);
        let names: Vec<_> = plan.data.iter().map(|file| file.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["ca.pem", "words.txt"]);
    }

    #[test]
    fn without_an_environment_no_packages_of_the_machine_are_searched() {
        let plan = plan_of(&[("app.py", b"import pip\n")]);
        assert_eq!(plan.search, Vec::<PathBuf>::new());
        assert!(plan.packages.is_empty(), "{:?}", plan.packages);
    }
}
