//! The states of the United States to which Limited Data Use may be limited.
//!
//! Source: Meta, Data processing options for US users.
//!
//! ```
//! use capi_core::field::data_processing::STATES;
//!
//! let california = STATES.iter().find(|state| state.code == "1000");
//! assert!(california.is_some_and(|state| state.name == "California"));
//! ```

/// A state with a rule of its own.
#[derive(Clone, Copy, Debug)]
pub struct State {
    /// Meta's code.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The day from which Meta takes the code, where Meta names it: `2023-06-01`.
    pub since: Option<&'static str>,
}

const fn state(code: &'static str, name: &'static str, since: &'static str) -> State {
    State {
        code,
        name,
        since: Some(since),
    }
}

/// Every code that `data_processing_options_state` may have; 0 is not a state.
///
/// Source: Meta, Data processing options for US users.
pub const STATES: [State; 15] = [
    State {
        code: "0",
        name: "the state that Meta finds by the client's address",
        since: None,
    },
    State {
        code: "1000",
        name: "California",
        since: None,
    },
    state("1001", "Colorado", "2023-06-01"),
    state("1002", "Connecticut", "2023-06-01"),
    state("1003", "Florida", "2024-06-24"),
    state("1004", "Oregon", "2024-06-24"),
    state("1005", "Texas", "2024-06-24"),
    state("1006", "Montana", "2024-09-23"),
    state("1007", "Delaware", "2024-12-18"),
    state("1008", "Nebraska", "2024-12-18"),
    state("1009", "New Hampshire", "2024-12-18"),
    state("1010", "New Jersey", "2024-12-18"),
    state("1011", "Minnesota", "2025-06-02"),
    state("1012", "Maryland", "2025-09-09"),
    state("1013", "Rhode Island", "2025-11-17"),
];

/// The codes alone, as the field's choices.
pub(crate) const STATE_CODES: [&str; STATES.len()] = {
    let mut codes = [""; STATES.len()];
    let mut index = 0;
    while index < STATES.len() {
        codes[index] = STATES[index].code;
        index += 1;
    }
    codes
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_once_and_in_order() {
        let codes: Vec<u32> = STATE_CODES.map(|code| code.parse().unwrap()).into();
        assert!(codes.is_sorted_by(|one, other| one < other), "{codes:?}");
        assert_eq!(codes.len(), 15);
        for state in STATES {
            let is_date = |text: &str| text.parse::<jiff::civil::Date>().is_ok();
            assert!(state.since.is_none_or(is_date), "{}", state.code);
        }
    }
}
