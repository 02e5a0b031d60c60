//! What comes into `custom_data` in free form.
//!
//! Keys of the user's own leave as they are. A key that Meta knows must have
//! the form that Meta takes, or the whole event is refused: it is taken as that
//! form, or left out with a warning.

use super::Check;
use crate::event::Json;
use crate::field::{Field, commerce};
use crate::rejection::Reason;

/// The keys that Meta knows, whichever action they come with.
const KNOWN: &[Field] = &[
    commerce::CONTENT_CATEGORY,
    commerce::CONTENT_IDS,
    commerce::CONTENT_NAME,
    commerce::CONTENT_TYPE,
    commerce::CONTENTS,
    commerce::CURRENCY,
    commerce::NET_REVENUE,
    commerce::NUM_ITEMS,
    commerce::ORDER_ID,
    commerce::PREDICTED_LTV,
    commerce::SEARCH_STRING,
    commerce::STATUS,
    commerce::VALUE,
];

impl<'a> Check<'a> {
    /// The members as they can be sent.
    pub(super) fn custom_data(
        &mut self,
        members: &'a [(&'a str, Json<'a>)],
    ) -> &'a [(&'a str, Json<'a>)] {
        let known = |key: &str| KNOWN.iter().find(|field| field.key == key);
        if !members.iter().any(|(key, _)| known(key).is_some()) {
            return members;
        }
        let (faults, wrong) = (self.reasons.len(), self.wrong_custom.len());
        let own = std::mem::take(&mut self.custom);
        for &(key, value) in members {
            match known(key) {
                Some(_) if value.is_blank() => {}
                Some(field) => self.field(field, value),
                None => self.custom.push((key, value)),
            }
        }
        let taken = std::mem::replace(&mut self.custom, own);
        // It came along; the event is worth more than the key.
        self.wrong_custom.truncate(wrong);
        self.warnings
            .extend(self.reasons.drain(faults..).map(|reason| Reason {
                field: format!("custom_data.{}", reason.field).into(),
                message: format!("{}; it is left out", reason.message).into(),
                ..reason
            }));
        self.arena.list(&taken)
    }
}
