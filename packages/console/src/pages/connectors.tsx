import { type CatalogEntry, consoleRoutes } from '@countersign/api'
import { Badge, Button, Card, Group, Image, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { Link } from 'react-router'
import { Empty, Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { useSpeech } from '../language.tsx'
import { useRoute } from '../queries.ts'

/** The connector of the same channel that is in use while this one is not. */
export const inUseInstead = (entry: CatalogEntry, catalog: readonly CatalogEntry[]) =>
  entry.connectionId === null
    ? catalog.find(other => other.channel === entry.channel && other.connectionId !== null)
    : undefined

function ConnectorCard({ entry, catalog }: { entry: CatalogEntry; catalog: readonly CatalogEntry[] }) {
  const { texts, pick } = useSpeech()
  const name = pick(entry.name)
  const inUse = entry.connectionId !== null
  const other = inUseInstead(entry, catalog)
  const channel = entry.channel === 'sms' ? texts.connectors.sms : texts.connectors.email
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
            {inUse ? texts.connectors.inUse : texts.connectors.notSetUp}
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
            {entry.channel === 'sms' ? texts.connectors.usedForSms : texts.connectors.usedForEmail}
          </Text>
        )}
        {other && (
          <Text size="sm" c="light-dark(#8a5a00, #f0c46c)">
            {texts.connectors.replaces(pick(other.name))}
          </Text>
        )}
        <Button
          component={Link}
          to={`/connectors/${entry.id}`}
          variant={inUse || other ? 'default' : 'filled'}
          aria-label={inUse ? texts.connectors.editNamed(name) : texts.connectors.setUpNamed(name)}
        >
          {inUse ? texts.connectors.edit : texts.connectors.setUp}
        </Button>
      </Stack>
    </Card>
  )
}

/** /connectors: which connector sends what. */
export function ConnectorsPage() {
  const { texts } = useSpeech()
  const query = useRoute(consoleRoutes.listCatalog)
  return (
    <Page title={texts.connectors.title} intro={texts.connectors.intro}>
      <Loaded
        query={query}
        empty={{ when: list => list.length === 0, show: <Empty title={texts.connectors.noneYet} /> }}
      >
        {catalog => (
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
            {catalog.map(entry => (
              <ConnectorCard key={entry.id} entry={entry} catalog={catalog} />
            ))}
          </SimpleGrid>
        )}
      </Loaded>
    </Page>
  )
}
