//! What a build of Python takes, what it says of a program that cannot be one, and what it leaves alone.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, OnceLock};

use airssys_wasm_tests::{root, stderr, stdout};
use serde_json::Value;

use crate::refusal::{Place, tree};

/// A project with this program, and the SDK of this checkout.
fn project(app: &str) -> Place {
    let place = Place::new();
    let sdk = root().join("sdk-python");
    let manifest = "[component]\nname = \"acme/hello\"\nversion = \"0.1.0\"\n[build]\nlanguage = \"python\"\n";
    place.write("Component.toml", format!("{manifest}sdk = {:?}\n", sdk.display().to_string()));
    place.write("app.py", app);
    place
}

/// Makes a virtual environment in a project; where its packages are.
fn environment(place: &Place) -> PathBuf {
    let made = Command::new("python3").args(["-m", "venv", "--without-pip"]).arg(place.path(".venv")).status();
    assert!(made.expect("Python is needed").success());
    let asked = Command::new(place.path(".venv/bin/python"))
        .args(["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
        .output()
        .expect("it starts");
    PathBuf::from(stdout(&asked).trim()).strip_prefix(place.folder()).expect("they are in it").to_owned()
}

/// What `build` refuses with, in one go: the code, and what people read.
fn refused(place: &Place) -> String {
    let json = place.command(&["--format", "json", "build"]).output().expect("the tool starts");
    assert!(!json.status.success());
    let error: Value = serde_json::from_str(stderr(&json).lines().last().unwrap_or_default()).expect("a document");
    let causes = error["causes"].as_array().expect("an error has causes").iter();
    let texts = [&error["code"], &error["help"]].into_iter().chain(causes);
    texts.filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn assert_says(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.contains(part), "{part:?} is not in {said}");
    }
}

#[test]
fn the_syntax_is_checked_before_any_tool_is_installed() {
    let mut place = project("import helper\n");
    place.write("helper/__init__.py", "from . import deeper\n");
    place.write("helper/deeper.py", "x = 1\n\ndef f(:\n    pass\n");
    place.set("AIRSSYS_WASM_CACHE", place.path("cache"));
    let said = place.refusal(&["build"]);
    assert_says(&said, &["syntax-error", "helper/deeper.py:3: invalid syntax: def f(:"]);
    assert_eq!(tree(&place.path("cache/tools")), Vec::<String>::new(), "nothing is installed for it");
}

#[test]
fn a_folder_that_pip_has_left_empty_is_no_package() {
    let place = project("import leftover.part\n");
    let packages = environment(&place);
    place.write(&format!("{}/leftover/__pycache__/part.cpython-314.pyc", packages.display()), "");
    let said = refused(&place);
    assert_says(
        &said,
        &[
            "missing-module",
            "app.py:1: ModuleNotFoundError: No module named 'leftover'",
            "site-packages/leftover is a folder without any file, as pip uninstall leaves it",
        ],
    );
}

#[test]
fn a_module_in_an_archive_is_refused_with_what_to_do() {
    let place = project("import packed\n");
    let packages = environment(&place);
    let archive = place.path(&packages.join("packed.zip").display().to_string());
    let pack = "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w') as archive: archive.writestr('packed.py', 'X = 1')";
    let packed = Command::new("python3").args(["-c", pack]).arg(&archive).status();
    assert!(packed.expect("Python is needed").success());
    place.write(&packages.join("packed.pth").display().to_string(), "packed.zip\n");
    assert_says(&refused(&place), &["packed", "is in an archive (", "install its package, which unpacks it"]);
}

#[test]
fn a_method_that_the_host_cannot_call_is_told_with_its_line() {
    let place = project(
        "from airssys_wasm import Component, component, operation\n\n\
         @component\n\
         class App(Component):\n    \
             @operation\n    \
             async def save(self, text: str) -> None:\n        \
                 pass\n",
    );
    let said = refused(&place);
    assert_says(&said, &["import-failed", "app.py:3: TypeError: App.save must not be async def: the host calls it"]);
    assert!(!said.contains("AssertionError") && !said.contains("/airssys_wasm_build/"), "{said}");
}

/// An editable install that puts a folder on the path, and one that finds its package with a hook.
fn install_editable(place: &Place, packages: &Path) {
    let site = packages.display();
    place.write("outside/path/src/by_path/__init__.py", "WORD = 'path'\n");
    let folder = place.path("outside/path/src");
    place.write(&format!("{site}/__editable__.by_path-1.0.pth"), format!("{}\n", folder.display()));
    place.write("outside/hook/code/__init__.py", "from .words import WORD\n");
    place.write("outside/hook/code/words.py", "WORD = 'hook'\n");
    place.write("outside/hook/conftest.py", "raise ImportError('this is not a part of the package')\n");
    let code = place.path("outside/hook/code");
    let finder = format!(
        "import sys\n\
         from importlib.util import spec_from_file_location\n\
         MAPPING = {{'by_hook': {:?}}}\n\
         class Finder:\n    \
             @classmethod\n    \
             def find_spec(cls, name, path=None, target=None):\n        \
                 if name in MAPPING:\n            \
                     folder = MAPPING[name]\n            \
                     return spec_from_file_location(name, folder + '/__init__.py', submodule_search_locations=[folder])\n\
         def install():\n    \
             sys.meta_path.append(Finder)\n",
        code.display().to_string()
    );
    place.write(&format!("{site}/__editable___by_hook_1_0_finder.py"), finder);
    let start = "import __editable___by_hook_1_0_finder; __editable___by_hook_1_0_finder.install()\n";
    place.write(&format!("{site}/__editable__.by_hook-1.0.pth"), start);
}

/// A project that shows several things at once, because building takes long; built once.
struct Shared {
    place: Place,
    before: Vec<String>,
    component: String,
}

impl Shared {
    fn get() -> MutexGuard<'static, Shared> {
        static SHARED: OnceLock<Mutex<Shared>> = OnceLock::new();
        SHARED.get_or_init(|| Mutex::new(Shared::make())).lock().expect("no test panics with it")
    }

    fn make() -> Shared {
        let place = project(APP);
        place.write("late.py", "print('not to be seen')\ntype Words = list[str]\nWORD = 'late'\n");
        let packages = environment(&place);
        install_editable(&place, &packages);
        let before = tree(place.folder());
        let component = build(&place);
        Shared { place, before, component }
    }

    fn call(&self, operation: &str) -> String {
        let called = self.place.command(&["call", &self.component, operation]).output().expect("the tool starts");
        assert!(called.status.success(), "{}", stderr(&called));
        stdout(&called).trim().to_owned()
    }
}

