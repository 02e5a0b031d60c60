//! Links every action crate of the workspace.
//!
//! A crate that nobody names is left out by the linker, and its action with
//! it, without a word: so each is named here, and a binary names this crate
//! (`use capi_actions as _;`). None of the lines below is unused.

use capi_action_add_payment_info as _;
use capi_action_add_to_cart as _;
use capi_action_add_to_wishlist as _;
use capi_action_app_install as _;
use capi_action_append_attribution as _;
use capi_action_append_value as _;
use capi_action_business_messaging as _;
use capi_action_complete_registration as _;
use capi_action_contact as _;
use capi_action_crm_stage as _;
use capi_action_custom_event as _;
use capi_action_customize_product as _;
use capi_action_donate as _;
use capi_action_find_location as _;
use capi_action_initiate_checkout as _;
use capi_action_lead as _;
use capi_action_page_view as _;
use capi_action_purchase as _;
use capi_action_schedule as _;
use capi_action_search as _;
use capi_action_start_trial as _;
use capi_action_submit_application as _;
use capi_action_subscribe as _;
use capi_action_view_content as _;
