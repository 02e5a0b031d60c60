//! `scrub`, `scrub_allow` and `scrub_drop` of a destination.

use std::ops::Range;

use super::diagnostic::ConfigDiagnostics;
use super::section::Section;
use crate::destination::{Scrubbing, SensitiveKeys};

pub(super) fn read(
    section: &mut Section<'_>,
    findings: &mut ConfigDiagnostics<'_>,
) -> Option<Scrubbing> {
    let on = section.boolean(findings, "scrub");
    let allowed = names(section, findings, "scrub_allow");
    let added = names(section, findings, "scrub_drop");
    let texts = |names: &[(String, Range<usize>)]| -> Vec<String> {
        names.iter().map(|(name, _)| name.clone()).collect()
    };
    // What would tell, were nothing allowed.
    let telling = SensitiveKeys::new(&[""; 0], &texts(&added));
    for (name, span) in &allowed {
        if !telling.is_sensitive(name) {
            findings.warning(
                span.clone(),
                format!("{name:?} does not tell of personal data and stays anyway; leave it out of `scrub_allow`"),
            );
        }
    }
    if on == Some(false) {
        for key in ["scrub_allow", "scrub_drop"] {
            if let Some(value) = section.value(key)
                && value
                    .get_ref()
                    .as_array()
                    .is_some_and(|names| !names.is_empty())
            {
                findings.warning(
                    value.span(),
                    format!("`{key}` does nothing where `scrub` is false"),
                );
            }
        }
    }
    Some(Scrubbing {
        on: on?,
        names: SensitiveKeys::new(&texts(&allowed), &texts(&added)),
    })
}

/// The names under `key`; one that has nothing to compare is an error.
fn names(
    section: &mut Section<'_>,
    findings: &mut ConfigDiagnostics<'_>,
    key: &'static str,
) -> Vec<(String, Range<usize>)> {
    let mut names = section.texts(findings, key).unwrap_or_default();
    names.retain(|(name, span)| {
        let fits = SensitiveKeys::is_name(name);
        if !fits {
            findings.error(
                span.clone(),
                format!(
                    "{name:?} in `{key}` is not a name of a key; write one with three to 48 letters"
                ),
            );
        }
        fits
    });
    names
}
