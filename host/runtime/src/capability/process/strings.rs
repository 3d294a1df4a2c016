//! Text on its way to the operating system.

use std::ffi::CString;

use super::config::{MAX_STRING_BYTES, MAX_STRINGS, MAX_TEXT_BYTES};
use super::{ProcessError, Result};

/// Strings as the system takes them.
pub(super) fn text(what: &str, strings: &[String]) -> Result<Vec<CString>> {
    let bytes: usize = strings.iter().map(String::len).sum();
    if strings.len() > MAX_STRINGS || bytes > MAX_TEXT_BYTES || strings.iter().any(|text| text.len() > MAX_STRING_BYTES)
    {
        return Err(ProcessError::InvalidArgument(format!("{what} is too long, or there are too many")));
    }
    let convert = |text: &String| CString::new(text.as_str());
    let strings: std::result::Result<Vec<CString>, _> = strings.iter().map(convert).collect();
    strings.map_err(|_| ProcessError::InvalidArgument(format!("{what} contains NUL")))
}
