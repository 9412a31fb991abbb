import type { FormField } from '@countersign/api'
import { isObject } from '@countersign/kit/json'
import { Group, Stack, Switch, TextInput } from '@mantine/core'
import { type Issue, issuesUnder } from '../api-error.ts'
import { useSpeech } from '../language.tsx'
import { join, type RegionalValue, split } from './regional.ts'

/** One text for all destinations, or one for mainland China and one for abroad. */
export function RegionalInput(props: {
  field: Omit<FormField, 'key'>
  label: string
  description?: string
  value: RegionalValue | undefined | null
  /** Paths start below the field: none for the field itself, `['china']` for one of the two. */
  issues: readonly Issue[]
  onChange: (value: RegionalValue) => void
}) {
  const { texts } = useSpeech()
  const { field, label, description, value, issues, onChange } = props
  const apart = isObject(value)
  const textual = {
    placeholder: field.placeholder,
    maxLength: field.maxLength,
    autoComplete: 'off',
    spellCheck: false,
  }
  const own = issues.find(issue => issue.path.length === 0)?.message
  const part = (key: 'china' | 'overseas', name: string) => (
    <TextInput
      {...textual}
      flex="1 1 12rem"
      label={`${label} · ${name}`}
      value={apart ? String(value[key] ?? '') : ''}
      onChange={event => onChange({ ...split(value), [key]: event.currentTarget.value })}
      error={issuesUnder(issues, key)[0]?.message ?? (key === 'china' ? own : undefined)}
    />
  )
  return (
    <Stack gap={6}>
      {apart ? (
        <Group align="flex-start" gap="sm">
          {part('china', texts.connector.china)}
          {part('overseas', texts.connector.overseas)}
        </Group>
      ) : (
        <TextInput
          {...textual}
          label={label}
          description={description}
          withAsterisk={field.required}
          value={value ?? ''}
          onChange={event => onChange(event.currentTarget.value)}
          error={own}
        />
      )}
      <Switch
        size="xs"
        label={texts.connector.byRegion}
        checked={apart}
        onChange={event => onChange(event.currentTarget.checked ? split(value) : join(value))}
      />
    </Stack>
  )
}
