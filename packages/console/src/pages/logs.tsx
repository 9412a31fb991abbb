import { type AuditLog, applicationRoutes, logRoutes, operatorRoutes } from '@countersign/api'
import { Anchor, Badge, Stack, Text } from '@mantine/core'
import { Link, useSearchParams } from 'react-router'
import { readEntry, sayKey } from '../audit/entry.ts'
import { FILTERS, type LogFilter, logsAddress, readFilter, toQuery } from '../audit/filter.ts'
import { Filters } from '../audit/filters.tsx'
import { isBackwards } from '../frame/list-filter.ts'
import { Empty, Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { PAGE_SIZE, Pages, Records, usePageNumber } from '../frame/records.tsx'
import { useSpeech } from '../language.tsx'
import { usePage, useRoute } from '../queries.ts'

function Entry({ entry, nameOf }: { entry: AuditLog; nameOf(applicationId: string): string }) {
  const { texts, exact } = useSpeech()
  const label = texts.logs
  const told = readEntry(entry)
  const nobody = [told.userId, told.applicationId, told.operatorId, told.operatorConcerned].every(
    who => who === undefined,
  )
  return (
    <tr>
      <td data-label={label.when} className="moment">
        {exact(entry.createdAt)}
      </td>
      <td data-label={label.what}>
        <Anchor component={Link} to={`/logs/${entry.id}`} inherit>
          {sayKey(entry.key, label.words)}
        </Anchor>
      </td>
      <td data-label={label.who}>
        <Stack gap={2}>
          {told.userId !== undefined && (
            <span>
              {label.user}{' '}
              <Anchor component={Link} to={`/users/${told.userId}`} inherit className="any-letter">
                {told.userId}
              </Anchor>
            </span>
          )}
          {told.applicationId !== undefined && (
            <Anchor component={Link} to={`/applications/${told.applicationId}`} inherit>
              {nameOf(told.applicationId)}
            </Anchor>
          )}
          {told.operatorId !== undefined && (
            <span>
              {label.operator}{' '}
              <Anchor
                component={Link}
                to={logsAddress({ operator: told.operatorId })}
                inherit
                className="any-letter"
              >
                {told.operatorName ?? told.operatorId}
              </Anchor>
            </span>
          )}
          {told.operatorConcerned !== undefined && (
            <span>
              {told.operatorId !== undefined && '→ '}
              {label.operator} <span className="any-letter">{told.operatorConcerned}</span>
            </span>
          )}
          {nobody && <span>–</span>}
        </Stack>
      </td>
      <td data-label={label.ip} style={{ whiteSpace: 'nowrap' }}>
        {told.ip ?? '–'}
      </td>
      <td data-label={label.result}>
        <Stack gap={4} align="flex-start">
          <Badge variant="light" color={told.failed ? 'red' : 'green'} tt="none">
            {told.failed ? label.error : label.success}
          </Badge>
          {told.error && (
            <Text size="sm" c="dimmed">
              {told.error.message}
            </Text>
          )}
        </Stack>
      </td>
    </tr>
  )
}

/** /logs: what users, applications and operators did. */
export function LogsPage() {
  const { texts } = useSpeech()
  const label = texts.logs
  const [search, setSearch] = useSearchParams()
  const [page] = usePageNumber()
  const filter = readFilter(search)
  const isFiltered = FILTERS.some(name => filter[name] !== '')
  const { data: applications = [] } = useRoute(applicationRoutes.listApplications)
  const { data: operators = [] } = useRoute(operatorRoutes.listOperators)
  const { start_time, ...rest } = toQuery(filter)
  const query = usePage(logRoutes.listLogs, {
    query: {
      page: String(page),
      page_size: String(PAGE_SIZE),
      enableCap: 'true',
      ...rest,
      // The server refuses a range that is none; the field says so itself.
      ...(!isBackwards(filter) && { start_time }),
    },
  })

  function change(changes: Partial<LogFilter>) {
    const wanted = { ...readFilter(new URLSearchParams(location.search)), ...changes }
    setSearch(Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== '')), {
      replace: true,
    })
  }

  return (
    <Page title={label.title} intro={label.intro}>
      <Filters filter={filter} applications={applications} operators={operators} onChange={change} />
      <Loaded
        query={query}
        empty={{
          when: list => list.total === 0,
          show: isFiltered ? (
            <Empty title={label.noMatch} />
          ) : (
            <Empty title={label.empty} text={label.emptyText} />
          ),
        }}
      >
        {({ items, total }) => (
          <Stack>
            <Records columns={[label.when, label.what, label.who, label.ip, label.result]}>
              <tbody>
                {items.map(entry => (
                  <Entry
                    key={entry.id}
                    entry={entry}
                    nameOf={id => applications.find(one => one.id === id)?.name ?? id}
                  />
                ))}
              </tbody>
            </Records>
            <Pages total={total} />
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}
