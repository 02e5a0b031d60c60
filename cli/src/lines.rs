//! Reading one JSON value a line.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use anyhow::Context as _;
use capi_core::event::Arena;

use crate::exit::Failure;

/// The file at `path`, or stdin where there is none or it is `-`.
pub(crate) fn open(path: Option<&Path>) -> Result<Box<dyn BufRead>, Failure> {
    match path {
        Some(path) if path != Path::new("-") => {
            let file = File::open(path)
                .with_context(|| format!("the input {} cannot be read", path.display()))
                .map_err(Failure::usage)?;
            Ok(Box::new(BufReader::new(file)))
        }
        _ => Ok(Box::new(io::stdin().lock())),
    }
}

/// Calls `each` with every line that is not blank, without the white space
/// around it, and with an arena that is reset behind it.
pub(crate) fn each(
    mut reader: impl BufRead,
    mut each: impl FnMut(&[u8], &Arena) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut arena = Arena::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let text = line.trim_ascii();
        if !text.is_empty() {
            each(text, &arena)?;
            arena.reset();
        }
    }
}
