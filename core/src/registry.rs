//! How actions make themselves known, and which of them are linked in.

use crate::action::{Action, Spec};
use crate::spec_fault::fault;

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
///
/// ```standalone_crate
/// use capi_core::{Action, Registry, Spec, register_action};
///
/// # static SPEC: Spec = Spec {
/// #     slug: "game-won",
/// #     title: "Game Won",
/// #     description: "A player won a game.",
/// #     event_name: Some("GameWon"),
/// #     default_trigger: None,
/// #     on_by_default: false,
/// #     fields: &[],
/// #     example: "{}",
/// # };
/// struct GameWon;
///
/// impl Action for GameWon {
///     fn spec(&self) -> &'static Spec {
///         &SPEC
///     }
/// }
///
/// register_action!(GameWon);
///
/// assert!(Registry::linked()?.get("game-won").is_some());
/// # Ok::<(), capi_core::RegistryError>(())
/// ```
#[macro_export]
macro_rules! register_action {
    ($action:expr) => {
        $crate::__inventory::submit! {
            $crate::Registered { action: &$action, package: env!("CARGO_PKG_NAME") }
        }
    };
}

/// The actions that are linked in, in the order of their slugs.
///
/// ```standalone_crate
/// # use capi_core::field::commerce;
/// # use capi_core::{Action, Spec, register_action};
/// # static PURCHASE: Spec = Spec {
/// #     slug: "purchase",
/// #     title: "Purchase",
/// #     description: "An order was completed.",
/// #     event_name: Some("Purchase"),
/// #     default_trigger: Some(r#"type = "track" and event = "Order Completed""#),
/// #     on_by_default: true,
/// #     fields: &[
/// #         commerce::CURRENCY,
/// #         commerce::VALUE.default(r#"{"@path":"$.properties.total"}"#),
/// #     ],
/// #     example: r#"{"type":"track","event":"Order Completed"}"#,
/// # };
/// # struct Purchase;
/// # impl Action for Purchase {
/// #     fn spec(&self) -> &'static Spec {
/// #         &PURCHASE
/// #     }
/// # }
/// # register_action!(Purchase);
/// use capi_core::Registry;
///
/// let registry = Registry::linked()?;
/// let slugs: Vec<&str> = registry.specs().map(|spec| spec.slug).collect();
/// assert_eq!(slugs, ["purchase"]);
///
/// let purchase = registry.get("purchase").ok_or("no such action")?;
/// assert_eq!(purchase.event_name, Some("Purchase"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Registry {
    actions: Vec<&'static Registered>,
}

/// Why a registry cannot be made.
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
    /// An action would send something wrong, or nothing.
    #[error("the action {slug:?} of the package {package} cannot be used: {fault}")]
    Faulty {
        /// The slug.
        slug: &'static str,
        /// The package that registered it.
        package: &'static str,
        /// What is wrong with its [`Spec`].
        fault: String,
    },
}

impl Registry {
    /// Gathers what is linked in.
    ///
    /// # Errors
    ///
    /// Nothing is linked in, two actions have one slug, or one has a fault: a field in a
    /// place that is not for it, no name of its event, a trigger that is none.
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
        for registered in &actions {
            let spec = registered.action.spec();
            if let Some(fault) = fault(spec) {
                return Err(RegistryError::Faulty {
                    slug: spec.slug,
                    package: registered.package,
                    fault,
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

    /// All actions, in the order of their slugs.
    pub fn specs(&self) -> impl Iterator<Item = &'static Spec> {
        self.actions
            .iter()
            .map(|registered| registered.action.spec())
    }

    /// The packages that registered them, one for each action, in the order of the
    /// slugs.
    pub fn packages(&self) -> impl Iterator<Item = &'static str> {
        self.actions.iter().map(|registered| registered.package)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::ONE;

    struct Own(Spec);

    impl Action for &'static Own {
        fn spec(&self) -> &'static Spec {
            &self.0
        }
    }

    static GOOD: &Own = &Own(ONE);
    static NAMELESS: &Own = &Own(Spec {
        event_name: None,
        ..ONE
    });

    static FIRST: Registered = Registered {
        action: &GOOD,
        package: "a",
    };
    static SECOND: Registered = Registered {
        action: &GOOD,
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
    fn a_faulty_action_is_told_with_its_package() {
        static FAULTY: Registered = Registered {
            action: &NAMELESS,
            package: "a",
        };
        let error = Registry::of(vec![&FAULTY]).err().unwrap().to_string();
        let reported = "the action \"one\" of the package a cannot be used: it has no `event_name`";
        assert!(error.starts_with(reported), "{error}");
    }

    #[test]
    fn an_action_is_found_by_its_slug() {
        let registry = Registry::of(vec![&FIRST]).unwrap();
        assert_eq!(registry.get("one").map(|spec| spec.title), Some("One"));
        assert!(registry.get("two").is_none());
    }
}
