//! Giving room in the file back to the disk, in small steps: everybody waits for one.

use rusqlite::Connection;

use super::super::QueueError;

/// So many free pages stay in the file: what comes next takes them. 4 MB.
const KEPT: u64 = 1_024;

/// So many pages go in one step.
const STEP: u64 = 512;

/// How much room is given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Haste {
    /// What is not needed soon.
    AtRest,
    /// All of it, in steps that a nearly full disk has room for.
    DiskIsFull,
}

impl Haste {
    const fn kept(self) -> u64 {
        match self {
            Self::AtRest => KEPT,
            Self::DiskIsFull => 0,
        }
    }

    const fn step(self) -> u64 {
        match self {
            Self::AtRest => STEP,
            Self::DiskIsFull => STEP / 16,
        }
    }
}

/// Whether there is room to give back, and the file is one that can.
pub(super) fn is_due(connection: &Connection, haste: Haste) -> Result<bool, QueueError> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, u64>(0));
    Ok(number("freelist_count")? > haste.kept() && number("auto_vacuum")? == 2)
}

/// Gives some room back, in the transaction that is open.
pub(super) fn step(connection: &Connection, haste: Haste) -> Result<(), QueueError> {
    let mut vacuum = connection.prepare(&format!("PRAGMA incremental_vacuum({})", haste.step()))?;
    let mut pages = vacuum.query([])?;
    while pages.next()?.is_some() {}
    Ok(())
}
