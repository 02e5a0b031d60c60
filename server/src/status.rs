//! Messages for people: stderr, while anybody reads it.

use std::fmt;
use std::io::{self, Write as _};

/// Says `words` on stderr, on a line of their own.
///
/// Where stderr cannot be written, because its reader went away or its disk is full,
/// nobody is there to be told. `eprintln!` would panic then, and with it the work that
/// the words were about.
pub fn status(words: fmt::Arguments<'_>) {
    drop(writeln!(io::stderr(), "{words}"));
}
