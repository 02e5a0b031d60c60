//! Triggers: which events a subscription takes, as a statement of Segment's
//! Filter Query Language (FQL).
//!
//! ```text
//! type = "track" and (event = "Order Completed" or match(event, "Checkout *"))
//! ```
//!
//! * Paths: `type`, `properties.revenue`, `context.page.url`. A character
//!   outside `A-Z a-z 0-9 _ -` is escaped: `properties.order\ name`. A field
//!   that is missing is `null`. A path of one word on the right of a sign or in a later
//!   argument has a `\` before it, `foo = \bar`, unless the spec has such a field: it
//!   would be a text without its quotes.
//! * Values: `"text"` or `'text'`, numbers, `true`, `false`, `null`, and lists
//!   of these: `["EUR", "CHF"]`. In a text, `\` escapes a quote or itself and
//!   stands for itself before anything else, so that patterns keep theirs.
//! * Conditions: `=`, `!=` (strict: `5` is not `"5"`), `<`, `<=`, `>`, `>=`
//!   (two numbers, else false), `in`, `and`, `or`, `!`, parentheses. `and`
//!   binds tighter than `or`. A path alone holds when it is the boolean `true`.
//! * Functions; what one cannot work on gives `null`:
//!
//! | function | gives |
//! |---|---|
//! | `contains(text, part)` | whether `part` is in `text`; false unless both are texts |
//! | `match(text, pattern)` | whether the whole text fits the pattern (`*`, `?`, `[a-z]`, `\x`) |
//! | `length(value)` | items of a list, bytes of a text, 0 for `null` |
//! | `typeof(value)` | `"string"`, `"number"`, `"list"`, `"bool"`, `"object"` or `"null"` |
//! | `lowercase(text)`, `uppercase(text)` | the text in that case |
//! | `snakecase(text)`, `kebabcase(text)` | its words in lower case with `_` or `-` between them |
//! | `titlecase(text)` | its words, each with a capital, with spaces between them |
//! | `bool(value)`, `number(value)`, `string(value)` | the value as that type |
//!
//! A statement is parsed once, when a configuration is loaded; matching it
//! against an event allocates nothing except where a function builds a text.

mod anchors;
mod error;
mod evaluate;
mod explain;
mod format;
mod function;
mod glob;
mod index;
mod lexer;
mod literal;
mod nearly;
mod parser;
mod tree;
mod value;
mod words;

pub use error::TriggerError;
pub use explain::Clause;
pub use index::TriggerIndex;
pub use words::words;

use std::fmt;

use crate::json::Json;
use tree::Condition;

/// How deep parentheses, negations and function calls may nest.
const MAX_DEPTH: usize = 64;

/// A compiled trigger.
///
/// ```
/// use capi_core::event::{Arena, Json};
/// use capi_core::trigger::Trigger;
///
/// let trigger = Trigger::parse("type = 'track' and properties.total > 100")?;
/// let arena = Arena::new();
/// let event = Json::parse(&arena, br#"{"type":"track","properties":{"total":120}}"#)?;
/// assert!(trigger.matches(event));
/// assert_eq!(trigger.to_string(), r#"type = "track" and properties.total > 100"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Trigger {
    text: Box<str>,
    condition: Condition,
}

impl Trigger {
    /// Compiles a statement.
    ///
    /// ```
    /// use capi_core::trigger::Trigger;
    ///
    /// assert!(Trigger::parse(r#"match(event, "Checkout *")"#).is_ok());
    ///
    /// let error = Trigger::parse(r#"type = "track" && event = "Signed Up""#).unwrap_err();
    /// assert_eq!((error.line, error.column), (1, 16));
    /// assert_eq!(error.suggestion.as_deref(), Some("and"));
    /// ```
    ///
    /// # Errors
    ///
    /// What is not FQL, with its position; also what can only be a mistake,
    /// such as a text without quotes or a pattern with an open bracket.
    pub fn parse(text: &str) -> Result<Self, TriggerError> {
        let condition = parser::parse(text).map_err(|fault| fault.locate(text))?;
        Ok(Self {
            text: text.into(),
            condition,
        })
    }

    /// Whether `event` is one that the trigger takes.
    #[must_use]
    pub fn matches(&self, event: Json<'_>) -> bool {
        self.condition.holds(event)
    }

    /// Why it takes `event` or does not: each clause of it beside the event.
    ///
    /// ```
    /// use capi_core::event::{Arena, Json};
    /// use capi_core::trigger::Trigger;
    ///
    /// let arena = Arena::new();
    /// let event = Json::parse(&arena, br#"{"type":"track","event":"Signed Up"}"#)?;
    /// let trigger = Trigger::parse(r#"type = "track" and event = "Order Completed""#)?;
    ///
    /// let whole = trigger.explain(event);
    /// assert_eq!((whole.text.as_str(), whole.holds), ("and", false));
    /// // The clause on which it hangs, and what the event has there.
    /// let failed: Vec<_> = whole.clauses.iter().filter(|clause| clause.decides).collect();
    /// assert_eq!(failed.len(), 1);
    /// assert_eq!(failed[0].text, r#"event = "Order Completed""#);
    /// assert_eq!(failed[0].reads, [("event".into(), Some(Json::Str("Signed Up")))]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn explain<'e>(&self, event: Json<'e>) -> Clause<'e> {
        explain::clause(&self.condition, event, true)
    }

    /// The statement as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the `type` and `event` of a matching event can be: an event that
    /// fits none of the alternatives does not match, so an index may skip the
    /// trigger. `None` where the statement does not say.
    #[must_use]
    pub(crate) fn anchors(&self) -> Option<Vec<anchors::Anchor<'_>>> {
        anchors::of(&self.condition)
    }
}

/// The statement in its one form: double quotes, single spaces, parentheses
/// where `and` and `or` meet.
impl fmt::Display for Trigger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.condition.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Arena;

    fn matches(statement: &str, event: &str) -> bool {
        let arena = Arena::new();
        let event = Json::parse(&arena, event.as_bytes()).unwrap();
        Trigger::parse(statement).unwrap().matches(event)
    }

    #[test]
    fn a_chain_of_a_thousand_terms_is_no_nesting() {
        for (word, last) in [(" or ", true), (" and ", false)] {
            let terms: Vec<String> = (0..1000).map(|n| format!("properties.n = {n}")).collect();
            let event = r#"{"properties":{"n":999}}"#;
            assert_eq!(matches(&terms.join(word), event), last);
        }
    }

    #[test]
    fn nesting_is_limited_and_too_much_of_it_is_an_error() {
        let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
        assert!(matches(&nested(MAX_DEPTH), r#"{"a":true}"#));
        for statement in [
            nested(MAX_DEPTH + 1),
            nested(100_000),
            "!".repeat(100_000) + "a",
            "lowercase(".repeat(100_000) + "a",
            "(".repeat(100_000),
        ] {
            let error = Trigger::parse(&statement).unwrap_err();
            assert!(error.message.contains("deeper than 64"), "{error}");
        }
        let lists = format!("a in {}", "[".repeat(100_000));
        assert!(Trigger::parse(&lists).is_err());
    }

    #[test]
    fn the_statement_is_kept_as_written() {
        assert_eq!(
            Trigger::parse(" type = 'track' ").unwrap().text(),
            " type = 'track' "
        );
    }

    #[test]
    fn a_trigger_can_be_shared_between_threads() {
        fn shared<T: Clone + Send + Sync>() {}
        shared::<Trigger>();
    }
}
