import { type User, userRoutes } from '@countersign/api'
import { Anchor, Badge, Stack, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { Empty, Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { PAGE_SIZE, Pages, Records, usePageNumber } from '../frame/records.tsx'
import { useSpeech } from '../language.tsx'
import { usePage } from '../queries.ts'

/** The name under which a user is best recognised. */
export const titleOf = (user: User): string =>
  user.name ??
  user.username ??
  user.primaryEmail ??
  (user.primaryPhone === null ? user.id : `+${user.primaryPhone}`)

/** Found anywhere in the value; the server reads numbers as people write them. */
const asPattern = (typed: string) => `%${typed.trim()}%`

function List({ users }: { users: readonly User[] }) {
  const { texts, date } = useSpeech()
  const label = texts.users
  return (
    <Records columns={[label.user, label.phone, label.email, label.created, label.lastSignIn, label.status]}>
      <tbody>
        {users.map(user => (
          <tr key={user.id}>
            <td data-label={label.user}>
              <Anchor component={Link} to={`/users/${user.id}`} fw={550} inherit className="any-letter">
                {user.name ?? user.username ?? user.id}
              </Anchor>
            </td>
            <td data-label={label.phone}>{user.primaryPhone === null ? '–' : `+${user.primaryPhone}`}</td>
            <td data-label={label.email} className="any-letter">
              {user.primaryEmail ?? '–'}
            </td>
            <td data-label={label.created} className="moment">
              {date(user.createdAt)}
            </td>
            <td data-label={label.lastSignIn} className="moment">
              {user.lastSignInAt === null ? texts.common.never : date(user.lastSignInAt)}
            </td>
            <td data-label={label.status}>
              <Badge variant="light" color={user.isSuspended ? 'red' : 'green'} tt="none">
                {user.isSuspended ? label.suspended : label.active}
              </Badge>
            </td>
          </tr>
        ))}
      </tbody>
    </Records>
  )
}

/** /users: who has an account. */
export function UsersPage() {
  const { texts } = useSpeech()
  const [search, setSearch] = useSearchParams()
  const [page] = usePageNumber()
  const wanted = search.get('search') ?? ''
  const [typed, setTyped] = useState(wanted)
  const look = useDebouncedCallback((value: string) => {
    setSearch(value.trim() === '' ? {} : { search: value.trim() }, { replace: true })
  }, 300)
  const query = usePage(userRoutes.listUsers, {
    query: {
      page: String(page),
      page_size: String(PAGE_SIZE),
      ...(wanted !== '' && { search: asPattern(wanted) }),
    },
  })
  return (
    <Page title={texts.users.title}>
      <TextInput
        aria-label={texts.users.search}
        placeholder={texts.users.searchHint}
        leftSection={<IconSearch size={16} />}
        type="search"
        maw={420}
        value={typed}
        onChange={event => {
          setTyped(event.currentTarget.value)
          look(event.currentTarget.value)
        }}
      />
      <Loaded
        query={query}
        empty={{
          when: list => list.total === 0,
          show:
            wanted === '' ? (
              <Empty title={texts.users.empty} text={texts.users.emptyText} />
            ) : (
              <Empty title={texts.users.noMatch} />
            ),
        }}
      >
        {({ items, total }) => (
          <Stack>
            <List users={items} />
            <Pages total={total} />
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}
