import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fit, MOST_BYTES } from './fit.ts'

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value))

describe('a payload of the audit log', () => {
  test('that is small stays as it is', () => {
    const payload = { key: 'a', result: 'Success', params: { scope: 'openid', list: [1, 'two', null] } }
    expect(fit(payload)).toEqual(payload)
  })

  test('with a long text keeps its beginning, and says that it was cut', () => {
    expect(fit({ key: 'a', params: { state: 'x'.repeat(9_000), scope: 'openid' } })).toEqual({
      key: 'a',
      params: { state: `${'x'.repeat(512)}… [cut, of 9000 characters]`, scope: 'openid' },
      cut: true,
    })
  })

  test('with too much of everything loses the largest members first, and never what one searches by', () => {
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`name${index}`, 'x'.repeat(60)]),
    )
    const left = fit({ key: 'a', ip: '::1', userId: 'ada', small: { a: 1 }, many })
    expect(left).toEqual({
      key: 'a',
      ip: '::1',
      userId: 'ada',
      small: { a: 1 },
      many: `… [left out, ${bytes(many)} bytes]`,
      cut: true,
    })
  })

  test('is a JSON object of at most 4 KiB, whatever it was', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 6_000, unit: 'binary' }),
      fc.string({ maxLength: 6_000 }),
      fc.constant('\u0000'.repeat(5_000)),
    )
    const { tree } = fc.letrec(tie => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.integer(),
        fc.array(tie('tree'), { maxLength: 200 }),
        fc.dictionary(fc.string({ maxLength: 400 }), tie('tree'), { maxKeys: 30 }),
      ),
    }))
    const payload = fc.record(
      {
        key: text,
        result: text,
        ip: text,
        userAgent: text,
        userId: text,
        error: tree,
        params: tree,
        other: tree,
      },
      { requiredKeys: ['key'] },
    )
    fc.assert(
      fc.property(payload, given => {
        const left = fit(given as Record<string, unknown>)
        expect(bytes(left)).toBeLessThanOrEqual(MOST_BYTES)
        expect(left).toEqual(JSON.parse(JSON.stringify(left)))
        if (bytes(left) < bytes(given)) expect(left.cut).toBe(true)
      }),
    )
  })
})
