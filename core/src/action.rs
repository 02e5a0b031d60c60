//! What an action is, and how its crate makes itself known.

use std::borrow::Cow;

use crate::field::{self, Field, Place};

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
/// ```
pub trait Action: Send + Sync + 'static {
    /// What the action is.
    fn spec(&self) -> &'static Spec;
}

/// The description of an action.
#[derive(Debug)]
pub struct Spec {
    /// The name in configurations, in kebab-case.
    pub slug: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// What it tells Meta, in a sentence.
    pub description: &'static str,
    /// Meta's event name; without one the field `event_name` gives it.
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
            field.key == key && matches!(field.place, Place::CustomKey | Place::Contents)
        })
    }
}

/// What [`register_action!`](crate::register_action) hands to the registry.
pub struct Registered {
    /// The action.
    pub action: &'static dyn Action,
    /// The package that registered it.
    pub package: &'static str,
}

inventory::collect!(Registered);

/// Makes an action known to every binary that links its crate.
///
/// The crate needs no dependency on `inventory`; the binary must name the
/// crate (`use … as _`), or the linker leaves it out.
#[macro_export]
macro_rules! register_action {
    ($action:expr) => {
        $crate::__inventory::submit! {
            $crate::Registered { action: &$action, package: env!("CARGO_PKG_NAME") }
        }
    };
}

/// The actions that are linked in, in the order of their slugs.
#[derive(Clone)]
pub struct Registry {
    actions: Vec<&'static Registered>,
}

/// Why there is no registry.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// No action is linked in.
    #[error(
        "no action is linked into this binary; name the action crates in it: `use capi_actions as _;`"
    )]
    Empty,
    /// Two actions have one slug.
    #[error(
        "the action {slug:?} is registered twice, by the packages {first} and {second}; rename one"
    )]
    Twice {
        /// The slug.
        slug: &'static str,
        /// One package.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
}

impl Registry {
    /// Gathers what is linked in.
    ///
    /// # Errors
    ///
    /// Nothing is linked in, or two actions have one slug.
    pub fn linked() -> Result<Self, RegistryError> {
        Self::of(inventory::iter::<Registered>.into_iter().collect())
    }

    fn of(mut actions: Vec<&'static Registered>) -> Result<Self, RegistryError> {
        actions.sort_by_key(|registered| registered.action.spec().slug);
        if actions.is_empty() {
            return Err(RegistryError::Empty);
        }
        for pair in actions.windows(2) {
            let slug = pair[0].action.spec().slug;
            if slug == pair[1].action.spec().slug {
                return Err(RegistryError::Twice {
                    slug,
                    first: pair[0].package,
                    second: pair[1].package,
                });
            }
        }
        Ok(Self { actions })
    }

    /// The action with `slug`.
    #[must_use]
    pub fn get(&self, slug: &str) -> Option<&'static Spec> {
        self.specs().find(|spec| spec.slug == slug)
    }

    /// All actions.
    pub fn specs(&self) -> impl Iterator<Item = &'static Spec> {
        self.actions
            .iter()
            .map(|registered| registered.action.spec())
    }

    /// The packages that registered them.
    pub fn packages(&self) -> impl Iterator<Item = &'static str> {
        self.actions.iter().map(|registered| registered.package)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct One;

    impl Action for One {
        fn spec(&self) -> &'static Spec {
            static SPEC: Spec = Spec {
                slug: "one",
                title: "One",
                description: "One.",
                event_name: Some("One"),
                default_trigger: None,
                on_by_default: false,
                fields: &[],
                example: "{}",
            };
            &SPEC
        }
    }

    static FIRST: Registered = Registered {
        action: &One,
        package: "a",
    };
    static SECOND: Registered = Registered {
        action: &One,
        package: "b",
    };

    #[test]
    fn an_empty_registry_is_refused() {
        assert_eq!(Registry::of(Vec::new()).err(), Some(RegistryError::Empty));
    }

    #[test]
    fn one_slug_twice_is_refused() {
        let error = Registry::of(vec![&FIRST, &SECOND]).err();
        assert_eq!(
            error,
            Some(RegistryError::Twice {
                slug: "one",
                first: "a",
                second: "b"
            })
        );
    }

    #[test]
    fn an_action_is_found_by_its_slug() {
        let registry = Registry::of(vec![&FIRST]).unwrap();
        assert_eq!(registry.get("one").map(|spec| spec.title), Some("One"));
        assert!(registry.get("two").is_none());
    }
}
