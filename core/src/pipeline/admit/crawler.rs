//! Visits of crawlers, and user agents of the programs that send events.

use crate::ActionSource;
use crate::crawler::is_crawler;
use crate::destination::Crawlers;
use crate::json::Json;
use crate::pipeline::stages::Scrubbed;
use crate::rejection::{Code, Diagnostic};

/// A website event is a person's in a browser: a crawler sees no ads, and what a server
/// calls itself says nothing of the visitor.
pub(super) fn check(
    action_source: ActionSource,
    scrubbed: &mut Scrubbed<'_>,
    reasons: &mut Vec<Diagnostic>,
) {
    let crawlers = scrubbed.context.destination.crawlers;
    if action_source != ActionSource::Website || crawlers == Crawlers::Send {
        return;
    }
    let agent = scrubbed.draft.user_key("client_user_agent");
    if !agent.and_then(Json::as_str).is_some_and(is_crawler) {
        return;
    }
    let reason = Diagnostic::new(
        Code::CrawlerUserAgent,
        "user_data.client_user_agent",
        "the user agent is that of a crawler or of a program, not of a browser; send the visitor's own, and with crawlers = \"drop\" leave crawlers out",
    );
    if crawlers == Crawlers::Drop {
        reasons.push(reason);
    } else {
        scrubbed.findings.warn(reason);
    }
}
