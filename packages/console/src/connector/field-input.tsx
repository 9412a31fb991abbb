import type { FormField } from '@countersign/api'
import { Alert, Code, NativeSelect, Switch, Text, Textarea, TextInput } from '@mantine/core'
import type { Issue } from '../api-error.ts'
import { SecretInput } from '../frame/secret-input.tsx'
import { useSpeech } from '../language.tsx'
import { JsonInput } from './json-input.tsx'
import { isRegional } from './regional.ts'
import { RegionalInput } from './regional-input.tsx'
import { SuggestedInput } from './suggested-input.tsx'

interface FieldInputProps {
  /** The member's name in the configuration; shown, so that guide, form and JSON can be laid side by side. */
  name: string
  /** In a row of a list, where the name would be repeated in every row. */
  inRow?: boolean
  field: Omit<FormField, 'key'>
  value: unknown
  error?: string
  /** What is wrong below the field, for those that have parts; paths start there. */
  issues?: readonly Issue[]
  onChange: (value: unknown) => void
}

/** What the control of a kind can show; `templates` has a control of its own. */
const SHOWS: Partial<Record<FormField['kind'], string[]>> = {
  // Whoever wrote the JSON may have left the quotes out of a number.
  text: ['string', 'number'],
  secret: ['string', 'number'],
  multiline: ['string', 'number'],
  choice: ['string'],
  regional: ['string', 'object'],
  switch: ['boolean'],
  // Half-typed numbers and JSON travel as text.
  number: ['number', 'string'],
  json: ['object', 'string', 'number', 'boolean'],
}

const isEmpty = (value: unknown) => value === undefined || value === null

/** One field of a connector's form, for every kind but `templates`. */
export function FieldInput({ name, inRow, field, value, error, issues = [], onChange }: FieldInputProps) {
  const { texts, pick } = useSpeech()
  const label = pick(field.label)
  const help = field.help && pick(field.help)
  const description = inRow ? (
    help
  ) : (
    <>
      <Code fz={11}>{name}</Code> {help}
    </>
  )
  const shared = { label, description, error, withAsterisk: field.required }
  // What the form cannot show it must not overwrite: the JSON view can hold anything.
  const shows = field.kind === 'regional' ? isRegional(value) : SHOWS[field.kind]?.includes(typeof value)
  const strange = !isEmpty(value) && !shows
  if (strange)
    return (
      <Alert color={error ? 'red' : 'gray'} title={label}>
        <Text size="sm">
          <Code>{name}</Code> {texts.connector.notAForm}
        </Text>
        {error && <Text size="sm">{error}</Text>}
      </Alert>
    )

  const text = isEmpty(value) ? '' : String(value)
  // An optional member that is emptied is left out; a required one stays, so that the JSON view shows its name.
  const write = (next: string) => onChange(next === '' && !field.required ? undefined : next)
  const textual = {
    ...shared,
    value: text,
    onChange: (event: { currentTarget: { value: string } }) => write(event.currentTarget.value),
    placeholder: field.placeholder,
    maxLength: field.maxLength,
    autoComplete: 'off',
    spellCheck: false,
  }
  switch (field.kind) {
    case 'secret':
      return <SecretInput {...textual} autoComplete="new-password" />
    case 'multiline':
      return <Textarea {...textual} autosize minRows={3} maxRows={8} />
    case 'regional':
      return isRegional(value) ? (
        <RegionalInput
          field={field}
          label={label}
          description={help}
          value={value}
          issues={issues}
          onChange={onChange}
        />
      ) : null
    case 'json':
      return <JsonInput {...textual} value={value} onChange={onChange} />
    case 'number':
      return (
        <TextInput
          {...textual}
          inputMode="decimal"
          onChange={event => {
            const typed = event.currentTarget.value
            // What is no number stays as typed, for the server to complain about.
            const number = typed.trim() === '' ? Number.NaN : Number(typed)
            if (String(number) === typed) onChange(number)
            else write(typed)
          }}
        />
      )
    case 'switch':
      return (
        <Switch
          label={label}
          description={description}
          error={error}
          checked={value === true || (isEmpty(value) && field.default === true)}
          onChange={event => onChange(event.currentTarget.checked)}
        />
      )
    case 'choice': {
      const options = (field.options ?? []).map(option => ({
        value: option.value,
        label: pick(option.label),
      }))
      const chosen = text || String(field.default ?? '')
      // A value from elsewhere that is not on offer stays visible instead of turning into the first option.
      const known = options.some(option => option.value === chosen)
      return (
        <NativeSelect
          {...shared}
          data={known ? options : [{ value: chosen, label: chosen }, ...options]}
          value={chosen}
          onChange={event => onChange(event.currentTarget.value)}
        />
      )
    }
    default:
      return field.suggestions ? (
        <SuggestedInput {...textual} suggestions={field.suggestions} onChange={write} />
      ) : (
        <TextInput {...textual} />
      )
  }
}
