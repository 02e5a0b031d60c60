//! The new file in the place of the damaged one, which is kept.
//!
//! The log of the damaged file must never meet the new one, so the names change
//! one after the other:
//!
//! 1. `queue.sqlite` → `queue.sqlite.damaged-<seconds>`, and its side files;
//! 2. `queue.recovered.sqlite`, which is whole, → `queue.sqlite`.
//!
//! Where there is the second and no first, a crash came between, and whoever
//! opens the queue goes on from there.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::super::FILE;
use super::super::folder::open_private;
use super::super::folder::side_file;

/// The new file while it is filled: worth nothing.
const FILLING: &str = "queue.recovering.sqlite";

/// The new file once it is whole.
const RECOVERED: &str = "queue.recovered.sqlite";

/// What SQLite has beside a database.
const SIDE_FILES: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Where to fill the new file. What an earlier try left goes: the queue is
/// there, so that it is of no use any more.
pub(super) fn begin(folder: &Path) -> io::Result<PathBuf> {
    abandon(folder)?;
    remove(&folder.join(RECOVERED))?;
    Ok(folder.join(FILLING))
}

/// Throws a file away that was not filled to the end.
pub(super) fn abandon(folder: &Path) -> io::Result<()> {
    let file = folder.join(FILLING);
    let mut names = SIDE_FILES.into_iter().chain([""]);
    names.try_for_each(|suffix| remove(&side_file(&file, suffix)))
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Puts the filled file, which nobody has open, in the place of the damaged
/// one. Gives the name that the latter has now.
pub(super) fn swap(folder: &Path, seconds: i64) -> io::Result<PathBuf> {
    let filled = folder.join(FILLING);
    open_private(&filled)?.sync_all()?;
    let file = folder.join(FILE);
    // Its log may be all that there is of it.
    drop(open_private(&file)?);
    fs::rename(filled, folder.join(RECOVERED))?;
    sync(folder)?;
    let mut names = (seconds..).map(|seconds| damaged(folder, seconds));
    let kept = names.find(|name| !name.exists());
    let kept = kept.ok_or(io::ErrorKind::AlreadyExists)?;
    fs::rename(&file, &kept)?;
    // On disk before the log goes: the damaged file must not be opened without.
    sync(folder)?;
    second_half(folder, &kept)?;
    Ok(kept)
}

/// Whether a crash cut a swap in two.
pub(super) fn is_under_way(folder: &Path) -> bool {
    !folder.join(FILE).exists() && folder.join(RECOVERED).exists()
}

/// Ends a swap that a crash cut in two.
pub(super) fn resume(folder: &Path) -> io::Result<()> {
    if !is_under_way(folder) {
        return Ok(());
    }
    let mut latest = None;
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let seconds = name
            .to_str()
            .and_then(|name| name.strip_prefix(FILE)?.strip_prefix(".damaged-"))
            .and_then(|seconds| seconds.parse::<i64>().ok());
        latest = latest.max(seconds);
    }
    second_half(folder, &damaged(folder, latest.unwrap_or_default()))
}

fn second_half(folder: &Path, kept: &Path) -> io::Result<()> {
    let file = folder.join(FILE);
    for suffix in SIDE_FILES {
        match fs::rename(side_file(&file, suffix), side_file(kept, suffix)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    sync(folder)?;
    fs::rename(folder.join(RECOVERED), file)?;
    sync(folder)
}

fn damaged(folder: &Path, seconds: i64) -> PathBuf {
    folder.join(format!("{FILE}.damaged-{seconds}"))
}

/// Puts the names on disk. Windows has no such thing.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
