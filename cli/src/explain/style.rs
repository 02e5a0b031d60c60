//! How parts of the explanation look, and how values become text.

use capi_core::explain::Shown;
use console::{Style, measure_text_width};

use crate::output::{beginning, printable};

/// Values beyond this many characters are cut; the event itself shows them whole.
const MAX_LENGTH: usize = 60;

pub(super) fn muted() -> Style {
    Style::new().dim()
}

pub(super) fn strong() -> Style {
    Style::new().bold()
}

pub(super) fn good() -> Style {
    Style::new().green()
}

pub(super) fn bad() -> Style {
    Style::new().red().bold()
}

pub(super) fn doubtful() -> Style {
    Style::new().yellow()
}

pub(super) fn value_style() -> Style {
    Style::new().cyan()
}

/// A value as JSON, of a long one the beginning.
pub(super) fn shown(value: Shown<'_>) -> String {
    beginning(printable(&value.json().to_text()), MAX_LENGTH)
}

pub(super) fn widest<'t>(texts: impl Iterator<Item = &'t str>) -> usize {
    texts.map(measure_text_width).max().unwrap_or_default()
}
