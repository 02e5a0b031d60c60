//! What the commands tell people.

/// Says something on stderr, as `eprintln!` does, and goes on where stderr cannot be
/// written: see [`capi_server::status`].
macro_rules! status {
    ($($words:tt)*) => {
        capi_server::status(format_args!($($words)*))
    };
}
