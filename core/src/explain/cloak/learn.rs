//! What the cloak is to know of a person before it shows anything.

use super::Cloak;
use super::form::forms;
use super::mask::Mask;
use crate::json::Json;
use crate::mapping::number_text;
use crate::user_data::Digest;

/// Fewer digits of a number of which nothing is known but that it is a trait's are
/// not looked for elsewhere.
const FEWEST_DIGITS: u64 = 10_000;

impl<'a> Cloak<'a> {
    /// Remembers everything in `value`, which is what `mask` is for.
    pub(super) fn learn(&mut self, mask: Mask, value: Json<'a>) {
        match value {
            _ if self.raw || mask.is_open() => {}
            Json::List(items) => items.iter().for_each(|item| self.learn(mask, *item)),
            Json::Object(members) => members
                .iter()
                .for_each(|(_, value)| self.learn(mask, *value)),
            Json::Number(number) => {
                let is_small = number
                    .to_i64()
                    .is_none_or(|it| it.unsigned_abs() < FEWEST_DIGITS);
                if mask != Mask::Trait || !is_small {
                    self.learn(mask, Json::Str(self.arena.text(&number_text(number))));
                }
            }
            Json::Str(text) => {
                let text = text.trim();
                if self.secrets.is_too_many() || Digest::accept(text).is_some() {
                    return;
                }
                for form in forms(mask, text, &self.normalizing) {
                    self.secrets.add(form);
                }
            }
            Json::Null | Json::Bool(_) => {}
        }
    }

    /// Remembers that what `mask` is for is at `path`.
    pub(super) fn learn_path(&mut self, mask: Mask, path: &str) {
        if self.paths.iter().all(|(known, _)| **known != *path) {
            self.paths.push((path.into(), mask));
        }
    }

    /// Gets ready to show: nothing is learned any more.
    pub(super) fn seal(&mut self) {
        self.secrets.seal();
    }
}
