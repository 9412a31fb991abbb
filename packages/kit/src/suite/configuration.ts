import assert from 'node:assert/strict'
import { describeSettings, settingsSchema } from '../settings.ts'
import { REQUIRED_USAGE_TYPES } from '../template.ts'
import type { RunTest, Trials } from './trials.ts'

type Refusal = (configuration: unknown, path: (string | number)[]) => string

/** Asserts that configurations are refused with an issue at a place, and gives the issue's words. */
const refusalBy =
  ({ connector }: Trials): Refusal =>
  (configuration, path) => {
    const result = settingsSchema(connector.settings).safeParse(configuration)
    const name = path.join('.')
    assert.ok(!result.success, `a configuration without ${name} is accepted`)
    const named = result.error.issues.filter(issue => issue.path.join('.') === name)
    assert.ok(named.length > 0, `no issue names ${name}: ${result.error.message}`)
    return named.map(issue => issue.message).join('\n')
  }

/** A table of templates lacks the row of a message, or a row lacks a field. */
function lackRows(
  settings: Record<string, unknown>,
  key: string,
  fields: Record<string, { required: boolean }>,
  refusal: Refusal,
): void {
  const rows = settings[key] as Record<string, unknown>[]
  for (const usageType of REQUIRED_USAGE_TYPES) {
    const fewer = rows.filter(each => each.usageType !== usageType)
    const words = refusal({ ...settings, [key]: fewer }, [key])
    assert.ok(words.includes(usageType), `${usageType} is named`)
  }
  for (const [field, { required }] of Object.entries(fields)) {
    if (!required) continue
    const [{ [field]: _gone, ...first }, ...others] = rows as [Record<string, unknown>]
    refusal({ ...settings, [key]: [first, ...others] }, [key, 0, field])
  }
}

/** A configuration that lacks something is refused, and the refusal names the field. */
export function testConfiguration(test: RunTest, trials: Trials): void {
  test('refuses a configuration with a field missing or empty, and names the field', async () => {
    const { settings } = trials.subject
    const refusal = refusalBy(trials)
    trials.settings()
    for (const { key, required, row } of describeSettings(trials.connector.settings)) {
      if (!required) continue
      const { [key]: _, ...without } = settings
      refusal(without, [key])
      if (row) lackRows(settings, key, row, refusal)
      else refusal({ ...settings, [key]: '' }, [key])
    }
  })
}
