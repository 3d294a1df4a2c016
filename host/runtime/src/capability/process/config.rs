//! What an operator decides about the programs that components start, and the bounds of what a guest can ask for.

use std::path::PathBuf;
use std::time::Duration;

use super::ProcessLimits;

const MEBIBYTE: u64 = 1 << 20;

/// Each process costs a supervisor of the host besides itself.
const MAX_PROCESSES: u32 = 16;
/// Programs with a runtime of their own start a few dozen threads; a fork bomb ends here.
const MAX_TASKS: u32 = 256;
/// Two children at their limit, or all that there may be with two or three dozen tasks each. They count as tasks of the
/// host's user, who has some tens of thousands for everything.
const MAX_COMPONENT_TASKS: u32 = 512;
/// Twice what one process can have by default.
const MAX_COMPONENT_MEMORY_BYTES: u64 = 4096 * MEBIBYTE;
/// Address space, of which interpreters reserve more than they use.
const DEFAULT_MEMORY_BYTES: u64 = 2048 * MEBIBYTE;
/// As with calls of components, an hour is beyond what anybody waits for.
const DEFAULT_TIME: Duration = Duration::from_secs(3600);
/// What POSIX systems give a process by default. Descriptors that are on their way between processes count for all of the
/// host's user together and against the limit of who sends: this one keeps children far below what a host has.
const DEFAULT_OPEN_FILES: u32 = 256;
/// Output that is collected is in the host's memory as a whole, and then in the guest's.
const OUTPUT_CEILING_BYTES: u64 = 16 * MEBIBYTE;

/// The text of all arguments together, and likewise of all variables: Linux takes no more for both in its usual setting.
pub(super) const MAX_TEXT_BYTES: usize = 1 << 20;
/// As long as Linux takes one argument or variable, with its NUL.
pub(super) const MAX_STRING_BYTES: usize = 128 * 1024 - 1;
/// Arguments, and likewise variables: each costs pointers besides its text.
pub(super) const MAX_STRINGS: usize = 16_384;
/// What `run` and `communicate` hold of standard input; larger input goes through a file or `write-stdin`.
pub(super) const MAX_INPUT_BYTES: usize = 64 << 20;
/// The commands of one pipeline, as far as the limit on processes allows them.
pub(super) const MAX_COMMANDS: usize = 64;

/// How components start programs of the host.
///
/// A runtime forks one small process before its first child, and all others come from that one: starting a program costs the
/// same however large the host is. What children have of the host, as its user, its groups and its control group, is what
/// it had then, so a host that gives up privileges does it before its components run.
///
/// # What a permission for a program means
/// It is one for everything that the program does when it is asked to, within the files, ports and limits of the component.
/// A shell, an interpreter, or a tool that starts others, such as `env`, `find`, `git` or `make`, runs what its arguments
/// and its own variables say (`BASH_ENV`, `PYTHONPATH`, `PERL5OPT`, `NODE_OPTIONS`, `GIT_SSH_COMMAND`); whoever grants it
/// grants the component code of its own. What makes *any* program run other code is refused: the variables of the loader
/// and of the C library, `LD_PRELOAD` and its like.
///
/// # What children are kept from, and what not
/// A child is confined by Landlock and a filter over the kernel's calls, which takes Linux 6.12 on x86-64 or AArch64. On
/// an older kernel, or another machine, nothing is started unless [`unconfined`](ProcessConfig::unconfined) says so. A
/// filter of version 6.18 tells that newer calls are missing, and most of what has no part in running programs is refused,
/// sockets other than TCP, watches on folders, attributes of files and files in memory among it.
///
/// The names of files are not hidden as their content is. Children see the tree of the host as its user does: whether there
/// is something at a path that they know or guess, of what kind, size and age, and where a link leads. They cannot list or
/// watch a folder that is not theirs. A host for whose files that is too much runs where there are no others: in a
/// container, or a mount namespace of its own.
///
/// Descriptors on their way through a socket count for all processes of the host's user together. A child that may use TCP
/// can send some, at most as many as [`max_open_files`](ProcessLimits::max_open_files) says; any other one cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProcessConfig {
    /// Where a program's bare name is looked up, in this order. The environment of the host and of the guest do not
    /// matter. What is in them should be programs: a component that may start all of a folder can read it, too.
    pub search_path: Vec<PathBuf>,
    /// What every child may read besides what its component may: the libraries that programs need to start.
    pub system_paths: Vec<PathBuf>,
    /// Starts children that are not confined to the permissions of their component: they can do whatever the host's own
    /// user can, without new privileges. Without it, what cannot be confined is not started.
    pub unconfined: bool,
    /// Whether a child can have the standard streams of the host.
    pub inherit_stdio: bool,
    /// Processes of one component whose handles are held.
    pub max_processes: u32,
    /// Processes and threads of one child and all that it has started, itself included. Those that fork at the same moment
    /// can make it more, but never twice as many.
    pub max_tasks: u32,
    /// The same of all children of one component together. What a child had of tasks when it last wanted more counts until
    /// it wants more again, so that one which had many may leave less to others for longer than it has them.
    pub max_component_tasks: u32,
    /// Memory that all children of one component have together and use; address space that is reserved does not count, nor
    /// do files that the system keeps in memory. It is looked at twice a second. When it was too much twice, the child is
    /// killed that has the most of it, with all that it has started.
    pub max_component_memory_bytes: Option<u64>,
    /// Limits of a process whose command sets none.
    pub default_limits: ProcessLimits,
    /// Limits that no command can exceed. By default those of a process whose command sets none: a component may ask for
    /// less, and for more only where the operator says so. Memory is that of one process.
    pub limit_ceilings: ProcessLimits,
    /// Lets children write in mounts although there is a quota, see
    /// [`FilesystemLimits::quota_bytes`](crate::limits::FilesystemLimits::quota_bytes): what they write is not counted, but for the
    /// length of each file. Without it, where there is a quota no child can make, change or lengthen a file, be it by a
    /// standard stream.
    pub write_past_quota: bool,
}

impl Default for ProcessConfig {
    fn default() -> Self {
        let paths = |paths: &[&str]| paths.iter().map(PathBuf::from).collect();
        let limits = ProcessLimits {
            max_memory_bytes: Some(DEFAULT_MEMORY_BYTES),
            max_cpu_time: Some(DEFAULT_TIME),
            max_wall_time: Some(DEFAULT_TIME),
            max_open_files: Some(DEFAULT_OPEN_FILES),
            max_output_bytes: Some(OUTPUT_CEILING_BYTES),
        };
        Self {
            search_path: paths(&["/usr/local/bin", "/usr/bin", "/bin"]),
            system_paths: paths(&["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/libexec", "/etc/ld.so.cache"]),
            unconfined: false,
            inherit_stdio: false,
            max_processes: MAX_PROCESSES,
            max_tasks: MAX_TASKS,
            max_component_tasks: MAX_COMPONENT_TASKS,
            max_component_memory_bytes: Some(MAX_COMPONENT_MEMORY_BYTES),
            default_limits: limits,
            limit_ceilings: limits,
            write_past_quota: false,
        }
    }
}
