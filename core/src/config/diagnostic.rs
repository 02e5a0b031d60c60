//! What is wrong with a configuration, and where.

use std::fmt;
use std::ops::Range;

use crate::position::position;

/// Whether a configuration works with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// It does not.
    Error,
    /// It does, but it is risky.
    Warning,
}

/// One thing to say about a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigDiagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong and what to do.
    pub message: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for ConfigDiagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(
            formatter,
            "{}:{}: {severity}: {}",
            self.line, self.column, self.message
        )
    }
}

/// The findings of one reading, and the text that they point into.
pub(super) struct ConfigDiagnostics<'t> {
    text: &'t str,
    found: Vec<ConfigDiagnostic>,
}

impl<'t> ConfigDiagnostics<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self {
            text,
            found: Vec::new(),
        }
    }

    pub(super) fn error(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.add(Severity::Error, &span, message.into());
    }

    pub(super) fn warning(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.add(Severity::Warning, &span, message.into());
    }

    /// The line and the column of what is at `span`, from 1.
    pub(super) fn place(&self, span: &Range<usize>) -> (usize, usize) {
        position(self.text, span.start)
    }

    fn add(&mut self, severity: Severity, span: &Range<usize>, message: String) {
        let (line, column) = self.place(span);
        self.found.push(ConfigDiagnostic {
            severity,
            message,
            line,
            column,
        });
    }

    /// All findings, in the order of their places.
    pub(super) fn sorted(mut self) -> Vec<ConfigDiagnostic> {
        self.found.sort_by_key(|found| (found.line, found.column));
        self.found
    }
}
