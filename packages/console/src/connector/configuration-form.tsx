import type { CatalogEntry } from '@countersign/api'
import { Stack, Text } from '@mantine/core'
import { type Issue, issuesUnder } from '../api-error.ts'
import { useSpeech } from '../language.tsx'
import type { Configuration } from './draft.ts'
import { FieldInput } from './field-input.tsx'
import { TemplateRows } from './template-rows.tsx'

/** The form face of a configuration, drawn from the connector's own table of fields. */
export function ConfigurationForm(props: {
  entry: CatalogEntry
  config: Configuration
  issues: readonly Issue[]
  onEdit: (path: readonly (string | number)[], value: unknown) => void
}) {
  const { texts } = useSpeech()
  const { entry, config, issues, onEdit } = props
  const others = Object.keys(config).filter(key => !entry.fields.some(field => field.key === key))
  return (
    <Stack>
      {entry.fields.map(field =>
        field.kind === 'templates' ? (
          <TemplateRows
            key={field.key}
            field={field}
            required={entry.requiredUsageTypes}
            value={config[field.key]}
            issues={issuesUnder(issues, field.key)}
            onChange={(path, value) => onEdit([field.key, ...path], value)}
          />
        ) : (
          <FieldInput
            key={field.key}
            name={field.key}
            field={field}
            value={config[field.key]}
            error={issuesUnder(issues, field.key)[0]?.message}
            onChange={value => onEdit([field.key], value)}
          />
        ),
      )}
      {others.length > 0 && (
        <Text size="sm" c="dimmed" className="breakable">
          {texts.connector.otherMembers(others.join(', '))}
        </Text>
      )}
    </Stack>
  )
}
