import { type AttemptEntry, consoleRoutes } from '@countersign/api'
import { Badge, Code, NativeSelect, Stack, Text } from '@mantine/core'
import { useSearchParams } from 'react-router'
import { Empty, Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { RawAnswer } from '../frame/raw-answer.tsx'
import { PAGE_SIZE, Pages, Records, usePageNumber } from '../frame/records.tsx'
import { RemedyLinks } from '../frame/remedy-links.tsx'
import { UnfoldingRow } from '../frame/unfolding.tsx'
import { useSpeech } from '../language.tsx'
import { usePage, useRoute } from '../queries.ts'

type State = AttemptEntry['state']

const COLORS: Record<State, string> = {
  sending: 'blue',
  accepted: 'green',
  failed: 'red',
  unconfirmed: 'yellow',
  not_sent: 'gray',
}

const isState = (value: string | null): value is State => value !== null && Object.hasOwn(COLORS, value)

function Details({ attempt }: { attempt: AttemptEntry }) {
  const { texts, pick } = useSpeech()
  return (
    <Stack gap="xs" className="breakable">
      {attempt.failure !== null && (
        <Text size="sm">
          {texts.test.failure}: <Code>{attempt.failure}</Code>
          {attempt.providerCode !== null && (
            <>
              {' · '}
              {texts.test.code}: <Code>{attempt.providerCode}</Code>
            </>
          )}
        </Text>
      )}
      {attempt.meaning && <Text size="sm">{pick(attempt.meaning)}</Text>}
      {attempt.remedy && (
        <Text size="sm">
          {texts.test.remedy}: {pick(attempt.remedy)} <RemedyLinks links={attempt.links} />
        </Text>
      )}
      {attempt.state === 'unconfirmed' && <Text size="sm">{texts.test.maybeSent}</Text>}
      {Object.entries(attempt.ids).map(([name, id]) => (
        <Text key={name} size="sm">
          {name}: <Code>{id}</Code>
        </Text>
      ))}
      {attempt.answer && <RawAnswer answer={attempt.answer} />}
    </Stack>
  )
}

function Attempt({ attempt, connector }: { attempt: AttemptEntry; connector: string }) {
  const { texts, date, pick } = useSpeech()
  const label = texts.deliveries
  return (
    <UnfoldingRow
      label={label.details}
      cells={[
        <td key="when" data-label={label.when} className="moment">
          {date(attempt.createdAt)}
        </td>,
        <td key="recipient" data-label={label.recipient} style={{ whiteSpace: 'nowrap' }}>
          {attempt.recipient}
        </td>,
        <td key="connector" data-label={label.connector}>
          {connector}
        </td>,
        <td key="usageType" data-label={label.usageType}>
          {attempt.usageType}
        </td>,
        <td key="result" data-label={label.result}>
          <Stack gap={4} align="flex-start">
            <Badge variant="light" color={COLORS[attempt.state]} tt="none">
              {label.states[attempt.state]}
            </Badge>
            {attempt.meaning && (
              <Text size="sm" c="dimmed">
                {pick(attempt.meaning)}
              </Text>
            )}
          </Stack>
        </td>,
        <td key="took" data-label={label.took} style={{ whiteSpace: 'nowrap' }}>
          {attempt.took === null ? '–' : texts.test.took(attempt.took)}
        </td>,
      ]}
    >
      <Details attempt={attempt} />
    </UnfoldingRow>
  )
}

/** /deliveries: what became of each message. */
export function DeliveriesPage() {
  const { texts, pick } = useSpeech()
  const [search, setSearch] = useSearchParams()
  const [page] = usePageNumber()
  const asked = search.get('state')
  const state = isState(asked) ? asked : undefined
  const { data: catalog = [] } = useRoute(consoleRoutes.listCatalog)
  // Someone who waits for a message looks at this page meanwhile.
  const query = usePage(consoleRoutes.listAttempts, {
    query: { page: String(page), page_size: String(PAGE_SIZE), state },
    every: 5,
  })
  const nameOf = (id: string) => {
    const entry = catalog.find(one => one.id === id)
    return entry ? pick(entry.name) : id
  }
  const label = texts.deliveries
  return (
    <Page title={label.title} intro={label.intro}>
      <NativeSelect
        label={label.state}
        maw={240}
        value={state ?? ''}
        onChange={event => setSearch(event.currentTarget.value ? { state: event.currentTarget.value } : {})}
        data={[
          { value: '', label: label.all },
          ...Object.entries(label.states).map(([value, one]) => ({ value, label: one })),
        ]}
      />
      <Loaded
        query={query}
        empty={{
          when: list => list.total === 0,
          show: state ? (
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
                label.connector,
                label.usageType,
                label.result,
                label.took,
                label.details,
              ]}
            >
              {items.map(attempt => (
                <Attempt key={attempt.id} attempt={attempt} connector={nameOf(attempt.connector)} />
              ))}
            </Records>
            <Pages total={total} />
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}
