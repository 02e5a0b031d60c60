//! From a mapped value to what can be hashed: the way that the values of
//! every identifier go, whatever its rule.

use std::cell::Cell;

use super::characters::trim;
use super::distinct::Distinct;
use super::rule::{Page, Rule};
use super::step::Step;
use super::{Digest, Identifier, Normal, Plain, ValueError, nothing};
use super::{Hints, Profile, date_of_birth, phone, rule, spreadsheet};
use crate::json::{Arena, Json, Whole};

/// What is done to the values of every identifier, around the steps of its rule.
pub(crate) const COMMON: [Step; 5] = [
    Step::documented(
        "user_data.digest",
        "Pass on what already is a SHA-256, in lower case; the suffix of Meta's parameter builder stays.",
    ),
    Step::own("user_data.number", "Write a whole number as its digits."),
    Step::own(
        "user_data.nobody",
        "Refuse in every form what says nobody: words such as null and guest that nobody is called in this field, placeholders that nothing was filled into, and the digests of these.",
    )
    .refuses(),
    Step::documented(
        "user_data.sha256",
        "Hash each form with SHA-256, as 64 lower-case hexadecimal digits.",
    ),
    Step::own(
        "user_data.once",
        "Send each form once, as a list, that of Meta's page before that of Meta's Pixel.",
    ),
];

/// Normalizes every value of one identifier and appends the results to `out`.
///
/// `value` is a string, a whole number or a list of those; `null` is not a value.
/// A text that already is a SHA-256 is passed on as it is. Each result stands
/// once, the page's form before the Pixel's (see [`Profile`]). What cannot be
/// used is passed to `refused`, once for each value.
///
/// ```
/// use capi_core::event::{Arena, Json};
/// use capi_core::user_data::{Digest, Hints, Identifier, Profile, ValueError, normalize};
///
/// let arena = Arena::new();
/// let emails = Json::parse(&arena, br#"[" Ana@Example.com ", "n/a"]"#)?;
/// let mut normal = Vec::new();
/// let mut refused = Vec::new();
/// normalize(
///     Identifier::Email,
///     emails,
///     Hints::default(),
///     Profile::Both,
///     &arena,
///     &mut normal,
///     &mut |refusal| refused.push(refusal),
/// );
/// assert_eq!(normal.len(), 1);
/// assert_eq!(normal[0].digest(), Digest::of("ana@example.com"));
/// assert_eq!(refused, [ValueError::Placeholder]);
/// # Ok::<(), capi_core::event::JsonError>(())
/// ```
///
/// A telephone number may lack its country code where the country is known:
///
/// ```
/// use capi_core::event::{Arena, Json};
/// use capi_core::user_data::{Digest, Hints, Identifier, Profile, normalize};
///
/// let arena = Arena::new();
/// let hints = Hints {
///     country: Some("us"),
///     ..Hints::default()
/// };
/// let mut normal = Vec::new();
/// normalize(
///     Identifier::Phone,
///     Json::Str("(650) 555-1212"),
///     hints,
///     Profile::Page,
///     &arena,
///     &mut normal,
///     &mut |_| {},
/// );
/// assert_eq!(normal[0].digest(), Digest::of("16505551212"));
/// ```
pub fn normalize<'a>(
    identifier: Identifier,
    value: Json<'a>,
    hints: Hints<'_>,
    profile: Profile,
    arena: &'a Arena,
    out: &mut Vec<Normal<'a>>,
    refused: &mut dyn FnMut(ValueError),
) {
    let [page, pixel] = SCRATCH.take();
    let mut values = Values {
        rule: rule(identifier),
        hints,
        profile,
        arena,
        start: out.len(),
        out,
        distinct: Distinct::new(),
        page,
        pixel,
    };
    let mut one = |value| {
        if let Err(refusal) = values.add(value) {
            refused(refusal);
        }
    };
    match value {
        Json::List(items) => {
            for item in items {
                one(*item);
            }
        }
        other => one(other),
    }
    let Values { page, pixel, .. } = values;
    if page.capacity().max(pixel.capacity()) <= LARGE {
        SCRATCH.set([page, pixel]);
    }
}

thread_local! {
    /// The page's form and the Pixel's while they are being built: eleven
    /// identifiers of every event would allocate twenty-two texts.
    static SCRATCH: Cell<[String; 2]> = const { Cell::new([String::new(), String::new()]) };
}

