// Sends one call for each action with @segment/analytics-node. The client is
// taken from CAPI_NODE_CLIENT, so that nothing is installed beside this file.
import { createRequire } from 'node:module'
import { join } from 'node:path'

function setting(name) {
  const value = process.env[name]
  if (!value) {
    console.error(`${name} is not set`)
    process.exit(2)
  }
  return value
}

const require = createRequire(join(setting('CAPI_NODE_CLIENT'), 'package.json'))
const { Analytics } = require('@segment/analytics-node')

const analytics = new Analytics({
  host: setting('CAPI_HOST'),
  writeKey: setting('CAPI_WRITE_KEY'),
})
const errors = []
analytics.on('error', (error) => errors.push(error))

const traits = { email: 'Kim.Lee@Example.com', phone: '+1 (512) 555-0132' }
const common = {
  userId: 'cust_48213',
  context: {
    ip: '203.0.113.44',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0',
    page: { url: 'https://shop.example/checkout/thanks', path: '/checkout/thanks' },
    traits,
  },
}
const product = { product_id: 'sku-101', name: 'Linen Shirt', price: 45.5, quantity: 1, currency: 'USD' }
const order = {
  order_id: 'ORD-50314',
  revenue: 121.25,
  currency: 'USD',
  products: [
    { product_id: 'sku-101', price: 45.5, quantity: 1 },
    { product_id: 'sku-202', price: 12.25, quantity: 3 },
  ],
}

analytics.page({ ...common, name: 'Thank you' })
analytics.identify({ ...common, traits })
analytics.track({ ...common, event: 'Products Searched', properties: { query: 'mug größe' } })
analytics.track({ ...common, event: 'Product Viewed', properties: product })
analytics.track({ ...common, event: 'Product Added', properties: product })
analytics.track({ ...common, event: 'Checkout Started', properties: order })
analytics.track({ ...common, event: 'Order Completed', properties: order })
await analytics.closeAndFlush({ timeout: 30_000 })

for (const error of errors) console.error(error)
process.exit(errors.length === 0 ? 0 : 1)
