//! The times of files, as the operating system takes them.

use rustix::fs::{Timespec, Timestamps, UTIME_NOW, UTIME_OMIT};
use rustix::io::Errno;

use super::{FileTime, FileTimes, FilesystemError, Result, Timestamp};

pub(super) fn timestamps(times: FileTimes) -> Result<Timestamps> {
    Ok(Timestamps { last_access: timespec(times.accessed)?, last_modification: timespec(times.modified)? })
}

pub(super) fn times_not_set(errno: Errno, path: &str) -> FilesystemError {
    match errno {
        Errno::INVAL | Errno::OVERFLOW => {
            FilesystemError::InvalidArgument("the filesystem cannot express the time".to_owned())
        }
        other => FilesystemError::from_errno(other, path),
    }
}

fn timespec(time: FileTime) -> Result<Timespec> {
    let invalid = |problem: &str| FilesystemError::InvalidArgument(problem.to_owned());
    match time {
        FileTime::Unchanged => Ok(Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT }),
        FileTime::Now => Ok(Timespec { tv_sec: 0, tv_nsec: UTIME_NOW }),
        FileTime::At(Timestamp { nanoseconds: 1_000_000_000.., .. }) => {
            Err(invalid("a time has less than 1,000,000,000 nanoseconds"))
        }
        FileTime::At(Timestamp { seconds, nanoseconds }) => {
            let tv_sec = seconds.try_into().map_err(|_| invalid("the filesystem cannot express the time"))?;
            Ok(Timespec { tv_sec, tv_nsec: nanoseconds.into() })
        }
    }
}
