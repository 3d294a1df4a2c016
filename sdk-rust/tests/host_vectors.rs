//! What becomes of a path and of a command is what becomes of it at a host: both are held to one table.

use std::sync::OnceLock;

use airssys_wasm_sdk::directories;
use airssys_wasm_sdk::files::{self, LockKind, OnExisting, OpenFlags, SeekFrom, SyncKind};
use airssys_wasm_sdk::paths::{self, FilePermissions, FileTime, FileTimes, FileType};
use airssys_wasm_sdk::processes::{self, Command, ExitStatus, ProcessOutput};
use airssys_wasm_sdk::stdio::Stdio;
use airssys_wasm_sdk::testing::FakeHost;
use airssys_wasm_sdk::{FilesystemError, ProcessError};
use serde_json::Value;

fn table(name: &str) -> &'static [Value] {
    static TABLE: OnceLock<Value> = OnceLock::new();
    let all = TABLE.get_or_init(|| {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../conformance/host-vectors.json");
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    });
    all[name].as_array().filter(|rows| !rows.is_empty()).expect(name)
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_else(|| panic!("{key} of {row} is a text"))
}

/// A host with the files of the table. The content of each is its path.
fn host() -> FakeHost {
    let host = FakeHost::new();
    for path in table("files") {
        host.put(path.as_str().unwrap(), path.as_str().unwrap());
    }
    for path in table("directories") {
        host.mount(path.as_str().unwrap());
    }
    host
}

/// One that permits everything and has the links, too.
fn open_host() -> FakeHost {
    let host = host();
    host.permit_all();
    for link in table("links") {
        paths::create_symlink(text(link, "target"), text(link, "path")).unwrap();
    }
    host
}

/// What the fake host of this SDK does not offer.
fn is_offered(row: &Value) -> bool {
    row["call"] != "find"
}

fn flags(row: &Value) -> OpenFlags {
    let flag = |name: &Value| match name.as_str().unwrap() {
        "read" => OpenFlags::READ,
        "write" => OpenFlags::WRITE,
        "append" => OpenFlags::APPEND,
        "create" => OpenFlags::CREATE,
        "create-new" => OpenFlags::CREATE_NEW,
        "truncate" => OpenFlags::TRUNCATE,
        "no-follow" => OpenFlags::NO_FOLLOW,
        other => panic!("{other} is no flag"),
    };
    row["flags"].as_array().unwrap().iter().map(flag).fold(OpenFlags::empty(), |all, flag| all | flag)
}

/// Does with a path what the row says, and gives what it says of what it found.
fn call(row: &Value, path: &str) -> Result<String, FilesystemError> {
    let or = |key: &str| row[key].as_str().unwrap_or(path);
    let on_existing = match row["on-existing"].as_str() {
        Some("replace") => OnExisting::Replace,
        _ => OnExisting::Fail,
    };
    let type_name = |file_type| match file_type {
        FileType::Regular => "regular".to_owned(),
        FileType::Directory => "directory".to_owned(),
        FileType::SymbolicLink => "symbolic-link".to_owned(),
        FileType::Other => "other".to_owned(),
    };
    match text(row, "call") {
        "open" => files::open(path, flags(row)).map(drop)?,
        "read-file" => files::read_file(path).map(drop)?,
        "write-file" => files::write_file(path, b"lost")?,
        "append-file" => files::append_file(path, b"lost")?,
        "delete-file" => files::delete_file(path)?,
        "copy-file" => files::copy_file(or("source"), or("destination"), on_existing).map(drop)?,
        "rename" => files::rename(or("source"), or("destination"), on_existing)?,
        "open-directory" => directories::open_directory(path).map(drop)?,
        "list-directory" => directories::list_directory(path).map(drop)?,
        "create-directory" => directories::create_directory(path)?,
        "create-directory-all" => directories::create_directory_all(path)?,
        "remove-directory" => directories::remove_directory(path)?,
        "remove-directory-all" => directories::remove_directory_all(path)?,
        "measure" => directories::measure(path).map(drop)?,
        "get-metadata" => return Ok(type_name(paths::get_metadata(path)?.file_type)),
        "get-link-metadata" => return Ok(type_name(paths::get_link_metadata(path)?.file_type)),
        "exists" => return Ok(paths::exists(path)?.to_string()),
        "set-permissions" => paths::set_permissions(path, FilePermissions::OWNER_READ | FilePermissions::OWNER_WRITE)?,
        "set-times" => paths::set_times(path, FileTimes { accessed: FileTime::Now, modified: FileTime::Now })?,
        "create-symlink" => paths::create_symlink(or("target"), or("link"))?,
        "read-symlink" => return paths::read_symlink(path),
        "canonicalize" => return paths::canonicalize(path),
        "normalize" => return paths::normalize(path),
        "relative-to" => return paths::relative_to(path, text(row, "base")),
        other => panic!("{other} is no operation"),
    }
    Ok(String::new())
}

