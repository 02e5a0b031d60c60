//! How large the volume is that holds the data folder, and how full.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

/// What a volume has, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Space {
    pub(super) all: u64,
    /// What we may still take of it.
    pub(super) free: u64,
}

/// What the volume of a folder has. `None` where the system does not tell.
#[cfg(unix)]
pub(super) fn space(folder: &Path) -> Option<Space> {
    let reported = rustix::fs::statvfs(folder).ok()?;
    let bytes = |blocks: u64| blocks.saturating_mul(reported.f_frsize);
    Some(Space {
        all: bytes(reported.f_blocks),
        free: bytes(reported.f_bavail),
    })
}

#[cfg(not(unix))]
pub(super) fn space(_: &Path) -> Option<Space> {
    None
}

/// Has a new file take so much of the disk.
pub(super) fn fill(file: &mut File, bytes: u64) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    if rustix::fs::fallocate(&*file, rustix::fs::FallocateFlags::empty(), 0, bytes).is_ok() {
        return Ok(());
    }
    let zeros = [0; 1 << 16];
    let mut left = bytes;
    while left > 0 {
        let now = left.min(zeros.len() as u64);
        file.write_all(
            zeros
                .get(..usize::try_from(now).unwrap_or_default())
                .unwrap_or(&zeros),
        )?;
        left -= now;
    }
    file.sync_all()
}
