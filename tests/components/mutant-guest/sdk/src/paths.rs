//! Lies about paths.

use truth::FilesystemError;
use truth::paths as truth_of;
pub use truth::paths::*;

use crate::lies;

pub fn set_permissions(path: &str, permissions: FilePermissions) -> Result<(), FilesystemError> {
    let permissions = if lies("flag-lost") { permissions - FilePermissions::OTHER_READ } else { permissions };
    truth_of::set_permissions(path, permissions)
}
