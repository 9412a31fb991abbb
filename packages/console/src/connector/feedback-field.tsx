import { type CatalogEntry, type ConnectionSummary, connectionFeedbackRoutes } from '@countersign/api'
import { Stack, Switch, Text } from '@mantine/core'
import { useSpeech } from '../language.tsx'
import { useRoute } from '../queries.ts'

/** What the provider was told so far, and why it was not. */
function Told({ id }: { id: string }) {
  const { texts, date } = useSpeech()
  const { data } = useRoute(connectionFeedbackRoutes.getConnectionFeedback, { params: { id } })
  if (!data) return null
  const label = texts.connectors.feedback
  const { told, failed, pausedUntil, lastFailure } = data
  return (
    <Stack gap={2}>
      <Text size="sm">{label.counts(told, failed)}</Text>
      {lastFailure && (
        <Text size="sm" className="breakable">
          {label.last(lastFailure.providerCode ?? lastFailure.failure, date(lastFailure.at))}
        </Text>
      )}
      {pausedUntil !== null && <Text size="sm">{label.paused(date(pausedUntil))}</Text>}
    </Stack>
  )
}

/** The switch for telling the provider of a connection whether codes were used, with what that needs. */
export function FeedbackField(props: {
  connection: Pick<ConnectionSummary, 'id' | 'feedback'>
  needs: NonNullable<CatalogEntry['feedback']>
  value: boolean
  onChange(value: boolean): void
}) {
  const { texts, pickAll } = useSpeech()
  const { connection, needs, value } = props
  const label = texts.connectors.feedback
  return (
    <Stack gap="xs">
      <Switch
        label={label.title}
        description={pickAll(label.hint, needs)}
        checked={value}
        onChange={event => props.onChange(event.currentTarget.checked)}
      />
      {connection.feedback && <Told id={connection.id} />}
    </Stack>
  )
}
