import { describe, expect, it } from 'vitest'
import { assets, locales, render, themeStylesheet, type View } from './index.ts'
import { sampleFrame, sampleViews } from './samples.ts'

const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(1)>' onfocus='alert(1)" style="color:red" {csrf} </title>`
/** Members that choose between our own words; a hostile value is none of their type. */
const CLOSED = new Set([
  'page',
  'purpose',
  'kind',
  'channel',
  'tone',
  'tag',
  'primaryColor',
  'darkColor',
  'country',
  'code',
  'terms',
  'otherWays',
])

/** The same data with every free string replaced, names of hidden fields included. */
function poison<T>(data: T): T {
  if (typeof data === 'string') return HOSTILE as T
  if (Array.isArray(data)) return data.map(poison) as T
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(
    Object.entries(data).flatMap(([key, value]) => {
      if (CLOSED.has(key)) return [[key, value]]
      if (key === 'fields') return [[key, { [`1${HOSTILE}`]: HOSTILE, [`2${HOSTILE}`]: HOSTILE }]]
      return [[key, poison(value)]]
    }),
  ) as T
}

/** Opening tags with the attribute values cut out, which leaves names only. */
const tagsOf = (page: string) =>
  [...page.matchAll(/<([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>/g)].map(([, name, attributes]) => ({
    name: name!,
    attributes: [...attributes!.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map(([, key]) => key!),
  }))

const cases = Object.values(locales).flatMap(locale =>
  Object.entries(sampleViews).map(([name, view]) => ({ name, view, locale, tag: locale.tag })),
)

describe.each(cases)('the page $name in $tag', ({ view, locale }) => {
  const page = render(view, sampleFrame, locale)

  it('is one whole document in its language with one heading', () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="[\w-]+">/)
    expect(page).toContain(`<html lang="${locale.tag}">`)
    expect(page.match(/<h1>/g)).toHaveLength(1)
    expect(page.match(/<main /g)).toHaveLength(1)
    expect(page.trimEnd()).toMatch(/<\/html>$/)
    expect(page).not.toMatch(/undefined|\[object|NaN|\{(?!count\})\w+\}/)
  })

  it('has no inline script, style or handler, and loads only what is served', () => {
    const hasCheck = 'check' in view
    expect(page.match(/<script/g)).toHaveLength(hasCheck ? 2 : 1)
    expect(page).not.toMatch(/<style|javascript:/)
    for (const { attributes } of tagsOf(page)) {
      expect(attributes.filter(name => name.startsWith('on') || name === 'style')).toEqual([])
    }
    const loaded = [...page.matchAll(/(?:<script src|<link [^>]*href|data-worker)="([^"]+)"/g)].map(
      ([, path]) => path!,
    )
    const served = [
      ...Object.keys(assets).filter(path => !path.includes(hasCheck ? 'captcha-provider' : 'captcha')),
      themeStylesheet(sampleFrame.primaryColor!, sampleFrame.darkColor)!.path,
    ]
    expect(loaded.toSorted()).toEqual(served.toSorted())
  })

  it('leaves it to the server to say what is wrong, in the language of the page', () => {
    const forms = [...page.matchAll(/<form [^>]*>/g)].map(([form]) => form)
    for (const form of forms) expect(form).toContain(' novalidate ')
  })

  it('carries the csrf field in every form', () => {
    const forms = [...page.matchAll(/<form [\s\S]*?<\/form>/g)].map(([form]) => form)
    for (const form of forms) {
      expect(form).toContain('method="post"')
      expect(form).toContain('<input type="hidden" name="csrf" value="csrf-token-1">')
      expect(form).toMatch(/<button [^>]*type="submit"/)
    }
    expect(forms.length > 0).toBe('action' in view)
  })

  it('refers only to ids that are on the page, and has each id once', () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, refs] of page.matchAll(/ (?:for|aria-describedby|aria-controls)="([^"]+)"/g)) {
      for (const id of refs!.split(' ')) expect(ids).toContain(id)
    }
  })

  it('shows hostile text as text', () => {
    const frame = { ...sampleFrame, logoUrl: '/logo.svg' }
    const before = render(view, frame, locale)
    const hostile = render(poison<View>(view), { ...poison(frame), languages: frame.languages }, locale)
    const shape = (html: string) =>
      tagsOf(html).map(({ name, attributes }) => [name, ...attributes].join(' '))
    expect(shape(hostile)).toEqual(shape(before))
    // Whatever is not a well-formed tag of ours would have been left over here.
    expect(hostile.match(/<(?!\/)/g)?.length).toBe(before.match(/<(?!\/)/g)?.length)
    expect(hostile).not.toContain('<script>alert')
  })
})

