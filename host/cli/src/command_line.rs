//! The command line as it was typed: bytes, of which only names and words have to be text.

use std::ffi::OsString;

use clap::error::{ContextKind, ErrorKind};
use clap::{ArgMatches, CommandFactory, Error, Parser};

use crate::arguments::Arguments;

/// What stands for bytes that are not text.
const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// Understands what was typed.
///
/// # Errors
/// What is wrong with it, or the help that it asks for.
pub fn read(typed: &[OsString]) -> Result<Arguments, Error> {
    Arguments::try_parse_from(typed).map_err(|error| match error.kind() {
        ErrorKind::InvalidUtf8 => not_text(typed).unwrap_or(error),
        _ => error,
    })
}

/// Whether it asks for JSON, also when nothing else of it can be understood.
pub fn wants_json(typed: &[OsString]) -> bool {
    let mut arguments = typed.iter().skip_while(|argument| *argument != "--format" && *argument != "--format=json");
    arguments
        .next()
        .is_some_and(|first| first == "--format=json" || arguments.next().is_some_and(|form| form == "json"))
}

/// The error that names the argument that has to be text and is not.
fn not_text(typed: &[OsString]) -> Option<Error> {
    let lossy = |argument: &OsString| OsString::from(argument.to_string_lossy().into_owned());
    // With every other argument made text, what is refused is this one.
    let with_only = |place: usize| -> Vec<OsString> {
        let others = typed.iter().enumerate();
        others.map(|(index, argument)| if index == place { argument.clone() } else { lossy(argument) }).collect()
    };
    let refused = |place: &usize| {
        typed[*place].to_str().is_none()
            && Arguments::try_parse_from(with_only(*place)).is_err_and(|error| error.kind() == ErrorKind::InvalidUtf8)
    };
    let place = (1..typed.len()).find(refused)?;
    // Made text itself, it shows which value it is.
    let without = |argument: &OsString| OsString::from(argument.to_string_lossy().replace(REPLACEMENT, "x"));
    let others = typed.iter().enumerate();
    let all: Vec<OsString> =
        others.map(|(index, argument)| if index == place { lossy(argument) } else { without(argument) }).collect();
    let name = match Arguments::command().try_get_matches_from(&all) {
        Ok(matches) => {
            let mut command = Arguments::command();
            // Before that an argument does not know what its value is called.
            command.build();
            name_in(&command, &matches)
        }
        Err(error) => error.get(ContextKind::InvalidArg).map(ToString::to_string),
    };
    let name = name.unwrap_or_else(|| format!("argument {place}"));
    let shown = typed[place].as_encoded_bytes().escape_ascii();
    let problem =
        format!("{name} has to be text in UTF-8, and '{shown}' is not\n\nFor more information, try '--help'.\n");
    Some(Error::raw(ErrorKind::InvalidUtf8, problem))
}

/// What the help calls the argument whose value was no text.
fn name_in(command: &clap::Command, matches: &ArgMatches) -> Option<String> {
    if let Some((name, below)) = matches.subcommand() {
        return name_in(command.find_subcommand(name)?, below);
    }
    let is_it = |argument: &&clap::Arg| {
        let values = matches.try_get_raw(argument.get_id().as_str()).ok().flatten();
        values.into_iter().flatten().any(|value| value.to_string_lossy().contains(REPLACEMENT))
    };
    command.get_arguments().find(is_it).map(ToString::to_string)
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt;

    use super::*;

    fn typed(words: &[&[u8]]) -> Vec<OsString> {
        let program: &[u8] = b"airssys-wasm";
        [program].iter().chain(words).map(|word| OsString::from_vec(word.to_vec())).collect()
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_by_the_name_of_the_argument() {
        let lines: [(&[&[u8]], &str); 10] = [
            (&[b"call", b"x\xff.wasm", b"gr\xffet"], "<OPERATION>"),
            (&[b"new", b"caf\xe9"], "[NAME]"),
            (&[b"new", b"x", b"--lang", b"\xff"], "--lang <LANGUAGE>"),
            (&[b"new", b"x", b"--template=\xff", b"--path", b"\xff"], "--template <TEMPLATE>"),
            (&[b"build", b"\xff", b"--engine", b"\xfe"], "--engine <ENGINE>"),
            (&[b"conformance", b"run", b"--sdk", b"go", b"--sdk", b"\xff"], "--sdk <SDK>"),
            (&[b"conformance", b"report", b"\xff", b"--as", b"\xff"], "--as <FORM>"),
            (&[b"toolchain", b"install", b"\xff"], "[LANGUAGES]..."),
            (&[b"completions", b"\xff"], "<SHELL>"),
            (&[b"call", b"x", b"greet", b"--dns-server", b"\xff"], "--dns-server <ADDRESS>"),
        ];
        for (words, name) in lines {
            let error = read(&typed(words)).unwrap_err();
            assert_eq!(error.exit_code(), 2);
            let text = error.render().to_string();
            assert!(text.contains(name), "{words:?}: {text}");
        }
    }

    #[test]
    fn files_folders_and_inputs_may_have_any_bytes() {
        let lines: [&[&[u8]]; 8] = [
            &[b"call", b"\xff.wasm", b"greet", b"\xff\xfe", b"--mount", b"/data=/tmp/\xff"],
            &[b"call", b"x", b"greet", b"@\xff", b"--grant", b"\xff", b"--trust-ca", b"\xff"],
            &[b"build", b"\xff", b"--output", b"\xff"],
            &[b"inspect", b"\xff"],
            &[b"new", b"x", b"--lang", b"c", b"--path", b"\xff"],
            &[b"conformance", b"report", b"\xff", b"--as", b"tap", b"--output", b"\xff"],
            &[b"conformance", b"compare", b"\xff", b"\xfe"],
            &[b"conformance", b"run", b"--guest", b"\xff", b"--suite", b"\xff", b"--output", b"\xff"],
        ];
        for words in lines {
            assert!(read(&typed(words)).is_ok(), "{words:?}");
        }
    }

    #[test]
    fn that_json_is_wanted_shows_in_any_command_line() {
        let lines: [(&[&[u8]], bool); 5] = [
            (&[b"--format", b"json", b"call", b"\xff"], true),
            (&[b"call", b"\xff", b"--format=json"], true),
            (&[b"call", b"--format", b"human", b"\xff"], false),
            (&[b"call", b"\xff"], false),
            (&[b"--format"], false),
        ];
        for (words, json) in lines {
            assert_eq!(wants_json(&typed(words)), json, "{words:?}");
        }
    }
}
