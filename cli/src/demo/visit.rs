//! One moment of one customer, and the call that the shop's client makes of it.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::customers::Customer;

/// One call, and what must become of it.
pub(super) struct Call {
    /// The event as JSON text.
    pub(super) text: String,
    /// Its id, if it has one.
    pub(super) message_id: String,
    /// What must become of it.
    pub(super) expect: Expect,
}

/// What must become of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expect {
    /// It is delivered as this action, under this name.
    Delivered {
        action: &'static str,
        name: &'static str,
    },
    /// It is rejected with this code.
    Rejected(&'static str),
    /// No subscription takes it.
    Unmatched,
    /// It came before and is not sent again.
    Duplicate,
}

impl Expect {
    pub(super) const fn is_delivered(self) -> bool {
        matches!(self, Self::Delivered { .. })
    }
}

/// The products: id, name, price.
const PRODUCTS: &[(&str, &str, f64)] = &[
    ("sku-101", "Linen Shirt", 45.5),
    ("sku-202", "Ceramic Mug", 12.25),
    ("sku-303", "手帳 2026", 39.0),
    ("sku-404", "Desk Lamp «Arc»", 156.7),
    ("sku-505", "Kids’ Raincoat", 46.07),
    ("sku-606", "Oat Cookies (12x)", 9.66),
];

const SEARCHES: &[&str] = &["linen shirt", "größe 42", "手帳", "a & b", "светильник"];

/// One moment of one customer.
pub(super) struct Visit {
    pub(super) number: u32,
    pub(super) time: Timestamp,
    pub(super) customer: &'static Customer,
    pub(super) random: fastrand::Rng,
}

impl Visit {
    pub(super) fn message_id(&self) -> String {
        format!("demo-{:06}", self.number)
    }

    /// The call that sends `event`.
    pub(super) fn call(&self, event: &Value, expect: Expect) -> Call {
        Call {
            text: event.to_string(),
            message_id: self.message_id(),
            expect,
        }
    }

    /// An event of type `kind`, as a client fills it.
    fn event(&self, kind: &str, properties: &Value) -> Value {
        let mut event = json!({
            "type": kind,
            "messageId": self.message_id(),
            "anonymousId": self.customer.anonymous_id,
            "timestamp": format!("{:.3}", self.time),
            "context": {
                "ip": self.customer.ip,
                "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0",
                "locale": "en-US",
                "page": { "url": "https://shop.example/", "path": "/", "title": "Shop" },
                "traits": self.customer.traits(),
                "library": { "name": "analytics-node", "version": "2.3.0" },
            },
            "properties": properties,
        });
        if let Some(user_id) = self.customer.user_id {
            event["userId"] = json!(user_id);
        }
        event
    }

    pub(super) fn track(&self, name: &str, properties: &Value) -> Value {
        let mut event = self.event("track", properties);
        event["event"] = json!(name);
        event
    }

    fn product(&mut self) -> &'static (&'static str, &'static str, f64) {
        &PRODUCTS[self.random.usize(..PRODUCTS.len())]
    }

    fn one_product(&mut self) -> Value {
        let (id, name, price) = self.product();
        json!({ "product_id": id, "name": name, "price": price, "quantity": self.random.u32(1..4), "currency": self.customer.currency })
    }

    /// An order of one to five products.
    pub(super) fn order(&mut self) -> Value {
        let count = self.random.usize(1..6);
        let mut total = 0.0;
        let products: Vec<Value> = (0..count)
            .map(|_| {
                let (id, name, price) = self.product();
                let quantity = self.random.u32(1..4);
                total += price * f64::from(quantity);
                json!({ "product_id": id, "name": name, "price": price, "quantity": quantity })
            })
            .collect();
        let revenue = (total * 100.0).round() / 100.0;
        json!({
            "order_id": format!("ORD-{}", 50_000 + self.number),
            "revenue": revenue,
            "total": revenue + 9.0,
            "shipping": 9,
            "currency": self.customer.currency,
            "fbp": "fb.1.1765432100000.1098115397",
            "products": products,
        })
    }

    pub(super) fn page(&mut self) -> (Value, Expect) {
        let mut event = self.event("page", &json!({ "path": "/", "title": "Shop" }));
        event["name"] = json!("Home");
        (
            event,
            Expect::Delivered {
                action: "page-view",
                name: "PageView",
            },
        )
    }

    pub(super) fn viewed(&mut self) -> (Value, Expect) {
        let product = self.one_product();
        let expect = Expect::Delivered {
            action: "view-content",
            name: "ViewContent",
        };
        (self.track("Product Viewed", &product), expect)
    }

    pub(super) fn searched(&mut self) -> (Value, Expect) {
        let query = SEARCHES[self.random.usize(..SEARCHES.len())];
        let expect = Expect::Delivered {
            action: "search",
            name: "Search",
        };
        (
            self.track("Products Searched", &json!({ "query": query })),
            expect,
        )
    }

    pub(super) fn added(&mut self) -> (Value, Expect) {
        let product = self.one_product();
        let expect = Expect::Delivered {
            action: "add-to-cart",
            name: "AddToCart",
        };
        (self.track("Product Added", &product), expect)
    }

    pub(super) fn checkout(&mut self) -> (Value, Expect) {
        let order = self.order();
        let expect = Expect::Delivered {
            action: "initiate-checkout",
            name: "InitiateCheckout",
        };
        (self.track("Checkout Started", &order), expect)
    }

    pub(super) fn ordered(&mut self) -> (Value, Expect) {
        let order = self.order();
        let expect = Expect::Delivered {
            action: "purchase",
            name: "Purchase",
        };
        (self.track("Order Completed", &order), expect)
    }

    pub(super) fn identified(&mut self) -> (Value, Expect) {
        let mut event = self.event("identify", &json!({}));
        event["traits"] = self.customer.traits();
        (
            event,
            Expect::Delivered {
                action: "custom-event",
                name: "CompleteRegistration",
            },
        )
    }

    pub(super) fn coupon(&mut self) -> (Value, Expect) {
        (
            self.track("Coupon Applied", &json!({ "coupon": "SPRING" })),
            Expect::Unmatched,
        )
    }
}
