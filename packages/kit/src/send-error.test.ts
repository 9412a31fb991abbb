import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { explain, FAILURES, SendError } from './index.ts'

describe('a SendError', () => {
  const error = new SendError('throttled', { code: 'X.Y', answer: { status: 200, body: 'for operators' } })

  test('says its failure and the provider’s code, and nothing else', () => {
    expect(error.message).toBe('throttled (X.Y)')
    expect(new SendError('unreachable').message).toBe('unreachable')
  })

  test('gives the raw answer to who asks for it, and to nobody else', () => {
    expect(error.answer).toEqual({ status: 200, body: 'for operators' })
    for (const shown of [JSON.stringify(error), inspect(error, { showHidden: true }), String(error.stack)])
      expect(shown).not.toContain('for operators')
    expect(Object.keys(error)).not.toContain('answer')
  })

  test('knows what delivery does next', () => {
    expect(error.then).toBe('reroute')
    expect(new SendError('unreachable').then).toBe('retry')
    expect(new SendError('rate_limited').then).toBe('stop')
  })
})

describe('the explanation of a failure', () => {
  const both = (text: string) => ({ en: text, 'zh-CN': text })
  const line = { failure: 'throttled', meaning: both('m'), remedy: both('r'), source: 's' } as const
  const table = { X: line }

  test('is the table’s own line where it has the code', () => {
    expect(explain(table, 'throttled', 'X')).toBe(line)
  })

  test.each(['Y', 'toString', undefined])('is the general line for the code %s', code => {
    expect(explain(table, 'throttled', code)).toBe(FAILURES.throttled)
  })

  test('is the general line when the failure was another one', () => {
    expect(explain(table, 'provider_fault', 'X')).toBe(FAILURES.provider_fault)
  })
})
