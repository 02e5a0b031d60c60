//! States and territories of Australia (ISO 3166-2:AU), with their
//! abbreviations.

pub(super) const STATES: &[(&str, &[&str])] = &[
    (
        "act",
        &[
            "Australian Capital Territory",
            "Aust Capital Territory",
            "Australian Cap Terr",
            "Canberra ACT",
        ],
    ),
    ("nsw", &["New South Wales", "N S Wales", "New S Wales"]),
    (
        "nt",
        &[
            "Northern Territory",
            "N Territory",
            "Northern Terr",
            "North Territory",
        ],
    ),
    ("qld", &["Queensland", "Qnsld", "Queensl"]),
    (
        "sa",
        &[
            "South Australia",
            "S Australia",
            "South Aust",
            "Sth Australia",
            "S Aust",
        ],
    ),
    ("tas", &["Tasmania", "Tassie", "Tasm"]),
    ("vic", &["Victoria", "Vict"]),
    (
        "wa",
        &[
            "Western Australia",
            "W Australia",
            "West Australia",
            "Western Aust",
            "West Aust",
            "W Aust",
        ],
    ),
];
