import type { ConsoleState } from '@countersign/api'
import { Anchor, Box, Code, Group, Text } from '@mantine/core'
import { IconAlertTriangle, IconFlask } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { useSpeech } from '../language.tsx'

function Banner({ icon, urgent, children }: { icon: ReactNode; urgent?: boolean; children: ReactNode }) {
  return (
    <Box
      role="note"
      px="md"
      py={8}
      mb="lg"
      bg={urgent ? 'light-dark(#ffe3e3, #3f1717)' : 'light-dark(#fff4d6, #3a2f12)'}
      c={urgent ? 'light-dark(#7a1414, #ffc9c9)' : 'light-dark(#5c4300, #f5dc9a)'}
      style={{ borderRadius: 'var(--mantine-radius-md)' }}
    >
      <Group gap="xs" wrap="nowrap" align="flex-start">
        {icon}
        <Text size="sm">{children}</Text>
      </Group>
    </Box>
  )
}

const ICON = { size: 18, 'aria-hidden': true, style: { flexShrink: 0, marginTop: 2 } } as const

/** Says that nothing leaves this machine, and how to change that. */
export function DevelopmentBanner({ state }: { state: ConsoleState }) {
  const { texts } = useSpeech()
  if (state.clouds !== 'simulated') return null
  return (
    <Banner icon={<IconFlask {...ICON} />}>
      {texts.banner.before}
      {state.inboxUrl ? (
        <Anchor href={state.inboxUrl} target="_blank" rel="noreferrer" c="inherit" td="underline" inherit>
          {texts.banner.inbox}
        </Anchor>
      ) : (
        texts.banner.inbox
      )}
      {texts.banner.after}
      <Code>CLOUDS=real</Code>
    </Banner>
  )
}

/** Says on every page that a fixed code lets people in, as long as one does. */
export function TestIdentitiesBanner({ state }: { state: ConsoleState }) {
  const { texts, date } = useSpeech()
  const { active = 0, nextEnd = null } = state.testIdentities ?? {}
  if (active === 0) return null
  return (
    <Banner urgent icon={<IconAlertTriangle {...ICON} />}>
      {texts.testIdentities.active(active, nextEnd === null ? '–' : date(nextEnd))}{' '}
      <Anchor component={Link} to="/test-identities" c="inherit" td="underline" inherit>
        {texts.testIdentities.look}
      </Anchor>
    </Banner>
  )
}
