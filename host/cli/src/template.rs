//! The projects that `new` makes: templates and SDKs, embedded, so that they fit this version and need no network.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use airssys_wasm_policy::ComponentName;
use serde::{Deserialize, Serialize};

use crate::template_error::TemplateError;
use crate::{interrupt, making};

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The namespace of a component whose author named none.
const DEFAULT_NAMESPACE: &str = "local";
/// Where a project carries its SDK.
const SDK: &str = "sdk";
/// The order in which languages and kinds are shown.
const LANGUAGES: &[&str] = &["rust", "go", "js", "ts", "python", "c"];
const KINDS: &[&str] = &["minimal", "files", "messenger"];
/// Crates that cargo does not let anyone make.
const REFUSED_BY_CARGO: &[&str] = &["alloc", "core", "proc-macro", "std", "test"];
/// Words that are no name of a crate, a module or a package in one of the languages.
const KEYWORDS: &[&str] = &[
    "abstract",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "become",
    "box",
    "break",
    "case",
    "chan",
    "class",
    "const",
    "continue",
    "crate",
    "def",
    "default",
    "defer",
    "del",
    "do",
    "dyn",
    "elif",
    "else",
    "enum",
    "except",
    "extern",
    "false",
    "final",
    "finally",
    "fn",
    "for",
    "from",
    "func",
    "function",
    "gen",
    "global",
    "go",
    "goto",
    "if",
    "impl",
    "import",
    "in",
    "interface",
    "is",
    "lambda",
    "let",
    "loop",
    "macro",
    "map",
    "match",
    "mod",
    "move",
    "mut",
    "new",
    "nonlocal",
    "not",
    "or",
    "override",
    "package",
    "pass",
    "priv",
    "pub",
    "raise",
    "range",
    "ref",
    "return",
    "select",
    "self",
    "static",
    "struct",
    "super",
    "switch",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "union",
    "unsafe",
    "unsized",
    "use",
    "var",
    "virtual",
    "void",
    "where",
    "while",
    "with",
    "yield",
];

/// One template.
#[derive(Debug, Clone)]
pub struct Template {
    /// What it is written in: a language of the SDKs, TypeScript apart.
    pub language: &'static str,
    /// What it shows.
    pub kind: &'static str,
    /// What stands in its template.toml.
    pub about: About,
}

/// What a template says about itself.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// One line.
    pub description: String,
    /// Commands to run once, before the tests.
    #[serde(default)]
    pub setup: Vec<String>,
    /// Commands that run its unit tests.
    pub test: Vec<String>,
    /// A first call: the operation, its input, options.
    pub call: Vec<String>,
    /// What that call answers.
    pub answer: String,
}

impl Template {
    /// Every template, the simplest first.
    pub fn all() -> Vec<Self> {
        let pairs = LANGUAGES.iter().flat_map(|language| KINDS.iter().map(move |kind| (*language, *kind)));
        pairs.filter_map(|(language, kind)| Self::read(language, kind)).collect()
    }

    /// One template by its names.
    pub fn find(language: &str, kind: &str) -> Result<Self, TemplateError> {
        let found = Self::all().into_iter().find(|template| template.language == language && template.kind == kind);
        found.ok_or_else(|| {
            let (language, kind, known) = (language.to_owned(), kind.to_owned(), Self::names().join(", "));
            TemplateError::Unknown { language, kind, known }
        })
    }

    fn read(language: &'static str, kind: &'static str) -> Option<Self> {
        let name = format!("{language}-{kind}/template.toml");
        let (_, text) = TEMPLATES.iter().find(|(file, _)| *file == name)?;
        let about = toml::from_slice(text).unwrap_or_else(|error| panic!("{name} is embedded and valid: {error}"));
        Some(Self { language, kind, about })
    }

    fn names() -> Vec<String> {
        Self::all().iter().map(|template| format!("{} {}", template.language, template.kind)).collect()
    }

    /// Makes a project in a folder that does not exist, or holds nothing. Either all of it is there afterwards, or nothing.
    pub fn write(&self, name: &ProjectName, folder: &Path) -> Result<(), TemplateError> {
        name.fits(self.language)?;
        let _whole = interrupt::whole();
        making::make(&self.files(name), folder)
    }

