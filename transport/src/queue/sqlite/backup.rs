//! A copy of the file.

use std::path::Path;

use super::super::QueueError;
use super::{folder, schema};

/// Copies the file as it is at this moment, also while it is written.
pub(super) fn backup(file: &Path, to: &Path) -> Result<(), QueueError> {
    let failed = |reason: &str| QueueError::Copy {
        file: to.to_owned(),
        reason: reason.into(),
    };
    if to.exists() {
        return Err(failed("there is such a file already; name a new one"));
    }
    // Made first, so that nobody else can read it for a moment.
    drop(folder::open_private(to).map_err(|error| failed(&error.to_string()))?);
    let to = to.to_string_lossy();
    schema::connect(file)?.execute("VACUUM INTO ?", [to])?;
    Ok(())
}
