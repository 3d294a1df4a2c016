//! The table that the fake hosts of the SDKs are held to says what is done here.

use std::sync::OnceLock;

use serde_json::Value;

use super::*;

fn table(name: &str) -> &'static [Value] {
    static TABLE: OnceLock<Value> = OnceLock::new();
    let all = TABLE.get_or_init(|| {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance/host-vectors.json");
        serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
    });
    all[name].as_array().filter(|rows| !rows.is_empty()).expect(name)
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_else(|| panic!("{key} of {row} is a text"))
}

/// The files, directories and links of the table. The content of each file is its path.
fn world(permissions: &[&str]) -> World {
    let world = World::with(permissions);
    let name = |path: &str| path.strip_prefix("/data/").unwrap().to_owned();
    for path in table("files") {
        let path = path.as_str().unwrap();
        world.write(&name(path), path);
    }
    for path in table("directories") {
        fs::create_dir(world.host(&name(path.as_str().unwrap()))).unwrap();
    }
    for link in table("links") {
        world.link(&name(text(link, "target")), &name(text(link, "path")));
    }
    world
}

fn flags(row: &Value) -> OpenFlags {
    let is_set = |flag: &str| row["flags"].as_array().unwrap().contains(&flag.into());
    OpenFlags {
        read: is_set("read"),
        write: is_set("write"),
        append: is_set("append"),
        create: is_set("create"),
        create_new: is_set("create-new"),
        truncate: is_set("truncate"),
        no_follow: is_set("no-follow"),
    }
}

/// Does with a path what a row says, and gives what it says of what it found.
fn call(files: &Filesystem, row: &Value, path: &str) -> Result<String> {
    let or = |key: &str| row[key].as_str().unwrap_or(path);
    let on_existing = match row["on-existing"].as_str() {
        Some("replace") => OnExisting::Replace,
        _ => OnExisting::Fail,
    };
    let times = FileTimes { accessed: FileTime::Now, modified: FileTime::Now };
    let of_type = |metadata: Metadata| match metadata.file_type {
        FileType::Regular => "regular".to_owned(),
        FileType::Directory => "directory".to_owned(),
        FileType::SymbolicLink => "symbolic-link".to_owned(),
        FileType::Other => "other".to_owned(),
    };
    let done = |()| String::new();
    match text(row, "call") {
        "open" => files.open(path, flags(row)).map(drop).map(done),
        "read-file" => files.read_file(path).map(drop).map(done),
        "write-file" => files.write_file(path, b"lost").map(done),
        "append-file" => files.append_file(path, b"lost").map(done),
        "delete-file" => files.delete_file(path).map(done),
        "copy-file" => files.copy_file(or("source"), or("destination"), on_existing).map(drop).map(done),
        "rename" => files.rename(or("source"), or("destination"), on_existing).map(done),
        "open-directory" => files.open_directory(path).map(drop).map(done),
        "list-directory" => files.list_directory(path).map(drop).map(done),
        "create-directory" => files.create_directory(path).map(done),
        "create-directory-all" => files.create_directory_all(path).map(done),
        "remove-directory" => files.remove_directory(path).map(done),
        "remove-directory-all" => files.remove_directory_all(path).map(done),
        "find" => {
            let pattern = row["pattern"].as_str();
            let options = FindOptions {
                pattern: pattern.unwrap_or("**").to_owned(),
                max_depth: None,
                follow_links: false,
                limit: None,
            };
            let found = files.find(path, &options)?;
            Ok(pattern.map(|_| found.join(" ")).unwrap_or_default())
        }
        "measure" => files.measure(path).map(drop).map(done),
        "get-metadata" => files.get_metadata(path).map(of_type),
        "get-link-metadata" => files.get_link_metadata(path).map(of_type),
        "exists" => files.exists(path).map(|exists| exists.to_string()),
        "set-permissions" => files.set_permissions(path, FilePermissions::from_mode(0o755)).map(done),
        "set-times" => files.set_times(path, times).map(done),
        "create-symlink" => files.create_symlink(or("target"), or("link")).map(done),
        "read-symlink" => files.read_symlink(path),
        "canonicalize" => files.canonicalize(path),
        "normalize" => files.normalize(path),
        "relative-to" => files.relative_to(path, text(row, "base")),
        other => panic!("{other} is no operation"),
    }
}

/// How it went, as the table has it: a path that is wrong in an error is the one that was given.
fn answer(result: Result<String>, path: &str) -> String {
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

/// Whether a row wants this. An error without a text may say what it likes.
fn is_answer(got: &str, wanted: &str) -> bool {
    got == wanted || !wanted.starts_with("ok") && got.strip_prefix(wanted).is_some_and(|rest| rest.starts_with(": "))
}

/// Shows all rows that say something else at once.
#[track_caller]
fn assert_none(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "{} rows\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn each_end_of_a_path_means_what_the_table_says() {
    let endings = table("endings");
    let mut wrong = Vec::new();
    for row in table("paths") {
        let answers = row["answers"].as_array().unwrap();
        assert_eq!(answers.len(), endings.len(), "{row}");
        for (ending, wanted) in endings.iter().zip(answers) {
            let name = text(row, "path");
            let ending = ending.as_str().unwrap().replace("{name}", name.rsplit('/').next().unwrap());
            let path = format!("{name}{ending}");
            let world = world(&EVERYTHING);
            let before = world.snapshot();
            let got = answer(call(&world.filesystem, row, &path), &path);
            if wanted != &got {
                wrong.push(format!("{row} of {path}: {got}"));
            }
            assert!(got.starts_with("ok") || world.snapshot() == before, "{row} of {path}");
        }
    }
    assert_none(wrong);
}

#[test]
fn each_form_of_a_path_is_taken_as_the_table_says() {
    let mut wrong = Vec::new();
    for row in table("forms") {
        let times = row["times"].as_u64().unwrap_or(0) as usize;
        let path = text(row, "path").to_owned() + &row["repeated"].as_str().unwrap_or_default().repeat(times);
        let got = answer(call(&world(&EVERYTHING).filesystem, row, &path), &path);
        if !is_answer(&got, text(row, "answer")) {
            wrong.push(format!("{row}: {got}"));
        }
    }
    assert_none(wrong);
}

#[test]
fn what_a_permission_does_not_cover_is_not_told_as_the_table_says() {
    let mut wrong = Vec::new();
    for row in table("permitted") {
        let permission = format!("{} {}", text(row, "action"), text(row, "at"));
        let path = text(row, "path");
        let got = answer(call(&world(&[&permission]).filesystem, row, path), path);
        if got != text(row, "answer") {
            wrong.push(format!("{row}: {got}"));
        }
    }
    assert_none(wrong);
}

#[tokio::test]
async fn each_open_file_does_what_the_table_says() {
    let mut wrong = Vec::new();
    for row in table("handles") {
        let world = world(&EVERYTHING);
        let file = world.filesystem.open("/data/file", flags(row)).unwrap();
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
            "lock" => file.lock(LockKind::Exclusive, None).await.map(done),
            "unlock" => file.unlock().map(done),
            "sync" => file.sync(SyncKind::All).map(done),
            other => panic!("{other} is no operation"),
        };
        let got = answer(result, "");
        if !is_answer(&got, text(row, "answer")) {
            wrong.push(format!("{row}: {got}"));
        }
    }
    assert_none(wrong);
}
