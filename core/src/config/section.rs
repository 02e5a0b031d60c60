//! Reading one table of the configuration: its keys by type, each fault with
//! its place, and what was not asked for is unknown.

use std::ops::Range;

use secrecy::SecretString;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::ConfigDiagnostics;
use super::secret::{Secret, is_variable, looks_secret};
use crate::suggest::nearest;

/// A table under reading.
pub(super) struct Section<'t> {
    /// What the table is called in messages, such as `[[destination]]`.
    name: String,
    table: &'t DeTable<'t>,
    span: Range<usize>,
    /// The same table of the example configuration: where keys have defaults.
    defaults: Option<&'static DeTable<'static>>,
    known: Vec<&'static str>,
}

impl<'t> Section<'t> {
    pub(super) fn new(
        name: impl Into<String>,
        table: &'t DeTable<'t>,
        span: Range<usize>,
        defaults: Option<&'static DeTable<'static>>,
    ) -> Self {
        Self {
            name: name.into(),
            table,
            span,
            defaults,
            known: Vec::new(),
        }
    }

    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The place of the value under `key`; without one, of the section.
    pub(super) fn span_of(&self, key: &str) -> Range<usize> {
        self.table
            .get(key)
            .map_or_else(|| self.span(), Spanned::span)
    }

    /// What is under `key`, with its place.
    pub(super) fn value(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.known.push(key);
        self.table.get(key)
    }

    fn default(&self, key: &str) -> Option<&'static DeValue<'static>> {
        Some(self.defaults?.get(key)?.get_ref())
    }

    fn wrong(
        &self,
        findings: &mut ConfigDiagnostics<'_>,
        value: &Spanned<DeValue<'_>>,
        key: &str,
        wanted: &str,
    ) {
        findings.error(
            value.span(),
            format!(
                "`{key}` of {} must be {wanted} but it is of type {}",
                self.name,
                value.get_ref().type_str()
            ),
        );
    }

    /// The text under `key`, its default, or nothing.
    pub(super) fn text(
        &mut self,
        findings: &mut ConfigDiagnostics<'_>,
        key: &'static str,
    ) -> Option<String> {
        match self.value(key) {
            Some(value) => {
                let text = value.get_ref().as_str();
                if text.is_none() {
                    self.wrong(findings, value, key, "a text in quotes");
                }
                text.map(str::to_owned)
            }
            None => self
                .default(key)
                .and_then(DeValue::as_str)
                .map(str::to_owned),
        }
    }

    /// The text under `key`; its absence and emptiness are errors.
    pub(super) fn required_text(
        &mut self,
        findings: &mut ConfigDiagnostics<'_>,
        key: &'static str,
    ) -> Option<String> {
        match self.value(key) {
            None => {
                findings.error(self.span(), format!("{} needs `{key}`", self.name));
                None
            }
            Some(value) => match value.get_ref().as_str() {
                Some("") => {
                    findings.error(
                        value.span(),
                        format!("`{key}` of {} must not be empty", self.name),
                    );
                    None
                }
                Some(text) => Some(text.to_owned()),
                None => {
                    self.wrong(findings, value, key, "a text in quotes");
                    None
                }
            },
        }
    }

