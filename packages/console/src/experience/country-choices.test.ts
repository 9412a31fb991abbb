import { PHONE_COUNTRIES } from '@countersign/api'
import { expect, test } from 'vitest'
import { countryChoices } from './country-choices.ts'

test('countries stand by name, each once, behind mainland China', () => {
  const choices = countryChoices('en')
  expect(choices.map(({ value }) => value).toSorted()).toEqual(PHONE_COUNTRIES.toSorted())
  const names = choices.map(({ label }) => label)
  expect(names.slice(0, 2)).toEqual(['Mainland China', 'Afghanistan'])
  expect(names.indexOf('Chad')).toBeLessThan(names.indexOf('Chile'))
  expect(countryChoices('zh-CN')[0]).toEqual({ value: 'CN', label: '中国大陆' })
})
