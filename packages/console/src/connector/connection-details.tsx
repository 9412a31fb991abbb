import { type CatalogEntry, type ConnectionSummary, connectionRoutes, costRoutes } from '@countersign/api'
import { Button, Group, Stack } from '@mantine/core'
import { Form } from '../form/form.tsx'
import { Dialog } from '../frame/dialog.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useRoute } from '../queries.ts'
import { BesideFields, useBeside } from './beside.tsx'
import { FeedbackField } from './feedback-field.tsx'
import { STALE } from './kept.tsx'
import { WindowsField } from './windows-field.tsx'

/** What operators call a connection, where and for whom its messages go, and how many of them go over it first. */
export function ConnectionDetails(props: {
  entry: CatalogEntry
  connection: ConnectionSummary
  title: string
  onClose(): void
}) {
  const { texts } = useSpeech()
  const { id, channel, ...saved } = props.connection
  const { feedback: needs } = props.entry
  const update = useChange(connectionRoutes.updateConnection, STALE)
  const prices = useRoute(costRoutes.getPrices, { params: { id } })
  const beside = useBeside(channel, update.error, saved, props.entry.windows)
  return (
    <Dialog opened onClose={props.onClose} title={props.title}>
      <Form
        of={beside.form}
        onSubmit={() => update.mutate({ params: { id }, body: beside.body }, { onSuccess: props.onClose })}
      >
        <Stack>
          <BesideFields of={beside} rates={prices.data?.rates ?? []} />
          {beside.windows.isKnown && <WindowsField of={beside.windows} fieldOf={beside.form.field} />}
          {needs && (
            <FeedbackField
              connection={props.connection}
              needs={needs}
              value={beside.values.feedback}
              onChange={beside.set.feedback}
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
