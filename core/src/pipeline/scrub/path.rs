//! Where a value stands, as the other steps would name it. It is put into words
//! only where there is something to say.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::Spec;
use crate::free_text::Cards;
use crate::pipeline::diagnostics::is_plain_key;

/// A way down, from the last step up to the first.
#[derive(Clone, Copy)]
pub(super) struct Path<'p> {
    above: Option<&'p Self>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
pub(super) enum Step<'p> {
    /// A key of the event itself.
    Own(&'static str),
    /// A key of `custom_data`, or of an object in it.
    Key(&'p str),
    /// A place in a list.
    Item(usize),
}

/// Keys whose values are ids of Meta's own, of as many digits as cards.
const IDS_OF_META: [&str; 16] = [
    "ad_id",
    "adgroup_id",
    "adset_id",
    "app_id",
    "brand_page_id",
    "business_id",
    "campaign_id",
    "catalog_id",
    "content_page_id",
    "form_id",
    "lead_id",
    "leadgen_id",
    "page_id",
    "pixel_id",
    "product_catalog_id",
    "store_page_id",
];

/// Last words of keys whose values are ids, of orders and articles.
const IDS: [&str; 16] = [
    "id",
    "ids",
    "sku",
    "skus",
    "gtin",
    "ean",
    "upc",
    "barcode",
    "variant",
    "order_number",
    "order_no",
    "invoice_number",
    "item_number",
    "product_number",
    "transaction_number",
    "tracking_number",
];

/// Whether the last word of `key` is `word`: `order_id` and `orderId` end in `id`,
/// `paid` does not.
fn ends_in(key: &str, word: &str) -> bool {
    let Some(start) = key.len().checked_sub(word.len()) else {
        return false;
    };
    let (Some(before), Some(end)) = (key.get(..start), key.get(start..)) else {
        return false;
    };
    let begins_word = match (before.chars().next_back(), end.chars().next()) {
        (None, _) => true,
        (Some(last), _) if !last.is_alphabetic() => true,
        (Some(last), Some(first)) => last.is_lowercase() && first.is_uppercase(),
        _ => false,
    };
    begins_word && end.eq_ignore_ascii_case(word)
}

impl<'p> Path<'p> {
    pub(super) const fn new(above: Option<&'p Self>, step: Step<'p>) -> Self {
        Self { above, step }
    }

    pub(super) const fn own(key: &'static str) -> Self {
        Self::new(None, Step::Own(key))
    }

    /// The last key: that of a list, where this is an item of it.
    fn key(&self) -> &'p str {
        match (self.step, self.above) {
            (Step::Own(key), _) => key,
            (Step::Key(key), _) => key,
            (Step::Item(_), Some(above)) => above.key(),
            (Step::Item(_), None) => "",
        }
    }

    /// Which card numbers count here.
    pub(super) fn cards(&self) -> Cards {
        let key = self.key();
        if IDS_OF_META.contains(&key) {
            Cards::None
        } else if IDS.iter().any(|word| ends_in(key, word)) {
            Cards::Grouped
        } else {
            Cards::Any
        }
    }

    /// Whether this is a key of the event that takes a URL.
    pub(super) fn is_of_url(&self) -> bool {
        matches!(self.step, Step::Own(key) if key.ends_with("_url"))
    }

    /// The key, where this is one of `custom_data` itself.
    pub(super) const fn key_of_custom_data(&self) -> Option<&'p str> {
        match (self.above, self.step) {
            (None, Step::Key(key)) => Some(key),
            _ => None,
        }
    }

    /// Whether this is the id of an earlier event, which must be the one that Meta has.
    pub(super) fn is_of_an_earlier_event(&self) -> bool {
        let above = self.above.map(|above| above.step);
        matches!(
            (above, self.step),
            (
                Some(Step::Own("original_event_data")),
                Step::Key("event_id")
            )
        )
    }

    /// The path in words: that of an action's field begins with the field. It ends
    /// before a key that may not be named.
    pub(super) fn text(&self, action: &Spec) -> Cow<'static, str> {
        if let Step::Own(key) = self.step {
            return Cow::Borrowed(key);
        }
        let mut text = String::new();
        self.write(action, &mut text);
        Cow::Owned(text)
    }

    /// Whether the whole of it could be named.
    fn write(&self, action: &Spec, out: &mut String) -> bool {
        let named = match self.above {
            Some(above) => above.write(action, out),
            None => {
                if !matches!(self.step, Step::Key(key) if action.custom_field(key).is_some()) {
                    out.push_str("custom_data");
                }
                true
            }
        };
        named
            && match self.step {
                Step::Own(key) => {
                    key.clone_into(out);
                    true
                }
                Step::Key(key) if is_plain_key(key) => {
                    if !out.is_empty() {
                        out.push('.');
                    }
                    out.push_str(key);
                    true
                }
                Step::Key(_) => false,
                Step::Item(index) => write!(out, "[{index}]").is_ok(),
            }
    }
}
