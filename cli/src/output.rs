//! What commands print: tables and texts for people, JSON for scripts.

use std::fmt;
use std::io::{self, Write};

use comfy_table::{ContentArrangement, presets};
use jiff::Timestamp;
use serde::Serialize;

/// A table on a terminal, as wide as that is. What is in its cells came from
/// clients and from Meta, and must not steer the terminal.
pub(crate) struct Table(comfy_table::Table);

impl Table {
    pub(crate) fn new<const N: usize>(header: [&str; N]) -> Self {
        Self::with_header(header.to_vec())
    }

    pub(crate) fn with_header(header: Vec<&str>) -> Self {
        let mut table = plain_table(header);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        Self(table)
    }

    /// Adds a row, its cells made [`printable`].
    pub(crate) fn row<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) {
        let cells = cells.into_iter().map(|cell| printable(cell.as_ref()));
        self.0.add_row(cells);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A table in the look of all of ours, for cells of our own making.
pub(crate) fn plain_table(header: Vec<&str>) -> comfy_table::Table {
    let mut table = comfy_table::Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(header);
    table
}

/// `text` with everything escaped, as in JSON, that would steer a terminal or turn
/// the order of its letters: text of strangers may hold such characters on purpose.
/// JSON is the same JSON afterwards.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            letter if steers(letter) => {
                shown.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            letter => shown.push(letter),
        }
    }
    shown
}

fn steers(letter: char) -> bool {
    // Line ends, the marks of direction, and what embeds, overrides or isolates one.
    letter.is_control()
        || matches!(
            letter,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// The first `most` characters of a text, and a sign where there are more.
pub(crate) fn beginning(text: String, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Unix milliseconds as people read them.
pub(crate) fn time(unix_ms: i64) -> String {
    Timestamp::from_millisecond(unix_ms)
        .map_or_else(|_| unix_ms.to_string(), |time| format!("{time:.0}"))
}

/// One line of JSON.
pub(crate) fn json_line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// JSON as people read it too, and so [`printable`]: JSON itself leaves marks of
/// direction and some control characters as they are.
pub(crate) fn json_pretty(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    for line in serde_json::to_string_pretty(value)?.lines() {
        writeln!(out, "{}", printable(line))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_steer_a_terminal_is_escaped_and_nothing_else_is() {
        assert_eq!(
            printable("a\u{1b}[31m\u{7}\u{9b}\r\n\tb\u{202e}c\u{2066}\u{200f}"),
            "a\\u001b[31m\\u0007\\u009b\\r\\n\\tb\\u202ec\\u2066\\u200f"
        );
        for text in ["größe 手帳 светильник", "\"a\\\"b\" …", "👩\u{200d}👩", ""]
        {
            assert_eq!(printable(text), text);
        }
    }

    #[test]
    fn json_is_the_same_afterwards() {
        let value = serde_json::json!({"a\u{202e}": "\u{1b}\u{9b}\n\u{2028}"});
        let shown = printable(&value.to_string());
        let again: serde_json::Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(again, value);
    }

    #[test]
    fn a_long_text_is_cut_between_its_characters() {
        assert_eq!(beginning("größe".into(), 3), "grö…");
        assert_eq!(beginning("größe".into(), 5), "größe");
    }
}
