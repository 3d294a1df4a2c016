//! Examples as they are on disk, built by the code that builds every component.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use airssys_wasm::policy::{AuditRecord, AuditSink, Engine, Manifest, Permissions};
use airssys_wasm::{Component, Error, Runtime, Start};
use airssys_wasm_tests::root;
use airssys_wasm_toolchain::{BuildRequest, Cache, Silent, build};

/// One example of one SDK.
#[derive(Debug, Clone)]
pub struct Example {
    /// The SDK's language, as in `sdk-<language>`.
    pub language: String,
    folder: PathBuf,
}

/// The languages of the SDKs, sorted.
pub fn languages() -> Vec<String> {
    let mut languages: Vec<String> =
        folders(root()).into_iter().filter_map(|name| name.strip_prefix("sdk-").map(str::to_owned)).collect();
    languages.sort();
    languages
}

/// The examples of one SDK, sorted.
pub fn names(language: &str) -> Vec<String> {
    let mut names = folders(root().join(format!("sdk-{language}/examples")));
    names.sort();
    names
}

/// One example in every language that has it.
pub fn all(name: &str) -> Vec<Example> {
    let folder = |language: &str| root().join(format!("sdk-{language}/examples/{name}"));
    let of = |language: String| Example { folder: folder(&language), language };
    languages().into_iter().map(of).filter(|example| example.folder.is_dir()).collect()
}

/// The guests of one example of a host, `host/examples/<name>`, in every language.
pub fn guests(name: &str) -> Vec<Example> {
    let guests = root().join("host/examples").join(name).join("guests");
    let mut languages = folders(guests.clone());
    languages.sort();
    languages.into_iter().map(|language| Example { folder: guests.join(&language), language }).collect()
}

fn folders(folder: PathBuf) -> Vec<String> {
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let folders = entries.map(|entry| entry.expect("an entry")).filter(|entry| entry.path().is_dir());
    folders.map(|entry| entry.file_name().into_string().expect("names are UTF-8")).collect()
}

impl Example {
    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its Component.toml.
    pub fn manifest(&self) -> String {
        std::fs::read_to_string(self.folder.join("Component.toml")).expect("an example has a Component.toml")
    }

    /// What it declares.
    pub fn declared(&self) -> Permissions {
        Manifest::parse(&self.manifest(), "Component.toml").expect("the Component.toml of an example").permissions
    }

    /// The component, built once.
    pub fn built(&self) -> PathBuf {
        self.built_for(None)
    }

    /// The component with this JavaScript engine, built once.
    pub fn built_for(&self, engine: Option<Engine>) -> PathBuf {
        static BUILT: Mutex<BTreeMap<(PathBuf, Option<Engine>), PathBuf>> = Mutex::new(BTreeMap::new());
        // One at a time: a compiler uses every processor, and the large ones much of the memory.
        let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (self.folder.clone(), engine);
        if let Some(file) = built.get(&key) {
            return file.clone();
        }
        let cache = Cache::open(None).expect("the toolchains have a cache");
        let mut request = BuildRequest::new(self.folder.join("Component.toml"));
        request.engine = engine;
        let made = build(&request, &cache, &Silent)
            .unwrap_or_else(|error| panic!("{} is not built: {error}; {:?}", self.folder.display(), error.help()));
        built.insert(key, made.component.clone());
        made.component
    }

    /// Loads it as an operator does who grants all that it declares.
    pub async fn load(&self, runtime: &Runtime) -> Component {
        self.load_with(runtime, |start| start.grant(self.declared())).await
    }

    /// Loads it with settings of its own.
    pub async fn load_with(&self, runtime: &Runtime, settings: impl FnOnce(Start) -> Start) -> Component {
        let example = self.clone();
        let file = tokio::task::spawn_blocking(move || example.built()).await.expect("it is built");
        let loaded = settings(runtime.start(file)).await;
        loaded.unwrap_or_else(|error| panic!("{} is not loaded: {error:?}", self.folder.display()))
    }
}

/// Calls an operation whose answer is text.
pub async fn text(component: &Component, operation: &str, input: &str) -> Result<String, Error> {
    let output = component.call(operation, input).await?;
    Ok(String::from_utf8(output).expect("the answer is UTF-8"))
}

/// The case and the text of the error with which a component answered.
///
/// # Panics
/// It failed otherwise.
pub fn answered(error: &Error) -> (&'static str, &str) {
    match error {
        Error::Guest(error) => (error.failure.case(), error.failure.text()),
        other => panic!("expected an error of the guest's own, got {other:?}"),
    }
}

/// Asserts that one value came of every language, and gives it.
pub fn same<T: PartialEq + std::fmt::Debug>(values: Vec<(String, T)>) -> T {
    let mut values = values.into_iter();
    let (first, expected) = values.next().expect("there are languages");
    for (language, value) in values {
        assert_eq!(value, expected, "{language} differs from {first}");
    }
    expected
}

/// Takes no notes: most of what is refused here is meant to be.
#[derive(Debug)]
pub struct Deaf;

impl AuditSink for Deaf {
    fn record(&self, _: AuditRecord) {}
}
