import { expect, test } from 'vitest'
import { isTest, sources, textOf } from './sources.ts'

const CHANGE = /\busers\.(?:create|update\w*|merge|delete|changePassword|unchanged)\(/g

/** Changes of users that webhooks do not hear of, each with a piece that only its own call has. */
const UNTOLD = [
  // Which application somebody came from first is noted beside a sign-in, of which webhooks hear.
  '{ applicationId: clientId }',
  // As in Logto, an expiry that an operator sets has no event.
  '{ passwordExpired: body.isExpired }',
]

/** The text of a call from its name to its closing bracket. */
function callAt(text: string, from: number): string {
  let depth = 0
  for (let at = text.indexOf('(', from); at < text.length; at += 1) {
    if (text[at] === '(') depth += 1
    if (text[at] === ')') depth -= 1
    if (depth === 0) return text.slice(from, at + 1)
  }
  return text.slice(from)
}

const callsIn = (text: string) => [...text.matchAll(CHANGE)].map(({ index }) => callAt(text, index))

test('every change of a user hands on what webhooks are told of it, in its transaction', () => {
  const calls = sources('packages/server/src')
    .filter(file => !isTest(file) && !file.includes('/testing'))
    .flatMap(file => callsIn(textOf(file) ?? '').map(call => `${file}: ${call}`))
  expect(calls.length).toBeGreaterThan(12)
  const silent = calls.filter(
    call => !/\balong\b|tellAlong\(|tellChange\(/.test(call) && !UNTOLD.some(piece => call.includes(piece)),
  )
  expect(silent, 'Hand `hooks.telling(…)` on to these as `along`, or say here why nobody is told').toEqual([])
})

test('a change that tells nobody is seen', () => {
  expect(callsIn('await users.update(\n  id,\n  { name: f(1) },\n)')).toEqual([
    'users.update(\n  id,\n  { name: f(1) },\n)',
  ])
})
