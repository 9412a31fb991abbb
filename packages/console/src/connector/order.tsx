import { type CatalogEntry, type ConnectionSummary, connectionRoutes } from '@countersign/api'
import { ActionIcon, Button, Group, Stack, Switch, Text } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { Problem } from '../frame/problem.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { AddAnother } from './add-another.tsx'
import { useApplicationNames } from './beside.tsx'
import { ConnectionDetails } from './connection-details.tsx'
import { useDestinations } from './destinations.ts'
import { HealthLine } from './health.tsx'
import { editorOf, STALE } from './kept.tsx'
import { MoveLine } from './move.tsx'
import { moved, titlesOf } from './saved.ts'

interface RowProps {
  entry: CatalogEntry
  connection: ConnectionSummary
  connections: readonly ConnectionSummary[]
  title: string
  position: number
  last: boolean
  busy: boolean
  onMove(by: 1 | -1): void
}

/** A connection in the order: its place, what it is called and where it sends to, and whether it is on. */
function Row({ entry, connection, connections, title, position, last, busy, onMove }: RowProps) {
  const { texts, pick, language } = useSpeech()
  const label = texts.connectors
  const list = (names: string[]) => new Intl.ListFormat(language, { type: 'conjunction' }).format(names)
  const destinations = useDestinations()
  const { nameOf } = useApplicationNames()
  const [editing, setEditing] = useState(false)
  const update = useChange(connectionRoutes.updateConnection, STALE)
  const { id, enabled } = connection
  return (
    <Stack component="li" gap="xs">
      <Group justify="space-between" gap="sm">
        <Stack gap={0} flex="1 1 14rem">
          <Text fw={550} c={enabled ? undefined : 'dimmed'}>
            {position}. {title}
          </Text>
          <Text size="sm" c="dimmed">
            {[
              ...(connection.name ? [pick(entry.name)] : []),
              ...(connection.destinations ? [destinations.summary(connection.destinations)] : []),
              ...(connection.applications ? [label.onlyFor(list(connection.applications.map(nameOf)))] : []),
              ...(connection.share < 100 ? [label.firstFor(connection.share)] : []),
            ].join(' · ')}
          </Text>
        </Stack>
        <Group gap="xs">
          <Switch
            aria-label={label.onNamed(title)}
            checked={enabled}
            disabled={update.isPending}
            onChange={event =>
              update.mutate({ params: { id }, body: { enabled: event.currentTarget.checked } })
            }
          />
          <ActionIcon
            variant="default"
            size="lg"
            disabled={busy || position === 1}
            aria-label={label.upNamed(title)}
            onClick={() => onMove(-1)}
          >
            <IconArrowUp size={18} />
          </ActionIcon>
          <ActionIcon
            variant="default"
            size="lg"
            disabled={busy || last}
            aria-label={label.downNamed(title)}
            onClick={() => onMove(1)}
          >
            <IconArrowDown size={18} />
          </ActionIcon>
          <Button
            variant="default"
            size="sm"
            aria-label={label.detailsNamed(title)}
            onClick={() => setEditing(true)}
          >
            {label.details}
          </Button>
          <Button
            component={Link}
            to={editorOf(entry, connection)}
            variant="default"
            size="sm"
            aria-label={label.settingsNamed(title)}
          >
            {label.settings}
          </Button>
        </Group>
      </Group>
      {(enabled || connection.health.state !== 'healthy') && (
        <HealthLine connection={connection} title={title} />
      )}
      <MoveLine connection={connection} title={title} connections={connections} />
      <Problem error={update.error} />
      {editing && (
        <ConnectionDetails
          entry={entry}
          connection={connection}
          title={title}
          onClose={() => setEditing(false)}
        />
      )}
    </Stack>
  )
}

/** The connections of a channel in the order in which messages go over them. */
export function ConnectionOrder(props: {
  channel: ConnectionSummary['channel']
  catalog: readonly CatalogEntry[]
  connections: readonly ConnectionSummary[]
}) {
  const { texts, pick } = useSpeech()
  const label = texts.connectors
  const order = useChange(connectionRoutes.orderConnections, STALE)
  const rows = props.connections.flatMap(connection => {
    const entry = props.catalog.find(({ factoryId }) => factoryId === connection.connectorId)
    return entry && connection.channel === props.channel ? [{ entry, connection }] : []
  })
  if (rows.length === 0) return null
  const titles = titlesOf(rows.map(({ entry, connection }) => connection.name ?? pick(entry.name)))
  const ids = rows.map(({ connection }) => connection.id)
  return (
    <Section
      title={props.channel === 'sms' ? label.orderOfSms : label.orderOfEmail}
      text={label.orderText}
      actions={<AddAnother channel={props.channel} catalog={props.catalog} />}
    >
      <Problem error={order.error} />
      <Stack component="ol" gap="md" p={0} m={0} style={{ listStyle: 'none' }}>
        {rows.map(({ entry, connection }, index) => (
          <Row
            key={connection.id}
            entry={entry}
            connection={connection}
            connections={props.connections}
            title={titles[index]!}
            position={index + 1}
            last={index === rows.length - 1}
            busy={order.isPending}
            onMove={by => order.mutate({ body: { channel: props.channel, ids: moved(ids, index, by) } })}
          />
        ))}
      </Stack>
    </Section>
  )
}
