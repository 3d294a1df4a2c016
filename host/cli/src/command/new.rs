//! `airssys-wasm new`.

use std::ffi::OsStr;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use airssys_wasm_policy::printable_line;
use anyhow::{Context, Result};
use dialoguer::{Input, Select};
use serde_json::json;

use crate::arguments::New;
use crate::exit_code::ExitCode;
use crate::failure::Problem;
use crate::output::{Output, set_path, shown};
use crate::template::{ProjectName, Template};
use crate::template_error::TemplateError;

/// The kind of template for who asks for none.
const DEFAULT_KIND: &str = "minimal";
/// Tools that take no path of other bytes than UTF-8, by language.
const TOOLS_OF_TEXT: &[(&str, &str)] =
    &[("rust", "cargo"), ("js", "node"), ("ts", "node"), ("python", "componentize-py")];

/// Makes a project and says what to do next.
pub fn run(arguments: &New, output: &Output) -> Result<ExitCode> {
    if arguments.list {
        return list(output);
    }
    let (name, language, kind) = chosen(arguments)?;
    let template = Template::find(&language, &kind)?;
    let name: ProjectName = name.parse()?;
    let folder = arguments.path.clone().unwrap_or_else(|| PathBuf::from(name.name()));
    check_folder(template.language, &folder)?;
    template.write(&name, &folder)?;

    let component = format!("target/airssys/{}.wasm", name.name());
    let call: Vec<String> = template.about.call.iter().map(|word| quoted(word.as_ref())).collect();
    let call = format!("airssys-wasm call {component} {}", call.join(" "));
    // Whoever stands in the folder needs not go there.
    let enter = (!is_current(&folder)).then(|| format!("cd {}", quoted(folder.as_os_str())));
    let build = ["airssys-wasm build".to_owned(), call];
    let next: Vec<&String> =
        enter.iter().chain(&template.about.setup).chain(&template.about.test).chain(&build).collect();
    let mut value = json!({
        "schema": "airssys-new/1",
        "component": name.to_string(),
        "language": template.language,
        "template": template.kind,
        "next": next,
    });
    set_path(&mut value, "project", &folder);
    output.result(&value, || shown(&folder))?;
    if !output.is_json() {
        let next: String = next.iter().map(|command| format!("  {command}\n")).collect();
        output.talk().say(&format!("\n{name}: {}\n\n{next}", template.about.description));
    }
    Ok(ExitCode::Success)
}

/// Whether the folder is the current one, whatever it is called.
fn is_current(folder: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    real(folder).is_some_and(|folder| real(Path::new(".")) == Some(folder))
}

/// Refuses a folder that a tool of the language could not work in, before anything is made.
fn check_folder(language: &str, folder: &Path) -> Result<(), TemplateError> {
    let Some((_, tool)) = TOOLS_OF_TEXT.iter().find(|(known, _)| *known == language) else { return Ok(()) };
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    if whole.to_str().is_some() {
        return Ok(());
    }
    Err(TemplateError::NotText { folder: folder.to_owned(), tool })
}

/// Name, language and kind: as typed, else as answered on a terminal.
fn chosen(arguments: &New) -> Result<(String, String, String)> {
    let asks = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let missing = |what: &str| Problem {
        exit: ExitCode::Usage,
        code: "usage",
        problem: format!("{what} is missing"),
        help: "airssys-wasm new NAME --lang LANGUAGE".to_owned(),
        source: None,
    };
    let name = match &arguments.name {
        Some(name) => name.clone(),
        None if asks => Input::new()
            .with_prompt("Name")
            .validate_with(|text: &String| text.parse::<ProjectName>().map(drop))
            .interact_text()
            .context("failed to ask for the name")?,
        None => return Err(missing("the name").into()),
    };
    let all = Template::all();
    let (language, asked) = match &arguments.language {
        Some(language) => (language.clone(), false),
        None if asks => {
            let mut languages: Vec<&str> = all.iter().map(|template| template.language).collect();
            languages.dedup();
            let at = Select::new().with_prompt("Language").items(&languages).default(0).interact();
            (languages[at.context("failed to ask for the language")?].to_owned(), true)
        }
        None => return Err(missing("--lang").into()),
    };
    let kind = match &arguments.template {
        Some(kind) => kind.clone(),
        None if asked => {
            let kinds: Vec<&Template> = all.iter().filter(|template| template.language == language).collect();
            let shown: Vec<String> =
                kinds.iter().map(|template| format!("{:<10} {}", template.kind, template.about.description)).collect();
            let at = Select::new().with_prompt("Template").items(&shown).default(0).interact();
            kinds[at.context("failed to ask for the template")?].kind.to_owned()
        }
        None => DEFAULT_KIND.to_owned(),
    };
    Ok((name, language, kind))
}

fn list(output: &Output) -> Result<ExitCode> {
    let all = Template::all();
    let rows: Vec<_> = all
        .iter()
        .map(|Template { language, kind, about }| json!({ "language": language, "template": kind, "about": about }))
        .collect();
    output.result(&json!({ "schema": "airssys-templates/1", "templates": rows }), || {
        let line =
            |Template { language, kind, about }: &Template| format!("{language:<7} {kind:<10} {}", about.description);
        all.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(ExitCode::Success)
}

/// A word as a shell takes it.
fn quoted(word: &OsStr) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./=:@%+,".contains(letter);
    match word.to_str() {
        Some(text) if !text.is_empty() && text.chars().all(plain) => text.to_owned(),
        Some(text) if printable_line(text) == text => format!("'{}'", text.replace('\'', r"'\''")),
        // bash, zsh and ksh take escapes of bytes in this form.
        _ => {
            let bytes: String = word
                .as_encoded_bytes()
                .iter()
                .map(|byte| match byte {
                    b'\'' | b'\\' => format!("\\{}", char::from(*byte)),
                    b' '..=b'~' => char::from(*byte).to_string(),
                    _ => format!("\\x{byte:02x}"),
                })
                .collect();
            format!("$'{bytes}'")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn a_folder_of_any_name_can_be_copied_into_a_shell() {
        for (name, expected) in [
            (&b"a/b-c"[..], "a/b-c"),
            (b"", "''"),
            (b"it's", r"'it'\''s'"),
            ("größe".as_bytes(), "'größe'"),
            (b"caf\xe9", r"$'caf\xe9'"),
            (b"a\nb'c\\", r"$'a\x0ab\'c\\'"),
            (b"\x1b[2K", r"$'\x1b[2K'"),
        ] {
            assert_eq!(quoted(OsStr::from_bytes(name)), expected);
            let echoed = std::process::Command::new("bash")
                .args(["-c", &format!("printf %s {expected}")])
                .output()
                .expect("there is bash");
            assert_eq!(echoed.stdout, name, "{expected}");
        }
    }
}
