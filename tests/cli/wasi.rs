//! What the standard libraries of Python, Rust and C do with files and sockets: as much as is permitted.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use airssys_wasm::policy::{AuditRecord, AuditSink, Decision, Permissions};
use airssys_wasm::records::{LogRecord, LogSink, Stream};
use airssys_wasm::{CacheFolder, Component, Mount, Runtime, RuntimeConfig};
use airssys_wasm_tests::{root, run, stderr, stdout};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const LANGUAGES: [&str; 3] = ["python", "rust", "c"];
/// C has no sockets in the version of WASI that its library is made of.
const WITH_SOCKETS: [&str; 2] = ["python", "rust"];

/// Every action on `/data`.
const ALL_OF_DATA: &str = r#"filesystem = [
    { action = "read", path = "/data/**" },
    { action = "list", path = "/data/**" },
    { action = "write", path = "/data/**" },
    { action = "delete", path = "/data/**" },
]"#;
const READING: &str = r#"filesystem = [{ action = "read", path = "/data/**" }]"#;

/// A guest of tests/components/wasi, built once.
fn guest(language: &str) -> PathBuf {
    static BUILT: [OnceLock<PathBuf>; LANGUAGES.len()] = [const { OnceLock::new() }; LANGUAGES.len()];
    let number = LANGUAGES.iter().position(|known| *known == language).expect("a language");
    BUILT[number]
        .get_or_init(|| {
            let folder = format!("tests/components/wasi/{language}");
            let output = run(&root(), &["build", &folder]);
            assert!(output.status.success(), "{language}: {}", stderr(&output));
            root().join(stdout(&output).trim())
        })
        .clone()
}

/// Keeps every decision.
#[derive(Default)]
struct Audit(Mutex<Vec<AuditRecord>>);

impl AuditSink for Audit {
    fn record(&self, record: AuditRecord) {
        self.0.lock().expect("no test panics with it").push(record);
    }
}

/// Keeps every record of the log.
#[derive(Default)]
struct Log(Mutex<Vec<LogRecord>>);

impl LogSink for Log {
    fn record(&self, record: &LogRecord) {
        self.0.lock().expect("no test panics with it").push(record.clone());
    }
}

/// A guest with `/data` and `/other`, and what it may do there.
struct World {
    host: TempDir,
    audit: Arc<Audit>,
    log: Arc<Log>,
    component: Component,
    _runtime: Runtime,
}

impl World {
    async fn with(language: &str, granted: &str) -> World {
        World::mounted(language, granted, false).await
    }

    async fn mounted(language: &str, granted: &str, read_only: bool) -> World {
        let host = TempDir::new().expect("a folder");
        let mounts = ["data", "other"].map(|name| {
            fs::create_dir(host.path().join(name)).expect("created");
            let mount = if read_only { Mount::read_only } else { Mount::writable };
            mount(format!("/{name}"), host.path().join(name))
        });
        fs::write(host.path().join("data/file"), "from the host").expect("written");
        fs::write(host.path().join("other/secret"), "the secret").expect("written");
        let audit = Arc::new(Audit::default());
        let mut config = RuntimeConfig::default();
        config.cache = CacheFolder::At(root().join("target/wasi-tests"));
        config.audit = audit.clone();
        let log = Arc::new(Log::default());
        config.log = Some(log.clone());
        let runtime = Runtime::new(config).expect("the machine has an engine");
        let permissions = Permissions::parse(granted, "grants").expect("permissions");
        let start = runtime.start(guest(language)).replace_mounts(mounts).grant(permissions);
        let component = start.await.expect("it starts");
        World { host, audit, log, component, _runtime: runtime }
    }

    async fn call(&self, operation: &str, input: &str) -> String {
        let answer = self.component.call(operation, input).await;
        String::from_utf8(answer.unwrap_or_else(|error| panic!("{operation} {input}: {error}"))).expect("text")
    }

    fn host(&self, name: &str) -> PathBuf {
        self.host.path().join(name)
    }

