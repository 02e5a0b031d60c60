//! The names of Meta's standard events, and what is nearly one of them.

use std::borrow::Cow;

use crate::rejection::{Code, Diagnostic};

/// Meta's standard events, and those that add to another.
///
/// Sources: Meta, Standard events; Meta, Predicted lifetime value; Meta, Append
/// attribution.
const STANDARD_EVENTS: &[&str] = &[
    "AddPaymentInfo",
    "AddToCart",
    "AddToWishlist",
    "AppendAttribution",
    "AppendValue",
    "CompleteRegistration",
    "Contact",
    "CustomizeProduct",
    "Donate",
    "FindLocation",
    "InitiateCheckout",
    "Lead",
    "PageView",
    "Purchase",
    "Schedule",
    "Search",
    "StartTrial",
    "SubmitApplication",
    "Subscribe",
    "ViewContent",
];

/// The standard event whose name differs from `name` in case, white space and signs only.
/// Meta's names are case-sensitive: what is nearly one is a custom event.
///
/// Source: Meta, Standard events.
#[must_use]
pub(crate) fn nearly(name: &str) -> Option<&'static str> {
    let standard = STANDARD_EVENTS.iter().find(|standard| {
        let mut letters = name.chars().filter(|character| character.is_alphanumeric());
        let mut wanted = standard.chars();
        // Ends at the first difference, however long the name is.
        loop {
            match (letters.next(), wanted.next()) {
                (None, None) => return true,
                (Some(letter), Some(wanted)) if letter.eq_ignore_ascii_case(&wanted) => {}
                _ => return false,
            }
        }
    })?;
    (name != *standard).then_some(standard)
}

/// The warning of a name that is nearly `standard`, and what becomes of it.
#[must_use]
pub(crate) fn warning(standard: &str, becomes: &str) -> Diagnostic {
    Diagnostic::new(
        Code::NearlyStandardEvent,
        "event_name",
        Cow::Owned(format!(
            "the name is nearly that of Meta's standard event {standard} {becomes}; map {standard} as Meta spells it"
        )),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_another_spelling_is_nearly_metas() {
        for (name, standard) in [
            ("purchase", "Purchase"),
            ("PURCHASE", "Purchase"),
            ("Purchase ", "Purchase"),
            ("\u{200b}Purchase", "Purchase"),
            ("add_to_cart", "AddToCart"),
            ("AddtoCart", "AddToCart"),
            ("Add To Cart", "AddToCart"),
            ("add-to-cart", "AddToCart"),
            ("View Content", "ViewContent"),
            ("viewContent", "ViewContent"),
            ("lead", "Lead"),
            ("CompleteRegistration ", "CompleteRegistration"),
            ("complete registration", "CompleteRegistration"),
            ("Pageview", "PageView"),
            ("start_trial", "StartTrial"),
            ("Initiate Checkout", "InitiateCheckout"),
            ("InitiateCheckOut", "InitiateCheckout"),
            ("append value", "AppendValue"),
        ] {
            assert_eq!(nearly(name), Some(standard), "{name}");
        }
    }

    #[test]
    fn metas_own_names_and_others_are_not() {
        for name in STANDARD_EVENTS.iter().chain(&[
            "",
            " ",
            "_",
            "Purchased",
            "Purchases",
            "Leads",
            "Order Completed",
            "Product Added",
            "Offer Requested",
            "LeadSubmitted",
            "fb_mobile_purchase",
            "Kaufabschluß",
        ]) {
            assert_eq!(nearly(name), None, "{name}");
        }
        assert_eq!(nearly(&"a".repeat(1_000_000)), None);
        assert_eq!(nearly(&" ".repeat(1_000_000)), None);
    }
}
