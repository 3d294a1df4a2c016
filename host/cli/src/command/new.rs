//! `airssys-wasm new`.

use std::io::IsTerminal;
use std::path::PathBuf;

use anyhow::{Context, Result};
use dialoguer::{Input, Select};
use serde_json::json;

use crate::arguments::New;
use crate::exit_code::ExitCode;
use crate::failure::Problem;
use crate::output::Output;
use crate::template::{ProjectName, Template};

/// The kind of template for who asks for none.
const DEFAULT_KIND: &str = "minimal";

/// Makes a project and says what to do next.
pub fn run(arguments: &New, output: &Output) -> Result<ExitCode> {
    if arguments.list {
        return list(output);
    }
    let (name, language, kind) = chosen(arguments)?;
    let template = Template::find(&language, &kind)?;
    let name: ProjectName = name.parse()?;
    let folder = arguments.path.clone().unwrap_or_else(|| PathBuf::from(name.name()));
    template.write(&name, &folder)?;

    let component = format!("target/airssys/{}.wasm", name.name());
    let call: Vec<String> = template.about.call.iter().map(|word| quoted(word)).collect();
    let call = format!("airssys-wasm call {component} {}", call.join(" "));
    let enter = [format!("cd {}", quoted(&folder.display().to_string()))];
    let build = ["airssys-wasm build".to_owned(), call];
    let next: Vec<&String> =
        enter.iter().chain(&template.about.setup).chain(&template.about.test).chain(&build).collect();
    let value = json!({
        "schema": "airssys-new/1",
        "project": folder,
        "component": name.to_string(),
        "language": template.language,
        "template": template.kind,
        "next": next,
    });
    output.result(&value, || folder.display().to_string())?;
    if !output.is_json() {
        eprintln!("\n{name}: {}\n", template.about.description);
        for command in next {
            eprintln!("  {command}");
        }
    }
    Ok(ExitCode::Success)
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
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./=:@%+,".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
