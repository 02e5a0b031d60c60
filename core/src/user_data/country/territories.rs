//! Territories that addresses name together with the country that they belong to.

/// The countries and their territories, as alpha-2 codes.
const TERRITORIES: [(&str, &[&str]); 8] = [
    ("AU", &["CC", "CX", "HM", "NF"]),
    ("CN", &["HK", "MO", "TW"]),
    ("DK", &["FO", "GL"]),
    (
        "FR",
        &[
            "BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT",
        ],
    ),
    (
        "GB",
        &[
            "AI", "BM", "FK", "GG", "GI", "GS", "IM", "IO", "JE", "KY", "MS", "PN", "SH", "TC",
            "VG",
        ],
    ),
    ("NL", &["AW", "BQ", "CW", "SX"]),
    ("NZ", &["CK", "NU", "TK"]),
    ("US", &["AS", "GU", "MP", "PR", "UM", "VI"]),
];

/// Whether `territory` belongs to `country`: `Puerto Rico (US)` is Puerto Rico.
pub(super) fn belongs(territory: &str, country: &str) -> bool {
    TERRITORIES
        .iter()
        .any(|(own, territories)| *own == country && territories.contains(&territory))
}
