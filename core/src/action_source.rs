//! Where a conversion took place.

/// Meta's closed list of places where a conversion can take place.
///
/// Source: Meta, Server event parameters, `action_source`.
///
/// ```
/// use capi_core::ActionSource;
///
/// let store = ActionSource::PhysicalStore;
/// assert_eq!(store.name(), "physical_store");
/// assert_eq!(store.days_allowed(), 62);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionSource {
    /// On a website; asks for a user agent and a URL.
    Website,
    /// In a mobile app; asks for app data.
    App,
    /// Over e-mail.
    Email,
    /// Over the phone.
    PhoneCall,
    /// Over a messaging app, SMS or online messaging.
    Chat,
    /// In person at a shop; may be 62 days old.
    PhysicalStore,
    /// Automatically, such as a subscription's renewal.
    SystemGenerated,
    /// From ads that click to Messenger, Instagram or WhatsApp.
    BusinessMessaging,
    /// In another way.
    Other,
}

impl ActionSource {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Website,
        Self::App,
        Self::Email,
        Self::PhoneCall,
        Self::Chat,
        Self::PhysicalStore,
        Self::SystemGenerated,
        Self::BusinessMessaging,
        Self::Other,
    ];

    /// All of Meta's names, for schemas and messages.
    pub const NAMES: &[&str] = &[
        "website",
        "app",
        "email",
        "phone_call",
        "chat",
        "physical_store",
        "system_generated",
        "business_messaging",
        "other",
    ];

    /// Meta's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The source with Meta's name `name`.
    #[must_use]
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.name() == name)
    }

    /// How old an event may be when Meta gets it, in days.
    ///
    /// Source: Meta, Server event parameters, `event_time` (7 days); Using the
    /// API and Offline events (62 days for `physical_store`).
    #[must_use]
    pub const fn days_allowed(self) -> i64 {
        match self {
            Self::PhysicalStore => 62,
            _ => 7,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_the_order_of_the_sources() {
        for source in ActionSource::ALL {
            assert_eq!(ActionSource::from_name(source.name()), Some(source));
        }
        assert_eq!(ActionSource::PhysicalStore.name(), "physical_store");
        assert_eq!(ActionSource::from_name("Website"), None);
    }
}
