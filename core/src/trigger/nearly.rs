//! Names of events that differ from one another only in case, in what is between
//! their words, or in the words' order.

use super::words::words;

/// A longer name is not looked at.
const MAX_LENGTH: usize = 100;

/// What two such names have in common: one of these. Without a letter or digit, or where
/// the name is very long, there is nothing.
pub(super) fn keys(name: &str) -> Option<[String; 2]> {
    if name.len() > MAX_LENGTH {
        return None;
    }
    let mut words = words(name);
    for word in &mut words {
        *word = word.to_lowercase();
    }
    let squeezed = words.concat();
    words.sort_unstable();
    (!squeezed.is_empty()).then(|| [squeezed, words.join(" ")])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn are_near(one: &str, other: &str) -> bool {
        let (Some(ones), Some(others)) = (keys(one), keys(other)) else {
            return false;
        };
        ones.iter().any(|key| others.contains(key))
    }

    #[test]
    fn case_signs_and_the_order_of_words_make_no_difference() {
        for name in [
            "order completed",
            "ORDER COMPLETED",
            "OrderCompleted",
            "orderCompleted",
            "ordercompleted",
            "order_completed",
            "order-completed",
            "Order.Completed",
            " Order  Completed ",
            "Completed Order",
            "completed_order",
            "CompletedOrder",
        ] {
            assert!(are_near(name, "Order Completed"), "{name}");
        }
        for name in [
            "",
            "--",
            "Order Complete",
            "Order Completed 2",
            "Order",
            "Orders Completed",
            "Checkout Completed",
        ] {
            assert!(!are_near(name, "Order Completed"), "{name}");
        }
        let long = "order completed ".repeat(10);
        assert_eq!(keys(&long), None);
    }
}
