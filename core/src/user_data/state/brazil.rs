//! States of Brazil and the Federal District (ISO 3166-2:BR), with usual
//! abbreviations.

pub(super) const STATES: &[(&str, &[&str])] = &[
    ("ac", &["Acre"]),
    ("al", &["Alagoas"]),
    ("ap", &["Amapá"]),
    ("am", &["Amazonas"]),
    ("ba", &["Bahia"]),
    ("ce", &["Ceará"]),
    (
        "df",
        &["Distrito Federal", "Federal District", "Brasília DF"],
    ),
    ("es", &["Espírito Santo", "Esp Santo", "E Santo"]),
    ("go", &["Goiás"]),
    ("ma", &["Maranhão"]),
    ("mt", &["Mato Grosso", "M Grosso"]),
    (
        "ms",
        &[
            "Mato Grosso do Sul",
            "Mato Grosso Sul",
            "M Grosso do Sul",
            "MT do Sul",
        ],
    ),
    ("mg", &["Minas Gerais", "M Gerais"]),
    ("pa", &["Pará"]),
    ("pb", &["Paraíba"]),
    ("pr", &["Paraná"]),
    ("pe", &["Pernambuco"]),
    ("pi", &["Piauí"]),
    ("rj", &["Rio de Janeiro", "R de Janeiro", "Rio Janeiro"]),
    (
        "rn",
        &[
            "Rio Grande do Norte",
            "R G do Norte",
            "Rio Gde do Norte",
            "Rio G do Norte",
        ],
    ),
    (
        "rs",
        &[
            "Rio Grande do Sul",
            "R G do Sul",
            "Rio Gde do Sul",
            "Rio G do Sul",
        ],
    ),
    ("ro", &["Rondônia"]),
    ("rr", &["Roraima"]),
    ("sc", &["Santa Catarina", "Sta Catarina", "S Catarina"]),
    ("sp", &["São Paulo", "S Paulo"]),
    ("se", &["Sergipe"]),
    ("to", &["Tocantins"]),
];