/// How it went, as the table has it: a path that is wrong in an error is the one that was given.
fn answer(result: Result<String, FilesystemError>, path: &str) -> String {
    use FilesystemError as E;
    let (code, about) = match result {
        Ok(found) if found.is_empty() => return "ok".to_owned(),
        Ok(found) => return format!("ok: {found}"),
        Err(E::PermissionDenied(denial)) => ("permission-denied", denial.resource),
        Err(E::NotFound(about)) => ("not-found", about),
        Err(E::AlreadyExists(about)) => ("already-exists", about),
        Err(E::InvalidPath(about)) => ("invalid-path", about),
        Err(E::NotADirectory(about)) => ("not-a-directory", about),
        Err(E::IsADirectory(about)) => ("is-a-directory", about),
        Err(E::DirectoryNotEmpty(about)) => ("directory-not-empty", about),
        Err(E::TooManyLinks(about)) => ("too-many-links", about),
        Err(E::NameTooLong(about)) => ("name-too-long", about),
        Err(E::InvalidArgument(about)) => ("invalid-argument", about),
        Err(E::QuotaExceeded(about)) => ("quota-exceeded", about),
        Err(other) => panic!("{path}: {other:?}"),
    };
    if about == path { code.to_owned() } else { format!("{code}: {about}") }
}

/// Everything that there is: the paths, and the content of the files.
fn everything(host: &FakeHost) -> Vec<String> {
    let mut all = Vec::new();
    let mut folders = vec!["/data".to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in directories::list_directory(&folder).unwrap() {
            let path = format!("{folder}/{}", entry.name);
            if entry.file_type == FileType::Directory {
                folders.push(path.clone());
            }
            let content = (entry.file_type == FileType::Regular).then(|| host.get(&path));
            all.push(format!("{path} {:?} {content:?}", entry.file_type));
        }
    }
    all
}

/// Whether a row wants this. An error without a text may say what it likes.
fn is_answer(got: &str, wanted: &str) -> bool {
    got == wanted || !wanted.starts_with("ok") && got.strip_prefix(wanted).is_some_and(|rest| rest.starts_with(": "))
}