/// Scratch texts beyond this many bytes are given back.
const LARGE: usize = 4096;

/// The values of one identifier while they are being gathered.
struct Values<'v, 'h, 'a> {
    rule: &'static Rule,
    hints: Hints<'h>,
    profile: Profile,
    arena: &'a Arena,
    out: &'v mut Vec<Normal<'a>>,
    /// Where the results of this identifier begin in `out`.
    start: usize,
    distinct: Distinct<&'a str>,
    page: String,
    pixel: String,
}

impl<'a> Values<'_, '_, 'a> {
    fn add(&mut self, value: Json<'a>) -> Result<(), ValueError> {
        match value {
            Json::Null => Ok(()),
            Json::Str(text) => self.add_text(text),
            Json::Number(number) => match number.as_id() {
                Whole::Digits(digits) => self.add_text(self.arena.text(&digits.to_string())),
                Whole::Lost => Err(ValueError::DigitsLost),
                Whole::No => Err(ValueError::NotWhole),
            },
            Json::List(_) => Err(ValueError::NestedList),
            Json::Bool(_) | Json::Object(_) => Err(ValueError::NotText),
        }
    }

    fn add_text(&mut self, text: &'a str) -> Result<(), ValueError> {
        let trimmed = trim(text);
        if trimmed.is_empty() {
            return Err(ValueError::Empty);
        }
        let Rule { identifier, .. } = *self.rule;
        if let Some(refusal) = nothing::refusal(identifier, trimmed, self.hints.country) {
            return Err(refusal);
        }
        if trimmed.len() >= 32 {
            if let Some(digest) = Digest::accept(trimmed) {
                return self.add_digest(digest);
            }
            if !self.rule.opaque
                && let Some(refusal) = nothing::other_digest(trimmed)
            {
                return Err(refusal);
            }
        }
        spreadsheet::check(self.rule.identifier, trimmed)?;
        self.add_forms(text)
    }

    fn add_digest(&mut self, digest: Digest) -> Result<(), ValueError> {
        if nothing::is_digest(self.rule.identifier, &digest, self.hints.country) {
            return Err(ValueError::HashOfNothing);
        }
        self.push(Normal::Hashed(digest));
        Ok(())
    }

    /// The page's form and the Pixel's, as the profile wants them.
    fn add_forms(&mut self, text: &'a str) -> Result<(), ValueError> {
        let Rule { page, pixel, .. } = *self.rule;
        let pixel = pixel.filter(|_| self.profile != Profile::Page);
        let mut outcome = Err(ValueError::NoPixelForm);
        if pixel.is_none() || self.profile != Profile::Pixel {
            outcome = match phone::numbers(self.rule.identifier, text, self.hints) {
                Some(numbers) => numbers
                    .into_iter()
                    .try_for_each(|number| self.add_page(page, number)),
                None => self.add_page(page, text),
            };
        }
        if outcome.is_err_and(ValueError::is_of_every_form) {
            return outcome;
        }
        // An order that somebody configured rules out the Pixel's reading.
        let is_settled = self.rule.identifier == Identifier::DateOfBirth
            && self.hints.date_order.is_some()
            && outcome.is_ok();
        if let Some(pixel) = pixel.filter(|_| !is_settled)
            && !(outcome.is_ok() && (self.rule.agreed)(text))
        {
            self.pixel.clear();
            let other = pixel(text, &mut self.pixel).and_then(|()| self.check(text, &self.pixel));
            match (outcome, other) {
                (Ok(()), Ok(())) if self.pixel == self.page => {}
                (_, Ok(())) => {
                    self.push_text(text, Form::Pixel);
                    outcome = Ok(());
                }
                (Ok(()), Err(_)) => {}
                // Of two reasons the page's is the one that people can read.
                (Err(_), Err(refusal)) if self.profile == Profile::Pixel => outcome = Err(refusal),
                (Err(_), Err(_)) => {}
            }
        }
        outcome
    }

    /// Appends the page's form of `text`, and what the number of a telephone became since.
    fn add_page(&mut self, page: Page, text: &'a str) -> Result<(), ValueError> {
        self.page.clear();
        page(text, self.hints, &mut self.page).and_then(|()| self.check(text, &self.page))?;
        self.push_text(text, Form::Page);
        if self.rule.identifier == Identifier::Phone
            && let Some(current) = phone::current(text, &self.page, self.hints)
        {
            self.push(Normal::Text(Plain::new(self.arena.text(&current))));
        }
        Ok(())
    }

