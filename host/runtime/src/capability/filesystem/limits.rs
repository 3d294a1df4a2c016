//! What a component can use at most.

/// One `read` allocates on the host before it reaches the guest.
const MAX_READ_BYTES: u64 = 16 * MEBIBYTE;
/// `read-file` has the whole file in the host's memory and in the guest's.
const MAX_READ_FILE_BYTES: u64 = 64 * MEBIBYTE;
/// One `write` occupies a blocking thread until it is done; more takes more calls.
const MAX_WRITE_BYTES: u64 = 16 * MEBIBYTE;
/// Beyond any file that a component needs, and small enough that one mistaken `set-size` does not fill a disk.
const MAX_FILE_BYTES: u64 = 64 * 1024 * MEBIBYTE;
/// A list is in memory as a whole, up to about 300 bytes an entry.
const MAX_LIST_ENTRIES: usize = 100_000;
/// A page of a cursor, likewise.
const MAX_PAGE_ENTRIES: usize = 10_000;
/// Results are in memory as a whole, each a path of up to 4,096 bytes.
const MAX_FIND_RESULTS: usize = 100_000;
/// Of all results of one `find` together: paths through deep trees are longer than those that a guest can give.
const MAX_FIND_BYTES: usize = 64 * 1024 * 1024;
/// A walk through a tree occupies a blocking thread until it is done.
const MAX_VISITED_ENTRIES: u64 = 10_000_000;

const MEBIBYTE: u64 = 1024 * 1024;

/// What a component can use at most. How many files it may have open is among its own limits, see
/// [`ResolvedLimits`](crate::limits::ResolvedLimits).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FilesystemLimits {
    /// How many bytes one `read` or `read-at` gives.
    pub max_read_bytes: u64,
    /// How large a file `read-file` reads.
    pub max_read_file_bytes: u64,
    /// How many bytes one `write` or `write-at` takes.
    pub max_write_bytes: u64,
    /// How large a file can become.
    pub max_file_bytes: u64,
    /// How many entries `list-directory` gives, and how many `find` keeps in mind of the directories it is in.
    pub max_list_entries: usize,
    /// How many entries one page of a cursor has.
    pub max_page_entries: usize,
    /// How many paths `find` gives.
    pub max_find_results: usize,
    /// How many bytes the paths have together that `find` gives.
    pub max_find_bytes: usize,
    /// How many entries an operation on a whole tree visits.
    pub max_visited_entries: u64,
    /// How many bytes all files in all writable mounts have together: measured when the mounts are opened, and followed
    /// from there. What others write meanwhile does not count; children of the component write nothing then, unless
    /// [`ProcessConfig::write_past_quota`](crate::config::ProcessConfig::write_past_quota) lets them.
    pub quota_bytes: Option<u64>,
}

impl Default for FilesystemLimits {
    fn default() -> Self {
        FilesystemLimits {
            max_read_bytes: MAX_READ_BYTES,
            max_read_file_bytes: MAX_READ_FILE_BYTES,
            max_write_bytes: MAX_WRITE_BYTES,
            max_file_bytes: MAX_FILE_BYTES,
            max_list_entries: MAX_LIST_ENTRIES,
            max_page_entries: MAX_PAGE_ENTRIES,
            max_find_results: MAX_FIND_RESULTS,
            max_find_bytes: MAX_FIND_BYTES,
            max_visited_entries: MAX_VISITED_ENTRIES,
            quota_bytes: None,
        }
    }
}
