import type { CatalogEntry } from '@countersign/api'
import { defaultMail } from '@countersign/kit/default-mails'
import { describe, expect, test } from 'vitest'
import {
  blankConfiguration,
  type Draft,
  type DraftEvent,
  isTouched,
  reduceDraft,
  startDraft,
  writeAt,
} from './draft.ts'
import { problemOf } from './json-places.ts'

const label = { en: 'x' }
const entry: Pick<CatalogEntry, 'fields' | 'requiredUsageTypes'> = {
  requiredUsageTypes: ['Register', 'SignIn'],
  fields: [
    { key: 'accessKeyId', kind: 'text', label, required: true },
    { key: 'alias', kind: 'text', label, required: false },
    { key: 'version', kind: 'choice', label, required: false, default: 'v3', advanced: true },
    { key: 'region', kind: 'choice', label, required: false, default: 'cn-hangzhou' },
    { key: 'strict', kind: 'switch', label, required: false, default: false },
    {
      key: 'templates',
      kind: 'templates',
      label,
      required: true,
      row: { templateCode: { kind: 'text', label, required: true } },
    },
  ],
}

const after = (draft: Draft, ...events: DraftEvent[]) => events.reduce(reduceDraft, draft)
const type = (text: string): DraftEvent => ({ do: 'type', text, problem: problemOf(text) })

describe('a new configuration', () => {
  test('names every required member and has a row for each required template', () => {
    expect(blankConfiguration(entry, 'en')).toEqual({
      accessKeyId: '',
      region: 'cn-hangzhou',
      strict: false,
      templates: [
        { usageType: 'Register', templateCode: '' },
        { usageType: 'SignIn', templateCode: '' },
      ],
    })
  })
})

test('a new row begins with what is suggested for its usage type, and empty where nothing is', () => {
  const suggestions = [
    { value: '100001', label, usageTypes: ['SignIn' as const] },
    { value: '100003', label },
  ]
  const row = { templateCode: { kind: 'text' as const, label, required: true, suggestions } }
  const codes = { ...entry, fields: [{ ...entry.fields.at(-1)!, row }] }
  expect(blankConfiguration(codes, 'en')).toEqual({
    templates: [
      { usageType: 'Register', templateCode: '' },
      { usageType: 'SignIn', templateCode: '100001' },
    ],
  })
})

describe('a new configuration of e-mails', () => {
  const row = {
    subject: { kind: 'text', label, required: true },
    content: { kind: 'multiline', label, required: true },
    locale: { kind: 'text', label, required: false },
  } as const
  const mails = { ...entry, fields: [{ ...entry.fields.at(-1)!, row }] }

  test.each([
    ['zh-CN', 'en'],
    ['en', 'zh-CN'],
  ] as const)('says something in %s to all readers, and in %s to those who read that', (base, other) => {
    const { subject, content } = defaultMail('SignIn', base)
    const { templates } = blankConfiguration(mails, base) as { templates: Record<string, unknown>[] }
    expect(templates.map(({ usageType, locale }) => [usageType, locale])).toEqual([
      ['Register', undefined],
      ['SignIn', undefined],
      ['Register', other],
      ['SignIn', other],
    ])
    expect(templates[1]).toEqual({ usageType: 'SignIn', subject, content })
    expect(templates[3]).toMatchObject({ subject: defaultMail('SignIn', other).subject })
  })
})

describe('writing a member', () => {
  test('keeps its neighbours and their order', () => {
    const before = { a: 1, rows: [{ x: 1, note: 'kept' }, 'odd'], z: 2 }
    const next = writeAt(before, ['rows', 0, 'x'], 5)
    expect(JSON.stringify(next)).toBe('{"a":1,"rows":[{"x":5,"note":"kept"},"odd"],"z":2}')
    expect(before.rows[0]).toEqual({ x: 1, note: 'kept' })
  })

  test('takes it away when there is no value', () => {
    expect(writeAt({ a: 1, b: 2 }, ['a'], undefined)).toEqual({ b: 2 })
  })

  test('puts an object where something else stood in the way', () => {
    expect(writeAt({ a: 'text' }, ['a', 'b'], 1)).toEqual({ a: { b: 1 } })
  })
})

