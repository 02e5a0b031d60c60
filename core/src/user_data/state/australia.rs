//! States and territories of Australia (ISO 3166-2:AU).

pub(super) const STATES: &[(&str, &[&str])] = &[
    ("act", &["Australian Capital Territory"]),
    ("nsw", &["New South Wales"]),
    ("nt", &["Northern Territory"]),
    ("qld", &["Queensland"]),
    ("sa", &["South Australia"]),
    ("tas", &["Tasmania"]),
    ("vic", &["Victoria"]),
    ("wa", &["Western Australia"]),
];
