import type { CatalogEntry } from '@countersign/api'
import { NativeSelect, Stack, Switch } from '@mantine/core'
import { useRef, useState } from 'react'
import { Form } from '../form/form.tsx'
import { showFirstMistake } from '../frame/first-mistake.ts'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { BesideFields, newOf, useBeside } from './beside.tsx'

/** What a new connection is to others of its channel, while it is edited. */
export function usePlace(entry: CatalogEntry, error: unknown) {
  const [begun] = useState(() => newOf(entry))
  const beside = useBeside(entry.channel, error, begun)
  const box = useRef<HTMLDivElement>(null)
  const [enabled, setEnabled] = useState(true)
  const [first, setFirst] = useState(false)
  return {
    ...beside,
    rates: entry.rates,
    box,
    enabled,
    setEnabled,
    first,
    setFirst,
    body: { ...beside.body, enabled, ...(first && { first }) },
    /** Says whether it may be saved so, and shows what is wrong when it may not. */
    check(): boolean {
      const fine = beside.form.check()
      if (!fine && box.current) showFirstMistake(box.current)
      return fine
    },
  }
}

/** The place of a new connection among those that are there: its name, what goes over it, and when. */
export function PlaceSection({ of, onSubmit }: { of: ReturnType<typeof usePlace>; onSubmit(): void }) {
  const { texts } = useSpeech()
  const label = texts.connectors
  return (
    <Section title={label.place} text={label.placeText}>
      <div ref={of.box}>
        <Form of={of.form} onSubmit={onSubmit} ownNotice>
          <Stack>
            <BesideFields of={of} rates={of.rates} />
            <NativeSelect
              label={label.turn}
              description={label.turnHint}
              value={of.first ? 'first' : 'last'}
              onChange={event => of.setFirst(event.currentTarget.value === 'first')}
              data={[
                { value: 'last', label: label.turnLast },
                { value: 'first', label: label.turnFirst },
              ]}
              maw={420}
            />
            <Switch
              label={label.onAtOnce}
              checked={of.enabled}
              onChange={event => of.setEnabled(event.currentTarget.checked)}
            />
          </Stack>
        </Form>
      </div>
    </Section>
  )
}
