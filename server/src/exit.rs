//! The exit codes of every program of ours that ends for such a reason.

/// The call or the configuration is wrong.
pub const USAGE: u8 = 2;

/// The machine refused: a port, a disk, the network.
pub const MACHINE: u8 = 3;
