//! What a child may ask of the kernel: a seccomp filter over what Landlock does not govern.
//!
//! Landlock knows files and TCP. Other sockets, the attributes of files, other processes, namespaces and the machine
//! itself are closed here. Forks and threads are the supervisor's to allow, which counts them.

use libc::{c_long, c_uint, sock_filter};

/// Offsets in `struct seccomp_data`. The lower half of an argument comes first on the machines that are supported.
const NUMBER: u32 = 0;
const ARCHITECTURE: u32 = 4;
const ARGUMENTS: u32 = 16;

#[cfg(target_arch = "x86_64")]
const NATIVE: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const NATIVE: u32 = 0xc000_00b7;

/// Elsewhere nobody is confined.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const NATIVE: u32 = 0;

/// Calls of x86-64 with short pointers have numbers of their own.
#[cfg(target_arch = "x86_64")]
const FIRST_FOREIGN_NUMBER: u32 = 0x4000_0000;

const ALLOW: u32 = libc::SECCOMP_RET_ALLOW;
const ASK: u32 = libc::SECCOMP_RET_USER_NOTIF;
const KILL: u32 = libc::SECCOMP_RET_KILL_PROCESS;

/// Every flag of `clone` that makes a namespace.
const NAMESPACES: u32 = (libc::CLONE_NEWNS
    | libc::CLONE_NEWCGROUP
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUSER
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET) as u32
    | 0x80;

/// `SOCK_TYPE_MASK` of the kernel: the other bits are flags.
const SOCKET_KIND: u32 = 0xf;

/// What is told to be missing, so that programs take the older way that can be looked into.
const MISSING: &[c_long] =
    &[libc::SYS_clone3, libc::SYS_io_uring_setup, libc::SYS_io_uring_enter, libc::SYS_io_uring_register];

/// What is refused whatever its arguments.
const REFUSED: &[c_long] = &[
    // The attributes of files, which Landlock does not govern: a permission to read would become one to change.
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    FCHMODAT2,
    libc::SYS_fchown,
    libc::SYS_fchownat,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_fsetxattr,
    libc::SYS_removexattr,
    libc::SYS_lremovexattr,
    libc::SYS_fremovexattr,
    SETXATTRAT,
    REMOVEXATTRAT,
    FILE_SETATTR,
    libc::SYS_utimensat,
    libc::SYS_open_by_handle_at,
    libc::SYS_name_to_handle_at,
    libc::SYS_fanotify_init,
    libc::SYS_quotactl,
    libc::SYS_quotactl_fd,
    // Other processes.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_process_mrelease,
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
    libc::SYS_migrate_pages,
    libc::SYS_move_pages,
    // What outlives its makers, or is shared by everybody on the machine.
    libc::SYS_shmget,
    libc::SYS_semget,
    libc::SYS_msgget,
    libc::SYS_mq_open,
    libc::SYS_mq_unlink,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
    // Namespaces and mounts.
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    OPEN_TREE_ATTR,
    libc::SYS_mount_setattr,
    // The machine, and the large interfaces of the kernel.
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_kexec_file_load,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_acct,
    libc::SYS_syslog,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_clock_adjtime,
    libc::SYS_adjtimex,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_vhangup,
];

// Younger than the C library's list; their numbers are the same on every machine.
const FCHMODAT2: c_long = 452;
const SETXATTRAT: c_long = 463;
const REMOVEXATTRAT: c_long = 466;
const OPEN_TREE_ATTR: c_long = 467;
const FILE_SETATTR: c_long = 469;

/// The same as those above in their older forms.
#[cfg(target_arch = "x86_64")]
const REFUSED_HERE: &[c_long] = &[
    libc::SYS_chmod,
    libc::SYS_chown,
    libc::SYS_lchown,
    libc::SYS_utime,
    libc::SYS_utimes,
    libc::SYS_futimesat,
    libc::SYS_iopl,
    libc::SYS_ioperm,
    libc::SYS_uselib,
    libc::SYS__sysctl,
    libc::SYS_modify_ldt,
];
#[cfg(not(target_arch = "x86_64"))]
const REFUSED_HERE: &[c_long] = &[];

/// What asks the supervisor, besides `clone`.
#[cfg(target_arch = "x86_64")]
const ASKING: &[c_long] = &[libc::SYS_fork, libc::SYS_vfork];
#[cfg(not(target_arch = "x86_64"))]
const ASKING: &[c_long] = &[];

/// What takes the number of a process, and where: only 0, the caller itself, passes.
const OF_THE_CALLER: &[(c_long, u32)] = &[
    (libc::SYS_prlimit64, 0),
    (libc::SYS_sched_setaffinity, 0),
    (libc::SYS_sched_setparam, 0),
    (libc::SYS_sched_setscheduler, 0),
    (libc::SYS_sched_setattr, 0),
    (libc::SYS_setpriority, 1),
    (libc::SYS_ioprio_set, 1),
];

/// What sends, and where its flags are: a connection that is made by sending passes Landlock by.
const SENDING: &[(c_long, u32)] = &[(libc::SYS_sendto, 3), (libc::SYS_sendmsg, 2), (libc::SYS_sendmmsg, 3)];

/// Whether there is a filter for this machine.
pub(super) const fn is_supported() -> bool {
    cfg!(any(target_arch = "x86_64", target_arch = "aarch64"))
}

