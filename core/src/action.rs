//! What an action is.

use std::borrow::Cow;

use crate::field::{self, Field, WirePath};

/// A kind of conversion: one of Meta's events, what it takes and from where.
///
/// An action is data; everything that is shown of it and done with it is
/// derived from its [`Spec`].
///
/// ```
/// use capi_core::field::commerce;
/// use capi_core::{Action, Spec, register_action};
///
/// static SPEC: Spec = Spec {
///     slug: "add-to-wishlist",
///     title: "Add to Wishlist",
///     description: "A product was added to a wishlist.",
///     event_name: Some("AddToWishlist"),
///     default_trigger: Some(r#"type = "track" and event = "Product Added to Wishlist""#),
///     on_by_default: true,
///     fields: &[commerce::CURRENCY, commerce::CONTENTS_OF_PRODUCT],
///     example: r#"{"type":"track","event":"Product Added to Wishlist"}"#,
/// };
///
/// struct AddToWishlist;
///
/// impl Action for AddToWishlist {
///     fn spec(&self) -> &'static Spec {
///         &SPEC
///     }
/// }
///
/// register_action!(AddToWishlist);
///
/// assert_eq!(AddToWishlist.spec().event_name, Some("AddToWishlist"));
/// ```
pub trait Action: Send + Sync + 'static {
    /// What the action is.
    fn spec(&self) -> &'static Spec;
}

/// The description of an action.
///
/// ```
/// use capi_core::Spec;
/// use capi_core::field::commerce;
///
/// static SPEC: Spec = Spec {
///     slug: "add-to-wishlist",
///     title: "Add to Wishlist",
///     description: "A product was added to a wishlist.",
///     event_name: Some("AddToWishlist"),
///     default_trigger: Some(r#"type = "track" and event = "Product Added to Wishlist""#),
///     on_by_default: false,
///     fields: &[commerce::CURRENCY],
///     example: r#"{"type":"track","event":"Product Added to Wishlist"}"#,
/// };
///
/// // Its own fields, then those that every event has.
/// let keys: Vec<&str> = SPEC.all_fields().map(|field| field.key).collect();
/// assert_eq!(keys[..3], ["currency", "action_source", "event_time"]);
/// ```
#[derive(Debug)]
pub struct Spec {
    /// The name in configurations, in kebab-case.
    pub slug: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// What it tells Meta, in a sentence.
    pub description: &'static str,
    /// Meta's event name; without one [`field::event::EVENT_NAME`] must be among the
    /// fields, with a mapping that gives it.
    pub event_name: Option<&'static str>,
    /// Which events it takes unless a subscription says otherwise, as FQL;
    /// without one, a subscription must say.
    pub default_trigger: Option<&'static str>,
    /// Whether a destination without subscriptions of its own has it, and one
    /// with `prebuilt_subscriptions = true`. Only for an event whose name in
    /// Segment's specs can mean nothing else: what is on sends customers' data
    /// to Meta without a line that says so. Without a trigger it says nothing.
    pub on_by_default: bool,
    /// Its own fields, beside [`field::event::EVENT`] or, where they say
    /// [`Field::replaces`], in place of some of those.
    pub fields: &'static [Field],
    /// An event that it takes, as JSON text.
    pub example: &'static str,
}

impl Spec {
    /// The trigger of the prebuilt subscription to it; nothing where there is none.
    #[must_use]
    pub(crate) fn prebuilt_trigger(&self) -> Option<&'static str> {
        self.default_trigger.filter(|_| self.on_by_default)
    }

    /// All fields: its own, then those of every event that none of its own stands
    /// for.
    pub fn all_fields(&self) -> impl Iterator<Item = &'static Field> + Clone + use<> {
        let own = self.fields;
        let replaces = own.iter().any(|field| field.replaces);
        own.iter()
            .chain(field::event::EVENT.iter().filter(move |of_every| {
                !(replaces
                    && own
                        .iter()
                        .any(|field| field.replaces && field.key == of_every.key))
            }))
    }

    /// The name that reasons have for the key `key` of `custom_data`: that of its own
    /// field, or else the path in the free-form object.
    pub(crate) fn custom_path(&self, key: &'static str) -> Cow<'static, str> {
        match self.custom_field(key) {
            Some(field) => field.key.into(),
            None => format!("custom_data.{key}").into(),
        }
    }

    /// Its own field for the key `key` of `custom_data`, where it has one.
    pub(crate) fn custom_field(&self, key: &str) -> Option<&'static Field> {
        self.all_fields().find(|field| {
            field.key == key && matches!(field.place, WirePath::CustomKey | WirePath::Contents)
        })
    }
}

/// The least action, for tests.
#[cfg(test)]
pub(crate) const ONE: Spec = Spec {
    slug: "one",
    title: "One",
    description: "One.",
    event_name: Some("One"),
    default_trigger: None,
    on_by_default: false,
    fields: &[],
    example: "{}",
};
