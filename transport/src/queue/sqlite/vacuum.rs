//! Giving room in the file back to the disk, in small steps: everybody waits for one.

use rusqlite::Connection;

use super::super::QueueError;
use super::size::Size;

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

impl Size {
    /// Whether there is room to give back, in a file that can.
    pub(super) const fn is_due(self, haste: Haste) -> bool {
        self.free > haste.kept() && self.gives_room_back
    }
}

/// Gives some room back, in the transaction that is open.
pub(super) fn step(connection: &Connection, haste: Haste) -> Result<(), QueueError> {
    let mut vacuum = connection.prepare(&format!("PRAGMA incremental_vacuum({})", haste.step()))?;
    let mut pages = vacuum.query([])?;
    while pages.next()?.is_some() {}
    Ok(())
}
