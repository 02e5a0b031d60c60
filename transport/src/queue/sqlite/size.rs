//! How large the file is.

use rusqlite::Connection;

use super::super::QueueError;

/// How large the file is, in pages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    pages: u64,
    /// Those that hold nothing.
    pub(super) free: u64,
    /// How large a page is, in bytes.
    page: u64,
    /// Whether room can be given back to the disk.
    pub(super) gives_room_back: bool,
}

impl Size {
    pub(super) fn read(connection: &Connection) -> Result<Self, QueueError> {
        let number =
            |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, u64>(0));
        let unread = Self {
            pages: 0,
            free: 0,
            page: number("page_size")?,
            gives_room_back: number("auto_vacuum")? == 2,
        };
        unread.again(connection)
    }

    /// As it is now.
    pub(super) fn again(self, connection: &Connection) -> Result<Self, QueueError> {
        Ok(connection
            .prepare_cached(
                "SELECT page_count, freelist_count FROM pragma_page_count, pragma_freelist_count",
            )?
            .query_row([], |row| {
                Ok(Self {
                    pages: row.get(0)?,
                    free: row.get(1)?,
                    ..self
                })
            })?)
    }

    /// All of it, in bytes.
    pub(super) const fn bytes(self) -> u64 {
        self.pages.saturating_mul(self.page)
    }

    /// What holds something, in bytes.
    pub(super) const fn bytes_used(self) -> u64 {
        self.pages
            .saturating_sub(self.free)
            .saturating_mul(self.page)
    }
}
