//! Limited Data Use without a place.

use crate::pipeline::stages::Scrubbed;
use crate::rejection::{Code, Diagnostic};

/// Where the state is left to Meta, it is found by the customer's address.
///
/// Source: Meta, Data processing options for US users.
pub(super) fn check(scrubbed: &mut Scrubbed<'_>) {
    let leaves_it_to_meta = scrubbed
        .draft
        .data_processing
        .is_some_and(|processing| processing.state == 0);
    if leaves_it_to_meta && scrubbed.draft.user_key("client_ip_address").is_none() {
        scrubbed.findings.warn(Diagnostic::new(
            Code::LimitedDataUseWithoutPlace,
            "data_processing_options_state",
            "Limited Data Use leaves it to Meta to find the state, and no client address is known to find it by; map the address or the state",
        ));
    }
}
