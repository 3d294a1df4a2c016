//! Which calls of the kernel a child does not get, and of which it gets a part.

use libc::c_long;

// Younger than the C library's list; their numbers are the same on every machine.
const MEMFD_SECRET: c_long = 447;
const FCHMODAT2: c_long = 452;
const STATMOUNT: c_long = 457;
const LISTMOUNT: c_long = 458;
const SETXATTRAT: c_long = 463;
const GETXATTRAT: c_long = 464;
const LISTXATTRAT: c_long = 465;
const REMOVEXATTRAT: c_long = 466;
const OPEN_TREE_ATTR: c_long = 467;
const FILE_SETATTR: c_long = 469;

#[cfg(target_arch = "x86_64")]
const IO_PGETEVENTS: c_long = 333;
#[cfg(not(target_arch = "x86_64"))]
const IO_PGETEVENTS: c_long = 292;

/// The newest call that somebody has looked at, of Linux 6.18. What is newer is told to be missing, as on an older kernel.
pub(super) const NEWEST: c_long = FILE_SETATTR;

/// What is told to be missing, so that programs take the way that can be looked into, or do without.
pub(super) const MISSING: &[c_long] = &[
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    // Files in memory count for no limit, of the process or of the component.
    libc::SYS_memfd_create,
    MEMFD_SECRET,
    // The whole machine has one number of these, so a child could leave no one of them to anybody.
    libc::SYS_io_setup,
    libc::SYS_io_destroy,
    libc::SYS_io_submit,
    libc::SYS_io_cancel,
    libc::SYS_io_getevents,
    IO_PGETEVENTS,
];

/// What is told to be unsupported, as on a filesystem that does not have it: Landlock does not govern who reads the
/// attributes of which file.
pub(super) const UNSUPPORTED: &[c_long] = &[
    libc::SYS_getxattr,
    libc::SYS_lgetxattr,
    libc::SYS_fgetxattr,
    GETXATTRAT,
    libc::SYS_listxattr,
    libc::SYS_llistxattr,
    libc::SYS_flistxattr,
    LISTXATTRAT,
];

/// What is refused whatever its arguments.
pub(super) const REFUSED: &[c_long] = &[
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
    libc::SYS_quotactl,
    libc::SYS_quotactl_fd,
    // Who watches a folder learns the names in it, and Landlock is not asked.
    libc::SYS_inotify_init1,
    libc::SYS_inotify_add_watch,
    libc::SYS_fanotify_init,
    libc::SYS_fanotify_mark,
    STATMOUNT,
    LISTMOUNT,
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
    // What outlives its makers, or is shared by everybody on the machine. What others have made is found by its number.
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_shmctl,
    libc::SYS_semget,
    libc::SYS_semop,
    libc::SYS_semtimedop,
    libc::SYS_semctl,
    libc::SYS_msgget,
    libc::SYS_msgsnd,
    libc::SYS_msgrcv,
    libc::SYS_msgctl,
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

/// The same as those above in their older forms.
#[cfg(target_arch = "x86_64")]
pub(super) const REFUSED_HERE: &[c_long] = &[
    libc::SYS_chmod,
    libc::SYS_chown,
    libc::SYS_lchown,
    libc::SYS_utime,
    libc::SYS_utimes,
    libc::SYS_futimesat,
    libc::SYS_inotify_init,
    libc::SYS_iopl,
    libc::SYS_ioperm,
    libc::SYS_uselib,
    libc::SYS__sysctl,
    libc::SYS_modify_ldt,
];
#[cfg(not(target_arch = "x86_64"))]
pub(super) const REFUSED_HERE: &[c_long] = &[];

/// What asks the supervisor, besides `clone`.
#[cfg(target_arch = "x86_64")]
pub(super) const ASKING: &[c_long] = &[libc::SYS_fork, libc::SYS_vfork];
#[cfg(not(target_arch = "x86_64"))]
pub(super) const ASKING: &[c_long] = &[];

/// What takes the number of a process first: only 0, the caller itself, passes.
pub(super) const OF_THE_CALLER: &[c_long] = &[
    libc::SYS_prlimit64,
    libc::SYS_sched_setaffinity,
    libc::SYS_sched_setparam,
    libc::SYS_sched_setscheduler,
    libc::SYS_sched_setattr,
];

const IOPRIO_WHO_PROCESS: u32 = 1;
/// As in the kernel's header; the C libraries disagree about its type.
const PRIO_PROCESS: u32 = 0;
/// What takes a kind of whom before the number, with the kind that is one process. Of the others, 0 means everything of
/// the host's user.
pub(super) const OF_ONE_PROCESS: &[(c_long, u32)] =
    &[(libc::SYS_setpriority, PRIO_PROCESS), (libc::SYS_ioprio_set, IOPRIO_WHO_PROCESS)];

/// What `personality` may be: that of every program, and the question which it is. With others, memory is laid out as it
/// was before it was made hard to guess.
pub(super) const PERSONALITIES: &[u32] = &[0, u32::MAX];

const F_SETLEASE: u32 = 1024;
const F_NOTIFY: u32 = 1026;
const F_SETPIPE_SZ: u32 = 1031;
/// What a descriptor that can only be read is enough for: to make others wait for the file, to watch a folder, and to take
/// of the memory for pipes, of which all processes of the host's user have a share.
pub(super) const REFUSED_CONTROLS: &[u32] = &[F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ];

/// What passes of `ioctl`: how a terminal is set, what there is to be read, and what any descriptor has. Whatever else a
/// filesystem or device has to offer is not asked about rights, as when the flags of a file are set or a subvolume made.
pub(super) fn device_requests() -> Vec<u32> {
    [TERMINALS, TERMINALS_AND_SPEEDS, DESCRIPTORS, FILES].concat()
}

/// TCGETS to TCFLSH, TIOCGPGRP, TIOCSPGRP, TIOCOUTQ, TIOCGWINSZ, TIOCSWINSZ, FIONREAD, FIONBIO, TCSBRKP, TIOCGSID.
const TERMINALS: &[u32] = &[
    0x5401, 0x5402, 0x5403, 0x5404, 0x5405, 0x5406, 0x5407, 0x5408, 0x5409, 0x540a, 0x540b, 0x540f, 0x5410, 0x5411,
    0x5413, 0x5414, 0x541b, 0x5421, 0x5425, 0x5429,
];
/// TCGETS2 to TCSETSF2.
const TERMINALS_AND_SPEEDS: &[u32] = &[0x802c_542a, 0x402c_542b, 0x402c_542c, 0x402c_542d];
/// FIONCLEX, FIOCLEX, FIOASYNC, FIOQSIZE.
const DESCRIPTORS: &[u32] = &[0x5450, 0x5451, 0x5452, 0x5460];
/// FICLONE and FICLONERANGE, which write to a file that is open for that; FIGETBSZ, FS_IOC_GETFLAGS and FS_IOC_FIEMAP,
/// which tell about an open file.
const FILES: &[u32] = &[0x4004_9409, 0x4020_940d, 0x0002, 0x8008_6601, 0xc020_660b];

/// What sends, and where its flags are: a connection that is made by sending passes Landlock by.
pub(super) const SENDING_MESSAGES: &[(c_long, u32)] = &[(libc::SYS_sendmsg, 2), (libc::SYS_sendmmsg, 3)];
