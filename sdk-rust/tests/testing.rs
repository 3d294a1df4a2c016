//! The fake host does what it says.

use std::io::{Read, Seek, SeekFrom, Write};

use airssys_wasm_sdk::files::{LockKind, OnExisting, OpenFlags};
use airssys_wasm_sdk::host_services::{self, MessagingError};
use airssys_wasm_sdk::testing::FakeHost;
use airssys_wasm_sdk::{FilesystemError, LogLevel, Timestamp, directories, files, paths};

/// A host that permits all: these tests have no Component.toml.
fn permitted() -> FakeHost {
    let host = FakeHost::new();
    host.permit_all();
    host
}

#[test]
fn whole_files_are_written_read_copied_moved_and_deleted() {
    let host = permitted();
    host.put("/data/a", "one");
    files::append_file("/data/a", b" two").unwrap();
    assert_eq!(files::copy_file("/data/a", "/data/b", OnExisting::Fail), Ok(7));
    let again = files::copy_file("/data/a", "/data/b", OnExisting::Fail);
    assert_eq!(again, Err(FilesystemError::AlreadyExists("/data/b".to_owned())));
    files::rename("/data/b", "/data/c", OnExisting::Replace).unwrap();
    files::write_file("/data/a", b"new").unwrap();
    files::delete_file("/data/a").unwrap();
    assert_eq!(files::read_file("/data/a"), Err(FilesystemError::NotFound("/data/a".to_owned())));
    assert_eq!(host.get("/data/c").unwrap(), b"one two");
    assert_eq!(files::read_file("/data"), Err(FilesystemError::IsADirectory("/data".to_owned())));
}

#[test]
fn an_open_file_reads_writes_seeks_and_locks() {
    let host = permitted();
    host.put("/a", "0123456789");
    let mut file = files::open("/a", OpenFlags::READ | OpenFlags::WRITE).unwrap();
    Seek::seek(&mut file, SeekFrom::Start(2)).unwrap();
    file.write_all(b"xy").unwrap();
    assert_eq!(file.read_at(8, 100), Ok(b"89".to_vec()));
    file.set_size(5).unwrap();
    file.rewind().unwrap();
    let mut text = String::new();
    file.read_to_string(&mut text).unwrap();
    assert_eq!(text, "01xy4");
    assert_eq!(file.metadata().unwrap().size, 5);

    file.lock(LockKind::Exclusive, None).unwrap();
    let other = files::open("/a", OpenFlags::READ).unwrap();
    assert_eq!(other.lock(LockKind::Shared, Some(0)), Err(FilesystemError::Locked("/a".to_owned())));
    assert!(matches!(other.write(b"z"), Err(FilesystemError::InvalidArgument(_))));
    file.unlock().unwrap();
    assert_eq!(other.lock(LockKind::Shared, Some(0)), Ok(()));
}

#[test]
fn a_component_has_as_many_files_open_as_hosts_allow() {
    let host = permitted();
    host.put("/data/a", "x");
    let open = || files::open("/data/a", OpenFlags::READ);
    let cursor = directories::open_directory("/data").unwrap();
    let mut opened: Vec<_> = (0..255).map(|_| open().unwrap()).collect();
    assert_eq!(open().unwrap_err(), FilesystemError::TooManyOpenFiles);
    assert!(matches!(directories::open_directory("/data"), Err(FilesystemError::TooManyOpenFiles)));
    opened.pop();
    opened.push(open().unwrap());
    drop(cursor);
    open().unwrap();
}

#[test]
fn directories_are_made_listed_measured_and_removed() {
    let host = permitted();
    host.mount("/data");
    directories::create_directory("/data/sub").unwrap();
    host.put("/data/b", "12");
    host.put("/data/a", "123");
    let names: Vec<String> =
        directories::open_directory("/data").unwrap().into_iter().map(|entry| entry.unwrap().name).collect();
    assert_eq!(names, ["a", "b", "sub"]);
    let usage = directories::measure("/data").unwrap();
    assert_eq!((usage.files, usage.directories, usage.bytes), (2, 1, 5));
    let full = directories::remove_directory("/data");
    assert_eq!(full, Err(FilesystemError::DirectoryNotEmpty("/data".to_owned())));
    directories::remove_directory_all("/data").unwrap();
    assert_eq!(paths::exists("/data"), Ok(false));
}

