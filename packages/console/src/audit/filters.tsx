import type { Application, ListedOperator } from '@countersign/api'
import { Autocomplete, Button, NativeSelect, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { useSpeech } from '../language.tsx'
import { KNOWN_KEYS, sayKey } from './entry.ts'
import { FILTERS, isBackwards, type LogFilter, RESULTS } from './filter.ts'

/** What can be chosen: all, those that are there, and the chosen one also where it is there no more. */
function choices(all: string, named: readonly { id: string; name: string }[], chosen: string) {
  const known = [{ value: '', label: all }, ...named.map(({ id, name }) => ({ value: id, label: name }))]
  return known.some(({ value }) => value === chosen) ? known : [...known, { value: chosen, label: chosen }]
}

/** What the audit log is cut down to, as a form; `onChange` gets what has changed. */
export function Filters({
  filter,
  applications,
  operators,
  onChange,
}: {
  filter: LogFilter
  applications: readonly Application[]
  operators: readonly ListedOperator[]
  onChange(changes: Partial<LogFilter>): void
}) {
  const { texts } = useSpeech()
  const label = texts.logs
  // What is typed stands at once; the list follows when the typing pauses.
  const [typed, setTyped] = useState({ user: filter.user, key: filter.key })
  const look = useDebouncedCallback(onChange, 300)
  const type = (changes: Partial<typeof typed>) => {
    const next = { ...typed, ...changes }
    setTyped(next)
    look(next)
  }
  // A link may lead to other filters meanwhile.
  const [seen, setSeen] = useState(filter)
  if (seen.user !== filter.user || seen.key !== filter.key) {
    setSeen(filter)
    if (typed.user.trim() !== filter.user || typed.key.trim() !== filter.key)
      setTyped({ user: filter.user, key: filter.key })
  }
  return (
    <Stack gap="xs">
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4 }} spacing="sm">
        <TextInput
          label={label.user}
          placeholder={label.userHint}
          value={typed.user}
          onChange={event => type({ user: event.currentTarget.value })}
          spellCheck={false}
        />
        <NativeSelect
          label={label.application}
          value={filter.application}
          onChange={event => onChange({ application: event.currentTarget.value })}
          data={choices(label.anyApplication, applications, filter.application)}
        />
        <NativeSelect
          label={label.operator}
          value={filter.operator}
          onChange={event => onChange({ operator: event.currentTarget.value })}
          data={choices(label.anyOperator, operators, filter.operator)}
        />
        <Autocomplete
          label={label.key}
          placeholder={label.keyHint}
          value={typed.key}
          onChange={key => type({ key })}
          data={[...KNOWN_KEYS]}
          renderOption={({ option }) => (
            <Stack gap={0}>
              <Text size="sm">{sayKey(option.value, label.words)}</Text>
              <Text size="xs" c="dimmed" className="breakable">
                {option.value}
              </Text>
            </Stack>
          )}
          maxDropdownHeight={280}
          spellCheck={false}
        />
        <NativeSelect
          label={label.result}
          value={filter.result}
          onChange={event => onChange({ result: event.currentTarget.value })}
          data={[
            { value: '', label: label.anyResult },
            ...RESULTS.map(value => ({ value, label: value === 'Error' ? label.error : label.success })),
          ]}
        />
        <TextInput
          label={label.from}
          type="datetime-local"
          value={filter.from}
          onChange={event => onChange({ from: event.currentTarget.value })}
        />
        <TextInput
          label={label.to}
          type="datetime-local"
          value={filter.to}
          onChange={event => onChange({ to: event.currentTarget.value })}
          error={isBackwards(filter) && label.backwards}
        />
      </SimpleGrid>
      {FILTERS.some(name => filter[name] !== '') && (
        <Button
          variant="subtle"
          size="compact-sm"
          w="fit-content"
          onClick={() => {
            look.cancel()
            setTyped({ user: '', key: '' })
            onChange(Object.fromEntries(FILTERS.map(name => [name, ''])))
          }}
        >
          {label.clear}
        </Button>
      )}
    </Stack>
  )
}