    /// What holds for every form: it is something, not nobody's, and no birth to come. A
    /// part of a value may be what the whole is not: the Pixel cuts zip codes, and the
    /// letters of cities.
    fn check(&self, text: &str, form: &str) -> Result<(), ValueError> {
        if form.is_empty() {
            return Err(ValueError::Empty);
        }
        // The value itself was judged, whatever its case.
        if !form.eq_ignore_ascii_case(text)
            && let Some(refusal) = nothing::word(self.rule.identifier, form, self.hints.country)
        {
            return Err(refusal);
        }
        match self.rule.identifier {
            Identifier::DateOfBirth => date_of_birth::check(form, self.hints),
            _ => Ok(()),
        }
    }

    /// Appends a form, borrowed from the event where it came normalized.
    fn push_text(&mut self, text: &'a str, form: Form) {
        let own = match form {
            Form::Page => &self.page,
            Form::Pixel => &self.pixel,
        };
        let own = if own == text {
            text
        } else {
            self.arena.text(own)
        };
        self.push(Normal::Text(Plain::new(own)));
    }

    fn push(&mut self, value: Normal<'a>) {
        let known = &self.out[self.start..];
        let arena = self.arena;
        let key = |value: &Normal<'a>| name(arena, value);
        if self.distinct.is_new(&value, known, same, key) {
            self.out.push(value);
        }
    }
}

#[derive(Clone, Copy)]
enum Form {
    Page,
    Pixel,
}

fn same(one: &Normal<'_>, other: &Normal<'_>) -> bool {
    match (one, other) {
        (Normal::Text(one), Normal::Text(other)) => one == other,
        (Normal::Hashed(one), Normal::Hashed(other)) => one == other,
        _ => false,
    }
}

