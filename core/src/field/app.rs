//! The fields of app events.
//!
//! Source: Meta, App data parameters.
//!
//! An action of events that only an app sends takes [`OF_APP`] in place of the
//! [`app_data`](super::event::APP_DATA) of every event, which is optional:
//!
//! ```
//! use capi_core::field::{Field, app, event};
//!
//! const APP_DATA: Field = event::APP_DATA.properties(app::OF_APP).required().replaces();
//!
//! let system = APP_DATA.properties.iter().find(|field| field.key == "version");
//! assert!(system.is_some_and(|field| field.default.is_some()));
//! ```

use super::{Field, FieldType, WirePath, remapped};

const fn app(key: &'static str, title: &'static str, kind: FieldType) -> Field {
    Field::new(key, title, kind, WirePath::AppKey)
}

const fn slot(key: &'static str, title: &'static str) -> Field {
    app(key, title, FieldType::String)
}

/// The sixteen slots of `extinfo`, in Meta's order.
///
/// Source: Meta, App data parameters, `extinfo`: all are sent, a missing one
/// as an empty string.
pub(crate) const EXTINFO: [&str; 16] = [
    "version",
    "packageName",
    "shortVersion",
    "longVersion",
    "osVersion",
    "deviceName",
    "locale",
    "timezone",
    "carrier",
    "width",
    "height",
    "density",
    "cpuCores",
    "storageSize",
    "freeStorage",
    "deviceTimezone",
];

/// The place of the field `key` in `extinfo`, where it has one.
pub(crate) fn slot_of(key: &str) -> Option<usize> {
    EXTINFO.iter().position(|name| *name == key)
}

/// What an event of a mobile app says of the app and the device.
pub const APP_DATA: &[Field] = &FIELDS;

/// The same of an event that only an app sends: it is in use, the system is read from
/// the event, and whether tracking is allowed from what the device says of it.
pub const OF_APP: &[Field] = &remapped(
    FIELDS,
    &[
        ("use_app_data", Some("true")),
        (
            "advertiser_tracking_enabled",
            Some(r#"{"@path":"$.context.device.adTrackingEnabled"}"#),
        ),
        (
            "madId",
            Some(
                r#"{"@coalesce":[{"@path":"$.context.madId"},{"@path":"$.context.device.advertisingId"}]}"#,
            ),
        ),
        ("version", Some(SYSTEM)),
    ],
);

/// Segment's libraries say `ios` or `android` of the device, and the system's name.
const SYSTEM: &str = r#"{"@liquid":"{% assign system = context.device.type | default: context.os.name | downcase %}{% if system contains 'android' %}a2{% elsif system contains 'ios' or system contains 'ipad' or system contains 'iphone' %}i2{% endif %}"}"#;

const FIELDS: [Field; 26] = [
    app("use_app_data", "Use App Data", FieldType::Boolean)
        .description("Whether app data is sent at all."),
    app(
        "advertiser_tracking_enabled",
        "Advertiser Tracking Enabled",
        FieldType::Boolean,
    )
    .description(
        "Whether the person allowed tracking on the device; app events need it. Never invented.",
    ),
    app(
        "application_tracking_enabled",
        "Application Tracking Enabled",
        FieldType::Boolean,
    )
    .description("Whether the person allowed tracking in the app. Never invented.")
    .default(r#"{"@path":"$.context.device.adTrackingEnabled"}"#),
    Field::new(
        "madId",
        "Mobile Advertiser ID",
        FieldType::String,
        // Segment's mapping has it here.
        WirePath::UserKey("madid"),
    )
    .alias("madid")
    .description("The device's advertising id; it goes into user_data, where Meta has it.")
    .default(r#"{"@path":"$.context.madId"}"#),
    slot("version", "Version")
        .description("The operating system: i2 is iOS, a2 is Android.")
        .choices(&["i2", "a2"]),
    slot("packageName", "Package Name")
        .description("The app's package or bundle name.")
        .default(r#"{"@path":"$.context.app.namespace"}"#),
    slot("shortVersion", "Short Version").description("The app's short version."),
    slot("longVersion", "Long Version")
        .description("The app's long version.")
        .default(r#"{"@path":"$.context.app.version"}"#),
    slot("osVersion", "OS Version")
        .description("The operating system's version; app events need it.")
        .default(r#"{"@path":"$.context.os.version"}"#),
    slot("deviceName", "Device Model")
        .description("The device's model.")
        .default(r#"{"@path":"$.context.device.model"}"#),
    slot("locale", "Locale")
        .description("The device's locale.")
        .default(r#"{"@path":"$.context.locale"}"#),
    slot("timezone", "Time Zone Abbreviation")
        .description("The time zone's abbreviation, such as PDT."),
    slot("carrier", "Carrier")
        .description("The mobile network's name.")
        .default(r#"{"@path":"$.context.network.carrier"}"#),
    slot("width", "Screen Width")
        .description("The screen's width in pixels.")
        .default(r#"{"@path":"$.context.screen.width"}"#),
    slot("height", "Screen Height")
        .description("The screen's height in pixels.")
        .default(r#"{"@path":"$.context.screen.height"}"#),
    slot("density", "Screen Density")
        .description("The screen's density.")
        .default(r#"{"@path":"$.context.screen.density"}"#),
    slot("cpuCores", "CPU Cores").description("How many processor cores the device has."),
    slot("storageSize", "Storage Size").description("The external storage's size in GB."),
    slot("freeStorage", "Free Storage").description("The external storage's free space in GB."),
    slot("deviceTimezone", "Device Time Zone")
        .description("The device's time zone, such as USA/New York.")
        .default(r#"{"@path":"$.context.timezone"}"#),
    app("campaign_ids", "Campaign IDs", FieldType::String)
        .description("The encrypted text of the deep link that opened the app."),
    app("install_referrer", "Install Referrer", FieldType::String)
        .description("Android's install referrer."),
    app("installer_package", "Installer Package", FieldType::String)
        .description("The package that installed the app."),
    app("url_schemes", "URL Schemes", FieldType::String)
        .multiple()
        .description("The URL schemes that the app takes."),
    app("vendor_id", "Vendor ID", FieldType::String).description("The vendor's id of the device."),
    app(
        "windows_attribution_id",
        "Windows Attribution ID",
        FieldType::String,
    )
    .description("The attribution id of Windows."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slot_has_its_field() {
        for key in EXTINFO {
            assert!(APP_DATA.iter().any(|field| field.key == key), "{key}");
        }
    }
}
