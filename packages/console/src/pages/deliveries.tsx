import {
  applicationRoutes,
  connectionRoutes,
  consoleRoutes,
  type MessageEntry,
  MOST_EXPORTED,
  messageRoutes,
} from '@countersign/api'
import { Stack, Text } from '@mantine/core'
import { useSearchParams } from 'react-router'
import { addressOf } from '../client.ts'
import { choicesOf } from '../connector/saved.ts'
import { connectionOf } from '../delivery/connection-of.ts'
import { FILTERS, type MessageFilter, readFilter, toQuery } from '../delivery/filter.ts'
import { Filters } from '../delivery/filters.tsx'
import { State } from '../delivery/state.tsx'
import { MessageTimeline, type Names } from '../delivery/timeline.tsx'
import { Empty, Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { PAGE_SIZE, Pages, Records, usePageNumber } from '../frame/records.tsx'
import { SaveCsv } from '../frame/save-csv.tsx'
import { UnfoldingRow } from '../frame/unfolding.tsx'
import { useSpeech } from '../language.tsx'
import { usePage, useRoute } from '../queries.ts'

/** What a message came to, in a line: why it was decided so, or what the failure means that it ended with. */
function Result({ message: { attempts, budget, reason, state, times } }: { message: MessageEntry }) {
  const { texts, pick } = useSpeech()
  const undelivered = attempts.flatMap(({ receipts }) => receipts).findLast(({ state }) => state === 'failed')
  // Why the carrier did not deliver it says more than that it was accepted.
  const meaning = undelivered?.meaning ?? attempts.findLast(attempt => attempt.state === state)?.meaning
  const why =
    reason === null ? state !== 'delivered' && meaning && pick(meaning) : texts.deliveries.reasons[reason]
  return (
    <Stack gap={4} align="flex-start">
      <State state={state} />
      {why && (
        <Text size="sm" c="dimmed">
          {why}
        </Text>
      )}
      {reason === 'budget' && budget !== null && (
        <Text size="sm" c="dimmed" className="any-letter">
          {texts.deliveries.ofBudget(budget)}
        </Text>
      )}
      {times > 1 && (
        <Text size="sm" c="dimmed">
          {texts.deliveries.times(times)}
        </Text>
      )}
    </Stack>
  )
}

function Message({ message, names }: { message: MessageEntry; names: Names }) {
  const { texts, date } = useSpeech()
  const label = texts.deliveries
  const { applicationId, askedBy, connector, verifiedAt } = message
  const connectionId = connectionOf(message)
  const own = connectionId === null ? undefined : names.connection(connectionId)
  const asker = applicationId === null ? askedBy && label.askers[askedBy] : names.application(applicationId)
  return (
    <UnfoldingRow
      label={label.details}
      cells={[
        <td key="when" data-label={label.when} className="moment">
          {date(message.createdAt)}
        </td>,
        <td key="recipient" data-label={label.recipient}>
          {message.recipient || label.others}
        </td>,
        <td key="usageType" data-label={label.usageType}>
          <Stack gap={2}>
            <span>{message.usageType}</span>
            {asker && (
              <Text size="sm" c="dimmed" className="any-letter">
                {asker}
              </Text>
            )}
          </Stack>
        </td>,
        <td key="connector" data-label={label.connector}>
          <Stack gap={2}>
            <span>{connector === null ? '–' : names.connector(connector)}</span>
            {own !== undefined && (
              <Text size="sm" c="dimmed" className="any-letter">
                {own}
              </Text>
            )}
          </Stack>
        </td>,
        <td key="result" data-label={label.result}>
          <Result message={message} />
        </td>,
        <td key="used" data-label={label.used} className="moment">
          {verifiedAt === null ? '–' : date(verifiedAt)}
        </td>,
      ]}
    >
      <MessageTimeline message={message} names={names} />
    </UnfoldingRow>
  )
}

/** /deliveries: what became of each message. */
export function DeliveriesPage() {
  const { texts, pick } = useSpeech()
  const label = texts.deliveries
  const [search, setSearch] = useSearchParams()
  const [page] = usePageNumber()
  const filter = readFilter(search)
  const { data: catalog = [] } = useRoute(consoleRoutes.listCatalog)
  const { data: applications = [] } = useRoute(applicationRoutes.listApplications)
  const { data: connections = [] } = useRoute(connectionRoutes.listConnections)
  // Someone who waits for a message looks at this page meanwhile.
  const query = usePage(messageRoutes.listMessages, {
    query: { page: String(page), page_size: String(PAGE_SIZE), ...toQuery(filter) },
    every: 5,
  })
  const connectors = catalog.map(({ id, name }) => ({ value: id, label: pick(name) }))
  const known = applications.map(({ id, name }) => ({ value: id, label: name }))
  const nameIn = (list: typeof known) => (id: string) => list.find(({ value }) => value === id)?.label ?? id
  const names: Names = {
    connector: nameIn(connectors),
    connection: id => connections.find(one => one.id === id)?.name ?? undefined,
    application: nameIn(known),
  }

  function change(changes: Partial<MessageFilter>) {
    const wanted = { ...readFilter(new URLSearchParams(location.search)), ...changes }
    setSearch(Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== '')), {
      replace: true,
    })
  }

  return (
    <Page
      title={label.title}
      intro={label.intro}
      actions={
        <SaveCsv
          href={addressOf(messageRoutes.exportMessages, { query: toQuery(filter) })}
          bound={label.csvBound(MOST_EXPORTED)}
        />
      }
    >
      <Filters
        filter={filter}
        applications={known}
        connectors={connectors}
        connections={choicesOf(connections, catalog, pick)}
        onChange={change}
      />
      <Loaded
        query={query}
        empty={{
          when: list => list.total === 0,
          show: FILTERS.some(name => filter[name] !== '') ? (
            <Empty title={label.noMatch} />
          ) : (
            <Empty title={label.empty} text={label.emptyText} />
          ),
        }}
      >
        {({ items, total }) => (
          <Stack>
            <Records
              columns={[
                label.when,
                label.recipient,
                label.usageType,
                label.connector,
                label.result,
                label.used,
                label.details,
              ]}
            >
              {items.map(message => (
                <Message key={message.id} message={message} names={names} />
              ))}
            </Records>
            <Pages total={total} />
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}
