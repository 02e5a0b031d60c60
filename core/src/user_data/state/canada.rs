//! Provinces and territories of Canada (ISO 3166-2:CA), with their
//! abbreviations in English and French.

pub(super) const PROVINCES: &[(&str, &[&str])] = &[
    ("ab", &["Alberta", "Alta"]),
    (
        "bc",
        &[
            "British Columbia",
            "Colombie-Britannique",
            "Brit Col",
            "Brit Columbia",
            "B Columbia",
            "C-B",
        ],
    ),
    ("mb", &["Manitoba", "Man"]),
    (
        "nb",
        &[
            "New Brunswick",
            "Nouveau-Brunswick",
            "N Brunswick",
            "New Bruns",
        ],
    ),
    (
        "nl",
        &[
            "Newfoundland and Labrador",
            "Newfoundland",
            "Labrador",
            "Terre-Neuve-et-Labrador",
            "NFLD",
            "NF",
            "Newf",
            "Nfld and Lab",
            "Nfld and Labrador",
            "Newfoundland and Lab",
            "Nfld Lab",
            "Newfoundland Labrador",
            "T-N-L",
            "Terre-Neuve",
        ],
    ),
    (
        "ns",
        &[
            "Nova Scotia",
            "Nouvelle-Écosse",
            "N Scotia",
            "Nova Sc",
            "N-É",
            "NÉ",
        ],
    ),
    (
        "nt",
        &[
            "Northwest Territories",
            "Territoires du Nord-Ouest",
            "NWT",
            "NW Territories",
            "N W Terr",
            "Northwest Terr",
            "Northwest Territory",
            "TNO",
        ],
    ),
    ("nu", &["Nunavut", "Nvt"]),
    ("on", &["Ontario", "Ont"]),
    (
        "pe",
        &[
            "Prince Edward Island",
            "Île-du-Prince-Édouard",
            "PEI",
            "Pr Edward Island",
            "Pr Edward Isl",
            "Prince Edward Isl",
            "Prince Edward Is",
            "ÎPÉ",
        ],
    ),
    ("qc", &["Quebec", "PQ", "Que", "Qué", "Québ"]),
    ("sk", &["Saskatchewan", "Sask"]),
    (
        "yt",
        &[
            "Yukon",
            "Yukon Territory",
            "Yuk",
            "YK",
            "Territoire du Yukon",
            "Yukon Terr",
        ],
    ),
];
