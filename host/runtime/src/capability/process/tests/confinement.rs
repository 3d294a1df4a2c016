use std::net::{TcpListener, UdpSocket};

use super::*;

/// A program that tries what no shell can: `python3 -c`.
async fn attempt(world: &World, python: &str) -> ProcessOutput {
    world.run(command(PYTHON, &["-I", "-S", "-c", python])).await
}

const PYTHON: &str = "/usr/bin/python3";

#[tokio::test]
async fn a_child_reads_nothing_that_its_component_may_not() {
    let world = World::open();
    fs::write(world.host("file"), "content").unwrap();
    let secret = world.host.path().join("secret");
    for path in [
        Path::new("/etc/passwd"),
        Path::new("/etc/shadow"),
        &secret,
        &world.host("file"),
        Path::new("/proc/self/environ"),
    ] {
        let output = world.run(command("cat", &[path.to_str().unwrap()])).await;
        assert_ne!(output.status, ExitStatus::Code(0), "{path:?}");
        assert_eq!(text(&output.stdout), "", "{path:?}");
    }
    for folder in ["/", "/etc", "/home", "/var", "/proc"] {
        assert_ne!(world.run(command("ls", &[folder])).await.status, ExitStatus::Code(0), "{folder}");
    }
}

#[tokio::test]
async fn a_child_may_do_with_files_what_its_component_may() {
    let works = async |permissions: &[&str], read_only: bool, script: &str| {
        let permissions: Vec<String> = permissions
            .iter()
            .map(|line| {
                let (action, path) = line.split_once(' ').unwrap();
                format!(r#"{{ action = "{action}", path = "{path}" }}"#)
            })
            .collect();
        let files = format!("filesystem = [{}]", permissions.join(", "));
        let world = World::mounted(&[EVERY_PROGRAM, &files], ProcessConfig::default(), read_only);
        fs::create_dir(world.host("sub")).unwrap();
        fs::write(world.host("sub/old"), "old").unwrap();
        fs::write(world.host("other"), "other").unwrap();
        let folder = world.host.path().join("data");
        let output = world.shell(&format!("cd {} && {script}", folder.display())).await;
        output.status == ExitStatus::Code(0)
    };
    let reading = ["read /data/**"];
    let writing = ["write /data/**"];
    let all = ["read /data/**", "write /data/**", "delete /data/**", "list /data/**"];
    assert!(works(&reading, false, "cat sub/old").await);
    assert!(!works(&reading, false, "ls sub").await);
    assert!(!works(&reading, false, "echo x > sub/old").await);
    assert!(!works(&reading, false, "echo x > new").await);
    assert!(!works(&reading, false, "rm sub/old").await);
    assert!(works(&["list /data/**"], false, "ls sub").await);
    assert!(!works(&["list /data/**"], false, "cat sub/old").await);
    assert!(works(&writing, false, "echo x > sub/old && echo x > new && mkdir made").await);
    assert!(!works(&writing, false, "cat sub/old").await);
    assert!(!works(&writing, false, "rm sub/old").await);
    assert!(!works(&writing, false, "ln -s /etc/passwd link").await);
    assert!(works(&["delete /data/**"], false, "rm sub/old && rmdir sub").await);
    assert!(works(&all, false, "echo x > new && mv new sub/new && cat sub/new && rm -r sub").await);
    assert!(!works(&all, true, "echo x > new").await);
    assert!(!works(&all, true, "rm sub/old").await);
    assert!(works(&all, true, "cat sub/old").await);
    // A part of the mount, and one file of it.
    assert!(works(&["read /data/sub/**"], false, "cat sub/old").await);
    assert!(!works(&["read /data/sub/**"], false, "cat other").await);
    assert!(works(&["read /data/other"], false, "cat other").await);
    assert!(!works(&["read /data/other"], false, "cat sub/old").await);
    // Finer than what can be expressed is not allowed.
    assert!(!works(&["read /data/*"], false, "cat other").await);
}

#[tokio::test]
async fn a_child_changes_no_attributes() {
    let world = World::with(&[EVERY_PROGRAM, ALL_FILES], ProcessConfig::default());
    let script = world.script("file", "x");
    let secret = world.host.path().join("secret");
    for file in [script, secret] {
        let before = fs::metadata(&file).unwrap();
        let file = file.to_str().unwrap();
        for refused in
            [command("chmod", &["777", file]), command("chown", &["1000", file]), command("touch", &["-d", "@0", file])]
        {
            assert_ne!(world.run(refused.clone()).await.status, ExitStatus::Code(0), "{refused:?}");
        }
        let after = fs::metadata(file).unwrap();
        assert_eq!(before.permissions(), after.permissions());
        assert_eq!(before.modified().unwrap(), after.modified().unwrap());
    }
}

#[tokio::test]
async fn a_child_starts_no_program_that_its_component_may_not() {
    let shell_path = fs::canonicalize("/bin/sh").unwrap();
    let only = |program: &str| {
        format!(
            r#"process = [{{ action = "spawn", program = "{}" }}, {{ action = "spawn", program = "{program}" }}]"#,
            shell_path.display()
        )
    };
    let script = "/usr/bin/env true && echo started";
    let world = World::with(&[&only("/none")], ProcessConfig::default());
    let output = world.shell(script).await;
    assert_eq!(output.status, ExitStatus::Code(126), "{}", text(&output.stderr));
    for pattern in ["/usr/bin/**", "/usr/bin/*"] {
        let world = World::with(&[&only(pattern)], ProcessConfig::default());
        assert_eq!(text(&world.shell(script).await.stdout), "started\n", "{pattern}");
    }
    let world = World::with(&[&only("/usr/bin/env")], ProcessConfig::default());
    assert_ne!(world.shell(script).await.status, ExitStatus::Code(0), "env is permitted, true is not");
}

#[tokio::test]
async fn a_child_has_no_network_without_the_permission_for_every_address() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let connecting = format!(
        "import socket\ntry:\n    socket.create_connection(('127.0.0.1', {port}))\n    print('connected')\nexcept OSError as e:\n    print('refused')"
    );
    let world = |network: &str| {
        let network = if network.is_empty() { String::new() } else { format!("network = [{network}]") };
        World::with(&[EVERY_PROGRAM, &network], ProcessConfig::default())
    };
    let outbound = |host: &str, port: u16| format!(r#"{{ action = "outbound", host = "{host}", port = {port} }}"#);
    let every = |port: u16| format!("{}, {}", outbound("0.0.0.0/0", port), outbound("::/0", port));
    for refused in
        [String::new(), outbound("*", port), outbound("127.0.0.1", port), outbound("0.0.0.0/0", port), every(port ^ 1)]
    {
        let output = attempt(&world(&refused), &connecting).await;
        assert_eq!(text(&output.stdout), "refused\n", "{refused} {}", text(&output.stderr));
    }
    let output = attempt(&world(&every(port)), &connecting).await;
    assert_eq!(text(&output.stdout), "connected\n", "{}", text(&output.stderr));
}

#[tokio::test]
async fn a_child_has_no_socket_but_tcp() {
    let every = r#"network = [{ action = "outbound", host = "0.0.0.0/0" }, { action = "outbound", host = "::/0" }]"#;
    let script = "
import socket
def tried(*kind):
    try:
        return socket.socket(*kind)
    except OSError:
        return None
print(all(tried(*kind) is None for kind in [
    (socket.AF_INET, socket.SOCK_DGRAM), (socket.AF_INET6, socket.SOCK_DGRAM), (socket.AF_INET, socket.SOCK_RAW, 1),
    (socket.AF_UNIX, socket.SOCK_STREAM), (socket.AF_UNIX, socket.SOCK_DGRAM), (socket.AF_NETLINK, socket.SOCK_RAW),
    (socket.AF_PACKET, socket.SOCK_RAW), (socket.AF_VSOCK, socket.SOCK_STREAM),
    (socket.AF_INET, socket.SOCK_STREAM, 262), (socket.AF_INET, socket.SOCK_STREAM, 132)]))
print(tried(socket.AF_INET, socket.SOCK_STREAM) is not None)
a, b = socket.socketpair()
a.send(b'x')
print(b.recv(1))
";
    let lines = |output: &ProcessOutput| text(&output.stdout).lines().map(str::to_owned).collect::<Vec<_>>();
    let open = attempt(&World::with(&[EVERY_PROGRAM, every], ProcessConfig::default()), script).await;
    assert_eq!(lines(&open), ["True", "True", "b'x'"], "{}", text(&open.stderr));
    let closed = attempt(&World::open(), script).await;
    assert_eq!(lines(&closed), ["True", "False", "b'x'"], "{}", text(&closed.stderr));
}

#[tokio::test]
async fn a_connection_cannot_be_made_by_sending_nor_a_port_opened_by_listening() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let other = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let network = format!(
        r#"network = [{{ action = "outbound", host = "0.0.0.0/0", port = {other} }}, {{ action = "outbound", host = "::/0", port = {other} }}]"#
    );
    let world = World::with(&[EVERY_PROGRAM, &network], ProcessConfig::default());
    let script = format!(
        "
import socket
def refused(what):
    try:
        what(socket.socket())
        return False
    except PermissionError:
        return True
print(refused(lambda s: s.sendto(b'x', 0x20000000, ('127.0.0.1', {port}))))
print(refused(lambda s: s.sendmsg([b'x'], [], 0x20000000, ('127.0.0.1', {port}))))
print(refused(lambda s: s.listen()))
print(refused(lambda s: s.bind(('127.0.0.1', 0))))
"
    );
    let output = attempt(&world, &script).await;
    assert_eq!(text(&output.stdout), "True\n".repeat(4), "{}", text(&output.stderr));
}

