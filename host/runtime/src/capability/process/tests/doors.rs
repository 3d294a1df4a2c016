//! Ways past Landlock, each of which a child tries. Nothing of this is asked about paths, so that it is refused whatever
//! the component may do with files.

use std::os::unix::net::UnixDatagram;

use super::*;

/// What the programs of this file have in common: `code` makes a call of the kernel, by its number on x86-64 and on others,
/// and gives the name of the error, or `worked`; `tried` does the same for a function of Python.
const PRELUDE: &str = "
import ctypes, errno, fcntl, os, platform, resource, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
x86 = platform.machine() == 'x86_64'
def code(on_x86, elsewhere, *arguments):
    number = on_x86 if x86 else elsewhere
    if number is None:
        return 'EPERM'
    ctypes.set_errno(0)
    failed = libc.syscall(number, *arguments) == -1
    return errno.errorcode[ctypes.get_errno()] if failed else 'worked'
def tried(function, *arguments):
    try:
        function(*arguments)
        return 'worked'
    except OSError as error:
        return errno.errorcode[error.errno]
";

/// The words that a program prints.
async fn words(world: &World, program: &str) -> Vec<String> {
    let program = format!("{PRELUDE}{program}");
    let output = world.run(command("/usr/bin/python3", &["-I", "-S", "-c", &program])).await;
    assert_eq!(output.status, ExitStatus::Code(0), "{}", text(&output.stderr));
    text(&output.stdout).split_whitespace().map(str::to_owned).collect()
}

/// Everything there is on files and on the network, so that nothing is refused for want of it.
fn permitted() -> World {
    let network = r#"network = [
        { action = "outbound", host = "0.0.0.0/0" }, { action = "outbound", host = "::/0" },
        { action = "inbound", host = "0.0.0.0/0" }, { action = "inbound", host = "::/0" },
    ]"#;
    World::with(&[EVERY_PROGRAM, ALL_FILES, network], ProcessConfig::default())
}

