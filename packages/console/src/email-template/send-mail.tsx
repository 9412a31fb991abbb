import { type CatalogEntry, type ConsoleState, connectionRoutes, consoleRoutes } from '@countersign/api'
import { Anchor, Text } from '@mantine/core'
import { useState } from 'react'
import { Link, useOutletContext } from 'react-router'
import type { Issue } from '../api-error.ts'
import { useMemberWords } from '../connector/member-words.ts'
import { SendTest } from '../connector/send-test.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useRoute } from '../queries.ts'
import { type TemplateForm, toDetails } from './form.ts'

function SendOver({ entry, id, form }: { entry: CatalogEntry; id: string; form: TemplateForm }) {
  const state = useOutletContext<ConsoleState>()
  const query = useRoute(connectionRoutes.getConnection, { params: { id } })
  const words = useMemberWords(entry)
  const [issues, setIssues] = useState<readonly Issue[]>([])
  const { occasion: usageType, language } = form
  return (
    <Loaded query={query}>
      {({ config }) => (
        <SendTest
          entry={entry}
          state={state}
          config={config}
          ready={() => config}
          issues={issues}
          words={words}
          onIssues={setIssues}
          mail={{ usageType, language: language.trim(), template: toDetails(form) }}
        />
      )}
    </Loaded>
  )
}

/** Sends the e-mail as it stands in the form, over the connector that e-mail goes over. */
export function SendMail({ form }: { form: TemplateForm }) {
  const { texts } = useSpeech()
  const query = useRoute(consoleRoutes.listCatalog)
  return (
    <Loaded query={query}>
      {catalog => {
        const entry = catalog.find(
          ({ channel, connectionId }) => channel === 'email' && connectionId !== null,
        )
        if (entry?.connectionId) return <SendOver entry={entry} id={entry.connectionId} form={form} />
        return (
          <Section title={texts.test.title}>
            <Text size="sm">
              {texts.test.noMailConnector}{' '}
              <Anchor component={Link} to="/connectors" inherit underline="always">
                {texts.connectors.title}
              </Anchor>
            </Text>
          </Section>
        )
      }}
    </Loaded>
  )
}
