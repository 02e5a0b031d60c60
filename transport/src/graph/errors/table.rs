//! The rows, as data.

use std::time::Duration;

use super::Decision::{Bisect, Park, Retry, RetryThenPark, SetAside, Throttle};
use super::When::{Code, FewerReceived, NoAnswer, NotSent, Status, Subcode, Transient};
use super::{Decision, Rule, When};

const HANDLING: &str = "Meta, Graph API, Handling errors";
const LIMITS: &str = "Meta, Graph API, Rate limiting";
const SUPPORT: &str = "Meta, Conversions API, Support: retry what is not the client's error";
const EDGE: &str = "Meta, Marketing API reference, Ads pixel events";
const BATCH: &str = "Meta, Using the API: one invalid event refuses the whole request";
const FIELD: &str = "seen in answers of the endpoint; not documented";

const WAITS: &str = "Nothing: the lane waits by itself. If it happens often, ask for a higher \
                     access tier.";
const TRIES: &str = "Nothing: it is tried again by itself.";
const TOKEN: &str = "Make a new token in Events Manager (dataset, Settings, Conversions API), put \
                     it where the configuration says and start capi again.";
const ACCESS: &str = "Check that the token is of this dataset's business and may write to the \
                      dataset.";
const DATASET: &str = "Check `dataset_id`, and that the token belongs to that dataset.";

const fn rule(
    when: When,
    decision: Decision,
    meaning: &'static str,
    remedy: &'static str,
    source: &'static str,
) -> Rule {
    Rule {
        when,
        decision,
        wait: Duration::ZERO,
        may_have_arrived: false,
        meaning,
        remedy,
        source,
    }
}

/// Meta may have taken the rows before this came back.
const fn may_have_arrived(mut rule: Rule) -> Rule {
    rule.may_have_arrived = true;
    rule
}

const fn waiting(mut rule: Rule, wait: Duration) -> Rule {
    rule.wait = wait;
    rule
}

/// The table. The first row that applies decides, so the order matters: rate
/// limits before `is_transient` (Meta flags some of them, and they need the
/// longer wait), single subcodes before their code, codes before statuses.
pub static RULES: &[Rule] = &[
    rule(Code(4, 4), Throttle, "the app's rate limit", WAITS, LIMITS),
    rule(
        Code(17, 17),
        Throttle,
        "the user's or ad account's rate limit",
        WAITS,
        LIMITS,
    ),
    rule(
        Code(32, 32),
        Throttle,
        "the page's rate limit",
        WAITS,
        LIMITS,
    ),
    rule(Code(341, 341), Throttle, "the app's limit", WAITS, HANDLING),
    rule(
        Code(613, 613),
        Throttle,
        "a custom rate limit",
        WAITS,
        LIMITS,
    ),
    rule(
        Code(80_000, 80_014),
        Throttle,
        "a business use case's rate limit",
        WAITS,
        LIMITS,
    ),
    rule(Transient, Retry, "transient, says Meta", TRIES, HANDLING),
    rule(
        Code(1, 2),
        Retry,
        "unknown error or service unavailable",
        TRIES,
        HANDLING,
    ),
    rule(Code(5000, 5000), Retry, "unknown error", TRIES, FIELD),
    rule(
        Code(21_009, 21_009),
        Retry,
        "the dataset is not ready for uploads",
        TRIES,
        FIELD,
    ),
    rule(
        Code(190, 190),
        Park,
        "the access token is invalid or expired",
        TOKEN,
        HANDLING,
    ),
    rule(
        Code(102, 102),
        Park,
        "the session is invalid",
        TOKEN,
        HANDLING,
    ),
    rule(
        Code(104, 104),
        Park,
        "the request must be signed",
        "Switch off Require App Secret for the token's app, or use a token made in Events Manager.",
        HANDLING,
    ),
    rule(
        Code(3, 3),
        Park,
        "the app lacks the capability",
        ACCESS,
        HANDLING,
    ),
    rule(
        Code(10, 10),
        Park,
        "the permission is missing",
        ACCESS,
        HANDLING,
    ),
    rule(
        Code(200, 299),
        Park,
        "a permission is missing",
        ACCESS,
        EDGE,
    ),
    rule(
        Code(803, 803),
        Park,
        "the dataset does not exist",
        DATASET,
        HANDLING,
    ),
    rule(
        Code(2500, 2500),
        Park,
        "unknown path or version, or no token",
        "Check `api_version` and the access token.",
        HANDLING,
    ),
    rule(
        Code(2635, 2635),
        Park,
        "the version of the Graph API has ended",
        "Raise `api_version` of the destination and start capi again.",
        FIELD,
    ),
    rule(
        Subcode(100, 33),
        Park,
        "the dataset does not exist, or the token may not write to it",
        DATASET,
        FIELD,
    ),
    rule(
        Subcode(100, 34),
        Park,
        "the object or path does not exist",
        DATASET,
        HANDLING,
    ),
    waiting(
        rule(
            Code(368, 368),
            Park,
            "temporarily blocked for a policy's sake",
            "Look at the business's messages from Meta; the lane asks again after an hour.",
            HANDLING,
        ),
        Duration::from_secs(60 * 60),
    ),
    rule(
        Code(100, 100),
        Bisect,
        "an event is invalid",
        "Look at the dead letter: it says what is wrong with the event.",
        BATCH,
    ),
    rule(
        Status(413, 413),
        Bisect,
        "the request is too large",
        "Nothing: smaller requests are sent. An event that is too large alone becomes a dead letter.",
        "RFC 9110, 15.5.14",
    ),
    rule(
        Status(429, 429),
        Throttle,
        "too many requests",
        WAITS,
        "RFC 6585, 4",
    ),
    rule(
        Status(408, 408),
        Retry,
        "the server gave up waiting",
        TRIES,
        SUPPORT,
    ),
    rule(Status(425, 425), Retry, "too early", TRIES, "RFC 8470, 5.2"),
    may_have_arrived(rule(
        Status(502, 502),
        Retry,
        "something before Meta got no good answer from it",
        TRIES,
        SUPPORT,
    )),
    may_have_arrived(rule(
        Status(504, 504),
        Retry,
        "something before Meta got no answer from it in time",
        TRIES,
        SUPPORT,
    )),
    rule(Status(500, 599), Retry, "the server failed", TRIES, SUPPORT),
    // No receipt, so not delivered as far as anybody knows.
    may_have_arrived(rule(
        Status(200, 299),
        Retry,
        "an answer that confirms nothing: no JSON, cut off, or without a count",
        "Check the way to Meta: a proxy or a captive portal seems to answer in its place.",
        SUPPORT,
    )),
    rule(
        NotSent,
        Retry,
        "no connection could be made",
        "Check the network, the name server and `graph_url`, if it goes on.",
        SUPPORT,
    ),
    may_have_arrived(rule(
        NoAnswer,
        Retry,
        "the request left, and no whole answer came in time",
        "Nothing: it is tried again with the same event ids, so that nothing counts twice.",
        SUPPORT,
    )),
    rule(
        FewerReceived,
        SetAside,
        "Meta counted fewer events than were sent, and does not say which",
        "Compare with Events Manager. `capi dead retry` sends them again, with the same event ids.",
        EDGE,
    ),
];

/// What nobody knows.
pub(super) const UNKNOWN: Rule = rule(
    Status(0, u16::MAX),
    RetryThenPark,
    "an error that capi does not know",
    "Look up the code on Meta's page Handling errors. Nothing is lost while the lane is parked.",
    FIELD,
);