#[tokio::test]
async fn a_child_listens_where_its_component_may_and_nowhere_else() {
    // Free a moment ago, and most likely still.
    let [port, other] = [0, 0]
        .map(|port| TcpListener::bind(("127.0.0.1", port)).unwrap())
        .map(|listener| listener.local_addr().unwrap().port());
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let reached = server.local_addr().unwrap().port();
    let inbound = |port: &str| {
        format!(r#"{{ action = "inbound", host = "0.0.0.0/0"{port} }}, {{ action = "inbound", host = "::/0"{port} }}"#)
    };
    let outbound = format!(
        r#"{{ action = "outbound", host = "0.0.0.0/0", port = {reached} }}, {{ action = "outbound", host = "::/0", port = {reached} }}"#
    );
    let script = format!(
        "
import socket
def tried(*steps):
    s = socket.socket()
    try:
        for name, *arguments in steps:
            getattr(s, name)(*arguments)
    except OSError as error:
        return type(error).__name__
    return s
def word(result): return result if isinstance(result, str) else 'listens'
bound = tried(('bind', ('127.0.0.1', {port})), ('listen',))
print(word(bound))
print(word(tried(('listen',))))
print(word(tried(('bind', ('127.0.0.1', {other})), ('listen',))))
disconnected = tried(('connect', ('127.0.0.1', {reached})))
import ctypes
ctypes.CDLL(None).connect(disconnected.fileno(), bytes(16), 16)
try:
    disconnected.listen()
    print('listens')
except PermissionError:
    print('PermissionError')
"
    );
    let network = |inbound: String| format!("network = [{inbound}, {outbound}]");
    let one = World::with(&[EVERY_PROGRAM, &network(inbound(&format!(", port = {port}")))], ProcessConfig::default());
    let output = attempt(&one, &script).await;
    let refused = "PermissionError\n";
    assert_eq!(text(&output.stdout), format!("listens\n{}", refused.repeat(3)), "{}", text(&output.stderr));
    let all = World::with(&[EVERY_PROGRAM, &network(inbound(""))], ProcessConfig::default());
    let output = attempt(&all, &script).await;
    assert_eq!(text(&output.stdout), "listens\n".repeat(4), "{}", text(&output.stderr));
}

#[tokio::test]
async fn a_child_reaches_no_process_but_its_own() {
    for world in [World::open(), World::unconfined()] {
        let bystander = world.spawn(command("sleep", &["1000"])).await;
        let script = format!(
            "kill -0 {} && echo host; kill -0 $PPID && echo supervisor; sleep 1000 & kill -9 $! && echo own",
            std::process::id()
        );
        assert_eq!(text(&world.shell(&script).await.stdout), "own\n");
        assert_eq!(bystander.try_wait(), None);
        bystander.end().await;
    }
}

#[tokio::test]
async fn what_the_kernel_offers_beyond_files_is_closed() {
    let world = World::open();
    let script = "
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
def code(*call):
    ctypes.set_errno(0)
    result = libc.syscall(*call)
    return errno.errorcode.get(ctypes.get_errno(), 'worked') if result == -1 else 'worked'
import platform
x86 = platform.machine() == 'x86_64'
calls = {'unshare': (272 if x86 else 97, 0x10000000), 'ptrace': (101 if x86 else 117, 0, 0, 0, 0),
         'bpf': (321 if x86 else 280, 0, 0, 0), 'keyctl': (250 if x86 else 219, 0, 0, 0),
         'userns': (56 if x86 else 220, 0x10000000 | 17, 0, 0, 0, 0),
         'shmget': (29 if x86 else 194, 1, 4096, 0o1600), 'memory': (310 if x86 else 270, 1, 0, 0, 0, 0, 0)}
print([name for name, call in calls.items() if code(*call) != 'EPERM'])
print(code(425, 1, 0), code(435, 0, 0))
";
    let output = attempt(&world, script).await;
    assert_eq!(text(&output.stdout), "[]\nENOSYS ENOSYS\n", "{}", text(&output.stderr));
}

#[tokio::test]
async fn threads_work() {
    let script = "
import threading
done = []
threads = [threading.Thread(target=done.append, args=(n,)) for n in range(20)]
[t.start() for t in threads]
[t.join() for t in threads]
print(sorted(done) == list(range(20)))
";
    let output = attempt(&World::open(), script).await;
    assert_eq!(text(&output.stdout), "True\n", "{}", text(&output.stderr));
}

#[tokio::test]
async fn an_unconfined_child_is_what_the_operator_asked_for() {
    let world = World::unconfined();
    let secret = world.host.path().join("secret");
    assert_eq!(text(&world.run(command("cat", &[secret.to_str().unwrap()])).await.stdout), "the secret");
}
