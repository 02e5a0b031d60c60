//! Arithmetic, as JavaScript does it: what is no number is 0.

use super::super::super::text::double_text;
use super::super::scope::Made;
use super::super::value::Value;
use super::{Apply, Call};

pub(super) const FILTERS: &[(&str, Apply)] = &[
    ("abs", |call| one(call, f64::abs)),
    ("ceil", |call| one(call, f64::ceil)),
    ("floor", |call| one(call, f64::floor)),
    ("round", |call| {
        let places = call.argument(0).map_or(0.0, Value::to_operand);
        one(call, |value| round(value, places))
    }),
    ("plus", |call| two(call, |a, b| a + b)),
    ("minus", |call| two(call, |a, b| a - b)),
    ("times", |call| two(call, |a, b| a * b)),
    ("modulo", |call| two(call, |a, b| ((a % b) + b) % b)),
    ("divided_by", |call| {
        let whole = call
            .argument(1)
            .is_some_and(|whole| whole.to_operand() != 0.0);
        two(call, |a, b| if whole { (a / b).floor() } else { a / b })
    }),
    ("at_least", |call| extreme(call, f64::max)),
    ("at_most", |call| extreme(call, f64::min)),
    ("to_integer", |call| {
        Ok(Value::number(call.value.to_double()))
    }),
];

fn one<'a>(call: &Call<'a, '_>, compute: impl Fn(f64) -> f64) -> Made<'a> {
    Ok(Value::number(compute(call.value.to_operand())))
}

/// Without its argument, a filter gives `NaN`.
fn two<'a>(call: &Call<'a, '_>, compute: impl Fn(f64, f64) -> f64) -> Made<'a> {
    let right = call
        .arguments
        .first()
        .map_or(f64::NAN, |value| value.to_operand());
    Ok(Value::number(compute(call.value.to_operand(), right)))
}

fn extreme<'a>(call: &Call<'a, '_>, choose: fn(f64, f64) -> f64) -> Made<'a> {
    let numbers = call.arguments.iter().map(|value| value.to_operand());
    Ok(Value::number(numbers.fold(call.value.to_operand(), choose)))
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
    Value::text(&moved).to_double()
}
