//! The pages of codes and of identifiers.

use capi_core::rejection::Code;
use capi_core::user_data::{Identifier, rule};

use super::{NOTICE, code, table};

/// Every code that a rejection or a warning may have.
pub(crate) fn codes() -> String {
    let rows = Code::ALL.iter().map(|reason| {
        vec![
            code(reason.as_str()),
            reason.about().trim().to_owned(),
            reason.source().to_owned(),
        ]
    });
    format!(
        "{NOTICE}# Codes\n\n\
         Why an event is not sent, or what was left out of it. A code never changes its\n\
         meaning and is never reused. They stand in the order of the steps that give them.\n\n{}",
        table(&["code", "what it means", "source"], rows)
    )
}

/// How every identifier is normalized.
pub(crate) fn identifiers() -> String {
    let mut out = format!(
        "{NOTICE}# Identifiers\n\n\
         Eleven keys of `user_data` leave only as SHA-256 of their normalized form. Where\n\
         Meta's page and the code of Meta's Pixel disagree, both forms are sent unless a\n\
         destination's `normalization` says otherwise.\n"
    );
    for identifier in Identifier::ALL {
        let rule = rule(identifier);
        out.push_str(&format!(
            "\n## {}\n\n{} Mapped as {}.\n\n",
            identifier.key(),
            rule.about,
            code(identifier.field())
        ));
        out.push_str(&steps(rule.steps));
        if !rule.pixel_steps.is_empty() {
            out.push_str("\nThe Pixel's form:\n\n");
            out.push_str(&steps(rule.pixel_steps));
        }
        out.push_str(&format!("\nSource: {}.\n", rule.source));
    }
    out
}

fn steps(steps: &[&str]) -> String {
    let lines = steps.iter().enumerate();
    lines
        .map(|(index, step)| format!("{}. {step}\n", index + 1))
        .collect()
}
