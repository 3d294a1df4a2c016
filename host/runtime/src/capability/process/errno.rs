//! Results of system calls, for forked processes too: nothing here allocates or panics.
#![allow(unsafe_code)]

use libc::c_int;

/// Why the last system call of this thread failed.
pub(super) fn errno() -> c_int {
    // SAFETY: the pointer is valid as long as the thread is.
    unsafe { *libc::__errno_location() }
}

/// What a system call gives, as a result.
pub(super) fn checked(result: impl Into<i64>) -> Result<i64, c_int> {
    match result.into() {
        -1 => Err(errno()),
        value => Ok(value),
    }
}