    /// Whether this was decided: `allowed filesystem.read /data/file`, by an operation of this name.
    fn has_decided(&self, operation: &str, decision: &str) -> bool {
        let records = self.audit.0.lock().expect("no test panics with it");
        records.iter().any(|record| {
            let word = if record.decision == Decision::Allowed { "allowed" } else { "denied" };
            record.operation == operation && format!("{word} {} {}", record.action, record.resource) == decision
        })
    }

    #[track_caller]
    fn assert_decided(&self, operation: &str, decision: &str) {
        let records = &self.audit.0;
        assert!(self.has_decided(operation, decision), "{operation} {decision} is not among {records:#?}");
    }
}

const OPEN: &str = "wasi:filesystem/types.descriptor.open-at";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_read_where_that_is_granted() {
    for language in LANGUAGES {
        let world = World::with(language, ALL_OF_DATA).await;
        assert_eq!(world.call("read", "/data/file").await, "from the host", "{language}");
        world.assert_decided(OPEN, "allowed filesystem.read /data/file");
        assert_eq!(world.call("read", "/data/absent").await, "failed ENOENT", "{language}");
        assert_eq!(world.call("read", "/other/secret").await, "failed EACCES", "{language}");
        world.assert_decided(OPEN, "denied filesystem.read /other/secret");
        // WASI has another error for what leads out of a directory by its text.
        let answer = world.call("read", "/data/../other/secret").await;
        assert!(
            ["failed EACCES", "failed EPERM", "Operation not permitted"].contains(&&*answer),
            "{language} {answer}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_written_and_deleted_where_that_is_granted() {
    for language in LANGUAGES {
        let world = World::with(language, ALL_OF_DATA).await;
        assert_eq!(world.call("write", "/data/new first").await, "5", "{language}");
        assert_eq!(world.call("write", "/data/new , second").await, "8", "{language}");
        assert_eq!(fs::read_to_string(world.host("data/new")).expect("it is there"), "first, second", "{language}");
        assert_eq!(world.call("delete", "/data/new").await, "deleted", "{language}");
        assert!(!world.host("data/new").exists(), "{language}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_changed_where_only_reading_is_granted() {
    for language in LANGUAGES {
        let world = World::with(language, READING).await;
        assert_eq!(world.call("write", "/data/file more").await, "failed EACCES", "{language}");
        assert_eq!(world.call("write", "/data/new more").await, "failed EACCES", "{language}");
        assert_eq!(world.call("delete", "/data/file").await, "failed EACCES", "{language}");
        assert_eq!(fs::read_to_string(world.host("data/file")).expect("it is there"), "from the host", "{language}");
        assert!(!world.host("data/new").exists(), "{language}");
        world.assert_decided(OPEN, "denied filesystem.write /data/file");
        let delete = "wasi:filesystem/types.descriptor.unlink-file-at";
        world.assert_decided(delete, "denied filesystem.delete /data/file");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_changed_on_a_read_only_mount() {
    for language in LANGUAGES {
        let world = World::mounted(language, ALL_OF_DATA, true).await;
        assert_eq!(world.call("read", "/data/file").await, "from the host", "{language}");
        assert_eq!(world.call("write", "/data/file more").await, "failed EACCES", "{language}");
        assert_eq!(world.call("delete", "/data/file").await, "failed EACCES", "{language}");
        assert_eq!(fs::read_to_string(world.host("data/file")).expect("it is there"), "from the host", "{language}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_is_listed_where_that_is_granted() {
    for language in ["python", "rust"] {
        let world = World::with(language, ALL_OF_DATA).await;
        fs::create_dir(world.host("data/folder")).expect("created");
        assert_eq!(world.call("list", "/data").await, "file folder", "{language}");
        assert_eq!(world.call("list", "/data/folder").await, "", "{language}");
        assert_eq!(world.call("list", "/other").await, "failed EACCES", "{language}");

        let world = World::with(language, READING).await;
        assert_eq!(world.call("list", "/data").await, "failed EACCES", "{language}");
        let list = "wasi:filesystem/types.descriptor.read-directory";
        world.assert_decided(list, "denied filesystem.list /data");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_leads_no_further_than_what_is_granted() {
    for language in LANGUAGES {
        let world = World::with(language, ALL_OF_DATA).await;
        let link = |text: &str, name: &str| std::os::unix::fs::symlink(text, world.host(name)).expect("linked");
        link("file", "data/inside");
        link("../other/secret", "data/beside");
        link("/etc/hostname", "data/outside");
        link(&world.host("other/secret").display().to_string(), "data/host");
        assert_eq!(world.call("read", "/data/inside").await, "from the host", "{language}");
        for name in ["beside", "outside", "host"] {
            assert_eq!(world.call("read", &format!("/data/{name}")).await, "failed EACCES", "{language} {name}");
        }
        world.assert_decided(OPEN, "denied filesystem.read /other/secret");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_grant_everything_fails_and_nothing_traps() {
    for language in LANGUAGES {
        let world = World::with(language, "").await;
        for (operation, input) in [("read", "/data/file"), ("write", "/data/file x"), ("delete", "/data/file")] {
            assert_eq!(world.call(operation, input).await, "failed EACCES", "{language} {operation}");
        }
        assert_eq!(world.call("read", "/etc/hostname").await, "failed ENOENT", "{language}");
        assert_eq!(fs::read_to_string(world.host("data/file")).expect("it is there"), "from the host", "{language}");
        assert_eq!(world.component.stats().traps, 0, "{language}");
    }
}

/// Whether the guest was told that there is no such directory, or that a file cannot be made there.
fn is_no_file(answer: &str) -> bool {
    ["failed ENOTDIR", "failed EISDIR"].contains(&answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slash_behind_a_file_finds_no_file_and_destroys_none() {
    for language in LANGUAGES {
        let world = World::with(language, ALL_OF_DATA).await;
        for ending in ["/", "//", "/.", "/./"] {
            for (operation, input) in [
                ("read", format!("/data/file{ending}")),
                ("write", format!("/data/file{ending} lost")),
                ("replace", format!("/data/file{ending} lost")),
                ("delete", format!("/data/file{ending}")),
                ("rename", format!("/data/file{ending} /data/new")),
                ("rename", format!("/data/file /data/file{ending}")),
            ] {
                let answer = world.call(operation, &input).await;
                assert!(is_no_file(&answer), "{language} {operation} {input}: {answer}");
            }
            let answer = world.call("rename", &format!("/data/file /data/new{ending}")).await;
            assert!(is_no_file(&answer) || answer == "failed ENOENT", "{language} {ending}: {answer}");
        }
        assert_eq!(fs::read_to_string(world.host("data/file")).expect("it is there"), "from the host", "{language}");
        let names = fs::read_dir(world.host("data")).expect("it is there").count();
        assert_eq!(names, 1, "{language}: nothing was made");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_reads_as_it_was_written() {
    for language in LANGUAGES {
        let world = World::with(language, ALL_OF_DATA).await;
        std::os::unix::fs::symlink("file", world.host("data/of-the-host")).expect("linked");
        std::os::unix::fs::symlink("../other/secret", world.host("data/beside")).expect("linked");
        assert_eq!(world.call("readlink", "/data/of-the-host").await, "file 4", "{language}");
        assert_eq!(world.call("readlink", "/data/beside").await, "/other/secret 13", "{language}");
    }
    for language in ["python", "c"] {
        let world = World::with(language, ALL_OF_DATA).await;
        fs::create_dir(world.host("data/folder")).expect("created");
        for (link, text) in [("/data/l1", "file"), ("/data/folder/l", "../file"), ("/data/l2", "/data/file")] {
            assert_eq!(world.call("link", &format!("{link} {text}")).await, "linked", "{language}");
            let read = world.call("readlink", link).await;
            assert_eq!(read, format!("{text} {}", text.len()), "{language}");
            assert_eq!(world.call("read", link).await, "from the host", "{language}");
        }
        assert_eq!(fs::read_to_string(world.host("data/l2")).expect("it leads there"), "from the host", "{language}");
    }
}

/// Greets everybody who connects, and counts them.
async fn greeter() -> (u16, Arc<Mutex<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("it has one").port();
    let count = Arc::new(Mutex::new(0));
    let served = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            *served.lock().expect("nobody panics with it") += 1;
            let _ = connection.write_all(b"welcome").await;
        }
    });
    (port, count)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_made_where_that_is_granted() {
    let (port, _) = greeter().await;
    let (closed, visitors) = greeter().await;
    for language in WITH_SOCKETS {
        let granted = format!(r#"network = [{{ action = "outbound", host = "127.0.0.1", port = {port} }}]"#);
        let world = World::with(language, &granted).await;
        assert_eq!(world.call("connect", &format!("127.0.0.1:{port}")).await, "welcome", "{language}");
        let connect = "wasi:sockets/tcp.tcp-socket.start-connect";
        world.assert_decided(connect, &format!("allowed network.outbound 127.0.0.1:{port}"));
        assert_eq!(world.call("connect", &format!("127.0.0.1:{closed}")).await, "failed EACCES", "{language}");
        world.assert_decided(connect, &format!("denied network.outbound 127.0.0.1:{closed}"));
        assert_eq!(world.component.stats().traps, 0, "{language}");
    }
    assert_eq!(*visitors.lock().expect("nobody panics with it"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_that_are_closed_make_room_for_others() {
    let (port, visitors) = greeter().await;
    let calls = 2 * airssys_wasm::limits::NetworkLimits::default().max_sockets as usize;
    for language in WITH_SOCKETS {
        let world = World::with(language, r#"network = [{ action = "outbound", host = "127.0.0.1" }]"#).await;
        for _ in 0..calls {
            assert_eq!(world.call("connect", &format!("127.0.0.1:{port}")).await, "welcome", "{language}");
        }
    }
    assert_eq!(*visitors.lock().expect("nobody panics with it"), calls * WITH_SOCKETS.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_looked_up_where_that_is_granted() {
    let resolve = "wasi:sockets/ip-name-lookup.resolve-addresses";
    for language in WITH_SOCKETS {
        let world = World::with(language, r#"network = [{ action = "resolve", host = "localhost" }]"#).await;
        assert_eq!(world.call("resolve", "localhost").await, "127.0.0.1", "{language}");
        world.assert_decided(resolve, "allowed network.resolve localhost");
        assert!(world.call("resolve", "localhost.localdomain").await.starts_with("failed"), "{language}");
        world.assert_decided(resolve, "denied network.resolve localhost.localdomain");

        let world = World::with(language, "").await;
        assert!(world.call("resolve", "localhost").await.starts_with("failed"), "{language}");
        world.assert_decided(resolve, "denied network.resolve localhost");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_standard_library_of_python_imports_late_is_in_the_component() {
    let world = World::with("python", "").await;
    assert_eq!(world.call("parse-time", "2026-11-30").await, "334 Monday");
    for (codec, encoded) in [
        ("cp1252", "68e96c6c6f"),
        ("latin1", "68e96c6c6f"),
        ("utf-8-sig", "efbbbf68c3a96c6c6f"),
        ("utf_16_be", "006800e9006c006c006f"),
        ("idna", "786e2d2d686c6c6f2d627061"),
        ("punycode", "686c6c6f2d627061"),
        ("cp037", "8851939396"),
        ("gb18030", "68a8a66c6c6f"),
        ("utf-7", "682b414f6b2d6c6c6f"),
    ] {
        assert_eq!(world.call("encode", codec).await, format!("{encoded} héllo"), "{codec}");
    }
    assert_eq!(world.call("encode", "no-such").await, "LookupError: unknown encoding: no-such");
    let described = world.call("describe", "").await;
    assert!(described.contains(" 3.14.") && described.ends_with(" 5000"), "{described}");
    assert_eq!(world.call("late", "").await, "(0.0, 1.0, 1) json.tool <?xml version=\"1.0\" ?><a><b/></a>");
    assert_eq!(world.component.stats().traps, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_argument_of_a_python_program_is_the_name_of_its_component() {
    let world = World::with("python", "").await;
    assert_eq!(world.call("arguments", "").await, "['airssys/wasi-python'] wasi-python 3");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_module_that_is_not_in_the_component_says_why() {
    let world = World::with("python", "").await;
    for (name, why) in [
        ("ssl", "tcp.TcpStream.start_tls of airssys_wasm is TLS by the host"),
        ("tkinter", "a component has no screen"),
        ("no_such_module", "write `import no_such_module` at the top of a module"),
    ] {
        let said = world.call("load", name).await;
        assert!(said.starts_with(&format!("ModuleNotFoundError {name}: No module named '{name}' (")), "{said}");
        assert!(said.contains(why), "{said}");
    }
    assert_eq!(world.call("load", "encodings.cp1252").await, "encodings.cp1252");
}

/// Answers every request with its own first line.
async fn web_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("it has one").port();
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let (mut request, mut piece) = (Vec::new(), [0; 1024]);
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                match connection.read(&mut piece).await {
                    Ok(read) if read > 0 => request.extend_from_slice(&piece[..read]),
                    _ => break,
                }
            }
            let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", line.len());
            let _ = connection.write_all(head.as_bytes()).await;
            let _ = connection.write_all(line).await;
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread")]
async fn pythons_urllib_reaches_what_is_granted() {
    let (port, closed) = (web_server().await, web_server().await);
    let granted = format!(r#"network = [{{ action = "outbound", host = "127.0.0.1", port = {port} }}]"#);
    let world = World::with("python", &granted).await;
    assert_eq!(world.call("fetch", &format!("http://127.0.0.1:{port}/a?b=c")).await, "GET /a?b=c HTTP/1.1");
    assert_eq!(world.call("fetch", &format!("http://127.0.0.1:{closed}/")).await, "failed EACCES");
    let connect = "wasi:sockets/tcp.tcp-socket.start-connect";
    world.assert_decided(connect, &format!("denied network.outbound 127.0.0.1:{closed}"));
    assert_eq!(world.component.stats().traps, 0);
}

/// The languages in which a call may leave a line of output open: Python writes each piece at once.
const BUFFERED: [&str; 2] = ["rust", "c"];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_printed_without_the_end_of_the_line_is_in_the_log_when_the_call_is_over() {
    for language in BUFFERED {
        let world = World::with(language, "").await;
        world.call("print", "no end").await;
        world.call("print", "of the line").await;
        let records = world.log.0.lock().expect("no test panics with it");
        let printed: Vec<_> = records
            .iter()
            .filter(|record| record.stream == Stream::Stdout)
            .map(|record| record.message.as_str())
            .collect();
        assert_eq!(printed, ["no end", "of the line"], "{language}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_of_exit_is_the_one_that_is_reported() {
    for (language, status) in BUFFERED.into_iter().flat_map(|language| [0, 3, -1].map(|status| (language, status))) {
        let world = World::with(language, "").await;
        let error = world.component.call("exit", status.to_string()).await.expect_err("it is gone");
        let text = format!("{error:?} {error}");
        assert!(text.contains(&format!("it exited with status {status}")), "{language}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_one_argument_is_the_name_of_the_component() {
    let world = World::with("rust", "").await;
    assert_eq!(world.call("arguments", "").await, "airssys/wasi-rust");
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_of_rust_have_the_names_that_are_meant() {
    let world = World::with("rust", "").await;
    assert_eq!(world.call("move", "").await, "moved");
    assert!(!world.call("another-name", "").await.is_empty());
    assert_eq!(world.call("always", "").await, "there");
    assert!(world.component.call("sometimes", "").await.is_err());
}
