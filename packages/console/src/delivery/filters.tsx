import { MessageState, UsageType } from '@countersign/api'
import { Button, NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { countryChoices } from '../experience/country-choices.ts'
import { useSpeech } from '../language.tsx'
import { FILTERS, isBackwards, isPart, type MessageFilter } from './filter.ts'

interface Choice {
  value: string
  label: string
}

/** What can be chosen: all, those that are there, and the chosen one also where it is there no more. */
function choices(all: string, known: readonly Choice[], chosen: string): Choice[] {
  const every = [{ value: '', label: all }, ...known]
  return every.some(({ value }) => value === chosen) ? every : [...every, { value: chosen, label: chosen }]
}

/** What the list of messages is cut down to, as a form; `onChange` gets what has changed. */
export function Filters({
  filter,
  applications,
  connectors,
  onChange,
}: {
  filter: MessageFilter
  applications: readonly Choice[]
  connectors: readonly Choice[]
  onChange(changes: Partial<MessageFilter>): void
}) {
  const { texts, language } = useSpeech()
  const label = texts.deliveries
  // What is typed stands at once; the list follows when the typing pauses.
  const [typed, setTyped] = useState(filter.recipient)
  const look = useDebouncedCallback((recipient: string) => onChange({ recipient }), 300)
  // A link may lead to another filter meanwhile.
  const [seen, setSeen] = useState(filter.recipient)
  if (seen !== filter.recipient) {
    setSeen(filter.recipient)
    if (typed.trim() !== filter.recipient) setTyped(filter.recipient)
  }
  const select = (name: keyof MessageFilter, title: string, all: string, known: readonly Choice[]) => (
    <NativeSelect
      label={title}
      value={filter[name]}
      onChange={event => onChange({ [name]: event.currentTarget.value })}
      data={choices(all, known, filter[name])}
    />
  )
  const states = MessageState.options.map(value => ({ value, label: label.states[value] }))
  return (
    <Stack gap="xs">
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4 }} spacing="sm">
        <TextInput
          label={label.recipient}
          placeholder={label.recipientHint}
          value={typed}
          onChange={event => {
            setTyped(event.currentTarget.value)
            look(event.currentTarget.value)
          }}
          error={isPart(filter) && label.notWhole}
          spellCheck={false}
          autoComplete="off"
        />
        {select('state', label.state, label.all, states)}
        {select('application', label.application, label.anyApplication, applications)}
        {select('connector', label.connector, label.anyConnector, connectors)}
        {select('country', label.country, label.anyCountry, countryChoices(language))}
        {select(
          'usageType',
          label.usageType,
          label.anyUsageType,
          UsageType.options.map(value => ({ value, label: value })),
        )}
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
            setTyped('')
            onChange(Object.fromEntries(FILTERS.map(name => [name, ''])))
          }}
        >
          {label.clear}
        </Button>
      )}
    </Stack>
  )
}