/// What of TCP a child may use; the ports are Landlock's to check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tcp {
    pub(super) connect: bool,
    pub(super) listen: bool,
}

/// The filter of a child that is confined.
pub(super) fn confined(tcp: Tcp) -> Vec<sock_filter> {
    let mut filter = Filter::begin();
    for call in MISSING {
        filter.on(*call, &[give(refusal(libc::ENOSYS))]);
    }
    for call in REFUSED.iter().chain(REFUSED_HERE) {
        filter.on(*call, &[give(refusal(libc::EPERM))]);
    }
    for (call, argument) in OF_THE_CALLER {
        filter.on(*call, &[load(ARGUMENTS + argument * 8), if_equal(0, 0, 1), give(ALLOW), give(refusal(libc::EPERM))]);
    }
    // Terminals of the host, in case it lends one: what is typed into them is not for a child to say.
    for request in [libc::TIOCSTI as u32, libc::TIOCLINUX as u32] {
        filter.on_argument(libc::SYS_ioctl, 1, request, refusal(libc::EPERM));
    }
    for (call, argument) in SENDING {
        let flags = load(ARGUMENTS + argument * 8);
        filter.on(*call, &[flags, if_any(libc::MSG_FASTOPEN as u32, 0, 1), give(refusal(libc::EPERM)), give(ALLOW)]);
    }
    if !tcp.listen {
        // A socket that was never bound gets a port here, and Landlock is not asked.
        filter.on(libc::SYS_listen, &[give(refusal(libc::EPERM))]);
    }
    filter.sockets(tcp);
    filter.forks();
    filter.end()
}

/// The filter of a child that is not confined: only its forks are counted.
pub(super) fn counting() -> Vec<sock_filter> {
    let mut filter = Filter::begin();
    filter.on(libc::SYS_clone3, &[give(refusal(libc::ENOSYS))]);
    filter.forks();
    filter.end()
}

struct Filter(Vec<sock_filter>);

impl Filter {
    fn begin() -> Self {
        let mut filter = vec![load(ARCHITECTURE), if_equal(NATIVE, 1, 0), give(KILL), load(NUMBER)];
        #[cfg(target_arch = "x86_64")]
        filter.extend([if_at_least(FIRST_FOREIGN_NUMBER, 0, 1), give(refusal(libc::ENOSYS))]);
        Filter(filter)
    }

    /// What to do when a call has this number. It ends in an answer.
    fn on(&mut self, call: c_long, steps: &[sock_filter]) {
        self.0.push(if_equal(call as u32, 0, steps.len() as u8));
        self.0.extend_from_slice(steps);
    }

    /// What to answer when a call has this number and that argument.
    fn on_argument(&mut self, call: c_long, argument: u32, value: u32, answer: u32) {
        self.0.push(if_equal(call as u32, 0, 4));
        self.0.extend([load(ARGUMENTS + argument * 8), if_equal(value, 0, 1), give(answer), load(NUMBER)]);
    }

    /// TCP over IPv4 and IPv6 if there is any, and nothing else.
    fn sockets(&mut self, tcp: Tcp) {
        let refused = give(refusal(libc::EACCES));
        if !tcp.connect && !tcp.listen {
            self.on(libc::SYS_socket, &[refused]);
            return;
        }
        let steps = [
            load(ARGUMENTS),
            if_equal(libc::AF_INET as u32, 1, 0),
            if_equal(libc::AF_INET6 as u32, 0, 7),
            load(ARGUMENTS + 8),
            both(SOCKET_KIND),
            if_equal(libc::SOCK_STREAM as u32, 0, 4),
            // Not MPTCP, which is TCP by another name.
            load(ARGUMENTS + 16),
            if_equal(0, 1, 0),
            if_equal(libc::IPPROTO_TCP as u32, 0, 1),
            give(ALLOW),
            refused,
        ];
        self.on(libc::SYS_socket, &steps);
    }

    fn forks(&mut self) {
        let steps = [load(ARGUMENTS), if_any(NAMESPACES, 0, 1), give(refusal(libc::EPERM)), give(ASK)];
        self.on(libc::SYS_clone, &steps);
        for call in ASKING {
            self.on(*call, &[give(ASK)]);
        }
    }

    fn end(mut self) -> Vec<sock_filter> {
        self.0.push(give(ALLOW));
        self.0
    }
}

fn refusal(code: libc::c_int) -> u32 {
    libc::SECCOMP_RET_ERRNO | code as u32
}

fn step(code: c_uint, yes: u8, no: u8, value: u32) -> sock_filter {
    sock_filter { code: code as u16, jt: yes, jf: no, k: value }
}

fn load(offset: u32) -> sock_filter {
    step(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, offset)
}

fn both(mask: u32) -> sock_filter {
    step(libc::BPF_ALU | libc::BPF_AND | libc::BPF_K, 0, 0, mask)
}

fn if_equal(value: u32, yes: u8, no: u8) -> sock_filter {
    step(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, yes, no, value)
}

#[cfg(target_arch = "x86_64")]
fn if_at_least(value: u32, yes: u8, no: u8) -> sock_filter {
    step(libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K, yes, no, value)
}

fn if_any(bits: u32, yes: u8, no: u8) -> sock_filter {
    step(libc::BPF_JMP | libc::BPF_JSET | libc::BPF_K, yes, no, bits)
}

fn give(answer: u32) -> sock_filter {
    step(libc::BPF_RET | libc::BPF_K, 0, 0, answer)
}
