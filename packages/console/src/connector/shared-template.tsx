import type { FormField } from '@countersign/api'
import { Card, Stack, Text } from '@mantine/core'
import type { Issue } from '../api-error.ts'
import { useSpeech } from '../language.tsx'
import { Advanced } from './advanced.tsx'
import { FieldInput } from './field-input.tsx'
import { FindingNotes, isSet, useHasFindings } from './findings.tsx'

/** The fields of one row that stands for the rows of all usage types. */
export function SharedTemplate(props: {
  field: FormField
  rows: readonly Record<string, unknown>[]
  /** Paths start below the list: `[0, 'templateCode']`. */
  issues: readonly Issue[]
  onWrite: (key: string, value: unknown) => void
}) {
  const { texts, list } = useSpeech()
  const { field, rows, issues } = props
  const [row = {}] = rows
  // What is for all readers has no language.
  const fields = Object.entries(field.row ?? {}).filter(([key]) => key !== 'locale')
  const rare = fields.filter(([, inner]) => inner.advanced)
  const placesOf = (key: string) => rows.map((_, index) => [field.key, index, key])
  // The rows are equal, and so is what is wrong with them: the first complaint stands for all.
  const issuesOf = (key: string) => {
    const first = issues.find(({ path }) => path[1] === key)
    return issues.flatMap(({ path: [at, name, ...rest], message }) =>
      at === first?.path[0] && name === key ? [{ path: rest, message }] : [],
    )
  }
  const found = useHasFindings(rare.flatMap(([key]) => placesOf(key)))
  const wanted = rare.some(
    ([key, { default: fallback }]) => isSet(row[key], fallback) || issuesOf(key).length > 0,
  )
  const draw = ([key, inner]: (typeof fields)[number]) => (
    <Stack key={key} gap={4}>
      <FieldInput
        name={key}
        inRow
        field={inner}
        value={row[key]}
        error={issuesOf(key).find(({ path }) => path.length === 0)?.message}
        issues={issuesOf(key)}
        onChange={value => props.onWrite(key, value)}
      />
      <FindingNotes paths={placesOf(key)} deep />
    </Stack>
  )
  return (
    <Card component="fieldset" withBorder padding="sm" m={0} aria-label={texts.connector.oneTemplate}>
      <Stack gap="xs">
        {fields.filter(([, inner]) => !inner.advanced).map(draw)}
        {rare.length > 0 && <Advanced wanted={wanted || found}>{rare.map(draw)}</Advanced>}
        <Text size="xs" c="dimmed" className="breakable">
          {texts.connector.oneTemplateFor(list(rows.map(({ usageType }) => String(usageType))))}
        </Text>
      </Stack>
    </Card>
  )
}
