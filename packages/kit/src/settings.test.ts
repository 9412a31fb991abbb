import { describe, expect, test } from 'vitest'
import {
  choice,
  describeSettings,
  multiline,
  optionalSecret,
  optionalText,
  secret,
  secretKeys,
  settingsSchema,
  templates,
  text,
  toggle,
} from './index.ts'

const label = { en: 'L', 'zh-CN': '标' }
const table = {
  name: text({ label, maxLength: 5, pattern: { test: /^\w+$/, message: 'must be a word' } }),
  key: secret({ label, placeholder: 'k' }),
  nick: optionalText({ label }),
  token: optionalSecret({ label, advanced: true }),
  region: choice({
    label,
    options: [
      { value: 'a', label },
      { value: 'b', label },
    ],
    fallback: 'b',
  }),
  strict: toggle({ label, fallback: true }),
  templates: templates({ label, row: { content: multiline({ label }) } }),
}
const rows = ['Register', 'SignIn', 'ForgotPassword', 'Generic'].map(usageType => ({
  usageType,
  content: 'c',
}))
const valid = { name: ' Ada ', key: 's', templates: rows }

const issuesOf = (change: object) =>
  (settingsSchema(table).safeParse({ ...valid, ...change }).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  )

describe('a configuration', () => {
  test('is trimmed and completed', () => {
    expect(settingsSchema(table).parse(valid)).toEqual({
      name: 'Ada',
      key: 's',
      nick: undefined,
      token: undefined,
      region: 'b',
      strict: true,
      templates: rows,
    })
  })

  test('may leave optional fields empty', () => {
    expect(issuesOf({ nick: '', token: '', region: null, strict: '' })).toEqual([])
  })

  test('keeps members that the table does not name', () => {
    expect(settingsSchema(table).parse({ ...valid, more: 1 })).toMatchObject({ more: 1 })
  })

  test.each([
    [{ name: '  ' }, 'name: must not be empty'],
    [{ name: 'toolong' }, 'name: must be at most 5 characters'],
    [{ name: 'a b' }, 'name: must be a word'],
    [{ key: '\ud800' }, 'key: holds half of a character; type it again'],
    [{ templates: rows.slice(1) }, 'templates: has no template for Register; add one row for each'],
    [
      { templates: undefined },
      'templates: has no template for Register, SignIn, ForgotPassword, Generic; add one row for each',
    ],
    [{ templates: [...rows, rows[0]] }, 'templates.4.usageType: Register stands twice; keep one'],
  ])('is refused with %o, and says why', (change, issue) => {
    expect(issuesOf(change)).toContain(issue)
  })

  test.each([
    { region: 'c' },
    { strict: 'yes' },
    { templates: 'x' },
    { templates: [{ usageType: 'Party' }] },
  ])('is refused with %o', change => {
    expect(issuesOf(change)).not.toEqual([])
  })
})

describe('the description of a table', () => {
  test('is plain data in the table’s order', () => {
    const fields = describeSettings(table)
    expect(fields.map(({ key }) => key)).toEqual(Object.keys(table))
    expect(JSON.parse(JSON.stringify(fields))).toEqual(fields)
    expect(fields.find(({ key }) => key === 'token')).toMatchObject({ required: false, advanced: true })
    expect(fields.find(({ key }) => key === 'templates')?.row?.content).toMatchObject({ kind: 'multiline' })
  })

  test('names what must be kept secret', () => {
    expect(secretKeys(table)).toEqual(['key', 'token'])
  })
})
