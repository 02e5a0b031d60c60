//! `[[source]]`: who may send events.

use super::diagnostic::ConfigDiagnostics;
use super::secret::Secret;
use super::section::Section;

/// A sender of events, known by its write key.
#[derive(Clone, Debug)]
pub struct SourceConfig {
    /// The name, for `sources` of a destination.
    pub name: String,
    /// The key that its requests carry.
    pub write_key: Secret,
}

/// The sources that can be used, and the names of all that are written: a
/// destination may name one that lacks something else.
pub(super) fn read_all(
    root: &mut Section<'_>,
    findings: &mut ConfigDiagnostics<'_>,
) -> (Vec<SourceConfig>, Vec<String>) {
    let mut names = Vec::new();
    let mut sources: Vec<SourceConfig> = Vec::new();
    for (table, span) in root.tables(findings, "source") {
        let mut section = Section::new("[[source]]", table, span.clone(), None);
        let name = section.required_text(findings, "name");
        let write_key = section.secret(findings, "write_key");
        if write_key.is_none() && !table.contains_key("write_key") {
            findings.error(span.clone(), "[[source]] needs `write_key`");
        }
        section.finish(findings);
        names.extend(name.clone());
        let (Some(name), Some(write_key)) = (name, write_key) else {
            continue;
        };
        if sources.iter().any(|source| source.name == name) {
            findings.error(
                span,
                format!("there are two sources named {name:?}; rename one"),
            );
            continue;
        }
        if let Some(other) = sources
            .iter()
            .find(|source| source.write_key.is_same_as(&write_key))
        {
            findings.error(
                span,
                format!(
                    "the sources {:?} and {name:?} have one write key; their events could not be told apart",
                    other.name
                ),
            );
            continue;
        }
        sources.push(SourceConfig { name, write_key });
    }
    (sources, names)
}
