import { FAILURES } from '@countersign/kit'
import { describe, expect, test } from 'vitest'
import { connectors, guideOf, logoOf } from './index.ts'

test('every connector has an id of its own', () => {
  expect(connectors.map(({ id }) => id)).toEqual(['aliyun-sms', 'aliyun-pnvs', 'aliyun-dm', 'tencent-sms'])
})

describe.each(connectors.map(connector => [connector.id, connector] as const))('%s', (id, connector) => {
  test('has a logo that loads nothing and runs nothing', () => {
    const logo = logoOf(id)
    expect(logo).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
    expect(logo).not.toMatch(/<script|<image|<style|href|\bon\w+=/i)
  })

  test('says of each code something of its own, not the general line of the failure', () => {
    for (const { failure, meaning, remedy } of Object.values(connector.failures)) {
      expect(meaning.en).not.toBe(FAILURES[failure].meaning.en)
      expect(meaning['zh-CN']).toMatch(/[\u4e00-\u9fff]/)
      expect(remedy['zh-CN']).toMatch(/[\u4e00-\u9fff]/)
    }
  })
})

test.each(['unknown', '../../kit', 'aliyun-sms/..'])('there is no guide and no logo for “%s”', id => {
  expect(() => guideOf(id, 'en')).toThrow(RangeError)
  expect(() => logoOf(id)).toThrow(RangeError)
})
