import { type Application, type AuditLog, applicationRoutes, logRoutes } from '@countersign/api'
import {
  Anchor,
  Autocomplete,
  Badge,
  Button,
  NativeSelect,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { KNOWN_KEYS, readEntry, sayKey } from '../audit/entry.ts'
import { FILTERS, isBackwards, type LogFilter, readFilter, toQuery } from '../audit/filter.ts'
import { Empty, Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { PAGE_SIZE, Pages, Records, usePageNumber } from '../frame/records.tsx'
import { useSpeech } from '../language.tsx'
import { usePage, useRoute } from '../queries.ts'

function Filters({
  filter,
  applications,
  onChange,
}: {
  filter: LogFilter
  applications: readonly Application[]
  onChange(changes: Partial<LogFilter>): void
}) {
  const { texts } = useSpeech()
  const label = texts.logs
  // What is typed stands at once; the list follows when the typing pauses.
  const [typed, setTyped] = useState({ user: filter.user, key: filter.key })
  const look = useDebouncedCallback(onChange, 300)
  const type = (changes: Partial<typeof typed>) => {
    setTyped(before => ({ ...before, ...changes }))
    look(changes)
  }
  const known = applications.map(({ id, name }) => ({ value: id, label: name }))
  const choices = [{ value: '', label: label.anyApplication }, ...known]
  if (!choices.some(({ value }) => value === filter.application))
    choices.push({ value: filter.application, label: filter.application })
  return (
    <Stack gap="xs">
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
        <TextInput
          label={label.user}
          placeholder={label.userHint}
          value={typed.user}
          onChange={event => type({ user: event.currentTarget.value })}
          spellCheck={false}
        />
        <NativeSelect
          label={label.application}
          value={filter.application}
          onChange={event => onChange({ application: event.currentTarget.value })}
          data={choices}
        />
        <Autocomplete
          label={label.key}
          placeholder={label.keyHint}
          value={typed.key}
          onChange={key => type({ key })}
          data={[...KNOWN_KEYS]}
          renderOption={({ option }) => (
            <Stack gap={0}>
              <Text size="sm">{sayKey(option.value, label.words)}</Text>
              <Text size="xs" c="dimmed" className="breakable">
                {option.value}
              </Text>
            </Stack>
          )}
          maxDropdownHeight={280}
          spellCheck={false}
        />
        <TextInput
          label={label.from}
          type="datetime-local"
          value={filter.from}
          onChange={event => onChange({ from: event.currentTarget.value })}
        />
        <TextInput
          label={label.to}
          type="datetime-local"
          value={filter.to}
          onChange={event => onChange({ to: event.currentTarget.value })}
          error={isBackwards(filter) && label.backwards}
        />
      </SimpleGrid>
      {FILTERS.some(name => filter[name] !== '') && (
        <Button
          variant="subtle"
          size="compact-sm"
          w="fit-content"
          onClick={() => {
            setTyped({ user: '', key: '' })
            onChange({ user: '', application: '', key: '', from: '', to: '' })
          }}
        >
          {label.clear}
        </Button>
      )}
    </Stack>
  )
}

function Entry({ entry, nameOf }: { entry: AuditLog; nameOf(applicationId: string): string }) {
  const { texts, exact } = useSpeech()
  const label = texts.logs
  const told = readEntry(entry)
  const nobody = [told.userId, told.applicationId, told.operatorId, told.operatorConcerned].every(
    who => who === undefined,
  )
  return (
    <tr>
      <td data-label={label.when}>{exact(entry.createdAt)}</td>
      <td data-label={label.what}>
        <Anchor component={Link} to={`/logs/${entry.id}`} inherit className="breakable">
          {sayKey(entry.key, label.words)}
        </Anchor>
      </td>
      <td data-label={label.who}>
        <Stack gap={2} className="breakable">
          {told.userId !== undefined && (
            <span>
              {label.user}{' '}
              <Anchor component={Link} to={`/users/${told.userId}`} inherit>
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
              {label.operator} {told.operatorName}
            </span>
          )}
          {told.operatorConcerned !== undefined && (
            <span>
              {told.operatorId !== undefined && '→ '}
              {label.operator} {told.operatorConcerned}
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
            <Text size="sm" c="dimmed" className="breakable">
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
      <Filters filter={filter} applications={applications} onChange={change} />
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
