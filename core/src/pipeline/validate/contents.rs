//! The products of an event: `contents`, and the ids and the type of content.
//!
//! Source: Meta, Custom data parameters; Meta, Pixel reference, `contents`.

use std::borrow::Cow;

use super::Check;
use crate::field::{Field, WirePath};
use crate::json::{Json, Number};
use crate::pipeline::amount::Unread;
use crate::pipeline::coerce::{listed, written_object};
use crate::rejection::{Code, Diagnostic};
use crate::user_data::characters::trimmed;

/// The events whose properties are those of one product.
///
/// Source: Segment, Spec: E-Commerce Events.
const OF_ONE_PRODUCT: &[&str] = &[
    "Product Added",
    "Product Added to Wishlist",
    "Product Clicked",
    "Product Removed",
    "Product Removed from Wishlist",
    "Product Reviewed",
    "Product Shared",
    "Product Viewed",
    "Wishlist Product Added to Cart",
];

/// What `content_type` may be: Meta lists the first two, and its catalogs of travel, homes
/// and vehicles have the others.
const CONTENT_TYPES: &[&str] = &[
    "product",
    "product_group",
    "destination",
    "flight",
    "home_listing",
    "hotel",
    "vehicle",
];

/// Whether an event of this name is about one product.
pub(super) fn is_one_product(event: Option<&str>) -> bool {
    event.is_some_and(|name| {
        let name = name.trim();
        OF_ONE_PRODUCT
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    })
}

impl<'a> Check<'a> {
    /// The items of `contents`, each in its place. One that is not an object says nothing, and
    /// one without an id would make Meta refuse the event: admission leaves it out. In
    /// what is rejected both stay, so that a reason names the same item there. Without
    /// any item there is nothing to say.
    pub(super) fn contents(&mut self, field: &'static Field, value: Json<'a>) {
        let one = [listed(value, self.arena)];
        let items = match &one {
            [Json::List(items)] => *items,
            one => one,
        };
        let mut taken = Vec::with_capacity(items.len());
        let is_alone = items.len() == 1;
        let outer = std::mem::replace(&mut self.is_in_required, false);
        for (index, item) in items.iter().enumerate() {
            let Some(members) = written_object(*item, self.arena).as_object() else {
                let path = format!("{}[{index}]", field.key);
                self.wrong_type(field, path, *item, Unread::NoNumber);
                taken.push(Json::Null);
                continue;
            };
            taken.push(self.item(field, index, members, is_alone));
        }
        self.is_in_required = outer;
        if !taken.is_empty() {
            self.custom
                .push((field.key, Json::List(self.arena.list(&taken))));
        }
        if field.required && taken.iter().all(|item| item.is_null()) {
            self.missing(field);
        }
    }

    fn item(
        &mut self,
        field: &'static Field,
        index: usize,
        members: &'a [(&'a str, Json<'a>)],
        is_alone: bool,
    ) -> Json<'a> {
        let mut kept: Vec<(&'a str, Json<'a>)> = Vec::with_capacity(field.properties.len());
        let mut has_quantity = false;
        for &(key, value) in members {
            let Some(property) = self.property(field, key, value) else {
                continue;
            };
            has_quantity |= property.key == "quantity";
            let path = || format!("{}[{index}].{}", field.key, property.key);
            let Some(value) = self.id(property, || path().into(), value) else {
                continue;
            };
            let Some(value) = self.value(property, || path().into(), value) else {
                continue;
            };
            let value = match (property.key, value) {
                ("id", value) => self.id_or_gap(property, || path().into(), value),
                ("quantity" | "item_price", Json::Number(number)) => {
                    self.warn_of_negative(number, path);
                    value
                }
                _ => value,
            };
            if !value.is_null() {
                kept.push((property.key, value));
            }
        }
        if !kept.iter().any(|(key, _)| *key == "id") {
            self.findings.warn(Diagnostic::new(
                Code::ContentsItemWithoutId,
                format!("{}[{index}]", field.key),
                "the item has no id and is left out; map the product's id to it",
            ));
        } else if !has_quantity && is_alone && self.is_one_product {
            kept.push(("quantity", Json::Number(Number::Unsigned(1))));
        } else if !has_quantity {
            self.findings.warn(Diagnostic::new(
                Code::ContentsItemWithoutQuantity,
                format!("{}[{index}].quantity", field.key),
                "the item has no quantity, which Meta's Pixel requires beside the id; map it",
            ));
        }
        Json::Object(self.arena.list(&kept))
    }

    /// `value` as it can stand for a product: without blanks around it, and a gap where
    /// nothing else is there. Of other fields, as it is.
    pub(super) fn id_or_gap(
        &mut self,
        field: &Field,
        path: impl Fn() -> Cow<'static, str>,
        value: Json<'a>,
    ) -> Json<'a> {
        let is_id = matches!(field.key, "content_ids" | "id");
        let text = match value {
            Json::Str(text) if field.place == WirePath::CustomKey => trimmed(text),
            _ => return value,
        };
        if text.is_empty() {
            return Json::Null;
        }
        if is_id && text.contains(',') {
            self.findings.warn(Diagnostic::new(
                Code::ContentIdsInOneText,
                path(),
                "the id has a comma in it and is sent as one id; send several as a list",
            ));
        }
        Json::Str(text)
    }

    pub(super) fn warn_of_content_type(&mut self, text: &str) {
        if !CONTENT_TYPES.contains(&text) {
            self.findings.warn(Diagnostic::new(
                Code::UnknownContentType,
                "content_type",
                "Meta lists no such type, so that no product can be matched; send product or product_group",
            ));
        }
    }
}
