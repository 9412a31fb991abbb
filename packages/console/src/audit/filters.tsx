import type { Application, ListedOperator } from '@countersign/api'
import { Autocomplete, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { ChoiceFilter, ClearFilters, PeriodFilter } from '../frame/list-filters.tsx'
import { useSpeech } from '../language.tsx'
import { KNOWN_KEYS, sayKey } from './entry.ts'
import { FILTERS, type LogFilter, RESULTS } from './filter.ts'

const named = (those: readonly { id: string; name: string }[]) =>
  those.map(({ id, name }) => ({ value: id, label: name }))

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
        <ChoiceFilter
          label={label.application}
          all={label.anyApplication}
          choices={named(applications)}
          value={filter.application}
          onChange={application => onChange({ application })}
        />
        <ChoiceFilter
          label={label.operator}
          all={label.anyOperator}
          choices={named(operators)}
          value={filter.operator}
          onChange={operator => onChange({ operator })}
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
        <ChoiceFilter
          label={label.result}
          all={label.anyResult}
          choices={RESULTS.map(value => ({ value, label: value === 'Error' ? label.error : label.success }))}
          value={filter.result}
          onChange={result => onChange({ result })}
        />
        <PeriodFilter period={filter} onChange={onChange} />
      </SimpleGrid>
      {FILTERS.some(name => filter[name] !== '') && (
        <ClearFilters
          onClear={() => {
            look.cancel()
            setTyped({ user: '', key: '' })
            onChange(Object.fromEntries(FILTERS.map(name => [name, ''])))
          }}
        />
      )}
    </Stack>
  )
}
