import { rateFor, settingsSchema } from '@countersign/kit'
import { sampleSettings } from '@countersign/simulators'
import { describe, expect, test } from 'vitest'
import { connectors } from '../index.ts'

type Id = keyof typeof sampleSettings

/** What a connector's own list says of a message. */
function listed(id: Id, to: { digits?: string; country?: string }, change: object = {}) {
  const connector = connectors.find(each => each.id === id)!
  const settings = settingsSchema(connector.settings).parse({ ...sampleSettings[id], ...change })
  return rateFor(connector.prices!(settings).rates, to)
}

const international = { site: 'international', region: 'ap-singapore' }
const MAINLAND = { digits: '8613800138000', country: 'CN' }
const HONG_KONG = { digits: '85261234567', country: 'HK' }

describe('the prices that a connector comes with', () => {
  test.each<[Id, object, object, unknown[]]>([
    ['aliyun-sms', MAINLAND, {}, ['CNY', 45_000, 'segment', 'receipt']],
    ['aliyun-sms', HONG_KONG, {}, ['USD', 57_700, 'segment', 'submission']],
    ['aliyun-pnvs', MAINLAND, {}, ['CNY', 60_000, 'message', 'receipt']],
    ['aliyun-dm', {}, {}, ['CNY', 2_000, 'message', 'submission']],
    ['tencent-sms', MAINLAND, {}, ['CNY', 50_000, 'segment', 'submission']],
    ['tencent-sms', HONG_KONG, {}, ['CNY', 307_000, 'segment', 'submission']],
    ['tencent-sms', MAINLAND, international, ['USD', 14_000, 'segment', 'submission']],
    ['tencent-sms', HONG_KONG, international, ['USD', 48_430, 'segment', 'submission']],
  ])('%s to %o with %o', (id, to, change, expected) => {
    const rate = listed(id, to, change)!
    expect([rate.currency, rate.price, rate.unit, rate.charged]).toEqual(expected)
  })

  test('say of a price that nobody found that it is not known, and of a country that no source names nothing', () => {
    expect(listed('aliyun-sms', { digits: '66812345678', country: 'TH' })?.price).toBeNull()
    expect(listed('aliyun-sms', { digits: '819012345678', country: 'JP' })).toBeUndefined()
    expect(listed('aliyun-pnvs', HONG_KONG)).toBeUndefined()
  })

  test('name their source and its date, are whole millionths, and have each country once', () => {
    for (const { id, prices, settings } of connectors) {
      for (const change of id === 'tencent-sms' ? [{}, international] : [{}]) {
        const { rates } = prices!(settingsSchema(settings).parse({ ...sampleSettings[id as Id], ...change }))
        expect(new Set(rates.map(({ to }) => to)).size, id).toBe(rates.length)
        for (const { to, price, source, asOf } of rates) {
          expect(to).toMatch(/^(?:[A-Z]{2}|\*)$/)
          expect(price === null || (Number.isSafeInteger(price) && price > 0), `${id} ${to}`).toBe(true)
          expect(source).not.toBe('')
          expect(asOf).toMatch(/^20\d\d(?:-\d\d){0,2}$/)
        }
      }
    }
  })
})
