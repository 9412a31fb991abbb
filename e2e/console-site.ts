import { readFileSync } from 'node:fs'
import { en } from '../packages/console/src/locales/en.ts'
import { zhCN } from '../packages/console/src/locales/zh-CN.ts'

const SITE_MAP = new URL('../packages/console/src/routes.ts', import.meta.url)

/** Every path of the console's site map, in its order; without those before the sign-in. Read, since only a bundler can load it. */
export const PATHS: readonly string[] = [...readFileSync(SITE_MAP, 'utf8').matchAll(/path: '(\/[^']*)'/g)]
  .map(([, path]) => path!)
  .filter(path => !['/welcome', '/sign-in', '/set-password'].includes(path))

/** Every sentence of a language that has no values in it. */
const sentences = (texts: object): string[] =>
  Object.values(texts).flatMap(value =>
    typeof value === 'string' ? [value] : typeof value === 'object' ? sentences(value) : [],
  )

const CHINESE = new Set(sentences(zhCN))

/** What is called so in every language, because somebody named it so. */
const NAMES = new Set(['Demo application'])

/** English sentences that a page in Chinese has no reason to say. Single words may be names. */
export const FORGOTTEN: readonly string[] = sentences(en).filter(
  sentence =>
    sentence.includes(' ') &&
    sentence.length > 8 &&
    !NAMES.has(sentence) &&
    ![...CHINESE].some(each => each.includes(sentence)),
)

/** Asked in the page: what sticks out to the right of the window. */
export const OVERFLOW = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth <= clientWidth) return []
  return [...document.querySelectorAll('main *')]
    .filter(element => element.getBoundingClientRect().right > clientWidth + 1)
    .map(element => element.tagName + ' ' + element.textContent.slice(0, 60))
})()`

/** Asked in the page: words in lists that go on in another line; ids, addresses and code may, and Chinese does. */
export const BROKEN = `(() => {
  const broken = []
  for (const list of document.querySelectorAll('.records')) {
    const texts = document.createTreeWalker(list, NodeFilter.SHOW_TEXT)
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      if (text.parentElement.closest('.any-letter, code, pre')) continue
      for (const { 0: word, index } of text.data.matchAll(/[A-Za-z]+/g)) {
        const range = document.createRange()
        range.setStart(text, index)
        range.setEnd(text, index + word.length)
        if (new Set([...range.getClientRects()].map(each => each.top)).size > 1) broken.push(word)
      }
    }
  }
  return broken
})()`

/** Asked in the page: what it says in its own language, without code. */
export const WORDS = `(() => {
  const body = document.body.cloneNode(true)
  for (const other of body.querySelectorAll('pre, code, script, style, [lang]')) other.remove()
  return [...body.querySelectorAll('*')].map(each => each.textContent).join('\\n')
})()`
