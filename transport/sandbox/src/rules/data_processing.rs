//! Limited Data Use: three keys at the level of the event.

use serde_json::Value;

use super::shape::mistyped;
use super::{Context, Fields, Path, present};
use crate::api_error::ApiError;

/// Meta, Data processing options: geolocate, or the United States.
const COUNTRIES: [i64; 2] = [0, 1];

/// Meta, Data processing options: geolocate, or California (1000) to Rhode
/// Island (1013), in the order their laws took effect.
fn is_state(state: i64) -> bool {
    state == 0 || (1000..=1013).contains(&state)
}

pub(crate) fn check(
    event: &Fields,
    user: &Fields,
    path: &Path<'_>,
    context: Context,
) -> Result<(), ApiError> {
    let options = event
        .get("data_processing_options")
        .and_then(Value::as_array);
    let options = options.map_or(&[] as &[Value], Vec::as_slice);
    if options.iter().any(|option| option != "LDU") {
        return Err(mistyped(
            &path.key("data_processing_options"),
            "[] or [\"LDU\"]",
        ));
    }
    let country_path = path.key("data_processing_options_country");
    let state_path = path.key("data_processing_options_state");
    let country = present(event, "data_processing_options_country");
    let state = present(event, "data_processing_options_state");
    if country.is_some_and(|value| !value.as_i64().is_some_and(|code| COUNTRIES.contains(&code))) {
        return Err(mistyped(&country_path, "0 or 1"));
    }
    if state.is_some_and(|value| !value.as_i64().is_some_and(is_state)) {
        return Err(mistyped(&state_path, "0 or 1000 to 1013"));
    }
    if options.is_empty() || context.lenient {
        return Ok(());
    }
    if country.is_none() {
        return Err(ApiError::required(&country_path));
    }
    // Meta: who sets a country must set a state. Each state is one of country 1.
    let code = |value: Option<&Value>| value.and_then(Value::as_i64).unwrap_or(0);
    match (code(country), code(state)) {
        (1, 0) => return Err(mistyped(&state_path, "1000 to 1013 where the country is 1")),
        (0, 1000..) => return Err(mistyped(&country_path, "1 where there is a state")),
        _ => {}
    }
    // Without a state Meta geolocates, for which it needs the address.
    if state.is_none() && present(user, "client_ip_address").is_none() {
        return Err(ApiError::required(&state_path));
    }
    Ok(())
}
