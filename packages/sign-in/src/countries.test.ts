import metadata from 'libphonenumber-js/max/metadata'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM_FLAGS, chromiumPath } from '../../../e2e/chromium.ts'
import { countries, countryOfPrefix, MAIN_COUNTRIES } from './countries.ts'
import { locales, type View } from './index.ts'
import { sampleFrame, sampleViews } from './samples.ts'
import { Visit } from './testing.ts'

/** What is typed, what is chosen before, what is chosen then; the page with and without its script agree on it. */
const PREFIXES: readonly [typed: string, chosen: string, then: string][] = [
  ['+86', 'US', 'CN'],
  ['＋８６', 'US', 'CN'],
  ['+٨٦ 138', 'US', 'CN'],
  ['+86 138 0013 8000', 'DE', 'CN'],
  [' (+86) 138-0013-8000', 'US', 'CN'],
  ['\u202d+86\u202c', 'US', 'CN'],
  ['0086 138 0013 8000', 'US', 'CN'],
  ['００86', 'US', 'CN'],
  ['+852 5123 4567', 'CN', 'HK'],
  ['+1 415', 'CN', 'US'],
  ['+1 604', 'CA', 'CA'],
  ['+1 876 555 0100', 'JM', 'JM'],
  ['+7', 'CN', 'RU'],
  ['+7 701', 'KZ', 'KZ'],
  ['+39 06', 'CN', 'IT'],
  ['+44', 'US', 'GB'],
  ['+44', 'JE', 'JE'],
  // Nothing that names a country: the choice stays.
  ['138 0013 8000', 'US', 'US'],
  ['86 138 0013 8000', 'US', 'US'],
  ['+', 'US', 'US'],
  ['+8', 'US', 'US'],
  ['0', 'DE', 'DE'],
  ['+999', 'US', 'US'],
  ['1+86', 'US', 'US'],
  ['abc +86', 'US', 'US'],
  ['', 'US', 'US'],
]

let browser: Browser
let context: BrowserContext
let visit: Visit

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_FLAGS })
})
afterEach(async () => {
  await context?.close()
})
afterAll(async () => {
  await browser?.close()
})

async function open(options: { javaScriptEnabled?: boolean } = {}): Promise<Page> {
  context = await browser.newContext(options)
  visit = await Visit.open(context, { withScript: options.javaScriptEnabled !== false })
  return visit.page
}

async function show(country: string, { tag = 'en', served }: { tag?: string; served?: string[] } = {}) {
  const view = { ...sampleViews['identifier-phone']!, country, ...(served && { served }) } as View
  await visit.show(view, sampleFrame, locales[tag]!)
  // By then the script has run.
  await visit.page.waitForLoadState('domcontentloaded')
}

/** Types letters while the list has the focus, opened or not. */
async function look(page: Page, letters: string, { opened = false } = {}): Promise<string> {
  if (opened) await page.click('#country')
  else await page.focus('#country')
  for (const letter of letters) await page.keyboard.press(letter)
  if (opened) await page.keyboard.press('Enter')
  return page.inputValue('#country')
}

describe('the country that a number names by itself', () => {
  it.each(PREFIXES)('%j under %s is %s', (typed, chosen, then) => {
    expect(countryOfPrefix(typed, chosen) ?? chosen).toBe(then)
  })

  it('is the main one, where several share a calling code', () => {
    const shared = Object.values(metadata.country_calling_codes).filter(codes => codes.length > 1)
    expect([...MAIN_COUNTRIES]).toEqual(shared.map(([main]) => main).toSorted())
  })

  it('is chosen while it is typed or pasted', async () => {
    const page = await open()
    await show('US')
    for (const [typed, chosen, then] of PREFIXES) {
      await page.fill('#value', '')
      await page.selectOption('#country', chosen)
      await page.fill('#value', typed)
      expect(await page.inputValue('#country'), `${typed} under ${chosen}`).toBe(then)
      expect(await page.inputValue('#value')).toBe(typed)
    }
    await show('US')
    await page.locator('#value').pressSequentially('+8613')
    expect(await page.inputValue('#country')).toBe('CN')
    expect(visit.complaints).toEqual([])
  })

  it('stays unchosen where codes cannot go to it, and the choice is the visitor’s again afterwards', async () => {
    const page = await open()
    await show('DE', { served: ['elsewhere'] })
    await page.fill('#value', '+86 138 0013 8000')
    expect(await page.inputValue('#country')).toBe('DE')
    await show('US')
    await page.fill('#value', '+86')
    await page.selectOption('#country', 'JP')
    await page.fill('#value', '90')
    expect(await page.inputValue('#country')).toBe('JP')
  })
})

