import { locales } from '@countersign/sign-in'
import { expect, test } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { errorOf, testWorld } from '../testing/world.ts'
import { builtInPhrases, withPhrases } from './built-in.ts'
import { createPhrases, fittingPhrases } from './phrases.ts'

eachDatabase('texts of an operator', openFresh => {
  test('stand over the built-in ones of their language', async () => {
    const phrases = createPhrases(await openFresh(), testWorld())
    const first = await phrases.put('zh-CN', { action: { sign_in: '进来' } })
    expect(first).toMatchObject({ tenantId: 'default', languageTag: 'zh-CN', id: expect.any(String) })
    const second = await phrases.put('zh-CN', { action: { sign_in: '登入' } })
    expect(second).toEqual({ ...first, translation: { action: { sign_in: '登入' } } })
    const { language, translation } = await phrases.resolve(['zh'], 'en')
    const known = builtInPhrases(locales['zh-CN']!)
    expect(language).toBe('zh-CN')
    expect(translation).toEqual({ ...known, action: { ...(known.action as object), sign_in: '登入' } })
  })

  test('may be in a language of their own, with the fallback for the rest', async () => {
    const phrases = createPhrases(await openFresh(), testWorld())
    await phrases.put('fr-CA', { input: { username: 'Nom' } })
    for (const asked of ['fr-CA', 'fr', 'fr-FR']) {
      const { language, translation } = await phrases.resolve([asked], 'en')
      expect(language).toBe('fr-CA')
      expect(translation.input).toMatchObject({ username: 'Nom', password: locales.en!.labels.password })
    }
    expect((await phrases.resolve(['de', 'zh-SG', 'fr'], 'en')).language).toBe('zh-CN')
    expect((await phrases.resolve(['de'], 'zh-CN')).language).toBe('zh-CN')
    expect((await phrases.resolve([], 'tlh')).language).toBe('en')
  })

  test('of another region stand back behind complete ones that are as near', async () => {
    const phrases = createPhrases(await openFresh(), testWorld())
    await phrases.put('sr-Latn', { action: { sign_in: 'Prijava' } })
    await phrases.put('sr', { action: { sign_in: 'Пријава' } })
    await phrases.put('en-AU', { action: { sign_in: 'G’day' } })
    const chosen = async (tag: string) => (await phrases.resolve([tag], 'en')).language
    expect(await chosen('zh')).toBe('zh-CN')
    expect(await chosen('sr-Latn-RS')).toBe('sr-Latn')
    expect(await chosen('sr-RS')).toBe('sr')
    expect(await chosen('en-GB')).toBe('en')
    expect(await chosen('en-au')).toBe('en-AU')
  })

  test('are what our pages say, and their languages can be chosen there', async () => {
    const phrases = createPhrases(await openFresh(), testWorld())
    await phrases.put('fr', {
      action: { sign_in: 'Connexion', verify: '' },
      error: { notices: { code_used: 'Déjà !' } },
    })
    const { locale, languages } = await phrases.speech(['fr-CH'], 'zh-CN')
    expect(locale).toMatchObject({ tag: 'fr', name: 'français' })
    expect(locale.labels).toMatchObject({ signIn: 'Connexion', verify: locales['zh-CN']!.labels.verify })
    expect(locale.notices).toMatchObject({
      code_used: 'Déjà !',
      try_again: locales['zh-CN']!.notices.try_again,
    })
    expect(languages.map(({ tag }) => tag)).toEqual([...Object.keys(locales), 'fr'])
    expect((await phrases.speech(['fr'], 'zh-CN')).locale).toBe(locale)
    await phrases.put('fr', { action: { sign_in: 'Entrer' } })
    expect((await phrases.speech(['fr'], 'zh-CN')).locale.labels.signIn).toBe('Entrer')
    expect((await phrases.speech(['en'], 'zh-CN')).locale).toBe(locales.en)
  })

  test('may be ones of other pages: those are kept and given back without effect', async () => {
    const phrases = createPhrases(await openFresh(), testWorld())
    const translation = {
      input: { search_region_code: 'Search' },
      description: { email: 'email' },
      list: { and: '{{list}} and' },
      action: { confirm: 'Confirm', sign_in: 'Enter' },
      error: { password_rejected: { too_short: 'Too short' } },
      mfa: {},
    }
    expect((await phrases.put('en', translation)).translation).toEqual(translation)
    expect((await phrases.get('en')).translation).toEqual(translation)
    expect((await phrases.resolve(['en'], 'en')).translation).toMatchObject(translation)
    const { locale } = await phrases.speech(['en'], 'en')
    expect(locale.labels).toEqual({ ...locales.en!.labels, signIn: 'Enter' })
    expect(locale.errors).toEqual(locales.en!.errors)
  })

  test.each<[Record<string, unknown>]>([
    [{ unknown: {} }],
    [{ input: 'text' }],
    [{ input: { username: { deep: 'x' } } }],
    [{ input: { username: 5 } }],
    [{ input: ['x'] }],
    [{ mfa: 'text' }],
    [{ input: { unknown: 5 } }],
    [{ input: { unknown: ['x'] } }],
    [{ input: { 'un known': 'x' } }],
    [JSON.parse('{"input":{"__proto__":{"x":"y"}}}')],
    [{ list: { a: { b: { c: { d: 'too deep' } } } } }],
    [{ list: { long: 'x'.repeat(128 * 1024) } }],
    [{ list: Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`t${at}`, 'x'])) }],
    [{ constructor: 'x' }],
  ])('that fit nowhere, or would be too much, are refused: %#', async translation => {
    const phrases = createPhrases(await openFresh(), testWorld())
    expect((await errorOf(phrases.put('en', translation))).code).toBe(
      'localization.invalid_translation_structure',
    )
    expect(await phrases.list()).toEqual([])
  })

  test('are deleted, unless everything falls back on them', async () => {
    const phrases = createPhrases(await openFresh(), testWorld())
    await phrases.put('fr', {})
    expect((await errorOf(phrases.delete('fr', 'fr'))).code).toBe(
      'localization.cannot_delete_default_language',
    )
    await phrases.delete('fr', 'en')
    expect((await errorOf(phrases.delete('fr', 'en'))).code).toBe('entity.not_found')
    expect((await errorOf(phrases.get('fr'))).code).toBe('entity.not_found')
  })
})

