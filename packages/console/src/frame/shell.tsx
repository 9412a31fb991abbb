import type { ConsoleState } from '@countersign/api'
import { AppShell, Box, Burger, Button, Container, Group, Image, NavLink, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconApps,
  IconFingerprint,
  IconHistory,
  IconHome,
  IconKey,
  IconLogout,
  IconPlugConnected,
  IconReportMoney,
  IconSend,
  IconShieldCheck,
  IconUserCheck,
  IconUserShield,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react'
import { Suspense, useEffect, useState } from 'react'
import { Navigate, Outlet, NavLink as RouterLink, useLocation } from 'react-router'
import { useSpeech } from '../language.tsx'
import { signOut, useConsoleState } from '../queries.ts'
import { session } from '../session.ts'
import { DevelopmentBanner, TestIdentitiesBanner } from './banners.tsx'
import { WaitingContext } from './dialog.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { Loaded } from './loaded.tsx'
import { SignInAgain } from './sign-in-again.tsx'
import { useTop } from './use-top.ts'

const PLACES = [
  { to: '/', key: 'home', Icon: IconHome },
  { to: '/connectors', key: 'connectors', Icon: IconPlugConnected },
  { to: '/sign-in-experience', key: 'experience', Icon: IconUserCheck },
  { to: '/applications', key: 'applications', Icon: IconApps },
  { to: '/users', key: 'users', Icon: IconUsers },
  { to: '/test-identities', key: 'testIdentities', Icon: IconFingerprint },
  { to: '/deliveries', key: 'deliveries', Icon: IconSend },
  { to: '/costs', key: 'costs', Icon: IconReportMoney },
  { to: '/protection', key: 'protection', Icon: IconShieldCheck },
  { to: '/logs', key: 'logs', Icon: IconHistory },
  { to: '/webhooks', key: 'webhooks', Icon: IconWebhook },
  { to: '/keys', key: 'keys', Icon: IconKey },
  { to: '/operators', key: 'operators', Icon: IconUserShield },
] as const

function SignOut() {
  const { texts } = useSpeech()
  const [leaving, setLeaving] = useState(false)
  function leave() {
    setLeaving(true)
    // Loaded anew, so that nothing the operator saw stays in memory for the next one; also where the session was over.
    void signOut().finally(() => location.assign('/sign-in'))
  }
  return (
    <Button
      size="xs"
      variant="subtle"
      color="gray"
      leftSection={<IconLogout size={16} />}
      loading={leaving}
      onClick={leave}
    >
      {texts.signOut}
    </Button>
  )
}

function Frame({ state }: { state: ConsoleState }) {
  const { texts } = useSpeech()
  const { pathname } = useLocation()
  const [opened, { toggle, close }] = useDisclosure()
  useTop()
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
    >
      <a className="skip" href="#content">
        {texts.skip}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={texts.menu}
              aria-expanded={opened}
            />
            <Image src="/mark.svg" w={26} h={26} alt="" />
            <Text fw={650}>Countersign</Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            {state.operator && (
              <Text size="sm" c="dimmed" visibleFrom="sm" truncate maw={200}>
                {state.operator.name}
              </Text>
            )}
            <LanguageSwitch />
            <Box visibleFrom="sm">
              <SignOut />
            </Box>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={texts.menu} className="menu" mod={{ opened }}>
        <AppShell.Section grow>
          {PLACES.map(({ to, key, Icon }) => (
            <NavLink
              key={to}
              component={RouterLink}
              to={to}
              label={texts.nav[key]}
              leftSection={<Icon size={18} stroke={1.7} />}
              active={to === '/' ? pathname === '/' : pathname.startsWith(to)}
              onClick={close}
              style={{ borderRadius: 'var(--mantine-radius-md)' }}
            />
          ))}
        </AppShell.Section>
        <AppShell.Section>
          <Box hiddenFrom="sm" mb="xs">
            <SignOut />
          </Box>
          <Text size="xs" c="dimmed" px="sm">
            {texts.version(state.version)}
          </Text>
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="content">
        <Container size={1180} px={0}>
          <TestIdentitiesBanner state={state} />
          <DevelopmentBanner state={state} />
          <Suspense>
            <Outlet context={state} />
          </Suspense>
        </Container>
      </AppShell.Main>
    </AppShell>
  )
}

/** Loads the page anew, when nothing of it may stay: neither what was typed nor what was read. */
function Anew() {
  useEffect(() => location.reload(), [])
  return null
}

/** Tells requests that wait for the session how it stands, each time it was asked. Nobody else's session is theirs. */
function useWaitingRequests(operatorId: string | undefined) {
  const { data, error, dataUpdatedAt, errorUpdatedAt } = useConsoleState()
  useEffect(() => {
    if (dataUpdatedAt > errorUpdatedAt && data?.operator && data.operator.id === operatorId) session.goOn()
    if (errorUpdatedAt > dataUpdatedAt && error) session.giveUp(error)
  }, [data, error, dataUpdatedAt, errorUpdatedAt, operatorId])
}

/** The page of who is signed in. When the session ends it stays as it is, under a window to sign in again. */
function Signed({ state }: { state: ConsoleState }) {
  const [first] = useState(state)
  const [left, setLeft] = useState(false)
  const over = state.operator === null
  useWaitingRequests(first.operator?.id)
  if (left || (!over && state.operator?.id !== first.operator?.id)) return <Anew />
  return (
    <WaitingContext value={over}>
      <Frame state={over ? first : state} />
      {over && first.operator && <SignInAgain name={first.operator.name} onLeave={() => setLeft(true)} />}
    </WaitingContext>
  )
}

/** Looks again who is signed in when another tab of this browser has seen somebody come or go. */
function useOtherTabs({ data, refetch }: ReturnType<typeof useConsoleState>) {
  const operator = data && (data.operator?.id ?? null)
  useEffect(() => {
    if (operator === undefined) return
    const channel = new BroadcastChannel('countersign.operator')
    channel.postMessage(operator)
    channel.onmessage = event => {
      if (event.data !== operator) void refetch()
    }
    return () => channel.close()
  }, [operator, refetch])
}

/** Everything behind the sign-in: sends away who is not signed in, and brings them back afterwards. */
export function Shell() {
  const query = useConsoleState()
  const { pathname, search } = useLocation()
  const [entered, setEntered] = useState(false)
  useOtherTabs(query)
  if (query.data?.operator && !entered) setEntered(true)
  return (
    <Loaded query={query}>
      {state => {
        if (state.operator || entered) return <Signed state={state} />
        if (state.needsFirstOperator) return <Navigate to="/welcome" replace />
        const next = pathname === '/' ? '' : `?next=${encodeURIComponent(pathname + search)}`
        return <Navigate to={`/sign-in${next}`} replace />
      }}
    </Loaded>
  )
}
