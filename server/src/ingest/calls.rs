//! The calls of the Segment spec, and where each comes in.

/// Each call of the Segment spec, with its short form.
pub(super) const CALLS: &[(&str, &str, &str)] = &[
    ("track", "/v1/track", "/v1/t"),
    ("page", "/v1/page", "/v1/p"),
    ("screen", "/v1/screen", "/v1/s"),
    ("identify", "/v1/identify", "/v1/i"),
    ("group", "/v1/group", "/v1/g"),
    ("alias", "/v1/alias", "/v1/a"),
];

/// Where batches of them come in.
pub(super) const BATCHES: [&str; 3] = ["/v1/batch", "/v1/import", "/v1/b"];
