import { configRoutes } from '@countersign/api'
import { Button, Group, NativeSelect, NumberInput, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { Loaded } from '../frame/loaded.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useFresh } from '../queries.ts'
import { fromSeconds, toSeconds, UNITS, type Unit } from './lifetime.ts'

function LifetimeForm({ ttl }: { ttl: number }) {
  const { texts } = useSpeech()
  const label = texts.keys
  const [lifetime, setLifetime] = useState(() => fromSeconds(ttl))
  const update = useChange(configRoutes.updateOidcSessionConfig, [configRoutes.getOidcSessionConfig])
  const seconds = toSeconds(lifetime)

  const form = useFormErrors({
    labels: { ttl: label.lifetime },
    mistakes: { ttl: seconds === undefined ? label.wrong : undefined },
    error: update.error,
    values: { ttl: lifetime },
  })

  function save() {
    if (seconds === undefined) return
    update.mutate(
      { body: { ttl: seconds } },
      { onSuccess: () => notifications.show({ color: 'green', message: label.saved }) },
    )
  }

  return (
    <Form of={form} onSubmit={save}>
      <Stack>
        <Group align="flex-start" gap="sm">
          <NumberInput
            flex="1 1 10rem"
            maw={240}
            {...form.field('ttl')}
            value={lifetime.value}
            onChange={value => setLifetime({ ...lifetime, value: typeof value === 'number' ? value : '' })}
            min={1}
            allowDecimal={false}
            clampBehavior="none"
          />
          <NativeSelect
            flex="1 1 8rem"
            maw={200}
            label={label.unit}
            value={lifetime.unit}
            onChange={event => setLifetime({ ...lifetime, unit: event.currentTarget.value as Unit })}
            data={UNITS.map(value => ({ value, label: label.units[value] }))}
          />
        </Group>
        <Button type="submit" w="fit-content" disabled={seconds === ttl} loading={update.isPending}>
          {texts.common.save}
        </Button>
      </Stack>
    </Form>
  )
}

/** How long users stay signed in. */
export function SessionLifetime() {
  const { texts } = useSpeech()
  const query = useFresh(configRoutes.getOidcSessionConfig)
  return (
    <Section title={texts.keys.session} text={texts.keys.sessionText}>
      <Loaded query={query}>{({ ttl }) => <LifetimeForm key={ttl} ttl={ttl} />}</Loaded>
    </Section>
  )
}
