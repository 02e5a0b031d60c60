//! Clients' connections: how many there may be (`listener`), how each is read and
//! answered (`connection`), how long it is kept (`patience`), which heads are refused
//! (`heads`), and what becomes of a body that is not read (`unread`).

mod connection;
mod heads;
mod listener;
mod patience;
mod unread;

pub(crate) use connection::connection;
pub(crate) use listener::{AcceptedConnection, Listener};
