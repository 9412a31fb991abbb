import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lineAndColumn, placeOfPath, problemOf } from './json-places.ts'

const text = `{
  "accessKeyId": "",
  "templates": [
    { "usageType": "Register", "templateCode": "a\\"b" },
    { "usageType": "SignIn" }
  ],
  "sign\\u004eame": 5
}`

const marked = (...path: (string | number)[]) => {
  const { from, to } = placeOfPath(text, path)
  return text.slice(from, to)
}

describe('the place of a member', () => {
  test('is its value when that is a plain one', () => {
    expect(marked('accessKeyId')).toBe('""')
    expect(marked('templates', 0, 'templateCode')).toBe('"a\\"b"')
    expect(lineAndColumn(text, placeOfPath(text, ['templates', 1, 'usageType']).from)).toEqual({
      line: 5,
      column: 20,
    })
  })

  test('is its name when it is a list or an object', () => {
    expect(marked('templates')).toBe('"templates"')
  })

  test('is what should hold it when it is missing', () => {
    const { from } = placeOfPath(text, ['templates', 1, 'templateCode'])
    expect(lineAndColumn(text, from)).toEqual({ line: 5, column: 5 })
    expect(marked('sdkAppId')).toBe('{')
    expect(marked('templates', 7)).toBe('"templates"')
    expect(marked('accessKeyId', 'deeper')).toBe('"accessKeyId"')
  })

  test('is found under an escaped name', () => {
    expect(marked('signName')).toBe('5')
  })

  test('is inside any text, even a broken one', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.oneof(fc.string(), fc.nat(3))), (any, path) => {
        const { from, to } = placeOfPath(any, path)
        expect(from).toBeGreaterThanOrEqual(0)
        expect(to).toBeGreaterThanOrEqual(from)
        expect(to).toBeLessThanOrEqual(any.length)
      }),
    )
  })

  test('is the value itself for every member of every document', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string())), document => {
        const json = JSON.stringify(document, null, 2)
        for (const [key, value] of Object.entries(document)) {
          const { from, to } = placeOfPath(json, [key])
          expect(json.slice(from, to)).toBe(JSON.stringify(value))
        }
      }),
    )
  })
})

describe('what is wrong with a text', () => {
  test.each([
    ['{"a": 1}', undefined],
    ['', { kind: 'syntax', line: 1, column: 1 }],
    ['{\n  "a": 1,\n}', { kind: 'syntax', line: 3, column: 1 }],
    ['{\n  "a": x\n}', { kind: 'syntax', line: 2, column: 8 }],
    ['{"a": 1', { kind: 'syntax', line: 1 }],
    ["{'a': 1}", { kind: 'syntax', line: 1, column: 2 }],
    ['[1]', { kind: 'not-an-object', line: 1, column: 1 }],
    ['null', { kind: 'not-an-object', line: 1, column: 1 }],
  ])('%j', (broken, problem) => {
    if (problem) expect(problemOf(broken)).toMatchObject(problem)
    else expect(problemOf(broken)).toBeUndefined()
  })
})
