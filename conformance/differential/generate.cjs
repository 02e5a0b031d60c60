// Questions of one kind, the same for the same seed.
'use strict'
const [kind, seed, count] = process.argv.slice(2)

// mulberry32
let state = Number(seed) >>> 0
function random () {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const below = (n) => Math.floor(random() * n)
const of = (list) => list[below(list.length)]
const often = (chance) => random() < chance
const some = (most, make) => Array.from({ length: below(most + 1) }, make)

const EVENT = {
  type: 'track',
  event: 'Order Completed',
  messageId: 'msg-1',
  userId: 'cust 7',
  anonymousId: null,
  timestamp: '2026-02-03T04:05:06.789Z',
  context: { page: { url: 'https://shop.example/a?b=c&d=é', title: '' }, traits: { email: 'Kim@Example.com', vip: true, age: 31 } },
  properties: {
    order_id: 'A-17', revenue: 25.5, total: 0, tax: null, currency: 'usd', coupon: '', blank: '  ',
    quantity: 3, numstr: '0042', text: 'The quick brown fox, the lazy dog', uni: 'Straße ÀÉ 世界 café',
    html: '<b>"a" & \'b\'</b>', csv: 'red,green,,blue', when: '2024-03-10 12:30:00', yes: true, no: false,
    products: [{ product_id: 'p1', name: 'Mug', price: 4.5, quantity: 2 }, { product_id: 'p2', price: '16.50', tags: ['k'] }],
    list: [1, 'two', null, true], nested: { a: { b: 'deep', c: [1, { d: 2 }] } }, empty: {}, none: []
  }
}
const PATHS = [
  'type', 'event', 'userId', 'anonymousId', 'missing', 'timestamp', 'context.page.url', 'context.page.title',
  'context.traits.email', 'context.traits.vip', 'context.traits.age', 'context.missing.deep',
  ...Object.keys(EVENT.properties).map((key) => `properties.${key}`),
  'properties.products[0].name', 'properties.products[1].price', 'properties.list[1]', 'properties.nested.a.b', 'properties.list.length'
]

const quote = (text) => `"${text}"`
// What both languages have: comparisons of numbers, patterns of texts, and `!=` of what
// is there. Beyond that they differ on purpose.
const TEXTS = ['event', 'userId', 'context.page.url', 'context.traits.email', 'properties.order_id', 'properties.currency', 'properties.numstr', 'properties.text', 'properties.uni']
const NUMBERS = ['properties.revenue', 'properties.total', 'properties.quantity', 'context.traits.age']
const term = () => of([
  () => `${of(NUMBERS)} ${of(['=', '!=', '<', '<=', '>', '>='])} ${of(['25.5', '0', '3', '-1', '31', '99.5'])}`,
  () => `${of(TEXTS)} ${of(['=', '!='])} ${quote(of(['Order Completed', 'usd', 'USD', 'A-17', '0042', 'cust 7', '*', 'x']))}`,
  () => `${of(['contains', 'match'])}(${of(TEXTS)}, ${quote(of(['A*', '*shop*', 'quick', 'u?d', '*', 'Order C*', 'Stra', '00?2', 'é']))})`,
  () => `${of(['properties.yes', 'properties.no', 'context.traits.vip'])} ${of(['=', '!='])} ${of(['true', 'false'])}`,
  () => `${of(['properties.missing', 'properties.tax', 'anonymousId', 'userId', 'event'])} ${of(['=', '!='])} null`,
  () => `type = ${quote(of(['track', 'page']))}`
])()
function trigger () {
  const group = () => {
    const word = of([' and ', ' or '])
    return [term(), ...some(3, term)].join(word)
  }
  const inner = () => often(0.15) ? `!(${group()})` : `(${group()})`
  return often(0.5) ? group() : [often(0.5) ? term() : inner(), ...some(2, inner)].join(of([' and ', ' or ']))
}

const FILTERS = [
  () => of(['upcase', 'downcase', 'capitalize', 'strip', 'lstrip', 'rstrip', 'squish', 'size', 'first', 'last', 'abs', 'ceil', 'floor', 'round',
    'escape', 'escape_once', 'url_encode', 'url_decode', 'cgi_escape', 'uri_escape', 'base64_encode', 'sha256', 'compact', 'json', 'jsonify', 'inspect',
    'strip_html', 'strip_newlines', 'to_integer', 'normalize_whitespace', 'number_of_words', 'truncatewords', 'slugify', 'join', 'sum', 'unknown_filter']),
  () => `${of(['plus', 'minus', 'times', 'divided_by', 'modulo', 'at_least', 'at_most', 'round'])}: ${of(['2', '0', '1.5', '-3', 'properties.quantity', "'4'", 'missing'])}`,
  () => `${of(['append', 'prepend', 'remove', 'remove_first', 'remove_last', 'split', 'join', 'strip', 'push', 'unshift'])}: ${of(["'a'", "' '", "','", "'o'", 'properties.quantity', 'userId'])}`,
  () => `${of(['replace', 'replace_first', 'replace_last'])}: ${of(["'o'", "','", "'zz'", "'A'"])}, ${of(["'-'", "''", 'userId', "'$&'"])}`,
  () => `truncate: ${of(['5', '0', '100', '-1'])}${of(['', ", ''", ", '…'"])}`,
  () => `truncatewords: ${of(['1', '2', '0', '9', '-2', "'3'"])}${of(['', ", ''", ", '…'"])}`,
  () => `slice: ${of(['0', '1', '-2', '7'])}${of(['', ', 2', ', 0', ', 9'])}`,
  () => `default: ${of(["'none'", "''", 'userId', '0', "'x', allow_false: true"])}`,
  () => `slugify: ${of(["'none'", "'raw'", "'default'", "'pretty'", "'ascii'", "'latin'", "'other'"])}${of(['', ', true', ', false'])}`,
  () => `number_of_words: ${of(["'cjk'", "'auto'", "'words'"])}`,
  () => `${of(['json', 'inspect'])}: ${of(['1', '2', '4', "'-'", '0'])}`,
  () => `where: ${of(["'price'", "'product_id', 'p1'", "'price', 4.5", "'missing'"])}`,
  () => `date: '${of(['%Y-%m-%d', '%s', '%B %-d, %Y', '%H:%M:%S.%L', '%j %U %W %u %w', '%^a %e %l %P', '%3N %6N', '%c', '%Y-%m-%dT%H:%M:%S%:z'])}'${of(['', ", 'Europe/Berlin'", ', -90', ", 'America/New_York'"])}`
]
const literal = () => of(["'The fox'", "''", '5', '-2.5', 'true', 'false', "'2024-03-10'", "'a,b,c'", '0', "'  pad '", "'10.50'", "'世界 and more'"])
const path = () => of(PATHS)
const head = () => often(0.15) ? `(${of(['1', '0', 'properties.quantity'])}..${of(['3', '5', 'properties.quantity', 'missing'])})` : often(0.25) ? literal() : path()
const chain = () => [head(), ...some(3, () => of(FILTERS)())].join(' | ')
const condition = () => {
  const term = () => often(0.5) ? path() : `${path()} ${of(['==', '!=', '<', '>', '<=', '>=', 'contains'])} ${of([literal, path, () => of(['blank', 'empty', 'nil'])])()}`
  return [term(), ...some(1, term)].reduce((text, part) => `${text} ${of(['and', 'or'])} ${part}`)
}
const open = () => of(['{%', '{%', '{%-'])
const close = () => of(['%}', '%}', '-%}'])
function template (depth = 0) {
  const inner = () => depth < 2 ? template(depth + 1) : `{{ ${chain()} }}`
  const part = of([
    () => `{{${of(['', '-'])} ${chain()} ${of(['', '-'])}}}`,
    () => `{{ ${chain()} }}`,
    () => `{{ ${chain()} }}`,
    () => `${open()} echo ${chain()} ${close()}`,
    () => `${open()} # ${of(['note', 'it is', '{{ x }}', 'a\n # b'])} ${close()}`,
    () => `${open()} if ${condition()} ${close()}${inner()}${often(0.5) ? `${open()} else ${close()}${inner()}` : ''}{% endif %}`,
    () => `{% unless ${condition()} %}${inner()}{% endunless %}`,
    () => `{% assign v = ${chain()} %}{{ v | ${of(FILTERS)()} }}`,
    () => `{% capture v %}${inner()}{% endcapture %}{{ v }}`,
    () => `${open()} liquid\n assign v = ${chain()}\n\n # note\n if ${condition()}\n   echo v\n else\n   echo ${chain()}\n endif\n${close()}`,
    () => `{% raw %}{{ a }}{% endraw %}`,
    () => `{% comment %}${inner()}{% endcomment %}`,
    () => of(['plain ', ' | ', '-', ' text # (1..2)'])
  ])
  return part() + (often(0.4) && depth < 2 ? of(['', ' ', 'x']) + template(depth + 1) : '')
}

const pad = (n, length = 2) => String(n).padStart(length, '0')
function date () {
  const [year, month, day] = [of([2024, 2026, 1999, 24, 70, 49, 50, 5]), below(13), below(33)]
  const [hour, minute, second] = [below(25), below(61), below(61)]
  const names = ['Jan', 'February', 'mar', 'APRIL', 'May', 'Jun.', 'July', 'Aug', 'Sept', 'Oct', 'November', 'Dec', 'Foo']
  const dates = [
    () => `${year}-${pad(month)}-${pad(day)}`, () => `${year}/${month}/${day}`, () => `${month}/${day}/${year}`, () => `${day}.${month}.${year}`,
    () => `${of(names)} ${day}, ${year}`, () => `${day} ${of(names)} ${year}`, () => `${day}-${of(names)}-${year}`, () => `${year} ${of(names)} ${day}`,
    () => `${of(['Sun', 'Monday', 'xyz'])}${of([',', ''])} ${day} ${of(names)} ${year}`, () => `${of(['Sun', 'Tue'])} ${of(names)} ${pad(day)} ${year}`,
    () => `${year}-${pad(month)}`, () => `${month}-${day}-${year}`, () => `${of(names)} ${year}`, () => `${of(names)} ${day}`, () => `${pad(year, 4)}${pad(month)}${pad(day)}`,
    () => `+00${pad(year, 4)}-${pad(month)}-${pad(day)}`
  ]
  const times = [
    () => '', () => '', () => `${pad(hour)}:${pad(minute)}`, () => `${hour}:${pad(minute)}:${pad(second)}`, () => `${below(14)}:${pad(minute)} ${of(['AM', 'pm', 'PM', 'a.m.'])}`,
    () => `${pad(hour)}:${pad(minute)}:${pad(second)}.${below(10 ** (1 + below(10)))}`, () => `${below(14)}:${pad(minute)}:${pad(second)}${of(['AM', 'pm'])}`, () => `${hour}h${minute}`
  ]
  const zones = ['', '', '', 'Z', ' UTC', ' GMT', ' GMT+0100', '+02:00', ' -0530', ' +1', ' EST', ' PDT', ' CET', ' GMT+0100 (Central European Standard Time)', ' (local)', '+12345', ' UTC+2', '[Europe/Berlin]']
  const text = `${of(dates)()}${of([' ', 'T', ', ', ' at ', ' '])}${of(times)()}${of(zones)}`
  return often(0.05) ? `${' '.repeat(below(3))}${text}${of(['', ' ', ')', '('])}` : text
}

const read = () => ({ '@path': `$.${path()}` })
function mapping (depth = 0) {
  if (depth > 3) return read()
  const inner = () => mapping(depth + 1)
  const textual = () => of([read, () => ({ '@template': `x-{{${path()}}}` }), () => ({ '@case': { operator: of(['lower', 'upper']), value: read() } })])()
  return of([
    read, read, () => of(['x', 5, true, null, 1.5]),
    () => ({ '@template': some(3, () => of([`{{${path()}}}`, `{{{ ${path()} }}}`, 'text-', ' '])).join('') }),
    () => ({ '@if': { [of(['exists', 'blank'])]: textual(), then: inner(), ...(often(0.7) ? { else: inner() } : {}) } }),
    () => ({ '@case': { operator: of(['lower', 'upper']), value: textual() } }),
    () => ({ '@replace': { pattern: of(['o', '.', 'the', '$', '-', ' ', '*a']), replacement: of(['', '-', '$&', '$`', "$'", '$$', '$1', '[$&]', "$`$'"]), value: textual(),
      ...(often(0.3) ? { ignorecase: often(0.5) } : {}), ...(often(0.3) ? { global: often(0.5) } : {}), ...(often(0.2) ? { pattern2: of(['x', 'e']), replacement2: of(['y', '$`']) } : {}) } }),
    () => ({ '@arrayPath': [of(['$.properties.products', '$.properties.list', '$.properties.nested', '$.missing']), { id: { '@path': '$.product_id' }, price: { '@path': '$.price' }, fixed: 1 }] }),
    () => ({ '@merge': { objects: [{ a: inner() }, { a: inner(), b: read() }], direction: of(['left', 'right']) } }),
    () => ({ '@transform': { apply: { a: inner(), b: read() }, mapping: { c: { '@path': '$.a' }, d: { '@template': '{{b}}!' } } } }),
    () => ({ '@flatten': { value: of([inner, () => [inner(), read()], () => ({ a: inner(), b: [read(), { c: read() }] }), () => ({ '@path': '$.properties' })])(), separator: of(['.', '_']), ...(often(0.3) ? { omitArrays: often(0.5) } : {}) } }),
    () => ({ '@json': { mode: of(['encode', 'decode']), value: textual() } }),
    () => ({ '@excludeWhenNull': inner() }),
    () => ({ '@literal': inner() }),
    () => ({ a: inner(), b: inner() }),
    () => [inner(), read()]
  ])()
}

const VALUES = {
  em: () => `${of(['kim', 'Kim.Lee', 'k+tag', 'KIM', 'kïm', ' kim', 'k'])}${of(['@', '@', '@', ' @', ''])}${of(['example.com', 'Example.COM', 'shop.example', 'exämple.com', 'localhost', 'example.com '])}`,
  ph: () => `${of(['', '+', '00', '(', '+1 (', 'tel:', '+44 '])}${of(['1', '415', '49', '0'])}${of([' ', '-', '.', ')', ''])}${of(['555', '30', '207'])}${of([' ', '-', ''])}01${pad(below(100))}${of(['', ' ', 'x12', ';ext=3'])}`,
  fn: () => of(['Kim', ' kim ', "O'Connor", 'Anna-Lena', 'JOSÉ', 'Jr.', '美咲', 'van der Berg', 'Kim 2', '', 'D’Arcy', 'ß', 'Mary Ann']) + of(['', '', ' ', '.', '!']),
  db: () => of([() => `${1950 + below(60)}${pad(1 + below(12))}${pad(1 + below(28))}`, () => `${1950 + below(60)}-${pad(1 + below(12))}-${pad(1 + below(28))}`, () => `${pad(1 + below(12))}/${pad(1 + below(31))}/${1950 + below(60)}`, () => `${1 + below(12)}-${1 + below(31)}-${pad(below(100))}`, () => `1990`])(),
  ge: () => of(['m', 'F', 'male', 'Female', ' f ', 'woman', 'Mr', 'x', 'nonbinary', 'M.']),
  ct: () => of(['New York', 'Saint-Étienne', ' AUSTIN ', "Coeur d'Alene", 'São Paulo', 'St. Louis', '東京', 'Paris 9', 'a']) + of(['', '', ' ', '1']),
  st: () => of(['CA', 'ca', 'California', 'New York', 'n.y.', 'Texas ', 'Bayern', 'ON', 'Québec', 'x']),
  zp: () => of(['94035', '94035-1234', ' 10001 ', 'SW1A 1AA', 'ec1a1bb', 'H0H 0H0', '75001', '1234', '01067', '9']),
  country: () => of(['US', 'us', 'USA', 'United States', ' de ', 'Germany', 'GB', 'UK', 'xx', 'Deutschland']),
  external_id: () => of(['cust_1', 'CUST_1', ' 7 ', '0', 'a b', 'é', 'd41d8cd98f00b204e9800998ecf8427e', '']) + of(['', '-9'])
}
VALUES.ln = VALUES.fn

const MAKE = {
  trigger: () => ({ trigger: trigger(), event: EVENT }),
  mapping: () => ({ mapping: mapping(), event: EVENT }),
  template: () => ({ mapping: { '@liquid': template().slice(0, 990) }, event: EVENT }),
  date: () => ({ mapping: { '@liquid': `{{ d | date: '${of(['%Y-%m-%dT%H:%M:%S.%L %z', '%s', '%x %X', '%A %-d %B %Y %P'])}'${of(['', '', ", 'Asia/Kolkata'", ", 'America/New_York'", ', 330'])} }}` }, event: { d: date() } }),
  identifier: () => {
    const identifier = of(Object.keys(VALUES))
    return { identifier, value: VALUES[identifier](), ...(often(0.3) ? { country: of(['us', 'de', 'gb', 'fr']) } : {}) }
  }
}
for (let n = 0; n < Number(count); n++) console.log(JSON.stringify(MAKE[kind]()))
