import { PHONE_COUNTRIES } from '@countersign/api'
import { expect, test } from 'vitest'
import { countryChoices } from './country-choices.ts'

test('countries stand by name, each once, and "Chi" finds China before Chile', () => {
  const choices = countryChoices('en')
  expect(choices.map(({ value }) => value).toSorted()).toEqual(PHONE_COUNTRIES.toSorted())
  expect(choices.find(({ label }) => label.startsWith('Chi'))).toEqual({ value: 'CN', label: 'China' })
  const names = choices.map(({ label }) => label)
  expect(names.indexOf('Chad')).toBeLessThan(names.indexOf('China'))
  expect(names.indexOf('Chile')).toBe(names.indexOf('China') + 1)
  expect(names[0]).toBe('Afghanistan')
})