describe('in the list of countries', () => {
  it.each([
    ['with the script', true],
    ['without it', false],
  ])('"Chi" is China from wherever it is typed, %s', async (_, javaScriptEnabled) => {
    const page = await open({ javaScriptEnabled })
    for (const from of ['CN', 'US', 'CA', 'CL', 'ZW'])
      for (const opened of [false, true]) {
        await show(from)
        expect(await look(page, 'Chi', { opened }), `from ${from}`).toBe('CN')
      }
    await show('US', { served: ['elsewhere'] })
    expect(await look(page, 'Chi')).toBe('CL')
  })

  it('the names of the page’s language are found, and of the common ones the English, the Pinyin and the code', async () => {
    const page = await open()
    await page.clock.install()
    let shown = ''
    const begin = async (tag: string) => {
      if (tag !== shown) await show('SG', { tag })
      shown = tag
      await page.selectOption('#country', 'SG')
      // What was typed before is forgotten by then.
      await page.clock.fastForward(1500)
    }
    for (const [tag, letters, country] of [
      ['en', 'ger', 'DE'],
      ['en', 'hong', 'HK'],
      ['en', 'south a', 'ZA'],
      ['en', 'us', 'US'],
      ['en', '852', 'HK'],
      ['en', '+852', 'HK'],
      ['en', 'cot', 'CI'],
      ['en', 'ccc', 'KH'],
      ['zh-CN', 'zhong', 'CN'],
      ['zh-CN', 'Chi', 'CN'],
      ['zh-CN', 'mei', 'US'],
      ['zh-TW', 'zhong', 'CN'],
      ['zh-HK', 'china', 'CN'],
      ['zh-HK', 'aom', 'MO'],
    ] as const) {
      await begin(tag)
      expect(await look(page, letters), `${letters} in ${tag}`).toBe(country)
    }
    for (const [tag, sign, country] of [
      ['zh-CN', '中', 'CN'],
      ['zh-TW', '台', 'TW'],
    ] as const) {
      await begin(tag)
      await page.dispatchEvent('#country', 'keydown', { key: sign })
      expect(await page.inputValue('#country')).toBe(country)
    }
  })

  it('what is typed begins anew after a while, and keys that type nothing stay the browser’s', async () => {
    const page = await open()
    await page.clock.install()
    await show('SG')
    expect(await look(page, 'ch')).toBe('CN')
    await page.clock.fastForward(1500)
    expect(await look(page, 'i')).toBe('IS')
    await page.press('#country', 'Control+c')
    await page.press('#country', 'Home')
    await page.press('#country', 'ArrowDown')
    expect(await page.inputValue('#country')).toBe('HK')
  })

  it('the common ones stand first, and all of them stand by name, those that begin alike in that order', () => {
    for (const locale of Object.values(locales)) {
      const { common, all } = countries(locale)
      expect(common.slice(0, 6).map(({ code }) => code)).toEqual(['CN', 'HK', 'TW', 'MO', 'SG', 'US'])
      expect(new Set(all.map(({ code }) => code)).size).toBe(all.length)
      expect(all.length).toBeGreaterThan(200)
      expect(all).toEqual(expect.arrayContaining(common))
    }
    const codes = countries(locales.en!).all.map(({ code }) => code)
    for (const [before, after] of [
      ['CN', 'CL'],
      ['AU', 'AT'],
      ['HK', 'HN'],
      ['AF', 'ZW'],
    ] as const)
      expect(codes.indexOf(before)).toBeLessThan(codes.indexOf(after))
  })
})
