//! `user_data`: which customer information is enough to match anyone.

use super::{Fields, present};
use crate::api_error::{ApiError, Subcode};

/// Meta, Best practices: an event with no more than one of these sets is
/// "so broad that it is unlikely to be effective for matching".
const TOO_BROAD: [&[&str]; 4] = [
    &["ct", "country", "st", "zp", "ge", "client_user_agent"],
    &["db", "client_user_agent"],
    &["fn", "ge"],
    &["ln", "ge"],
];

pub(crate) fn check(user: &Fields) -> Result<(), ApiError> {
    let within = |set: &[&str]| {
        user.keys()
            .all(|key| set.contains(&key.as_str()) || present(user, key).is_none())
    };
    if TOO_BROAD.into_iter().any(within) {
        let message = "This event has no customer information parameters, or has a combination \
                       of customer information parameters that is so broad that it is unlikely \
                       to be effective for matching.";
        return Err(ApiError::event(Subcode::TOO_BROAD, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_subset_of_a_broad_set_is_too_broad_and_one_more_key_is_not() {
        let event = |keys: &[&str]| -> Fields {
            keys.iter()
                .map(|key| ((*key).to_owned(), json!("x")))
                .collect()
        };
        for set in TOO_BROAD {
            for mask in 0..1_usize << set.len() {
                let subset = set
                    .iter()
                    .enumerate()
                    .filter(|(bit, _)| mask >> bit & 1 == 1);
                let keys: Vec<&str> = subset.map(|(_, key)| *key).collect();
                assert!(check(&event(&keys)).is_err(), "{keys:?}");
            }
            let mut keys = set.to_vec();
            keys.push("em");
            assert!(check(&event(&keys)).is_ok(), "{keys:?}");
        }
        assert!(check(&event(&["fn", "ln"])).is_ok());
        assert!(check(&event(&["client_ip_address", "client_user_agent"])).is_ok());
    }
}