fn build(place: &Place) -> String {
    let built = place.command(&["build"]).output().expect("the tool starts");
    assert!(built.status.success(), "{}", stderr(&built));
    assert!(!stderr(&built).contains("not to be seen"), "{}", stderr(&built));
    stdout(&built).trim().to_owned()
}

const APP: &str = "
import sys

import by_path
from airssys_wasm import Component, component, operation
from by_hook import WORD

at_build = list(sys.argv)

@component
class App(Component):
    @operation
    def editable(self) -> str:
        return f'{by_path.WORD} {WORD}'

    @operation
    def late(self) -> str:
        import late

        return late.WORD

    @operation
    def arguments(self) -> str:
        return f'{at_build} {sys.argv}'
";

#[test]
fn editable_installs_are_followed_and_later_edits_of_them_noticed() {
    let mut shared = Shared::get();
    assert_eq!(shared.call("editable"), "path hook");
    shared.place.write("outside/hook/code/words.py", "WORD = 'edited'\n");
    shared.component = build(&shared.place);
    assert_eq!(shared.call("editable"), "path edited");
    shared.place.write("outside/hook/code/words.py", "WORD = 'hook'\n");
    shared.component = build(&shared.place);
    assert_eq!(shared.call("editable"), "path hook");
}

#[test]
fn nothing_is_written_beside_the_sources_and_packages() {
    let shared = Shared::get();
    let now = tree(shared.place.folder());
    let written: Vec<_> = now.into_iter().filter(|name| !shared.before.contains(name)).collect();
    assert!(written.iter().all(|name| name.starts_with("target")), "{written:?}");
}

#[test]
fn what_a_method_imports_is_there_though_the_machines_python_does_not_know_its_syntax() {
    assert_eq!(Shared::get().call("late"), "late");
}

#[test]
fn the_program_is_named_by_its_first_argument_while_it_is_built_and_when_it_runs() {
    assert_eq!(Shared::get().call("arguments"), "['acme/hello'] ['acme/hello']");
}
