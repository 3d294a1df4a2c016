//! What an operator decides about the programs that components start, and the bounds of what a guest can ask for.

use std::path::PathBuf;

use super::ProcessLimits;

const MEBIBYTE: u64 = 1 << 20;
const HOUR_MS: u64 = 3_600_000;

/// Each process costs a supervisor of the host besides itself.
const MAX_PROCESSES: u32 = 16;
/// Programs with a runtime of their own start a few dozen threads; a fork bomb ends here.
const MAX_TASKS: u32 = 256;
/// Address space, of which interpreters reserve more than they use.
const DEFAULT_MEMORY_BYTES: u64 = 2048 * MEBIBYTE;
const MEMORY_CEILING_BYTES: u64 = 64 * 1024 * MEBIBYTE;
/// As with calls of components, an hour is beyond what anybody waits for; asked for, it may be a day.
const DEFAULT_TIME_MS: u64 = HOUR_MS;
const TIME_CEILING_MS: u64 = 24 * HOUR_MS;
/// What POSIX systems give a process by default.
const DEFAULT_OPEN_FILES: u32 = 256;
const OPEN_FILES_CEILING: u32 = 4096;
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
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Limits of a process whose command sets none.
    pub default_limits: ProcessLimits,
    /// Limits that no command can exceed.
    pub limit_ceilings: ProcessLimits,
}

impl Default for ProcessConfig {
    fn default() -> Self {
        let paths = |paths: &[&str]| paths.iter().map(PathBuf::from).collect();
        Self {
            search_path: paths(&["/usr/local/bin", "/usr/bin", "/bin"]),
            system_paths: paths(&["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/libexec", "/etc/ld.so.cache"]),
            unconfined: false,
            inherit_stdio: false,
            max_processes: MAX_PROCESSES,
            max_tasks: MAX_TASKS,
            default_limits: ProcessLimits {
                max_memory_bytes: Some(DEFAULT_MEMORY_BYTES),
                max_cpu_time_ms: Some(DEFAULT_TIME_MS),
                max_wall_time_ms: Some(DEFAULT_TIME_MS),
                max_open_files: Some(DEFAULT_OPEN_FILES),
                max_output_bytes: Some(OUTPUT_CEILING_BYTES),
            },
            limit_ceilings: ProcessLimits {
                max_memory_bytes: Some(MEMORY_CEILING_BYTES),
                max_cpu_time_ms: Some(TIME_CEILING_MS),
                max_wall_time_ms: Some(TIME_CEILING_MS),
                max_open_files: Some(OPEN_FILES_CEILING),
                max_output_bytes: Some(OUTPUT_CEILING_BYTES),
            },
        }
    }
}
