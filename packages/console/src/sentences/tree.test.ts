import { describe, expect, test } from 'vitest'
import { search, sentencesOf, strayPlaceholders, withSentence } from './tree.ts'

const builtIn = {
  action: { sign_in: 'Sign in', verify: 'Verify' },
  error: { codes: { 'user.not_found': 'Nobody.' } },
  mfa: {},
}

describe('sentences', () => {
  test('stand with the own ones over them, also under names with dots', () => {
    const own = { error: { codes: { 'user.not_found': 'Who?' } }, action: 'nonsense' }
    expect(sentencesOf(builtIn, own)).toEqual([
      { path: ['action', 'sign_in'], builtIn: 'Sign in', own: undefined },
      { path: ['action', 'verify'], builtIn: 'Verify', own: undefined },
      { path: ['error', 'codes', 'user.not_found'], builtIn: 'Nobody.', own: 'Who?' },
    ])
  })

  test('are written into groups, and leave no empty group behind', () => {
    const once = withSentence({}, ['error', 'codes', 'user.not_found'], 'Who?')
    expect(once).toEqual({ error: { codes: { 'user.not_found': 'Who?' } } })
    const twice = withSentence(once, ['action', 'verify'], 'Go')
    expect(withSentence(twice, ['error', 'codes', 'user.not_found'])).toEqual({ action: { verify: 'Go' } })
    expect(withSentence(once, ['error', 'codes', 'user.not_found'])).toEqual({})
    expect(withSentence({}, ['error', 'codes', 'x'])).toEqual({})
  })

  test('are found by key and by words, in any case', () => {
    const all = sentencesOf(builtIn, { action: { verify: 'Prüfen' } })
    const found = (wanted: string) => search(all, wanted).map(({ path }) => path.at(-1))
    expect(found('SIGN')).toEqual(['sign_in'])
    expect(found('codes.user')).toEqual(['user.not_found'])
    expect(found('prüf')).toEqual(['verify'])
    expect(found(' ')).toHaveLength(3)
  })

  test('tell placeholders that were forgotten or made up', () => {
    expect(strayPlaceholders('Wait {count} s, {name}', 'Wait {coutn}, {name}')).toEqual({
      missing: ['{count}'],
      unknown: ['{coutn}'],
    })
    expect(strayPlaceholders('Wait', 'Stay')).toEqual({ missing: [], unknown: [] })
  })
})