test('of another installation those that no page says are named, and kept where pages of others have a place', async () => {
  const given = {
    action: { sign_in: 'Connexion', dance: 'Danser', continue: null },
    error: { password_rejected: { short: 'Court' } },
    input: ['x'],
    zoo: { a: 'b' },
  }
  expect(fittingPhrases(given)).toEqual({
    texts: {
      action: { sign_in: 'Connexion', dance: 'Danser' },
      error: { password_rejected: { short: 'Court' } },
    },
    strange: ['action.dance', 'action.continue', 'error.password_rejected.short', 'input.0', 'zoo.a'],
  })
})

test('every sentence of our pages has its place among the texts, and comes back from there', () => {
  for (const locale of Object.values(locales)) {
    const { labels, notices, errors, passwordIssues } = locale
    const spoken = withPhrases(locales.en!, builtInPhrases(locale))
    expect(spoken).toMatchObject({ labels, notices, errors, passwordIssues })
  }
})

test('every language has the same groups of texts', () => {
  const shape = (value: unknown): unknown =>
    typeof value === 'string'
      ? 'text'
      : Object.fromEntries(Object.entries(value as object).map(([name, each]) => [name, shape(each)]))
  const wanted = shape(builtInPhrases(locales.en!))
  for (const locale of Object.values(locales))
    expect(shape(builtInPhrases(locale)), locale.tag).toEqual(wanted)
})
