// What Segment's and Meta's packages for Node answer to each question of stdin.
'use strict'
const { join } = require('path')
const { createHash } = require('crypto')
const packages = join(process.argv[2], 'node_modules')
// The mapping kit is no entry of its package.
const { transform } = require(join(packages, '@segment/actions-core/dist/cjs/mapping-kit/index.js'))
const { parseFql, validate } = require('@segment/destination-subscriptions')
const { ParamBuilder } = require('capi-param-builder-nodejs')
const { UserData } = require('facebook-nodejs-business-sdk')

const builder = new ParamBuilder(['example.com'])
const BUILDER = {
  em: 'email', ph: 'phone', fn: 'first_name', ln: 'last_name', db: 'date_of_birth', ge: 'gender',
  ct: 'city', st: 'state', zp: 'zip_code', country: 'country', external_id: 'external_id'
}
const SDK = {
  em: 'setEmail', ph: 'setPhone', fn: 'setFirstName', ln: 'setLastName', db: 'setDateOfBirth', ge: 'setGender',
  ct: 'setCity', st: 'setState', zp: 'setZip', country: 'setCountry', external_id: 'setExternalId'
}

const quiet = (make) => {
  try { return make() } catch { return null }
}
const digest = (sent) => {
  if (typeof sent !== 'string' || sent === '') return null
  // The builder's suffix tells its version.
  const bare = sent.replace(/^([0-9a-f]{64})\..*$/, '$1')
  return /^[0-9a-f]{64}$/.test(bare) ? bare : createHash('sha256').update(bare).digest('hex')
}

function answer (q) {
  if ('trigger' in q) {
    const ast = quiet(() => parseFql(q.trigger))
    if (!ast || ast.error) return 'error'
    return quiet(() => validate(ast, q.event)) ?? 'error'
  }
  if ('identifier' in q) {
    const sdk = () => {
      const data = new UserData()[SDK[q.identifier]](q.value).normalize()
      const value = data[q.identifier]
      return Array.isArray(value) ? value[0] : value
    }
    return {
      pixel: digest(quiet(() => builder.getNormalizedAndHashedPII(q.value, BUILDER[q.identifier]))),
      node_sdk: digest(quiet(sdk))
    }
  }
  try {
    const given = transform({ r: structuredClone(q.mapping) }, q.event)
    return 'r' in given ? { gives: given.r } : { nothing: true }
  } catch (error) {
    return { error: String(error.message).split('\n')[0] }
  }
}

const log = console.log
for (const stream of ['log', 'warn', 'error']) console[stream] = () => {}
const questions = require('fs').readFileSync(0, 'utf8').split('\n').filter(Boolean)
log(questions.map((line) => JSON.stringify(answer(JSON.parse(line)))).join('\n'))
