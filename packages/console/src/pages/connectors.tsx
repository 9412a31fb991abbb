import { type CatalogEntry, type ConnectionSummary, connectionRoutes, consoleRoutes } from '@countersign/api'
import { Badge, Button, Card, Group, Image, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { Link } from 'react-router'
import { KeptActions, KeptBeside } from '../connector/kept.tsx'
import { ConnectionOrder } from '../connector/order.tsx'
import { RouteProbe } from '../connector/route-probe.tsx'
import { otherInUse, savedOf } from '../connector/saved.ts'
import { Empty, Loaded, together } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { useSpeech } from '../language.tsx'
import { useRoute } from '../queries.ts'

interface ConnectorCardProps {
  entry: CatalogEntry
  catalog: readonly CatalogEntry[]
  /** The connection that the card is about, when there is one and it is off. */
  kept: ConnectionSummary | undefined
}

function ConnectorCard({ entry, catalog, kept }: ConnectorCardProps) {
  const { texts, pick } = useSpeech()
  const label = texts.connectors
  const name = pick(entry.name)
  const inUse = entry.connectionId !== null
  const other = otherInUse(entry, catalog)
  const channel = entry.channel === 'sms' ? label.sms : label.email
  const state = inUse ? label.inUse : kept ? label.off : label.notSetUp
  return (
    <Card
      component="article"
      aria-label={name}
      withBorder
      padding="lg"
      style={inUse ? { borderColor: 'var(--mantine-primary-color-filled)' } : undefined}
    >
      <Stack h="100%" gap="sm">
        <Group wrap="nowrap" align="flex-start" justify="space-between">
          <Image src={entry.logo} w={48} h={48} fit="contain" alt="" />
          <Badge variant={inUse ? 'filled' : 'light'} color={inUse ? 'signet' : 'gray'} tt="none" size="lg">
            {state}
          </Badge>
        </Group>
        <Group gap="xs">
          <Title order={2} size="h4">
            {name}
          </Title>
          <Badge variant="outline" color="gray" tt="none">
            {channel}
          </Badge>
        </Group>
        <Text size="sm" c="dimmed" flex={1}>
          {pick(entry.description)}
        </Text>
        {inUse && (
          <Text size="sm" fw={500}>
            {entry.channel === 'sms' ? label.usedForSms : label.usedForEmail}
          </Text>
        )}
        {kept && (
          <Text size="sm" fw={500}>
            {label.offText}
          </Text>
        )}
        {other && (
          <Text size="sm" c="light-dark(#8a5a00, #f0c46c)">
            {kept ? label.usingBeside(pick(other.name)) : label.switchesOff(pick(other.name))}
          </Text>
        )}
        {kept ? (
          <KeptActions entry={entry} connection={kept} />
        ) : (
          <Button
            component={Link}
            to={`/connectors/${entry.id}`}
            variant={inUse || other ? 'default' : 'filled'}
            aria-label={inUse ? label.editNamed(name) : label.setUpNamed(name)}
          >
            {inUse ? label.edit : label.setUp}
          </Button>
        )}
      </Stack>
    </Card>
  )
}

/** /connectors: which connector sends what, and which settings are kept. */
export function ConnectorsPage() {
  const { texts } = useSpeech()
  const query = together({
    catalog: useRoute(consoleRoutes.listCatalog),
    connections: useRoute(connectionRoutes.listConnections),
  })
  return (
    <Page title={texts.connectors.title} intro={texts.connectors.intro}>
      <Loaded
        query={query}
        empty={{
          when: ({ catalog }) => catalog.length === 0,
          show: <Empty title={texts.connectors.noneYet} />,
        }}
      >
        {({ catalog, connections }) => {
          const saved = catalog.map(entry => ({ entry, all: savedOf(entry, connections) }))
          return (
            <Stack gap="lg">
              {(['sms', 'email'] as const).map(channel => (
                <ConnectionOrder key={channel} {...{ channel, catalog, connections }} />
              ))}
              <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
                {saved.map(({ entry, all: [shown] }) => (
                  <ConnectorCard
                    key={entry.id}
                    entry={entry}
                    catalog={catalog}
                    kept={shown?.enabled === false ? shown : undefined}
                  />
                ))}
              </SimpleGrid>
              <KeptBeside
                kept={saved.flatMap(({ entry, all: [, ...beside] }) =>
                  beside.map(connection => ({ entry, connection })),
                )}
              />
              {connections.some(({ channel }) => channel === 'sms') && <RouteProbe catalog={catalog} />}
            </Stack>
          )
        }}
      </Loaded>
    </Page>
  )
}
