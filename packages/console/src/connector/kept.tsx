import { type CatalogEntry, type ConnectionSummary, connectionRoutes, consoleRoutes } from '@countersign/api'
import { Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconTrash } from '@tabler/icons-react'
import { Link } from 'react-router'
import { ConfirmButton } from '../frame/confirm.tsx'
import { Problem } from '../frame/problem.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'

/** What is read again when a connection is saved, switched or deleted. */
export const STALE = [
  consoleRoutes.listCatalog,
  connectionRoutes.listConnections,
  connectionRoutes.getConnection,
]

/** Where the settings of a connection are edited. */
export const editorOf = (entry: CatalogEntry, { id }: ConnectionSummary) =>
  `/connectors/${entry.id}?connection=${encodeURIComponent(id)}`

interface KeptProps {
  entry: CatalogEntry
  connection: ConnectionSummary
}

/** What can be done with a connection that is off: use it, look at it, delete it. */
export function KeptActions({ entry, connection }: KeptProps) {
  const { texts, pick } = useSpeech()
  const label = texts.connectors
  const name = pick(entry.name)
  const { id } = connection
  const update = useChange(connectionRoutes.updateConnection, STALE)
  const remove = useChange(connectionRoutes.deleteConnection, STALE)
  const say = (message: string) => notifications.show({ color: 'green', message })
  return (
    <Stack gap="sm">
      <Problem error={update.error} />
      <Group gap="xs">
        <Button
          flex="1 1 auto"
          loading={update.isPending}
          aria-label={label.useNamed(name)}
          onClick={() =>
            update.mutate(
              { params: { id }, body: { enabled: true } },
              { onSuccess: () => say(texts.connector.switchedOn(name)) },
            )
          }
        >
          {label.use}
        </Button>
        <Button
          flex="1 1 auto"
          component={Link}
          to={editorOf(entry, connection)}
          variant="default"
          aria-label={label.editNamed(name)}
        >
          {label.edit}
        </Button>
        <ConfirmButton
          label={texts.common.delete}
          icon={<IconTrash size={16} />}
          title={texts.connector.deleteTitle(name)}
          text={texts.connector.deleteKeptText}
          button={{ flex: '1 1 auto', 'aria-label': label.deleteNamed(name) }}
          onConfirm={async () => {
            await remove.mutateAsync({ params: { id } })
            say(texts.connector.deleted(name))
          }}
        />
      </Group>
    </Stack>
  )
}

/** Connections that are off and that no card stands for, since their connector's card is about another one. */
export function KeptBeside({ kept }: { kept: readonly KeptProps[] }) {
  const { texts, pick, date } = useSpeech()
  if (kept.length === 0) return null
  return (
    <Section title={texts.connectors.kept} text={texts.connectors.keptText}>
      <Stack component="ul" gap="md" p={0} m={0} style={{ listStyle: 'none' }}>
        {kept.map(({ entry, connection }) => (
          <Group key={connection.id} component="li" justify="space-between" gap="sm">
            <Stack gap={0}>
              <Text fw={550}>{pick(entry.name)}</Text>
              <Text size="sm" c="dimmed">
                {texts.connectors.savedOn(date(connection.createdAt))}
              </Text>
            </Stack>
            <KeptActions entry={entry} connection={connection} />
          </Group>
        ))}
      </Stack>
    </Section>
  )
}
