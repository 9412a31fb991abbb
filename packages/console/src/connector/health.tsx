import { type ConnectionSummary, connectionRoutes } from '@countersign/api'
import { Alert, Badge, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Problem } from '../frame/problem.tsx'
import { RemedyLinks } from '../frame/remedy-links.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { STALE } from './kept.tsx'

interface HealthProps {
  connection: ConnectionSummary
  title: string
}

const COLORS = { healthy: 'green', resting: 'red', held: 'yellow' } as const

/** Its state, or why it rests. */
const stateOf = ({ state, reason }: ConnectionSummary['health']) =>
  state === 'resting' ? (reason ?? 'failing') : state

/** Lets messages go over a connection again, or holds it back. */
function Override({ connection: { id, health }, title }: HealthProps) {
  const { texts } = useSpeech()
  const label = texts.health
  const change = useChange(connectionRoutes.setConnectionHealth, STALE)
  const to = (state: 'healthy' | 'held') => change.mutate({ params: { id }, body: { state } })
  return (
    <>
      {health.state !== 'healthy' && (
        <Button
          size="compact-sm"
          variant="default"
          loading={change.isPending}
          aria-label={label.againNamed(title)}
          onClick={() => to('healthy')}
        >
          {label.again}
        </Button>
      )}
      {health.state !== 'held' && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          loading={change.isPending}
          aria-label={label.holdNamed(title)}
          onClick={() => to('held')}
        >
          {label.hold}
        </Button>
      )}
      <Problem error={change.error} />
    </>
  )
}

/** Why a connection does not work, since when, what to do about it and what happens next. */
function Story({ connection: { health } }: Pick<HealthProps, 'connection'>) {
  const { texts, pick, pickAll, exact } = useSpeech()
  const label = texts.health
  const { state, since, retryAt } = health
  const next = retryAt !== null && (retryAt > Date.now() ? label.next(exact(retryAt)) : label.nextNow)
  return (
    <Stack gap={4}>
      {health.meaning && (
        <Text size="sm" className="breakable">
          {pick(health.meaning)}
          {health.providerCode !== null && (
            <Text span ff="monospace" size="xs">
              {' '}
              {health.providerCode}
            </Text>
          )}
        </Text>
      )}
      {health.remedy && (
        <Text size="sm" className="breakable">
          {label.remedy}: {pick(health.remedy)} <RemedyLinks links={health.links} />
        </Text>
      )}
      <Text size="sm">
        {pickAll(
          since !== null && label.since(exact(since)),
          state === 'held' ? label.heldText : label.restingText,
          next,
        )}
      </Text>
    </Stack>
  )
}

/** How a connection works, in its row of the order. */
export function HealthLine({ connection, title }: HealthProps) {
  const { texts } = useSpeech()
  const { state } = connection.health
  return (
    <Stack gap={6} role="group" aria-label={texts.health.stateNamed(title)}>
      <Group gap="xs">
        <Badge variant="light" color={COLORS[state]} tt="none">
          {texts.health.states[stateOf(connection.health)]}
        </Badge>
        <Override connection={connection} title={title} />
      </Group>
      {state !== 'healthy' && <Story connection={connection} />}
    </Stack>
  )
}

/** How a connection works, above its settings; nothing while it works. */
export function HealthAlert({ connection, title }: HealthProps) {
  const { texts } = useSpeech()
  const { state } = connection.health
  if (state === 'healthy') return null
  return (
    <Alert
      color={COLORS[state]}
      icon={<IconAlertTriangle />}
      title={texts.health.states[stateOf(connection.health)]}
    >
      <Stack gap="xs" align="flex-start">
        <Story connection={connection} />
        <Group gap="xs">
          <Override connection={connection} title={title} />
        </Group>
      </Stack>
    </Alert>
  )
}
