import * as api from '@countersign/api'
import * as kit from '@countersign/kit'
import { expect, it } from 'vitest'
import { none } from './complaints.ts'
import { isTest, sources, textOf } from './sources.ts'

/** What examples may use beside the package's own exports. */
const AROUND = { label: { en: 'A label', 'zh-CN': '标签' } }

interface Documented {
  at: string
  name: string
  /** The doc comment before it; empty when there is none. */
  doc: string
}

const DECLARED = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?export (?:async )?(?:function|const|class) (\w+)/g

/** Everything that the sources of a package export, with its doc comment. */
function documented(folder: string): Documented[] {
  return sources(folder)
    .filter(file => !isTest(file))
    .flatMap(file => {
      const text = textOf(file)!
      return [...text.matchAll(DECLARED)].map(({ 1: doc = '', 2: name, index }) => ({
        at: `${file}:${text.slice(0, index).split('\n').length}`,
        name: name!,
        doc: doc.replaceAll(/^ *\* ?/gm, ''),
      }))
    })
}

const isFunction = (value: unknown) =>
  typeof value === 'function' && !/^class\b/.test(Function.prototype.toString.call(value))

const PACKAGES = [
  ['kit', kit as Record<string, unknown>],
  ['api', api as Record<string, unknown>],
] as const

it.each(PACKAGES)('every function that %s exports shows an example in its doc comment', (name, exported) => {
  const functions = documented(`packages/${name}/src`).filter(each => isFunction(exported[each.name]))
  none(
    functions.filter(({ doc }) => !doc.includes('@example')).map(({ at, name }) => `${at} ${name}`),
    'Show a call after @example; where it gives a value, write that after it: `// value`',
  )
  expect(functions.length).toBeGreaterThan(5)
})

it.each(PACKAGES)('every example of %s that names a value gives it', (name, exported) => {
  const scope = { ...AROUND, ...exported }
  const run = (expression: string): unknown =>
    new Function(...Object.keys(scope), `return (${expression})`)(...Object.values(scope))
  const examples = documented(`packages/${name}/src`).flatMap(({ at, doc }) =>
    [...doc.matchAll(/@example (.+) \/\/ (.+)/g)].map(([, call, value]) => ({ at, call, value })),
  )
  for (const { at, call, value } of examples) expect(run(call!), `${at}: ${call}`).toEqual(run(value!))
  expect(examples.length).toBeGreaterThan(5)
})