#[test]
fn paths_lead_through_links_and_stay_in_the_tree() {
    let host = permitted();
    host.put("/data/a", "x");
    paths::create_symlink("/data/a", "/link").unwrap();
    assert_eq!(paths::read_symlink("/link").unwrap(), "/data/a");
    assert_eq!(paths::canonicalize("/link").unwrap(), "/data/a");
    assert_eq!(files::read_file("/../../data/./a"), Ok(b"x".to_vec()));
    assert_eq!(paths::relative_to("/data/a", "/data").unwrap(), "a");
    for (wrong, why) in
        [("data/a", "the path is not absolute"), ("", "the path is empty"), ("/a\0b", "the path contains NUL")]
    {
        assert_eq!(files::read_file(wrong), Err(FilesystemError::InvalidPath(why.to_owned())));
    }
}

#[test]
fn what_the_test_denies_is_refused_with_the_line_that_is_missing() {
    let host = permitted();
    host.put("/data/a", "x");
    host.deny("/data");
    let Err(FilesystemError::PermissionDenied(denial)) = files::write_file("/data/a", b"y") else { panic!("allowed") };
    assert_eq!(denial.operation, "ext-filesystem/files.write-file");
    assert_eq!(denial.resource, "/data/a");
    assert_eq!(denial.missing, "filesystem = [{ action = \"write\", path = \"/data/a\" }]");
    assert!(matches!(paths::exists("/data"), Err(FilesystemError::PermissionDenied(_))));
    assert_eq!(paths::exists("/database"), Ok(false));
}

#[test]
fn messages_and_requests_are_kept() {
    let host = permitted();
    let other = host.add_component("acme/other@1.0.0");
    host_services::send_message(&other, b"hello").unwrap();
    let id = host_services::send_request(&other, b"question", 500).unwrap();
    host_services::cancel_request(&id).unwrap();
    assert_eq!(host_services::cancel_request(&id), Err(MessagingError::UnknownRequest(id.clone())));
    assert_eq!(host.messages()[0].message, b"hello");
    let request = &host.requests()[0];
    assert_eq!((&request.id, request.timeout_ms, request.cancelled), (&id, 500, true));

    host.fill_mailbox(&other);
    assert_eq!(host_services::send_message(&other, b""), Err(MessagingError::MailboxFull(other.clone())));
    let large = host_services::send_message(&other, &vec![0; (1 << 20) + 1]);
    assert_eq!(large, Err(MessagingError::PayloadTooLarge(1 << 20)));
    host.deny("acme/other");
    let Err(MessagingError::PermissionDenied(denial)) = host_services::send_message(&other, b"") else {
        panic!("allowed")
    };
    assert_eq!(denial.missing, "messaging = [{ target = \"acme/other\" }]");
    assert_eq!(host_services::list_components(), []);

    let nobody = "acme/nobody@1.0.0".parse().unwrap();
    let unknown = host_services::send_message(&nobody, b"");
    assert_eq!(unknown, Err(MessagingError::ComponentNotFound(nobody)));
}

#[test]
fn the_clock_moves_only_when_it_is_moved() {
    let host = permitted();
    host.set_time(Timestamp { seconds: 5, nanoseconds: 999_000_000 });
    assert_eq!(host_services::current_time(), host_services::current_time());
    host_services::sleep(2001);
    assert_eq!(host_services::current_time(), Timestamp { seconds: 8, nanoseconds: 0 });
}

#[test]
fn the_log_is_kept() {
    let host = permitted();
    host_services::log(LogLevel::Warn, "low", &[("bytes", "7")]);
    let record = &host.log()[0];
    assert_eq!((record.level, record.message.as_str()), (LogLevel::Warn, "low"));
    assert_eq!(record.fields, [("bytes".to_owned(), "7".to_owned())]);
}

#[test]
fn its_files_are_gone_afterwards() {
    let host = permitted();
    host.put("/a", "x");
    drop(host);
    let host = permitted();
    assert_eq!(host.get("/a"), None);
}

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/copy-tree/Component.toml");

