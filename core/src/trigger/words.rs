//! The words of a text, for `snakecase`, `kebabcase` and `titlecase`.

/// The words of `text`, as the functions `snakecase`, `kebabcase` and `titlecase` see
/// them: runs of letters and digits, cut where a capital
/// follows a small letter or digit (`orderId`) or begins a word after capitals
/// (`HTTPServer`).
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let characters: Vec<char> = text.chars().collect();
    for (index, &character) in characters.iter().enumerate() {
        if !character.is_alphanumeric() {
            words.push(String::new());
            continue;
        }
        let previous = index.checked_sub(1).map(|index| characters[index]);
        let next_is_small = characters
            .get(index + 1)
            .is_some_and(|next| next.is_lowercase());
        let begins = character.is_uppercase()
            && previous.is_some_and(|previous| {
                previous.is_lowercase()
                    || previous.is_numeric()
                    || (previous.is_uppercase() && next_is_small)
            });
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(character);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The words in lower case with `between` between them.
pub(super) fn joined(text: &str, between: &str) -> String {
    words(text).join(between).to_lowercase()
}

/// The words, each with a capital and small letters after it.
pub(super) fn titled(text: &str) -> String {
    let titled = |word: String| {
        let mut characters = word.chars();
        let first = characters.next().into_iter().flat_map(char::to_uppercase);
        first.collect::<String>() + &characters.as_str().to_lowercase()
    };
    words(text)
        .into_iter()
        .map(titled)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_every_common_style() {
        for text in [
            "Order Completed",
            "orderCompleted",
            "order_completed",
            " order--completed ",
        ] {
            assert_eq!(joined(text, "_"), "order_completed");
            assert_eq!(joined(text, "-"), "order-completed");
            assert_eq!(titled(text), "Order Completed");
        }
        assert_eq!(joined("HTTPServer2Name", "_"), "http_server2_name");
        assert_eq!(titled("ÉCOLE straße"), "École Straße");
        assert_eq!(joined("", "_"), "");
    }
}
