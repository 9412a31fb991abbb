import {
  type CatalogEntry,
  type ConnectionSummary,
  connectionRoutes,
  consoleRoutes,
  costRoutes,
} from '@countersign/api'
import { Anchor, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import { DestinationPrices } from '../connector/destination-prices.tsx'
import { choicesOf } from '../connector/saved.ts'
import { Loaded, together } from '../frame/loaded.tsx'
import { Records } from '../frame/records.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useRoute } from '../queries.ts'

/** One connection with the countries that its messages may go to, and what they cost there. */
function Reached({ connection, title }: { connection: ConnectionSummary; title: string }) {
  const { texts } = useSpeech()
  const label = texts.countries
  const { data } = useRoute(costRoutes.getPrices, { params: { id: connection.id } })
  return (
    <tr>
      <td data-label={label.connection}>{title}</td>
      <td data-label={label.reached}>
        <DestinationPrices places={connection.destinations ?? []} rates={data?.rates ?? []} />
      </td>
      <td data-label={label.actions}>
        <Anchor component={Link} to="/connectors" size="sm" aria-label={label.changeNamed(title)}>
          {label.change}
        </Anchor>
      </td>
    </tr>
  )
}

function Countries(props: { connections: readonly ConnectionSummary[]; catalog: readonly CatalogEntry[] }) {
  const { texts, pick } = useSpeech()
  const label = texts.countries
  const used = props.connections.filter(({ channel, enabled }) => channel === 'sms' && enabled)
  const titles = choicesOf(used, props.catalog, pick)
  return (
    <Section title={label.title} text={label.text}>
      {used.length === 0 ? (
        <Text size="sm">{label.none}</Text>
      ) : (
        <Stack gap="xs">
          <Records columns={[label.connection, label.reached, label.actions]}>
            <tbody>
              {used.map((connection, index) => (
                <Reached key={connection.id} connection={connection} title={titles[index]!.label} />
              ))}
            </tbody>
          </Records>
          <Text size="xs" c="dimmed">
            {label.sources}
          </Text>
        </Stack>
      )}
    </Section>
  )
}

/** Which countries text messages may go to, over which connection, and at what price. */
export function CountriesSection() {
  const query = together({
    catalog: useRoute(consoleRoutes.listCatalog),
    connections: useRoute(connectionRoutes.listConnections),
  })
  return <Loaded query={query}>{loaded => <Countries {...loaded} />}</Loaded>
}