#[test]
fn the_component_may_do_what_its_component_toml_asks_for_and_nothing_else() {
    let host = FakeHost::with_manifest(EXAMPLE);
    host.put("/data/from/a", "x");
    host.put("/secret", "x");
    assert_eq!(files::read_file("/data/from/a"), Ok(b"x".to_vec()));
    assert_eq!(files::read_file("/data/../data/from/./a"), Ok(b"x".to_vec()));
    let Err(FilesystemError::PermissionDenied(denial)) = files::read_file("/data/../secret") else { panic!("allowed") };
    assert_eq!(denial.operation, "ext-filesystem/files.read-file");
    assert_eq!(denial.resource, "/secret");
    assert_eq!(denial.missing, "filesystem = [{ action = \"read\", path = \"/secret\" }]");
    assert!(matches!(paths::exists("/secret"), Err(FilesystemError::PermissionDenied(_))));
    host.permit("filesystem = [{ action = \"list\", path = \"/secret\" }]");
    assert_eq!(paths::exists("/secret"), Ok(true));
    assert!(files::read_file("/secret").is_err());
    host.permit(&denial.missing);
    assert_eq!(files::read_file("/secret"), Ok(b"x".to_vec()));
    host.deny("/secret");
    assert!(matches!(files::read_file("/secret"), Err(FilesystemError::PermissionDenied(_))));
}

#[test]
fn without_a_component_toml_nothing_may_be_done_and_the_refusal_says_why() {
    let host = FakeHost::new();
    host.put("/data/a", "x");
    let Err(FilesystemError::PermissionDenied(denial)) = files::read_file("/data/a") else { panic!("allowed") };
    let line = "filesystem = [{ action = \"read\", path = \"/data/a\" }] (there is no Component.toml in ";
    assert!(denial.missing.starts_with(line), "{}", denial.missing);
    host.permit_all();
    assert_eq!(files::read_file("/data/a"), Ok(b"x".to_vec()));
}

#[test]
fn what_is_opened_to_read_and_to_write_takes_both_permissions() {
    let host = FakeHost::new();
    host.put("/a", "x");
    host.permit("filesystem = [{ action = \"read\", path = \"/a\" }]");
    assert!(files::open("/a", OpenFlags::READ).is_ok());
    assert!(files::open("/a", OpenFlags::READ | OpenFlags::WRITE).is_err());
    host.permit("filesystem = [{ action = \"write\", path = \"/a\" }]");
    assert!(files::open("/a", OpenFlags::READ | OpenFlags::WRITE).is_ok());
}

#[test]
fn directories_are_removed_and_made_only_where_all_of_it_is_permitted() {
    let host = FakeHost::new();
    host.put("/data/kept/a", "x");
    host.permit(
        "filesystem = [{ action = \"delete\", path = \"/data\" }, { action = \"delete\", path = \"/data/*\" }]",
    );
    let Err(FilesystemError::PermissionDenied(denial)) = directories::remove_directory_all("/data") else {
        panic!("allowed")
    };
    assert_eq!(denial.resource, "/data/kept/a");
    assert_eq!(host.get("/data/kept/a").unwrap(), b"x");
    host.permit("filesystem = [{ action = \"write\", path = \"/data/new/below\" }]");
    assert!(directories::create_directory_all("/data/new/below").is_err());
    host.permit("filesystem = [{ action = \"write\", path = \"/data/new\" }]");
    directories::create_directory_all("/data/new/below").unwrap();
}

#[test]
fn a_directory_is_moved_only_with_what_may_be_moved_of_it() {
    let host = FakeHost::new();
    host.permit_all();
    host.put("/data/a/deep/secret", "x");
    host.put("/data/a/open", "x");
    host.deny("/data/a/deep/secret");
    let refused = files::rename("/data/a", "/data/b", OnExisting::Fail).unwrap_err();
    assert!(matches!(refused, FilesystemError::PermissionDenied(denial) if denial.resource == "/data/a/deep/secret"));
    assert_eq!(host.get("/data/a/open").unwrap(), b"x");
    files::rename("/data/a/open", "/data/moved", OnExisting::Fail).unwrap();
    assert_eq!(host.get("/data/moved").unwrap(), b"x");
}

#[test]
fn what_is_measured_is_listed_and_a_page_of_nothing_is_empty() {
    let host = FakeHost::new();
    host.permit(r#"filesystem = [{ action = "list", path = "/data" }, { action = "list", path = "/data/deep" }]"#);
    host.put("/data/deep/file", "four");
    let usage = directories::measure("/data").unwrap();
    assert_eq!((usage.files, usage.directories, usage.bytes), (1, 1, 4));
    assert_eq!(directories::open_directory("/data").unwrap().next(0).unwrap(), []);
}
