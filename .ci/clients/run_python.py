"""Sends one call for each action with segment-analytics-python."""

import os
import sys

from segment.analytics.client import Client

errors = []
client = Client(
    write_key=os.environ["CAPI_WRITE_KEY"],
    host=os.environ["CAPI_HOST"],
    gzip=bool(os.environ.get("CAPI_GZIP")),
    on_error=lambda error, items: errors.append(error),
)

user = "cust_48213"
traits = {"email": "Kim.Lee@Example.com", "phone": "+1 (512) 555-0132"}
context = {
    "ip": "203.0.113.44",
    "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0",
    "page": {"url": "https://shop.example/checkout/thanks", "path": "/checkout/thanks"},
    "traits": traits,
}
product = {
    "product_id": "sku-101",
    "name": "Linen Shirt",
    "price": 45.5,
    "quantity": 1,
    "currency": "USD",
}
order = {
    "order_id": "ORD-50314",
    "revenue": 121.25,
    "currency": "USD",
    "products": [
        {"product_id": "sku-101", "price": 45.5, "quantity": 1},
        {"product_id": "sku-202", "price": 12.25, "quantity": 3},
    ],
}

client.page(user, name="Thank you", context=context)
client.identify(user, traits, context=context)
client.track(user, "Products Searched", {"query": "mug größe"}, context=context)
client.track(user, "Product Viewed", product, context=context)
client.track(user, "Product Added", product, context=context)
client.track(user, "Checkout Started", order, context=context)
client.track(user, "Order Completed", order, context=context)
client.flush()
client.join()

for error in errors:
    print(error, file=sys.stderr)
sys.exit(1 if errors else 0)