    /// The files of a project with this name.
    fn files(&self, name: &ProjectName) -> Vec<(String, Vec<u8>)> {
        let content = format!("{}-{}/content/", self.language, self.kind);
        let own = TEMPLATES.iter().filter_map(|(path, bytes)| {
            let path = name.replace(path.strip_prefix(&content)?);
            let bytes = std::str::from_utf8(bytes).map_or_else(|_| bytes.to_vec(), |text| name.replace(text).into());
            Some((path, bytes))
        });
        let sdk = format!("{}/", if self.language == "ts" { "js" } else { self.language });
        let sdk = SDKS
            .iter()
            .filter_map(|(path, bytes)| Some((format!("{SDK}/{}", path.strip_prefix(&sdk)?), bytes.to_vec())));
        own.chain(sdk).collect()
    }
}

/// What a project and its component are called.
#[derive(Debug, Clone)]
pub struct ProjectName(ComponentName);

impl ProjectName {
    /// The component's name without its namespace.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The name in a template's place: `my-namespace`, `my-component`, `my_component` and `MyComponent` are replaced.
    fn replace(&self, text: &str) -> String {
        let ComponentName { namespace, name } = &self.0;
        let pascal: String = name
            .split('-')
            .filter_map(|word| {
                let mut letters = word.chars();
                letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
            })
            .collect();
        text.replace("my-namespace", namespace)
            .replace("my-component", name)
            .replace("my_component", &name.replace('-', "_"))
            .replace("MyComponent", &pascal)
    }

    /// Whether the language's own tools take the name.
    fn fits(&self, language: &str) -> Result<(), TemplateError> {
        let name = self.name();
        if KEYWORDS.contains(&name) || (language == "rust" && REFUSED_BY_CARGO.contains(&name)) {
            return Err(TemplateError::Name(format!("{name:?} is a word of the language; choose another name")));
        }
        Ok(())
    }
}

impl FromStr for ProjectName {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let full = if text.contains('/') { text.to_owned() } else { format!("{DEFAULT_NAMESPACE}/{text}") };
        let name = full.parse::<ComponentName>().map_err(|error| {
            let help = error.help.map(|help| format!("; {help}")).unwrap_or_default();
            TemplateError::Name(format!("{}{help}", error.problem))
        })?;
        Ok(Self(name))
    }
}

impl fmt::Display for ProjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_known_and_says_what_it_is() {
        let found = Template::all();
        let mut folders: Vec<&str> = TEMPLATES.iter().filter_map(|(path, _)| path.split('/').next()).collect();
        folders.dedup();
        assert_eq!(found.len(), folders.len(), "{folders:?}");
        for template in found {
            assert!(!template.about.description.is_empty() && !template.about.test.is_empty());
            assert!(!template.about.call.is_empty() && !template.about.answer.is_empty());
        }
    }

    #[test]
    fn a_name_is_written_in_every_case() {
        let name: ProjectName = "acme/log-shipper".parse().unwrap();
        assert_eq!(
            name.replace("my-namespace/my-component my_component MyComponent"),
            "acme/log-shipper log_shipper LogShipper"
        );
        assert_eq!("hello".parse::<ProjectName>().unwrap().to_string(), "local/hello");
    }

    #[test]
    fn names_that_no_tool_takes_are_refused() {
        for (text, expected) in [
            ("Hello World", "write \"local/hello-world\""),
            ("../hello", "character other than a-z"),
            ("", "empty part"),
            ("1st", "start with a letter"),
        ] {
            let error = text.parse::<ProjectName>().unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
        assert!("struct".parse::<ProjectName>().unwrap().fits("c").is_err());
        assert!("test".parse::<ProjectName>().unwrap().fits("rust").is_err());
        assert!("test".parse::<ProjectName>().unwrap().fits("go").is_ok());
    }

    #[test]
    fn a_project_carries_its_sdk_and_nothing_of_the_workspace() {
        let manifest = SDKS.iter().find(|(path, _)| *path == "rust/Cargo.toml").unwrap();
        let manifest: toml::Table = toml::from_slice(manifest.1).unwrap();
        assert_eq!(manifest["package"]["version"].as_str(), Some(env!("CARGO_PKG_VERSION")));
        assert_eq!(manifest["dependencies"]["airssys-wasm-sdk-macros"]["path"].as_str(), Some("macros"));
        assert!(!manifest.to_string().contains("workspace"));
        for language in ["rust", "go", "js", "python", "c"] {
            for file in ["README.md", "LICENSE-MIT"] {
                let path = format!("{language}/{file}");
                assert!(SDKS.iter().any(|(known, _)| *known == path), "{path}");
            }
        }
        assert!(SDKS.iter().any(|(path, _)| *path == "rust/wit/worlds.wit"));
        assert!(!SDKS.iter().any(|(path, _)| path.contains("node_modules") || path.ends_with("_test.go")));
    }
}
