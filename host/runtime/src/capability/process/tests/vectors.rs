//! The table that the fake hosts of the SDKs are held to says what is done here.

use serde_json::Value;

use super::*;

const TRUE: &str = "/usr/bin/true";

fn table(name: &str) -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance/host-vectors.json");
    let all: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    all[name].as_array().filter(|rows| !rows.is_empty()).expect(name).clone()
}

/// How it went, as the table has it.
fn answer<T>(result: Result<T>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(ProcessError::InvalidArgument(about)) => format!("invalid-argument: {about}"),
        Err(ProcessError::TooManyProcesses) => "too-many-processes".to_owned(),
        Err(other) => panic!("{other:?}"),
    }
}

/// How a command goes: in a pipeline of so many, and, if that is one, run and spawned.
async fn answers(world: &World, command: &Command, count: usize) -> Vec<String> {
    let pipeline = vec![command.clone(); count];
    let mut answers = vec![answer(within(world.processes.run_pipeline(pipeline, Vec::new())).await)];
    if count == 1 {
        answers.push(answer(within(world.processes.run(command.clone(), Vec::new())).await));
        answers.push(answer(within(world.processes.spawn(command.clone())).await));
    }
    answers
}

#[tokio::test]
async fn each_variable_is_given_or_refused_as_the_table_says() {
    let world = World::open();
    for row in table("variables") {
        let name = row["name"].as_str().unwrap().to_owned();
        let set = vec![("A".to_owned(), "b".to_owned()), (name.clone(), "./own.so".to_owned())];
        let inherit = vec!["OWN".to_owned(), name];
        let base = || command(TRUE, &[]);
        for command in [Command { set, ..base() }, Command { inherit, ..base() }] {
            for got in answers(&world, &command, 1).await {
                assert_eq!(Some(got.as_str()), row["answer"].as_str(), "{row}");
            }
        }
    }
}

#[tokio::test]
async fn a_command_is_as_large_as_the_table_allows() {
    let world = World::open();
    for row in table("commands") {
        let count = |key: &str| row[key].as_u64().map(|count| usize::try_from(count).unwrap());
        let repeated = |key: &str| row[key].as_str().map(|text| text.repeat(count("times").unwrap_or(1)));
        let stream = |key: &str| match row[key].as_str() {
            None => Stdio::Piped,
            Some("to-stdout") => Stdio::ToStdout,
            Some("read-file") => Stdio::ReadFile("/data/file".to_owned()),
            Some(other) => panic!("{other} is no stream"),
        };
        let variable = |value| ("V".to_owned(), value);
        let variables = (0..count("variables").unwrap_or(0)).map(|number| (format!("V{number}"), String::new()));
        let command = Command {
            program: repeated("program").unwrap_or_else(|| TRUE.to_owned()),
            arguments: match repeated("argument") {
                Some(argument) => vec![argument],
                None => vec![String::new(); count("arguments").unwrap_or(0)],
            },
            set: variables.chain(repeated("value").map(variable)).collect(),
            stdout: stream("stdout"),
            stderr: stream("stderr"),
            ..command(TRUE, &[])
        };
        // A pipeline has no use for standard output.
        let skipped = usize::from(row["stdout"].is_string());
        for got in answers(&world, &command, count("commands").unwrap_or(1)).await.into_iter().skip(skipped) {
            assert_eq!(Some(got.as_str()), row["answer"].as_str(), "{row}");
        }
    }
}
