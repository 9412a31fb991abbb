import { type ConnectionSummary, connectionRoutes } from '@countersign/api'
import { Button, Group, MultiSelect, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { Dialog } from '../frame/dialog.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { useDestinations } from './destinations.ts'
import { STALE } from './kept.tsx'

/** What operators call a connection, and where its text messages go. */
export function ConnectionDetails(props: { connection: ConnectionSummary; title: string; onClose(): void }) {
  const { texts } = useSpeech()
  const label = texts.connectors
  const { id, channel, ...saved } = props.connection
  const { choices } = useDestinations()
  const [name, setName] = useState(saved.name ?? '')
  const [destinations, setDestinations] = useState(saved.destinations ?? [])
  const update = useChange(connectionRoutes.updateConnection, STALE)
  const isSms = channel === 'sms'
  const form = useFormErrors({
    labels: { name: label.name, destinations: label.destinations },
    mistakes: {
      destinations: isSms && destinations.length === 0 ? texts.form.empty(label.destinations) : undefined,
    },
    error: update.error,
    values: { name, destinations: destinations.join() },
  })
  const save = () =>
    update.mutate(
      { params: { id }, body: { name: name.trim() || null, ...(isSms && { destinations }) } },
      { onSuccess: props.onClose },
    )
  return (
    <Dialog opened onClose={props.onClose} title={props.title}>
      <Form of={form} onSubmit={save}>
        <Stack>
          <TextInput
            {...form.field('name')}
            description={label.nameHint}
            value={name}
            onChange={event => setName(event.currentTarget.value)}
            maxLength={100}
          />
          {isSms && (
            <MultiSelect
              {...form.field('destinations')}
              description={label.destinationsHint}
              data={choices}
              value={destinations}
              onChange={setDestinations}
              searchable
              nothingFoundMessage={label.noDestination}
              limit={300}
            />
          )}
          <Group justify="flex-end">
            <Button type="submit" loading={update.isPending}>
              {texts.common.save}
            </Button>
          </Group>
        </Stack>
      </Form>
    </Dialog>
  )
}