const en = locales.en!
const page = (name: string, change: Partial<View> = {}) =>
  render({ ...sampleViews[name]!, ...change } as View, sampleFrame, en)
const input = (html: string, name: string) =>
  html.match(new RegExp(`<(?:input|select) [^>]*name="${name}"[^>]*>`))![0]

describe('the field for the code', () => {
  const field = input(page('code-sms'), 'code')

  it('is one text field that phones can fill in', () => {
    expect(field).toContain('type="text"')
    expect(field).toContain('inputmode="numeric"')
    expect(field).toContain('autocomplete="one-time-code"')
    expect(page('code-sms').match(/name="code"/g)).toHaveLength(1)
  })

  it('cuts no paste and refuses none', () => {
    expect(field).not.toMatch(/maxlength|pattern|minlength/)
  })

  it('follows the policy in length and lifetime', () => {
    expect(page('code-sms', { length: 4, minutes: 3 })).toContain('4-digit code')
    expect(page('code-sms', { length: 4, minutes: 3 })).toContain('valid for 3 minutes')
    expect(page('code-email-maybe')).toContain('valid for 1 minute.')
  })
})

describe('the fields for identifiers and passwords', () => {
  it('tell browsers what to fill in', () => {
    expect(input(page('identifier-phone'), 'value')).toMatch(/type="tel".*autocomplete="tel-national"/)
    expect(input(page('identifier-reset'), 'value')).toMatch(/inputmode="email".*autocomplete="email"/)
    expect(input(page('identifier-reset', { purpose: 'sign-in' }), 'value')).toContain(
      'autocomplete="username"',
    )
    expect(input(page('password'), 'password')).toContain('autocomplete="current-password"')
    expect(input(page('new-password'), 'password')).toContain('autocomplete="new-password"')
    expect(input(page('new-password'), 'repeat')).toContain('autocomplete="new-password"')
    expect(input(page('password'), 'username')).toMatch(
      /value="lin.mei@lantern.example" autocomplete="username"/,
    )
  })

  it('offer every country by name and the common ones first as well, the chosen one selected once', () => {
    const html = page('identifier-phone', { country: 'DE' })
    const codes = [...html.matchAll(/<option value="(\w\w)"/g)].map(([, code]) => code)
    expect(new Set(codes.slice(12)).size).toBe(codes.length - 12)
    expect(codes.length).toBeGreaterThan(200)
    expect(
      page('identifier-phone', { country: 'CN' }).match(/<option value="CN"[^>]*? selected/g),
    ).toHaveLength(1)
    expect(codes.slice(0, 6)).toEqual(['CN', 'HK', 'TW', 'MO', 'SG', 'US'])
    expect(html).toContain('<option value="DE" selected>Germany (+49)</option>')
    expect(html.match(/ selected/g)).toHaveLength(1)
  })

  it('are marked and tied to the sentence when they are wrong', () => {
    const field = input(page('identifier-phone-error'), 'value')
    expect(field).toContain('aria-invalid="true"')
    expect(field).toContain('aria-describedby="notice"')
    expect(page('identifier-phone-error')).toContain('role="alert"')
    expect(page('identifier-phone-error')).toContain('<title>Error: Sign in')
  })

  it('are not blamed when the service failed', () => {
    expect(page('identifier-reset')).not.toContain('aria-invalid')
  })

  it('blame the repeated password when the two differ, and list what the policy refuses', () => {
    expect(input(page('new-password'), 'repeat')).toContain('aria-invalid')
    expect(input(page('new-password'), 'password')).not.toContain('aria-invalid')
    expect(input(page('new-password-issues'), 'password')).toContain(
      'aria-describedby="password-issues password-hint"',
    )
    expect(page('new-password-issues')).toContain('Use at least 8 characters.')
  })
})

describe('the frame', () => {
  const bare = { csrf: 'x', languages: [], simulated: false }

  it('leaves out what is not set', () => {
    const html = render({ page: 'signed-out' }, bare, en)
    expect(html).not.toMatch(/class="brand"|class="simulated"|theme\/|<nav/)
  })

  it('drops an address that would run code and a colour that is none', () => {
    const html = render(
      { page: 'password-changed', continueHref: ' java\nscript:alert(1)' },
      {
        ...bare,
        termsOfUseUrl: 'JavaScript:alert(1)',
        privacyPolicyUrl: 'data:text/html,x',
        primaryColor: 'red;}',
      },
      en,
    )
    expect(html).not.toMatch(/script:|data:/i)
    expect(html).not.toContain('theme/')
  })
})
