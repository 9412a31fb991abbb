import type { CatalogEntry, FormField } from '@countersign/api'
import { Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { type Issue, issuesUnder } from '../api-error.ts'
import { useSpeech } from '../language.tsx'
import { Advanced } from './advanced.tsx'
import type { Configuration } from './draft.ts'
import { FieldInput } from './field-input.tsx'
import { FindingNotes, isSet, useHasFindings } from './findings.tsx'
import { TemplateRows } from './template-rows.tsx'

/** The form face of a configuration, drawn from the connector's own table of fields. */
export function ConfigurationForm(props: {
  entry: CatalogEntry
  config: Configuration
  issues: readonly Issue[]
  onEdit: (path: readonly (string | number)[], value: unknown) => void
}) {
  const { texts, list } = useSpeech()
  const { entry, config, issues, onEdit } = props
  const others = Object.keys(config).filter(key => !entry.fields.some(field => field.key === key))
  const rare = entry.fields.filter(field => field.advanced)
  const found = useHasFindings(rare.map(({ key }) => [key]))
  const wanted = rare.some(
    ({ key, default: fallback }) => isSet(config[key], fallback) || issuesUnder(issues, key).length > 0,
  )

  const draw = (field: FormField): ReactNode =>
    field.kind === 'templates' ? (
      <Stack key={field.key} gap="xs">
        <TemplateRows
          field={field}
          required={entry.requiredUsageTypes}
          shareable={entry.channel === 'sms'}
          value={config[field.key]}
          issues={issuesUnder(issues, field.key)}
          onChange={(path, value) => onEdit([field.key, ...path], value)}
        />
        <FindingNotes path={[field.key]} />
      </Stack>
    ) : (
      <Stack key={field.key} gap={4}>
        <FieldInput
          name={field.key}
          field={field}
          value={config[field.key]}
          error={issuesUnder(issues, field.key)[0]?.message}
          issues={issuesUnder(issues, field.key)}
          onChange={value => onEdit([field.key], value)}
        />
        <FindingNotes path={[field.key]} deep />
      </Stack>
    )

  return (
    <Stack>
      {entry.fields.filter(field => !field.advanced).map(draw)}
      {rare.length > 0 && <Advanced wanted={wanted || found}>{rare.map(draw)}</Advanced>}
      {others.length > 0 && (
        <Stack gap={4}>
          <Text size="sm" c="dimmed" className="breakable">
            {texts.connector.otherMembers(list(others))}
          </Text>
          {others.map(key => (
            <FindingNotes key={key} path={[key]} />
          ))}
        </Stack>
      )}
    </Stack>
  )
}
