import { type ConsoleState, consoleRoutes } from '@countersign/api'
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
  IconSend,
  IconUserCheck,
  IconUserShield,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react'
import { Suspense } from 'react'
import { Navigate, Outlet, NavLink as RouterLink, useLocation } from 'react-router'
import { useSpeech } from '../language.tsx'
import { useChange, useConsoleState } from '../queries.ts'
import { DevelopmentBanner, TestIdentitiesBanner } from './banners.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { Loaded } from './loaded.tsx'

const PLACES = [
  { to: '/', key: 'home', Icon: IconHome },
  { to: '/connectors', key: 'connectors', Icon: IconPlugConnected },
  { to: '/sign-in-experience', key: 'experience', Icon: IconUserCheck },
  { to: '/applications', key: 'applications', Icon: IconApps },
  { to: '/users', key: 'users', Icon: IconUsers },
  { to: '/test-identities', key: 'testIdentities', Icon: IconFingerprint },
  { to: '/deliveries', key: 'deliveries', Icon: IconSend },
  { to: '/logs', key: 'logs', Icon: IconHistory },
  { to: '/webhooks', key: 'webhooks', Icon: IconWebhook },
  { to: '/keys', key: 'keys', Icon: IconKey },
  { to: '/operators', key: 'operators', Icon: IconUserShield },
] as const

function SignOut() {
  const { texts } = useSpeech()
  const signOut = useChange(consoleRoutes.signOutOperator)
  return (
    <Button
      size="xs"
      variant="subtle"
      color="gray"
      leftSection={<IconLogout size={16} />}
      loading={signOut.isPending}
      // Loaded anew, so that nothing the operator saw stays in memory for the next one.
      onClick={() => signOut.mutate({}, { onSettled: () => location.assign('/sign-in') })}
    >
      {texts.signOut}
    </Button>
  )
}

function Frame({ state }: { state: ConsoleState }) {
  const { texts } = useSpeech()
  const { pathname } = useLocation()
  const [opened, { toggle, close }] = useDisclosure()
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
      <AppShell.Navbar p="sm" aria-label={texts.menu}>
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

/** Everything behind the sign-in: sends away who is not signed in, and brings them back afterwards. */
export function Shell() {
  const query = useConsoleState()
  const { pathname, search } = useLocation()
  return (
    <Loaded query={query}>
      {state => {
        if (state.operator) return <Frame state={state} />
        if (state.needsFirstOperator) return <Navigate to="/welcome" replace />
        const next = pathname === '/' ? '' : `?next=${encodeURIComponent(pathname + search)}`
        return <Navigate to={`/sign-in${next}`} replace />
      }}
    </Loaded>
  )
}
