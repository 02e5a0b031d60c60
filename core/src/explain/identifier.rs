//! How each value of an identifier was normalized and hashed.

use jiff::Timestamp;
use serde::Serialize;

use super::Shown;
use super::redactor::Redactor;
use crate::destination::Normalization;
use crate::json::{Arena, Json};
use crate::user_data::{self, Hints, Identifier, Normal, Profile, Rule, ValueError, rule};

/// An identifier that was mapped.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IdentifierReport<'a> {
    /// Meta's key.
    pub key: &'static str,
    /// Where its rule is written.
    pub source: &'static str,
    /// The steps to the form of Meta's page, in order.
    pub steps: Vec<Step>,
    /// The steps to the form of Meta's Pixel, where it may differ.
    pub pixel_steps: Vec<Step>,
    /// What came of each value.
    pub values: Vec<Value<'a>>,
}

/// A step of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Its stable code.
    pub code: &'static str,
    /// What it does, in a sentence.
    pub text: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// How well it is known that Meta does the same: `documented`, `reported` or `own`.
    pub confidence: &'static str,
}

/// One value of an identifier.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Value<'a> {
    /// As it was mapped, by its kind and length.
    pub raw: Shown<'a>,
    /// What is sent of it, in order; empty where it was refused.
    pub forms: Vec<Form<'a>>,
    /// Why nothing is sent of it.
    pub refused: Option<UnusedValue>,
}

/// A form in which a value is sent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Form<'a> {
    /// Whose form it is.
    pub of: FormOf,
    /// The normalized value, by its kind and length; nothing where it came hashed.
    pub normalized: Option<Shown<'a>>,
    /// What is sent, shortened.
    pub sha256: String,
}

/// Whose form of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FormOf {
    /// That of Meta's page.
    Page,
    /// That of Meta's Pixel.
    Pixel,
    /// It came hashed and was not touched.
    Hashed,
}

impl FormOf {
    /// Its name, as in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Pixel => "pixel",
            Self::Hashed => "hashed",
        }
    }
}

/// Why a value is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct UnusedValue {
    /// The stable code of the refusal.
    pub code: &'static str,
    /// What is wrong and what to send instead.
    pub message: &'static str,
}

impl From<ValueError> for UnusedValue {
    fn from(refusal: ValueError) -> Self {
        Self {
            code: refusal.code(),
            message: refusal.message(),
        }
    }
}

fn steps(of: &'static [user_data::Step], page: &'static str) -> Vec<Step> {
    let step = |step: &user_data::Step| Step {
        code: step.code,
        text: step.text,
        source: step.source(page),
        confidence: step.confidence.name(),
    };
    of.iter().map(step).collect()
}

/// The identifiers of a conversion, in the order in which they are sent.
/// `normal` is what normalization made of `raw`.
pub(super) fn identified<'a>(
    raw: &[Option<Json<'a>>; 11],
    normal: &[&'a [Normal<'a>]; 11],
    normalization: &'a Normalization,
    now: Timestamp,
    redactor: &Redactor<'a>,
    arena: &'a Arena,
) -> Vec<IdentifierReport<'a>> {
    let mut hints = normalization.hints().at(now);
    // As normalization has it: the country comes first, the others depend on it.
    if let [Normal::Text(country), ..] = normal[Identifier::Country as usize] {
        hints.country = Some(country.expose());
    }
    let each = Identifier::ALL.into_iter().filter_map(|identifier| {
        let value = raw[identifier as usize]?;
        let normalizer = Normalizer {
            identifier,
            // A country does not depend on itself.
            hints: match identifier {
                Identifier::Country => normalization.hints(),
                _ => hints,
            },
            profile: normalization.profile,
            redactor,
            arena,
        };
        let one = [value];
        let values = value.as_list().unwrap_or(&one);
        let Rule {
            source,
            steps: page,
            pixel_steps,
            ..
        } = rule(identifier);
        Some(IdentifierReport {
            key: identifier.key(),
            source,
            steps: steps(page, source),
            pixel_steps: steps(pixel_steps, source),
            values: values
                .iter()
                .filter(|value| !value.is_null())
                .map(|value| normalizer.value(*value))
                .collect(),
        })
    });
    each.collect()
}

/// Normalizes one value of an identifier at a time.
struct Normalizer<'n, 'a> {
    identifier: Identifier,
    hints: Hints<'a>,
    profile: Profile,
    redactor: &'n Redactor<'a>,
    arena: &'a Arena,
}

impl<'a> Normalizer<'_, 'a> {
    fn value(&self, value: Json<'a>) -> Value<'a> {
        let item = match value {
            // A list in a list is an item, which is refused.
            Json::List(_) => Json::List(self.arena.list(&[value])),
            other => other,
        };
        let (page, _) = self.forms(item, Profile::Page);
        let (forms, refused) = self.forms(item, self.profile);
        Value {
            raw: self.redactor.hidden(self.identifier.field(), value),
            forms: forms
                .into_iter()
                .map(|normal| self.form(normal, &page))
                .collect(),
            refused: refused.map(UnusedValue::from),
        }
    }

    fn form(&self, normal: Normal<'a>, page: &[Normal<'a>]) -> Form<'a> {
        let sha256 = self.redactor.digest(normal.digest().as_str());
        let Normal::Text(plain) = normal else {
            return Form {
                of: FormOf::Hashed,
                normalized: None,
                sha256,
            };
        };
        let is_it = |other: &Normal<'_>| matches!(other, Normal::Text(other) if other.expose() == plain.expose());
        Form {
            of: if page.iter().any(is_it) {
                FormOf::Page
            } else {
                FormOf::Pixel
            },
            normalized: Some(
                self.redactor
                    .hidden(self.identifier.field(), Json::Str(plain.expose())),
            ),
            sha256,
        }
    }

    fn forms(&self, value: Json<'a>, profile: Profile) -> (Vec<Normal<'a>>, Option<ValueError>) {
        let (mut forms, mut refused) = (Vec::new(), None);
        user_data::normalize(
            self.identifier,
            value,
            self.hints,
            profile,
            self.arena,
            &mut forms,
            &mut |refusal| refused = Some(refusal),
        );
        (forms, refused)
    }
}