    /// The text under `key` as one of `choices`.
    pub(super) fn choice<T: Copy>(
        &mut self,
        findings: &mut ConfigDiagnostics<'_>,
        key: &'static str,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        let text = self.text(findings, key)?;
        let chosen = choices
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, value)| *value);
        if chosen.is_none() {
            let names: Vec<_> = choices
                .iter()
                .map(|(name, _)| format!("{name:?}"))
                .collect();
            let span = self.span_of(key);
            findings.error(span, format!("`{key}` must be one of {}", names.join(", ")));
        }
        chosen
    }

    /// The whole number under `key`, or its default; it must lie in `range`.
    pub(super) fn number(
        &mut self,
        findings: &mut ConfigDiagnostics<'_>,
        key: &'static str,
        range: Range<u64>,
    ) -> Option<u64> {
        let read = |value: &DeValue<'_>| {
            let integer = value.as_integer()?;
            u64::from_str_radix(integer.as_str(), integer.radix()).ok()
        };
        match self.value(key) {
            Some(value) => {
                let number = read(value.get_ref()).filter(|number| range.contains(number));
                if number.is_none() {
                    let wanted = if range.end == u64::MAX {
                        format!("a whole number from {}", range.start)
                    } else {
                        format!("a whole number from {} to {}", range.start, range.end - 1)
                    };
                    findings.error(
                        value.span(),
                        format!("`{key}` of {} must be {wanted}", self.name),
                    );
                }
                number
            }
            None => self.default(key).and_then(read),
        }
    }

    /// The boolean under `key`, or its default.
    pub(super) fn boolean(
        &mut self,
        findings: &mut ConfigDiagnostics<'_>,
        key: &'static str,
    ) -> Option<bool> {
        match self.value(key) {
            Some(value) => {
                let boolean = value.get_ref().as_bool();
                if boolean.is_none() {
                    self.wrong(findings, value, key, "true or false");
                }
                boolean
            }
            None => self.default(key).and_then(DeValue::as_bool),
        }
    }

    /// The list of texts under `key`, each with its place.
    pub(super) fn texts(
        &mut self,
        findings: &mut ConfigDiagnostics<'_>,
        key: &'static str,
    ) -> Option<Vec<(String, Range<usize>)>> {
        let value = self.value(key)?;
        let Some(items) = value.get_ref().as_array() else {
            self.wrong(findings, value, key, "a list of texts");
            return None;
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items.iter() {
            match item.get_ref().as_str() {
                Some(text) => texts.push((text.to_owned(), item.span())),
                None => self.wrong(findings, item, key, "a list of texts"),
            }
        }
        Some(texts)
    }

    /// The secret under `key`: a text, `{ env = "NAME" }` or `{ file = "PATH" }`.
    pub(super) fn secret(
        &mut self,
        findings: &mut ConfigDiagnostics<'_>,
        key: &'static str,
    ) -> Option<Secret> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::String(text) if !text.is_empty() => {
                return Some(Secret::Value(SecretString::from(text.to_string())));
            }
            DeValue::Table(table) => {
                let only = |name: &str| {
                    table
                        .get(name)
                        .filter(|_| table.len() == 1)
                        .and_then(|value| value.get_ref().as_str())
                        .filter(|text| !text.is_empty())
                };
                // Names and paths are reported when they lead to nothing. So what can only
                // be the secret itself is refused here, untold.
                let wrong = match (only("env"), only("file")) {
                    (Some(name), _) if is_variable(name) && !looks_secret(name) => {
                        return Some(Secret::Env(name.to_owned()));
                    }
                    (None, Some(path)) if !looks_secret(path) => {
                        return Some(Secret::File(path.to_owned()));
                    }
                    (Some(_), _) => Some((
                        "env",
                        "the name of an environment variable: letters, digits and _",
                    )),
                    (None, Some(_)) => Some(("file", "the path of a file")),
                    (None, None) => None,
                };
                if let Some((place, what)) = wrong {
                    let message = format!(
                        "`{place}` of `{key}` must be {what}. If the secret itself stands there, write it as `{key} = \"…\"`"
                    );
                    findings.error(value.span(), message);
                    return None;
                }
            }
            _ => {}
        }
        findings.error(
            value.span(),
            format!(
                "`{key}` of {} must be a text that is not empty, {{ env = \"NAME\" }} or {{ file = \"PATH\" }}",
                self.name
            ),
        );
        None
    }

    /// The tables under `key`, written `[[key]]`.
    pub(super) fn tables(
        &mut self,
        findings: &mut ConfigDiagnostics<'_>,
        key: &'static str,
    ) -> Vec<(&'t DeTable<'t>, Range<usize>)> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let mut tables = Vec::new();
        match value.get_ref() {
            DeValue::Array(items) => {
                for item in items.iter() {
                    match item.get_ref().as_table() {
                        Some(table) => tables.push((table, item.span())),
                        None => self.wrong(findings, item, key, "a table"),
                    }
                }
            }
            _ => findings.error(
                value.span(),
                format!("`{key}` must be a list of tables; write [[{key}]], with two brackets"),
            ),
        }
        tables
    }

    /// Ends the reading: every key that was not asked for is an error.
    pub(super) fn finish(self, findings: &mut ConfigDiagnostics<'_>) {
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if self.known.contains(&name) {
                continue;
            }
            let hint = nearest(name, self.known.iter().copied())
                .map(|known| format!("; did you mean `{known}`?"))
                .unwrap_or_else(|| format!("; it has: {}", self.known.join(", ")));
            let shown = if looks_secret(name) {
                "that stands here".to_owned()
            } else {
                format!("`{name}`")
            };
            findings.error(
                key.span(),
                format!("{} has no key {shown}{hint}", self.name),
            );
        }
    }
}
