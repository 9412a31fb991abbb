import {
  type CatalogEntry,
  type ConnectionSummary,
  type ConsoleState,
  connectionRoutes,
  consoleRoutes,
} from '@countersign/api'
import { Alert, Grid, Image, SegmentedControl, Stack, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useState } from 'react'
import { useOutletContext, useParams, useSearchParams } from 'react-router'
import { ConnectorEditor } from '../connector/connector-editor.tsx'
import { blankConfiguration, startDraft } from '../connector/draft.ts'
import { Guide } from '../connector/guide.tsx'
import { HealthAlert } from '../connector/health.tsx'
import { otherInUse, savedOf } from '../connector/saved.ts'
import { Empty, Loaded, together } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useFresh } from '../queries.ts'

interface SettingsProps {
  entry: CatalogEntry
  catalog: readonly CatalogEntry[]
  /** What is edited; nothing yet for a new connection. */
  connection: ConnectionSummary | undefined
  /** A new one is added to those that there are. */
  beside: boolean
  connections: readonly ConnectionSummary[]
}

/** Whether messages of the connector's channel go over no connection but this one. */
const isAlone = ({ entry, connections, connection }: SettingsProps) =>
  !connections.some(
    ({ id, channel, enabled }) => enabled && channel === entry.channel && id !== connection?.id,
  )

/** The settings of a connection that is saved. */
function SavedSettings(props: SettingsProps & { connection: ConnectionSummary }) {
  const { entry, catalog } = props
  const { id } = props.connection
  const state = useOutletContext<ConsoleState>()
  const { pick } = useSpeech()
  const query = useFresh(connectionRoutes.getConnection, { params: { id } })
  return (
    <Loaded query={query}>
      {connection => (
        <Stack>
          <HealthAlert connection={connection} title={connection.name ?? pick(entry.name)} />
          <ConnectorEditor
            entry={entry}
            connection={connection}
            start={startDraft(connection.config)}
            other={otherInUse(entry, catalog)}
            alone={isAlone(props)}
            state={state}
          />
        </Stack>
      )}
    </Loaded>
  )
}

function Settings(props: SettingsProps) {
  const { entry, catalog, connection, beside } = props
  const state = useOutletContext<ConsoleState>()
  const { language } = useSpeech()
  if (connection) return <SavedSettings {...props} connection={connection} />
  return (
    <ConnectorEditor
      entry={entry}
      start={startDraft(blankConfiguration(entry, language))}
      beside={beside}
      other={otherInUse(entry, catalog)}
      alone={isAlone(props)}
      state={state}
    />
  )
}

/** Settings and guide side by side; on a narrow screen one of them, as the address says. */
function SideBySide(props: SettingsProps) {
  const { entry, connection, beside } = props
  const { texts, pick, language } = useSpeech()
  const [search, setSearch] = useSearchParams()
  const wide = useMediaQuery('(min-width: 62em)', undefined, { getInitialValueInEffect: false })
  const showsGuide = search.get('show') === 'guide'
  // What is edited stays the same, also when it is switched on, off or deleted meanwhile.
  const [edited] = useState(connection)
  const guide = entry.guides[language] ?? entry.guides.en

  const show = (value: string) =>
    setSearch(
      before => {
        const after = new URLSearchParams(before)
        if (value === 'guide') after.set('show', 'guide')
        else after.delete('show')
        return after
      },
      { replace: true },
    )

  return (
    <Page
      title={pick(entry.name)}
      {...(beside && { intro: texts.connector.besideText })}
      back={{ to: '/connectors', label: texts.connector.back }}
      mark={<Image src={entry.logo} w={36} h={36} fit="contain" alt="" />}
    >
      {entry.package && <Alert color="gray">{texts.connector.fromPackage(entry.package)}</Alert>}
      {!wide && (
        <SegmentedControl
          aria-label={texts.connector.section}
          fullWidth
          value={showsGuide ? 'guide' : 'settings'}
          onChange={show}
          data={[
            { value: 'settings', label: texts.connector.settings },
            { value: 'guide', label: texts.connector.guide },
          ]}
        />
      )}
      <Grid gap="lg">
        {/* Hidden, not unmounted: what is half typed stays while the guide is read. */}
        <Grid.Col span={{ base: 12, md: 7 }} display={wide || !showsGuide ? undefined : 'none'}>
          <Settings {...props} connection={edited} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }} display={wide || showsGuide ? undefined : 'none'}>
          <Stack
            style={
              wide ? { position: 'sticky', top: 72, maxHeight: 'calc(100dvh - 88px)', overflow: 'auto' } : {}
            }
          >
            <Section title={texts.connector.guide}>
              {guide ? <Guide text={guide} /> : <Text size="sm">{texts.connector.noGuide}</Text>}
            </Section>
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  )
}

/**
 * /connectors/:id: the guide beside the settings; with ?beside those of one more connection, else those of ?connection=…,
 * else those in use, else the last kept ones.
 */
export function ConnectorPage() {
  const { texts } = useSpeech()
  const { id } = useParams()
  const [search] = useSearchParams()
  const query = together({
    catalog: useFresh(consoleRoutes.listCatalog),
    connections: useFresh(connectionRoutes.listConnections),
  })
  return (
    <Loaded query={query}>
      {({ catalog, connections }) => {
        const entry = catalog.find(one => one.id === id)
        if (!entry) return <Empty title={texts.connector.notFound} />
        const saved = savedOf(entry, connections)
        const wanted = search.get('connection')
        const beside = search.has('beside')
        return (
          <SideBySide
            key={`${entry.id} ${wanted} ${beside}`}
            entry={entry}
            catalog={catalog}
            connections={connections}
            beside={beside}
            connection={beside ? undefined : (saved.find(one => one.id === wanted) ?? saved[0])}
          />
        )
      }}
    </Loaded>
  )
}
