//! Meta's event as it would be sent, masked.

use super::Cloak;
use super::mask::Mask;
use super::shown::Shown;
use crate::json::Json;

impl<'a> Cloak<'a> {
    /// Meta's event as it would be sent. What is at one of the places `hidden`,
    /// such as `custom_data.age`, is made of a person's values.
    pub(in crate::explain) fn sent(&self, event: Json<'a>, hidden: &[&str]) -> Shown<'a> {
        let (Json::Object(members), false) = (event, self.raw) else {
            return Shown(event);
        };
        let is_hidden = |place: &str| hidden.contains(&place);
        let part = |object: &str, value: Json<'a>| match value {
            Json::Object(members) => {
                // Slots of `extinfo` have no name of their own.
                let has_slot = hidden.iter().any(|place| place.starts_with("app_data."));
                let members: Vec<_> = members
                    .iter()
                    .map(|(key, value)| {
                        let is_slots = *key == "extinfo" && has_slot;
                        if is_slots || is_hidden(&format!("{object}.{key}")) {
                            (self.key(key), self.keys_only(*value))
                        } else {
                            (self.key(key), self.member(key, *value))
                        }
                    })
                    .collect();
                Json::Object(self.arena.list(&members))
            }
            other => self.covered(other),
        };
        let members: Vec<_> = members
            .iter()
            .map(|(key, value)| match (*key, value) {
                ("user_data", Json::Object(user)) => (*key, self.sent_user_data(user)),
                (key, value) if is_hidden(key) => (key, self.keys_only(*value)),
                ("custom_data" | "app_data", value) => (*key, part(key, *value)),
                // One of Meta's own words.
                ("action_source", value) => (*key, *value),
                _ => (*key, self.covered(*value)),
            })
            .collect();
        Shown(Json::Object(self.arena.list(&members)))
    }

    /// Digests stay; what would leave readable is masked.
    fn sent_user_data(&self, members: &[(&'a str, Json<'a>)]) -> Json<'a> {
        let mask = |key: &str| match key {
            "client_ip_address" => Mask::UserKey("client_ip_address"),
            "client_user_agent" => Mask::UserKey("client_user_agent"),
            "partner_name" => Mask::UserKey("partner_name"),
            "fbc" | "fbp" => Mask::UserKey("fbc"),
            _ => Mask::UserKey(""),
        };
        let members: Vec<_> = members
            .iter()
            .map(|(key, value)| (*key, self.masked(mask(key), *value)))
            .collect();
        Json::Object(self.arena.list(&members))
    }
}
