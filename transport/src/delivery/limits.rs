//! How much a lane sends together.

/// How a lane sends.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowLimits {
    /// Rows in a request.
    pub(super) batch_size: usize,
    /// Bytes of payload in a request, but for a single row that is larger.
    pub(super) batch_bytes: usize,
    pub(super) max_in_flight: usize,
    pub(super) linger_ms: i64,
}