/// Shows all rows that say something else at once.
#[track_caller]
fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} rows\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn each_end_of_a_path_means_what_the_table_says() {
    let endings = table("endings");
    let mut wrong = Vec::new();
    for row in table("paths").iter().filter(|row| is_offered(row)) {
        let answers = row["answers"].as_array().unwrap();
        assert_eq!(answers.len(), endings.len(), "{row}");
        for (ending, wanted) in endings.iter().zip(answers) {
            let name = text(row, "path");
            let path = name.to_owned() + &ending.as_str().unwrap().replace("{name}", name.rsplit('/').next().unwrap());
            let host = open_host();
            let before = everything(&host);
            let got = answer(call(row, &path), &path);
            if wanted != &got {
                wrong.push(format!("{row} of {path}: {got}"));
            } else if !got.starts_with("ok") && everything(&host) != before {
                wrong.push(format!("{row} of {path} left {:?}", everything(&host)));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn each_form_of_a_path_is_taken_as_the_table_says() {
    let mut wrong = Vec::new();
    for row in table("forms").iter().filter(|row| is_offered(row)) {
        let times = row["times"].as_u64().unwrap_or(0) as usize;
        let path = text(row, "path").to_owned() + &row["repeated"].as_str().unwrap_or_default().repeat(times);
        let _host = open_host();
        let got = answer(call(row, &path), &path);
        if !is_answer(&got, text(row, "answer")) {
            wrong.push(format!("{row}: {got}"));
        }
    }
    assert_none(&wrong);
}

#[test]
fn what_a_permission_does_not_cover_is_not_told() {
    let mut wrong = Vec::new();
    for row in table("permitted") {
        let host = host();
        host.permit(&format!(
            "filesystem = [{{ action = \"{}\", path = \"{}\" }}]",
            text(row, "action"),
            text(row, "at")
        ));
        let path = text(row, "path");
        let got = answer(call(row, path), path);
        if got != text(row, "answer") {
            wrong.push(format!("{row}: {got}"));
        }
    }
    assert_none(&wrong);
}

#[test]
fn each_open_file_does_what_the_table_says() {
    let mut wrong = Vec::new();
    for row in table("handles") {
        let _host = open_host();
        let file = files::open("/data/file", flags(row)).unwrap();
        let (offset, done) = (row["offset"].as_u64().unwrap_or(0), |()| String::new());
        let data = vec![0; row["size"].as_u64().unwrap_or(0) as usize];
        let result = match text(row, "call") {
            "read" => file.read(u32::MAX).map(|data| data.len().to_string()),
            "read-at" => file.read_at(offset, u32::MAX).map(|data| data.len().to_string()),
            "write" => file.write(&data).map(|written| written.to_string()),
            "write-at" => file.write_at(offset, &data).map(|written| written.to_string()),
            "set-size" => file.set_size(offset).map(done),
            "seek" => {
                let from = match text(row, "from") {
                    "start" => SeekFrom::Start(offset),
                    "forward" => SeekFrom::Forward(offset),
                    "backward" => SeekFrom::Backward(offset),
                    _ => SeekFrom::BeforeEnd(offset),
                };
                file.seek(from).map(|position| position.to_string())
            }
            "lock" => file.lock(LockKind::Exclusive, None).map(done),
            "unlock" => file.unlock().map(done),
            "sync" => file.sync(SyncKind::All).map(done),
            other => panic!("{other} is no operation"),
        };
        let got = answer(result, "");
        if !is_answer(&got, text(row, "answer")) {
            wrong.push(format!("{row}: {got}"));
        }
    }
    assert_none(&wrong);
}

/// How a command goes: in a pipeline of so many, and, if that is one, run and spawned.
fn answers(command: &Command, count: usize) -> Vec<String> {
    let answer = |result: Result<(), ProcessError>| match result {
        Ok(()) => "ok".to_owned(),
        Err(ProcessError::InvalidArgument(about)) => format!("invalid-argument: {about}"),
        Err(ProcessError::TooManyProcesses) => "too-many-processes".to_owned(),
        Err(other) => panic!("{other:?}"),
    };
    let mut answers = vec![answer(processes::run_pipeline(&vec![command.clone(); count], b"").map(drop))];
    if count == 1 {
        answers.push(answer(command.run(b"").map(drop)));
        answers.push(answer(command.spawn().map(drop)));
    }
    answers
}

fn host_of_true() -> FakeHost {
    let host = FakeHost::new();
    host.permit_all();
    host.add_program("/usr/bin/true", |_| ProcessOutput {
        status: ExitStatus::Code(0),
        stdout: Vec::new(),
        stderr: Vec::new(),
    });
    host
}

#[test]
fn no_variable_makes_a_program_load_other_code() {
    let _host = host_of_true();
    for row in table("variables") {
        let (name, base) = (text(row, "name"), || Command::new("/usr/bin/true"));
        let set = base().environment("A", "b").environment(name, "./own.so");
        let inherit = base().inherit_environment("OWN").inherit_environment(name);
        for command in [set, inherit] {
            for got in answers(&command, 1) {
                assert_eq!(got, text(row, "answer"), "{row}");
            }
        }
    }
}

#[test]
fn a_command_is_as_large_as_the_table_allows() {
    let _host = host_of_true();
    for row in table("commands") {
        let count = |key: &str| row[key].as_u64().map(|count| usize::try_from(count).unwrap());
        let repeated = |key: &str| row[key].as_str().map(|text| text.repeat(count("times").unwrap_or(1)));
        let stream = |key: &str| match row[key].as_str() {
            None => Stdio::Piped,
            Some("to-stdout") => Stdio::ToStdout,
            Some("read-file") => Stdio::ReadFile("/data/file".to_owned()),
            Some(other) => panic!("{other} is no stream"),
        };
        let command = Command::new(repeated("program").unwrap_or_else(|| "/usr/bin/true".to_owned()))
            .arguments(vec![String::new(); count("arguments").unwrap_or(0)])
            .arguments(repeated("argument"))
            .stdout(stream("stdout"))
            .stderr(stream("stderr"));
        let variables = (0..count("variables").unwrap_or(0)).map(|number| (format!("V{number}"), String::new()));
        let variables = variables.chain(repeated("value").map(|value| ("V".to_owned(), value)));
        let command = variables.fold(command, |command, (name, value)| command.environment(name, value));
        // A pipeline has no use for standard output.
        let skipped = usize::from(row["stdout"].is_string());
        for got in answers(&command, count("commands").unwrap_or(1)).into_iter().skip(skipped) {
            assert_eq!(got, text(row, "answer"), "{row}");
        }
    }
}
