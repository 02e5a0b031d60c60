//! Arithmetic, as JavaScript does it: what is not a number is 0.

use liquid_core::{Result, Value};

use super::super::plain::{number, number_value, operand};
use super::{Call, Table};
use crate::mapping::text::double_text;

pub(super) const FILTERS: Table = &[
    ("abs", |call| one(call, f64::abs)),
    ("ceil", |call| one(call, f64::ceil)),
    ("floor", |call| one(call, f64::floor)),
    ("round", |call| {
        let places = call.argument(0).map_or(0.0, operand);
        one(call, |value| round(value, places))
    }),
    ("plus", |call| two(call, |a, b| a + b)),
    ("minus", |call| two(call, |a, b| a - b)),
    ("times", |call| two(call, |a, b| a * b)),
    ("modulo", |call| two(call, |a, b| ((a % b) + b) % b)),
    ("divided_by", |call| {
        let is_whole = call.argument(1).is_some_and(|whole| operand(whole) != 0.0);
        two(call, |a, b| if is_whole { (a / b).floor() } else { a / b })
    }),
    ("at_least", |call| two(call, f64::max)),
    ("at_most", |call| two(call, f64::min)),
    ("to_integer", |call| Ok(number_value(number(call.value)))),
];

fn one(call: &Call<'_>, compute: impl Fn(f64) -> f64) -> Result<Value> {
    Ok(number_value(compute(operand(call.value))))
}

fn two(call: &Call<'_>, compute: impl Fn(f64, f64) -> f64) -> Result<Value> {
    let right = call
        .arguments
        .first()
        .map_or(f64::NAN, |value| operand(value));
    Ok(number_value(compute(operand(call.value), right)))
}

/// Rounds halves away from zero, by the decimal digits: 1.005 to two places is
/// 1.01.
fn round(value: f64, places: f64) -> f64 {
    let scaled = shifted(value.abs(), places);
    // Larger numbers have no fraction; NaN is none of them.
    let may_have_fraction = scaled <= 9_007_199_254_740_991.0;
    if !may_have_fraction {
        return value;
    }
    // To add a half first would round 0.49999999999999994 up.
    let up = f64::from(scaled.fract() >= 0.5);
    let rounded = shifted(scaled.floor() + up, -places);
    if value < 0.0 { -rounded } else { rounded }
}

/// `value` with its decimal point moved.
fn shifted(value: f64, places: f64) -> f64 {
    let text = double_text(value);
    let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
    let power = power.parse().unwrap_or(0.0) + places;
    let moved = format!("{mantissa}e{}", double_text(power));
    moved.parse().unwrap_or(f64::NAN)
}