describe('a draft', () => {
  test('carries what was typed as JSON into the form, unknown members included', () => {
    const draft = after(startDraft({ accessKeyId: '' }), type('{"accessKeyId":"id","note":{"by":"me"}}'))
    const edited = after(draft, { do: 'edit', path: ['accessKeyId'], value: 'other' }, { do: 'open-json' })
    expect(edited.config).toEqual({ accessKeyId: 'other', note: { by: 'me' } })
    expect(JSON.parse(edited.text)).toEqual(edited.config)
  })

  test('keeps the last whole configuration and every typed character while the JSON is broken', () => {
    const draft = after(startDraft({ a: 1 }), type('{"a":2}'), type('{"a":2,'))
    expect(draft.problem?.kind).toBe('syntax')
    expect(draft.config).toEqual({ a: 2 })
    expect(draft.text).toBe('{"a":2,')
    expect(after(draft, type('{"a":2,"b":3}'))).toMatchObject({ config: { a: 2, b: 3 } })
    expect(after(draft, type('{"a":2,"b":3}')).problem).toBeUndefined()
  })

  test('leaves the own formatting of the JSON alone when the form changed nothing', () => {
    const text = '{ "a" : 1,\n\n"b":2}'
    expect(after(startDraft({}), type(text), { do: 'open-json' }).text).toBe(text)
  })

  test('fills samples in over the members they name', () => {
    const draft = after(startDraft({ a: 1, own: true }), { do: 'fill', config: { a: 9, b: 2 } })
    expect(draft.config).toEqual({ a: 9, own: true, b: 2 })
    expect(JSON.parse(draft.text)).toEqual(draft.config)
  })

  test('mends broken JSON when samples are filled in', () => {
    expect(after(startDraft({}), type('{'), { do: 'fill', config: { a: 1 } }).problem).toBeUndefined()
  })

  test('drops a complaint when its member changes, and only that one', () => {
    const draft = after(
      startDraft({ a: '', rows: [{ code: '' }] }),
      {
        do: 'report',
        issues: [
          { path: ['a'], message: 'empty' },
          { path: ['rows'], message: 'has no template for SignIn' },
          { path: ['rows', 0, 'code'], message: 'empty' },
        ],
      },
      { do: 'edit', path: ['rows', 0, 'code'], value: 'SMS_1' },
    )
    expect(draft.issues.map(issue => issue.path)).toEqual([['a']])
  })
})

describe('what an operator has touched', () => {
  const start = startDraft({ accessKeyId: '', templates: [{ usageType: 'SignIn', templateCode: '' }] })
  const rows = start.config.templates as object[]

  test('is nothing at first, then the members that were changed, with what is around them', () => {
    expect(isTouched(start, ['accessKeyId'])).toBe(false)
    const typed = after(start, { do: 'edit', path: ['templates', 0, 'templateCode'], value: 'SMS_1' })
    expect(isTouched(typed, ['templates', 0, 'templateCode'])).toBe(true)
    expect(isTouched(typed, ['templates'])).toBe(true)
    expect(isTouched(typed, ['templates', 0, 'usageType'])).toBe(false)
    expect(isTouched(typed, ['accessKeyId'])).toBe(false)
  })

  test('is not a row that was only added', () => {
    const added = after(start, { do: 'edit', path: ['templates'], value: [...rows, { templateCode: '' }] })
    expect(isTouched(added, ['templates', 1, 'templateCode'])).toBe(false)
    const shared = rows.map(row => ({ ...row, templateCode: 'SMS_1' }))
    const written = after(start, { do: 'edit', path: ['templates'], value: shared })
    expect(isTouched(written, ['templates', 0, 'templateCode'])).toBe(true)
    expect(isTouched(written, ['templates', 0, 'usageType'])).toBe(false)
  })

  test('is everything once the JSON was written or sample values filled in', () => {
    expect(isTouched(after(start, type('{}')), ['templates', 7, 'x'])).toBe(true)
    expect(isTouched(after(start, { do: 'fill', config: {} }), ['accessKeyId'])).toBe(true)
  })
})
