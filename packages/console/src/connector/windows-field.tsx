import { type ConnectionWindows, MOST_EXEMPT } from '@countersign/api'
import { NumberInput, SimpleGrid, Stack, TagsInput, Text } from '@mantine/core'
import { useState } from 'react'
import { useSpeech } from '../language.tsx'
import { sameJson } from './draft.ts'

const WINDOWS = ['pause', 'minute', 'hour', 'day'] as const

/** The default of a provider; null where nobody knows how it counts. */
type Usual = Omit<ConnectionWindows, 'exempt'> | null

/** What is typed for each window; empty for none. */
type Typed = Record<(typeof WINDOWS)[number], number | string>

/** How many messages a connection's provider takes for one number, while that is edited. */
export function useWindows(saved: ConnectionWindows | null, usual: Usual) {
  const { texts } = useSpeech()
  const label = texts.connectors.windows
  const none = { pause: null, minute: null, hour: null, day: null }
  const byDefault: ConnectionWindows = { ...none, ...usual, exempt: [] }
  const begun = saved ?? byDefault
  const [typed, setTyped] = useState<Typed>(() => ({
    pause: begun.pause ?? '',
    minute: begun.minute ?? '',
    hour: begun.hour ?? '',
    day: begun.day ?? '',
  }))
  const [exempt, setExempt] = useState(begun.exempt)
  const numberOf = (name: keyof Typed) => (typed[name] === '' ? null : Number(typed[name]))
  const said = {
    pause: numberOf('pause'),
    minute: numberOf('minute'),
    hour: numberOf('hour'),
    day: numberOf('day'),
    exempt,
  }
  const isTouched = usual !== null && !sameJson(said, begun)
  return {
    isKnown: usual !== null,
    isTouched,
    typed,
    exempt,
    set: { typed: setTyped, exempt: setExempt },
    /** What is sent of it: nothing while it is as it was, and null for what holds by default. */
    body: isTouched ? { windows: sameJson(said, byDefault) ? null : said } : {},
    labels: {
      'windows.pause': label.pause,
      'windows.minute': label.minute,
      'windows.hour': label.hour,
      'windows.day': label.day,
      'windows.exempt': label.exempt,
    },
    values: {
      'windows.pause': typed.pause,
      'windows.minute': typed.minute,
      'windows.hour': typed.hour,
      'windows.day': typed.day,
      'windows.exempt': exempt.join(),
    },
  }
}

/** The fields for what `useWindows` keeps. */
export function WindowsField(props: {
  of: ReturnType<typeof useWindows>
  fieldOf(field: keyof ReturnType<typeof useWindows>['labels']): {
    name: string
    label: string
    error: string | undefined
  }
}) {
  const { texts } = useSpeech()
  const label = texts.connectors.windows
  const { typed, exempt, set } = props.of
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        {label.title}
      </Text>
      <Text size="xs" c="dimmed">
        {label.hint}
      </Text>
      <SimpleGrid cols={2} spacing="sm">
        {WINDOWS.map(name => (
          <NumberInput
            key={name}
            {...props.fieldOf(`windows.${name}`)}
            value={typed[name]}
            onChange={value => set.typed(before => ({ ...before, [name]: value }))}
            placeholder={name === 'pause' ? texts.protection.noPause : texts.protection.none}
            maxLength={5}
            hideControls
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="none"
          />
        ))}
      </SimpleGrid>
      <TagsInput
        {...props.fieldOf('windows.exempt')}
        description={label.exemptHint}
        value={exempt}
        onChange={set.exempt}
        maxTags={MOST_EXEMPT}
        placeholder={exempt.length === 0 ? '+86 138 0013 8000' : ''}
      />
    </Stack>
  )
}
