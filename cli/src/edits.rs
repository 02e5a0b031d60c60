//! What `--set` says of a dead letter, with the value that stdin has.

use std::io::{self, IsTerminal as _, Read as _};

use anyhow::anyhow;
use capi_core::pipeline::{Edit, EditError};

use crate::exit::Failure;

/// `KEY=VALUE`, checked here and used where the queue is. A wrong one is not repeated:
/// it may hold a customer's value.
pub(crate) fn edit(text: &str) -> Result<String, EditError> {
    text.parse::<Edit>().map(|_| text.to_owned())
}

/// The edits with what stdin has in the place of the value `-`, so that it is in no
/// list of processes and in no shell's history.
pub(crate) fn with_stdin(mut set: Vec<String>) -> Result<Vec<String>, Failure> {
    let mut asking = set.iter_mut().filter(|edit| {
        let value = edit.split_once('=').map(|(_, value)| value);
        value == Some("-")
    });
    let Some(edit) = asking.next() else {
        return Ok(set);
    };
    if asking.next().is_some() {
        return Err(Failure::usage(anyhow!(
            "stdin has one value, and more than one --set takes it with =-; use one =- in a call"
        )));
    }
    let stdin = io::stdin();
    if stdin.is_terminal() {
        status!("Type the value; Ctrl-D on a line of its own ends it.");
    }
    let mut value = String::new();
    if let Err(error) = stdin.lock().read_to_string(&mut value) {
        let context = "the value of --set cannot be read from stdin as UTF-8 text";
        return Err(Failure::usage(anyhow::Error::from(error).context(context)));
    }
    let value = value.strip_suffix('\n').unwrap_or(&value);
    let value = value.strip_suffix('\r').unwrap_or(value);
    edit.truncate(edit.len() - "-".len());
    edit.push_str(value);
    Ok(set)
}
