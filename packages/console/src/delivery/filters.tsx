import { MessageState, UsageType } from '@countersign/api'
import { SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { countryChoices } from '../experience/country-choices.ts'
import { type Choice, ChoiceFilter, ClearFilters, PeriodFilter } from '../frame/list-filters.tsx'
import { useSpeech } from '../language.tsx'
import { FILTERS, isPart, type MessageFilter } from './filter.ts'

/** What the list of messages is cut down to, as a form; `onChange` gets what has changed. */
export function Filters({
  filter,
  applications,
  connectors,
  connections,
  onChange,
}: {
  filter: MessageFilter
  applications: readonly Choice[]
  connectors: readonly Choice[]
  connections: readonly Choice[]
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
    <ChoiceFilter
      label={title}
      all={all}
      choices={known}
      value={filter[name]}
      onChange={value => onChange({ [name]: value })}
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
        {(connections.length > 1 || filter.connection !== '') &&
          select('connection', texts.costs.connection, texts.costs.anyConnection, connections)}
        {select('country', label.country, label.anyCountry, countryChoices(language))}
        {select(
          'usageType',
          label.usageType,
          label.anyUsageType,
          UsageType.options.map(value => ({ value, label: value })),
        )}
        <PeriodFilter period={filter} onChange={onChange} />
      </SimpleGrid>
      {FILTERS.some(name => filter[name] !== '') && (
        <ClearFilters
          onClear={() => {
            look.cancel()
            setTyped('')
            onChange(Object.fromEntries(FILTERS.map(name => [name, ''])))
          }}
        />
      )}
    </Stack>
  )
}
