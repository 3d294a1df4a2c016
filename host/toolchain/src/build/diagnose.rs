//! What an author may have meant: the language that a folder looks like, the folder that has the Component.toml.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use airssys_wasm_policy::Language;

/// A language, and what in a folder is a sign of it.
pub(super) struct Seen {
    pub(super) language: Language,
    pub(super) sign: String,
}

/// The language that the files of a folder speak for.
pub(super) fn language(folder: &Path) -> Option<Seen> {
    let signs = [
        (Language::Rust, "Cargo.toml"),
        (Language::Go, "go.mod"),
        (Language::Js, "package.json"),
        (Language::Js, "src/index.ts"),
        (Language::Js, "src/index.js"),
        (Language::Python, "pyproject.toml"),
        (Language::Python, "app.py"),
    ];
    let file = signs.iter().find(|(_, sign)| folder.join(sign).is_file());
    if let Some((language, sign)) = file {
        return Some(Seen { language: *language, sign: (*sign).to_owned() });
    }
    ["src", "."].iter().find_map(|sub| {
        let mut names: Vec<_> = fs::read_dir(folder.join(sub)).ok()?.flatten().map(|entry| entry.file_name()).collect();
        names.sort();
        let name = names.into_iter().find(|name| Path::new(name).extension() == Some(OsStr::new("c")))?;
        Some(Seen { language: Language::C, sign: Path::new(sub).join(name).display().to_string().replace("./", "") })
    })
}

/// What is wrong with the source of a project, and what to do about it: that it is not there, or is another language's.
pub(super) fn wrong_source(language: Language, source: &Path, folder: &Path) -> Option<(String, String)> {
    let shown = source.components().collect::<std::path::PathBuf>();
    let shown = shown.display();
    let (problem, plain_fix) = match language {
        _ if !source.exists() => {
            (format!("the source {shown} does not exist"), "name it with source = \"…\" in [build]")
        }
        Language::Rust if !source.join("Cargo.toml").is_file() => {
            (format!("there is no Cargo.toml in its source {shown}"), "name the crate's folder as build.source")
        }
        Language::Go if !source.ancestors().any(|folder| folder.join("go.mod").is_file()) => (
            format!("there is no go.mod in its source {shown}"),
            "run go mod init, or name the module's folder as build.source",
        ),
        Language::Js | Language::Python if source.is_dir() => {
            (format!("its source {shown} is a folder, not a file"), "name the program's first file as build.source")
        }
        Language::C if !source.is_dir() => {
            (format!("its source {shown} is not a folder"), "name the folder of the C files as build.source")
        }
        _ => return None,
    };
    let fix = match self::language(folder) {
        Some(seen) if seen.language != language => {
            let Seen { language: like, sign } = seen;
            format!("this looks like {like}, there is {sign}: write language = \"{like}\", or {plain_fix}")
        }
        _ => plain_fix.to_owned(),
    };
    Some((problem, fix))
}

/// What a folder lacks that the SDK of this language has.
pub(super) fn not_an_sdk(language: Language, sdk: &Path) -> Option<&'static str> {
    let sign = match language {
        Language::C => "include",
        Language::Js => "package.json",
        // A folder of modules will do for Python; the others find their SDK by themselves.
        Language::Python | Language::Rust | Language::Go => return None,
    };
    (!sdk.join(sign).exists()).then_some(sign)
}

/// What to build instead where there is no Component.toml.
pub(super) fn where_to_build(missing: &Path) -> String {
    let folder = missing.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(absolute) = folder.canonicalize() else {
        return format!("name a folder that exists; {} does not", folder.display());
    };
    let above = absolute.ancestors().skip(1).find(|folder| folder.join("Component.toml").is_file());
    match above {
        Some(above) => {
            format!("there is one in {}: run airssys-wasm build there, or name that folder", above.display())
        }
        None => "name the folder of a component, or write a Component.toml with [component] and [build]".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_looks_like_the_language_of_its_files() {
        for (file, expected) in [
            ("Cargo.toml", Some(Language::Rust)),
            ("go.mod", Some(Language::Go)),
            ("src/index.ts", Some(Language::Js)),
            ("app.py", Some(Language::Python)),
            ("src/hello.c", Some(Language::C)),
            ("hello.c", Some(Language::C)),
            ("README.md", None),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
            let seen = language(folder.path());
            assert_eq!(seen.as_ref().map(|seen| seen.language), expected, "{file}");
            assert!(seen.is_none_or(|seen| seen.sign == file), "{file}");
        }
    }
}
