//! Links every action crate of the workspace.
//!
//! A crate that nobody names is left out by the linker, and its action with
//! it, without a word: so each is named here, and a binary names this crate
//! (`use capi_actions as _;`). None of the lines below is unused.

use capi_action_add_to_cart as _;
use capi_action_custom_event as _;
use capi_action_initiate_checkout as _;
use capi_action_page_view as _;
use capi_action_purchase as _;
use capi_action_search as _;
use capi_action_view_content as _;
