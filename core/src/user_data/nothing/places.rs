//! Places whose names are words for nothing elsewhere.

use super::spelling::Spelling;

/// The words, each with the countries that have a city, a state or a state's code of
/// that name (ISO 3166-1 and ISO 3166-2).
const PLACES: [(&str, &[&str]); 4] = [
    // Namibia's own code is not here. Naftalan, Navarra, Naples, Nabatieh,
    // Nayarit as some shops write it, Nasarawa.
    ("na", &["az", "es", "it", "lb", "mx", "ng"]),
    // A city and a province.
    ("nan", &["th"]),
    // A town in the Piedmont.
    ("none", &["it"]),
    // A town in Wisconsin, a village in West Virginia.
    ("true", &["us"]),
];

/// Whether the text is the bare name of a place in `country`.
pub(super) fn is_place(spelling: &Spelling<'_>, country: Option<&str>) -> bool {
    let Some(country) = country else {
        return false;
    };
    PLACES
        .iter()
        .any(|(word, countries)| spelling.is_bare(word) && countries.contains(&country))
}
