import assert from 'node:assert/strict'
import { describeSettings, type FieldInfo, settingsSchema } from '../settings.ts'
import { trySend } from '../test-world.ts'
import { describe, type RunTest, type Trials } from './trials.ts'

type Row = Record<string, unknown>

/** The text of another template, of the same form: other digits, or other words. */
const otherText = (text: string): string =>
  /^\w*\d\w*$/.test(text) ? text.replace(/\d/g, digit => String((Number(digit) + 1) % 10)) : `Zqj ${text}`

function otherValue(value: unknown): unknown {
  if (typeof value === 'string') return otherText(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, otherValue(each)]))
}

/** The row with other templates, which the stand-in refuses or writes otherwise. */
const otherRow = (row: Row, fields: Record<string, FieldInfo>): Row =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      fields[key]?.required && fields[key].kind !== 'choice' ? otherValue(value) : value,
    ]),
  )

/** Templates in several languages: which one a reader gets, where all others would be refused or read otherwise. */
// biome-ignore format: one line per reader
const READERS: [reader: string | undefined, fallback: string | undefined, right: string | undefined][] = [
  ['zh-TW', 'en', 'zh-TW'],
  ['zh-HK', 'en', 'zh-TW'],
  ['zh-SG', 'en', 'zh-CN'],
  ['en-GB', 'zh-TW', 'en'],
  ['fr', 'en-US', 'en'],
  ['fr', 'de', undefined],
  [undefined, 'zh-HK', 'zh-TW'],
  [undefined, undefined, undefined],
]

/** Where rows of templates have a language, a message is in the reader's one. */
export function testLanguages(test: RunTest, { subject, connector, message }: Trials): void {
  const schema = settingsSchema(connector.settings)
  const [table] = describeSettings(connector.settings).filter(({ row }) => row?.locale)
  if (!table) return
  test('chooses the template in the reader’s language, then in the fallback language, then the one for all', async () => {
    const rows = subject.settings[table.key] as Row[]
    const inOrder = ['zh-CN', 'zh-TW', undefined, 'en']
    const wanted = subject.provider()
    await trySend(subject, schema.parse(subject.settings), wanted.fetch)
    const text = wanted.delivered()[0]?.text
    for (const [locale, fallbackLocale, right] of READERS) {
      const templates = inOrder.flatMap(tag =>
        rows.map(row => ({
          ...(tag === right ? row : otherRow(row, table.row!)),
          ...(tag && { locale: tag }),
        })),
      )
      const provider = subject.provider()
      const settings = schema.parse({ ...subject.settings, [table.key]: templates })
      const { outcome } = await trySend(subject, settings, provider.fetch, {
        message: {
          ...message,
          payload: { ...message.payload, ...(locale && { locale }) },
          ...(fallbackLocale && { fallbackLocale }),
        },
      })
      const about = `a reader of ${locale}, where ${fallbackLocale} stands in`
      assert.ok('sent' in outcome, `${about}: ${describe(outcome)}`)
      assert.equal(provider.delivered()[0]?.text, text, about)
    }
  })
}
