import { type CatalogEntry, type ConsoleState, connectorRoutes, consoleRoutes } from '@countersign/api'
import { Alert, Grid, Image, SegmentedControl, Stack, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useState } from 'react'
import { useOutletContext, useParams, useSearchParams } from 'react-router'
import { ConnectorEditor } from '../connector/connector-editor.tsx'
import { blankConfiguration, startDraft } from '../connector/draft.ts'
import { Guide } from '../connector/guide.tsx'
import { Empty, Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useFresh } from '../queries.ts'
import { inUseInstead } from './connectors.tsx'

/** Settings and guide side by side; on a narrow screen one of them, as the address says. */
function SideBySide({ entry, catalog }: { entry: CatalogEntry; catalog: readonly CatalogEntry[] }) {
  const { texts, pick, language } = useSpeech()
  const state = useOutletContext<ConsoleState>()
  const [search, setSearch] = useSearchParams()
  const wide = useMediaQuery('(min-width: 62em)', undefined, { getInitialValueInEffect: false })
  const showsGuide = search.get('show') === 'guide'
  const saved = useFresh(connectorRoutes.listConnectors)
  const [connectionId] = useState(entry.connectionId)
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
          <Loaded query={saved}>
            {connections => {
              const config = connections.find(one => one.id === connectionId)?.config
              return (
                <ConnectorEditor
                  entry={entry}
                  connectionId={config ? connectionId : null}
                  start={startDraft(config ?? blankConfiguration(entry))}
                  replaces={inUseInstead(entry, catalog)}
                  state={state}
                />
              )
            }}
          </Loaded>
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

/** /connectors/:id: the guide beside the settings. */
export function ConnectorPage() {
  const { texts } = useSpeech()
  const { id } = useParams()
  const query = useFresh(consoleRoutes.listCatalog)
  return (
    <Loaded query={query}>
      {catalog => {
        const entry = catalog.find(one => one.id === id)
        if (!entry) return <Empty title={texts.connector.notFound} />
        return <SideBySide key={entry.id} entry={entry} catalog={catalog} />
      }}
    </Loaded>
  )
}