/// What a value is looked up by. No normalized text has the form of a digest
/// with a blank before it.
fn name<'a>(arena: &'a Arena, value: &Normal<'a>) -> &'a str {
    match value {
        Normal::Text(plain) => plain.expose(),
        Normal::Hashed(digest) => arena.text(&format!(" {}", digest.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a JSON text, both profiles on.
    fn both(identifier: Identifier, json: &str) -> (Vec<String>, Vec<ValueError>) {
        let arena = Arena::new();
        let value = Json::parse(&arena, json.as_bytes()).unwrap();
        let (mut out, mut refused) = (Vec::new(), Vec::new());
        normalize(
            identifier,
            value,
            Hints::default(),
            Profile::Both,
            &arena,
            &mut out,
            &mut |refusal| refused.push(refusal),
        );
        let texts = out
            .iter()
            .map(|normal| match normal {
                Normal::Text(plain) => plain.expose().to_owned(),
                Normal::Hashed(digest) => digest.as_str().to_owned(),
            })
            .collect();
        (texts, refused)
    }

    fn sent(identifier: Identifier, json: &str) -> Vec<String> {
        let (texts, refused) = both(identifier, json);
        assert_eq!(refused, [], "{json}");
        texts
    }

    fn refused(identifier: Identifier, json: &str) -> ValueError {
        let (texts, refused) = both(identifier, json);
        assert_eq!((texts.len(), refused.len()), (0, 1), "{json}");
        refused[0]
    }

    #[test]
    fn numbers_are_their_digits() {
        for (identifier, json, expected) in [
            (Identifier::Phone, "14155550132", "14155550132"),
            (Identifier::Phone, "1.4155550132e10", "14155550132"),
            (Identifier::Zip, "94107.0", "94107"),
            (Identifier::DateOfBirth, "19970216", "19970216"),
            (
                Identifier::ExternalId,
                "12345678901234567",
                "12345678901234567",
            ),
            (
                Identifier::ExternalId,
                "18446744073709551615",
                "18446744073709551615",
            ),
            (
                Identifier::ExternalId,
                "12345678901234567890123",
                "12345678901234567890123",
            ),
            (Identifier::DateOfBirth, "19970216.0", "19970216"),
        ] {
            assert_eq!(sent(identifier, json), [expected], "{json}");
        }
        for json in ["-1", "1.5"] {
            assert_eq!(refused(Identifier::ExternalId, json), ValueError::NotWhole);
        }
        for json in ["1e21", "1.23457E+15", "\"1.23457E+15\"", "\"1,23457E+15\""] {
            for identifier in [Identifier::Phone, Identifier::Zip, Identifier::ExternalId] {
                assert_eq!(refused(identifier, json), ValueError::DigitsLost, "{json}");
            }
        }
    }

    #[test]
    fn what_is_no_text_is_refused_and_null_is_no_value() {
        assert_eq!(sent(Identifier::FirstName, "null"), [""; 0]);
        assert_eq!(sent(Identifier::FirstName, "[null]"), [""; 0]);
        assert_eq!(refused(Identifier::FirstName, "true"), ValueError::NotText);
        assert_eq!(refused(Identifier::FirstName, "{}"), ValueError::NotText);
        assert_eq!(
            refused(Identifier::FirstName, "[[\"mary\"]]"),
            ValueError::NestedList
        );
        assert_eq!(refused(Identifier::FirstName, "\" \""), ValueError::Empty);
        assert_eq!(
            refused(Identifier::FirstName, "\"(Null)\""),
            ValueError::Placeholder
        );
        assert_eq!(
            refused(Identifier::ExternalId, "\"undefined\""),
            ValueError::Placeholder
        );
    }

    #[test]
    fn each_value_of_a_list_goes_its_own_way_and_each_result_stands_once() {
        let (texts, refused) = both(
            Identifier::Email,
            r#"["A@b.co", "a@b.co ", "kim", null, "c@d.co", 5]"#,
        );
        assert_eq!(texts, ["a@b.co", "c@d.co"]);
        assert_eq!(refused, [ValueError::NotAnEmail, ValueError::NotAnEmail]);
    }

    #[test]
    fn long_lists_hold_each_result_once_too() {
        let digest = Digest::of("mary");
        let mut values: Vec<String> = (0..100)
            .map(|index| format!("\"n{}\"", index % 50))
            .collect();
        values.extend([
            format!("\"{}\"", digest.as_str()),
            format!("\"{}\"", digest.as_str()),
        ]);
        let texts = sent(Identifier::FirstName, &format!("[{}]", values.join(",")));
        assert_eq!(texts.len(), 51);
        assert_eq!(
            (texts[0].as_str(), texts[50].as_str()),
            ("n0", digest.as_str())
        );
    }

    #[test]
    fn the_pages_form_comes_first() {
        assert_eq!(sent(Identifier::Zip, "\"M1 1AE\""), ["m11ae", "m1 1ae"]);
        assert_eq!(sent(Identifier::City, "\"Newark\""), ["newark"]);
        assert_eq!(
            sent(Identifier::DateOfBirth, "\"05-03-1995\""),
            ["19950503"]
        );
    }

    #[test]
    fn digests_pass_and_those_of_the_wrong_kind_do_not() {
        let digest = Digest::of("mary");
        let suffixed = format!("\" {}.Ag\"", digest.as_str());
        assert_eq!(
            sent(Identifier::Gender, &suffixed),
            [suffixed.trim_matches(['"', ' '])]
        );
        let nothing = format!("\"{}\"", Digest::of("").as_str());
        let md5 = "\"d41d8cd98f00b204e9800998ecf8427e\"";
        let sha1 = "\"da39a3ee5e6b4b0d3255bfef95601890afd80709\"";
        for identifier in Identifier::ALL {
            assert_eq!(refused(identifier, &nothing), ValueError::HashOfNothing);
            if identifier == Identifier::ExternalId {
                // A UUID without its hyphens is as good an id as any.
                assert_eq!(sent(identifier, md5).len(), 1);
            } else {
                assert_eq!(refused(identifier, md5), ValueError::Md5);
                assert_eq!(refused(identifier, sha1), ValueError::Sha1);
            }
        }
    }

    #[test]
    fn a_text_that_came_normal_is_not_copied() {
        let arena = Arena::new();
        let text = String::from("mary");
        let mut out = Vec::new();
        normalize(
            Identifier::FirstName,
            Json::Str(&text),
            Hints::default(),
            Profile::Both,
            &arena,
            &mut out,
            &mut |_| {},
        );
        let [Normal::Text(plain)] = out[..] else {
            panic!("one text");
        };
        assert!(std::ptr::eq(plain.expose(), text.as_str()));
    }
}
