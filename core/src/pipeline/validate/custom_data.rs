//! What comes into `custom_data` in free form.
//!
//! Keys of the user's own leave as they are. A key that Meta knows must have
//! the form that Meta takes, or the whole event is refused: it is taken as that
//! form, or left out with a warning.

use super::Check;
use crate::field::custom_data::known;
use crate::json::Json;
use crate::pipeline::diagnostics::Diagnostics;
use crate::rejection::Diagnostic;

impl<'a> Check<'a> {
    /// The members as they can be sent.
    pub(super) fn custom_data(
        &mut self,
        members: &'a [(&'a str, Json<'a>)],
    ) -> &'a [(&'a str, Json<'a>)] {
        if !members.iter().any(|(key, _)| known(key).is_some()) {
            return members;
        }
        let wrong = self.wrong_custom.len();
        let outer = std::mem::take(&mut self.findings);
        let own = std::mem::take(&mut self.custom);
        for &(key, value) in members {
            let Some(field) = known(key) else {
                self.custom.push((key, value));
                continue;
            };
            if !value.is_blank() {
                let before = self.custom.len();
                self.field(field, value);
                // By the name that it came with: app events have their own.
                for (name, _) in self.custom.iter_mut().skip(before) {
                    *name = key;
                }
            }
        }
        let taken = std::mem::replace(&mut self.custom, own);
        // It came along; the event is worth more than the key.
        self.wrong_custom.truncate(wrong);
        let Diagnostics { reasons, warnings } = std::mem::replace(&mut self.findings, outer);
        for found in [reasons, warnings] {
            self.findings
                .warnings
                .append(found.map(|reason| Diagnostic {
                    field: format!("custom_data.{}", reason.field).into(),
                    ..reason
                }));
        }
        self.arena.list(&taken)
    }
}
