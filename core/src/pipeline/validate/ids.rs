//! Ids that went through a spreadsheet: their digits, or that those are lost.

use std::borrow::Cow;

use super::Check;
use crate::field::{Field, FieldType};
use crate::json::{Json, Whole};
use crate::rejection::{Code, Diagnostic};
use crate::user_data::spreadsheet::{digits, digits_of_id, without_prefix};

/// The letters before the ids that Meta's export of leads writes, by the key of the field.
///
/// Source: Meta, Lead ads, export of leads: `l:` for a lead, `ag:`, `as:` and `c:` for an
/// ad, its ad set and its campaign.
const PREFIXES: [(&str, &str); 4] = [
    ("leadID", "l:"),
    ("ad_id", "ag:"),
    ("adset_id", "as:"),
    ("campaign_id", "c:"),
];

/// The keys of other fields that hold ids of Meta's, of orders and of products. An event
/// id is not among them: it must be the browser's, whatever that is.
const IDS: [&str; 10] = [
    "id",
    "content_ids",
    "order_id",
    "fbLoginID",
    "product_catalog_id",
    "page_id",
    "page_scoped_user_id",
    "whatsapp_business_account_id",
    "ig_account_id",
    "ig_sid",
];

impl<'a> Check<'a> {
    /// `value` with its digits where `field` holds ids and a spreadsheet wrote one as a
    /// number: nothing where digits are lost, which is warned of under `path`. Of a list
    /// each item; `null` stands for one that is left out.
    pub(super) fn id(
        &mut self,
        field: &Field,
        path: impl Fn() -> Cow<'static, str>,
        value: Json<'a>,
    ) -> Option<Json<'a>> {
        let prefix = PREFIXES.iter().find(|(key, _)| *key == field.key);
        if prefix.is_none() && !IDS.contains(&field.key) {
            return Some(value);
        }
        let prefix = prefix.map_or("", |(_, prefix)| *prefix);
        let Json::List(items) = value else {
            let taken = self.digits(field, prefix, value);
            if taken.is_none() {
                self.digits_lost(path());
            }
            return taken;
        };
        let mut taken: Vec<Json<'a>> = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let item = self.digits(field, prefix, *item).unwrap_or_else(|| {
                self.digits_lost(format!("{}[{index}]", path()).into());
                Json::Null
            });
            taken.push(item);
        }
        Some(Json::List(self.arena.list(&taken)))
    }

    fn digits(&self, field: &Field, prefix: &str, value: Json<'a>) -> Option<Json<'a>> {
        match value {
            Json::Number(number) => match number.as_id() {
                Whole::Lost => None,
                _ => Some(value),
            },
            Json::Str(text) => {
                let own = without_prefix(text.trim(), prefix);
                let read = match field.kind {
                    FieldType::Integer => digits(own),
                    _ => digits_of_id(own),
                };
                Some(Json::Str(match read.ok()? {
                    Some(Cow::Borrowed(digits)) => digits,
                    Some(Cow::Owned(digits)) => self.arena.text(&digits),
                    None if own.len() < text.trim().len() => own,
                    None => text,
                }))
            }
            _ => Some(value),
        }
    }

    fn digits_lost(&mut self, path: Cow<'static, str>) {
        self.findings.warn(Diagnostic::new(
            Code::DigitsLost,
            path,
            "the id was kept as a number that has not all of its digits any more, as spreadsheets do, and is left out; make its column text and export it again",
        ));
    }
}
