//! Provinces and territories of Canada (ISO 3166-2:CA).

pub(super) const PROVINCES: &[(&str, &[&str])] = &[
    ("ab", &["Alberta", "Alta"]),
    ("bc", &["British Columbia", "Colombie-Britannique"]),
    ("mb", &["Manitoba", "Man"]),
    ("nb", &["New Brunswick", "Nouveau-Brunswick"]),
    (
        "nl",
        &[
            "Newfoundland and Labrador",
            "Newfoundland",
            "Labrador",
            "Terre-Neuve-et-Labrador",
            "NFLD",
            "NF",
        ],
    ),
    ("ns", &["Nova Scotia", "Nouvelle-Écosse"]),
    (
        "nt",
        &["Northwest Territories", "Territoires du Nord-Ouest", "NWT"],
    ),
    ("nu", &["Nunavut"]),
    ("on", &["Ontario", "Ont"]),
    (
        "pe",
        &["Prince Edward Island", "Île-du-Prince-Édouard", "PEI"],
    ),
    ("qc", &["Quebec", "PQ", "Que"]),
    ("sk", &["Saskatchewan", "Sask"]),
    ("yt", &["Yukon", "Yukon Territory"]),
];