#[tokio::test]
async fn no_datagram_reaches_a_socket_of_the_host_by_its_path() {
    for world in [permitted(), World::open()] {
        let path = world.host("socket");
        let of_host = UnixDatagram::bind(&path).unwrap();
        of_host.set_nonblocking(true).unwrap();
        let program = format!(
            "
def sent(kind):
    one, other = socket.socketpair(socket.AF_UNIX, kind)
    one.sendto(b'x', {path:?})
print(*[tried(sent, kind) for kind in (socket.SOCK_DGRAM, socket.SOCK_SEQPACKET, socket.SOCK_RAW)])
print(tried(sent, socket.SOCK_STREAM))
"
        );
        assert_eq!(words(&world, &program).await, ["EACCES", "EACCES", "EACCES", "EPERM"]);
        assert_eq!(of_host.recv(&mut [0; 8]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    }
}

#[tokio::test]
async fn a_lent_socket_takes_no_address() {
    let world = World::open();
    let path = world.host("socket");
    let of_host = UnixDatagram::bind(&path).unwrap();
    of_host.set_nonblocking(true).unwrap();
    let passed = UnixDatagram::unbound().unwrap();
    let processes = world.processes.clone();
    let program = format!(
        "{PRELUDE}
passed = socket.socket(fileno=0)
print(tried(passed.sendto, b'x', {path:?}), tried(passed.sendmsg, [b'x'], [], 0, {path:?}))
"
    );
    let launched = processes.blocking({
        let processes = processes.clone();
        move || {
            let command = command("/usr/bin/python3", &["-I", "-S", "-c", &program]);
            let allowed = processes.allow(super::super::processes::SPAWN, command)?;
            let wiring = spawn::Wiring { stdin: Some(passed.into()), ..spawn::Wiring::default() };
            processes.launch(allowed, wiring, processes.take_slot()?)
        }
    });
    let process = within(launched).await.unwrap().watched().await.unwrap();
    assert_eq!(line(&process).await, "EPERM EPERM");
    assert!(of_host.recv(&mut [0; 8]).is_err());
    process.end().await;
}

#[tokio::test]
async fn streams_between_processes_carry_no_descriptors() {
    let program = "
one, other = socket.socketpair()
print(tried(socket.send_fds, one, [b'x'], [1]), tried(one.sendall, b'x'), other.recv(1).decode())
";
    assert_eq!(words(&World::open(), program).await, ["EPERM", "worked", "x"]);
}

#[tokio::test]
async fn no_folder_is_watched() {
    let world = permitted();
    let folder = world.host.path().join("data");
    let program = format!(
        "
folder = os.open({folder:?}, os.O_RDONLY)
print(code(253, None), code(294, 26, 0), code(254, 27, 0, b'/', 0xfff), code(300, 262, 0x200, 0))
print(tried(fcntl.fcntl, folder, fcntl.F_NOTIFY, fcntl.DN_CREATE))
"
    );
    assert_eq!(words(&world, &program).await, ["EPERM"; 5]);
}

#[tokio::test]
async fn nobody_reads_what_is_attached_to_files() {
    let world = World::open();
    let secret = world.host.path().join("secret");
    let attached = rustix::fs::setxattr(&secret, "user.secret", b"value", rustix::fs::XattrFlags::empty());
    // On a filesystem without them the answer is the same.
    assert!(matches!(attached, Ok(()) | Err(rustix::io::Errno::OPNOTSUPP)), "{attached:?}");
    let program = format!(
        "print(tried(os.getxattr, {secret:?}, 'user.secret'), tried(os.listxattr, {secret:?}), code(457, 457), code(458, 458))"
    );
    assert_eq!(words(&world, &program).await, ["ENOTSUP", "ENOTSUP", "EPERM", "EPERM"]);
}

#[tokio::test]
async fn no_flags_of_a_file_that_can_only_be_read_are_set() {
    let world = World::with(
        &[EVERY_PROGRAM, r#"filesystem = [{ action = "read", path = "/data/**" }]"#],
        ProcessConfig::default(),
    );
    fs::write(world.host("file"), "x").unwrap();
    let program = format!(
        "
file = os.open({:?}, os.O_RDONLY)
flags = bytearray(64)
asked = tried(fcntl.ioctl, file, 0x80086601, flags)
print(*[tried(fcntl.ioctl, file, request, flags) for request in (0x40086602, 0x40046602, 0x401c5820, 0x40087602, 0x50009401)])
one, other = os.pipe()
print(asked in ('worked', 'ENOTTY'), tried(fcntl.ioctl, one, 0x541b, bytearray(4)))
",
        world.host("file")
    );
    let words = words(&world, &program).await;
    assert_eq!(words, ["ENOTTY", "ENOTTY", "ENOTTY", "ENOTTY", "ENOTTY", "True", "worked"]);
}

#[tokio::test]
async fn nobody_waits_for_a_child_that_can_only_read() {
    let world = permitted();
    fs::write(world.host("file"), "x").unwrap();
    let program = format!(
        "
file = os.open({:?}, os.O_RDONLY)
one, other = os.pipe()
print(tried(fcntl.fcntl, file, fcntl.F_SETLEASE, fcntl.F_RDLCK), tried(fcntl.fcntl, other, 1031, 1 << 20))
print(tried(fcntl.fcntl, file, fcntl.F_SETFD, 0))
",
        world.host("file")
    );
    assert_eq!(words(&world, &program).await, ["EPERM", "EPERM", "worked"]);
}

#[tokio::test]
async fn priorities_of_others_stay() {
    // To what they are already, should it work.
    let program = "
def priorities(kind): return tried(os.setpriority, kind, 0, os.getpriority(os.PRIO_PROCESS, 0))
print(priorities(os.PRIO_USER), priorities(os.PRIO_PGRP), priorities(os.PRIO_PROCESS))
best_effort = 2 << 13 | 4
print(code(251, 30, 3, 0, best_effort), code(251, 30, 2, 0, best_effort), code(251, 30, 1, 0, best_effort))
print(tried(os.sched_setaffinity, os.getppid(), [0]))
";
    let expected = ["EPERM", "EPERM", "worked", "EPERM", "EPERM", "worked", "EPERM"];
    assert_eq!(words(&World::open(), program).await, expected);
}

#[tokio::test]
async fn no_memory_counts_for_nobody() {
    let program = "
print(tried(os.memfd_create, 'x'), code(447, 447, 0), code(206, 0, 1, ctypes.byref(ctypes.c_long())))
print(code(29, 194, 1, 4096, 0o1600), code(30, 196, 0, 0, 0), code(31, 195, 0, 2, 0))
print(code(64, 190, 1, 1, 0o1600), code(66, 191, 0, 0, 2), code(68, 186, 1, 0o1600), code(71, 187, 0, 2, 0))
print(resource.getrlimit(resource.RLIMIT_SIGPENDING)[1] <= 1024)
";
    let mut expected = vec!["ENOSYS"; 3];
    expected.extend(["EPERM"; 7]);
    expected.push("True");
    assert_eq!(words(&World::open(), program).await, expected);
}

#[tokio::test]
async fn the_large_interfaces_of_the_kernel_are_closed() {
    let program = "
print(code(425, 425, 1, 0), code(426, 426, 0, 0, 0, 0, 0), code(427, 427, 0, 0, 0, 0), code(435, 435, 0, 0))
print(code(321, 280, 0, 0, 0), code(298, 241, 0, 0, -1, -1, 0), code(323, 282, 0), code(101, 117, 0, 0, 0, 0))
print(code(248, 217, b'user', b'x', b'y', 1, -3), code(249, 218, b'user', b'x', 0, 0), code(250, 219, 0, -3, 0))
print(code(310, 270, 1, 0, 0, 0, 0, 0), code(311, 271, 1, 0, 0, 0, 0, 0), code(438, 438, 0, 0, 0))
print(code(165, 40, 0, 0, 0, 0, 0), code(272, 97, 0x10000000), code(308, 268, 0, 0), code(155, 41, b'/', b'/'))
print(code(430, 430, b'tmpfs', 0), code(428, 428, -100, b'/', 1), code(161, 51, b'/'))
print(code(135, 92, 0x0040000), code(135, 92, 0xffffffff))
";
    let mut expected = vec!["ENOSYS"; 4];
    expected.extend(["EPERM"; 18]);
    expected.push("worked");
    assert_eq!(words(&permitted(), program).await, expected);
}
