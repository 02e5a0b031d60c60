//! `shop-capi-server`: capi's server with one action more.

use std::process::ExitCode;

// Without these lines the linker leaves the actions out.
use capi_action_subscription_renewed as _;
use capi_actions as _;

fn main() -> ExitCode {
    capi_server::run()
}
