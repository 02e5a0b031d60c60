// Counts where capi and the others agree, and shows each kind of difference.
'use strict'
const { readFileSync } = require('fs')
const [kind, knownFile, ...files] = process.argv.slice(2)
const lines = (file) => readFileSync(file, 'utf8').split('\n').filter(Boolean)
const [questions, capi, node, python] = files.map((file) => lines(file).map((line) => JSON.parse(line)))
const known = JSON.parse(readFileSync(knownFile, 'utf8')).filter((entry) => entry.kind === kind)

const sorted = (value) => {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]))
}
const same = (a, b) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
const shape = (answer) => typeof answer !== 'object' ? String(answer) : Object.keys(answer)[0]

// The kinds of what differs between our answer and theirs; none where they agree.
function differences (question, ours, theirs, pythons) {
  if (kind !== 'identifier') {
    if (same(ours, theirs) || (ours?.error !== undefined && theirs?.error !== undefined)) return []
    return [`capi ${shape(ours)}, Segment ${shape(theirs)}`]
  }
  const found = []
  const others = { pixel: theirs.pixel, node_sdk: theirs.node_sdk, python_sdk: pythons ?? null }
  for (const [name, sent] of Object.entries(others)) {
    if (sent === null && ours.length === 0) continue
    if (sent !== null && ours.includes(sent)) continue
    const what = sent === null ? 'sends nothing' : ours.length === 0 ? 'sends what capi refuses' : 'sends another'
    found.push(`${question.identifier}: ${name} ${what}`)
  }
  return found
}

const text = (question) => question.trigger ?? question.mapping?.['@liquid'] ?? JSON.stringify(question.mapping ?? question.value)
const counts = new Map()
let agreed = 0
questions.forEach((question, index) => {
  const [ours, theirs, pythons] = [capi[index], node[index], python[index]]
  const found = differences(question, ours, theirs, pythons)
  if (found.length === 0) agreed += 1
  for (const difference of found) {
    const asked = text(question)
    const answers = JSON.stringify([ours, theirs])
    const reason = known.find((entry) =>
      new RegExp(entry.of ?? '').test(difference) && new RegExp(entry.asked ?? '', 's').test(asked) &&
      new RegExp(entry.answers ?? '', 's').test(answers))
    const name = reason ? `known: ${reason.why}` : `NEW: ${difference}`
    const entry = counts.get(name) ?? { count: 0, examples: [] }
    entry.count += 1
    if (!reason && entry.examples.length < Number(process.env.EXAMPLES ?? 5)) entry.examples.push(`${asked}\n      capi   ${JSON.stringify(ours)}\n      theirs ${JSON.stringify(theirs)} ${JSON.stringify(pythons) ?? ''}`)
    counts.set(name, entry)
  }
})
console.log(`${kind}: ${questions.length} asked, ${agreed} answered alike`)
for (const [name, { count, examples }] of [...counts].sort((a, b) => b[1].count - a[1].count)) {
  console.log(`  ${count} ${name}`)
  for (const example of examples) console.log(`    ${example.slice(0, 600)}`)
}
