import { type ConnectionSummary, MOVE_STEPS, type Move, moveRoutes } from '@countersign/api'
import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArrowBackUp, IconStairsUp } from '@tabler/icons-react'
import { ConfirmButton } from '../frame/confirm.tsx'
import { Dialog } from '../frame/dialog.tsx'
import { Problem } from '../frame/problem.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useRoute } from '../queries.ts'
import { STALE } from './kept.tsx'
import { canMove } from './moving.ts'

const STALE_MOVES = [...STALE, moveRoutes.listMoves]

const COLORS = { moving: 'signet', done: 'green', stopped: 'yellow', fallen: 'red', undone: 'gray' } as const

interface MoveProps {
  connection: ConnectionSummary
  title: string
}

/** Begins to move messages to a connection, after it was said how that goes. */
function BeginMove({ connection, title }: MoveProps) {
  const { texts } = useSpeech()
  const label = texts.moves
  const [opened, { open, close }] = useDisclosure()
  const begin = useChange(moveRoutes.beginMove, STALE_MOVES)
  return (
    <>
      <Button
        size="compact-sm"
        variant="light"
        leftSection={<IconStairsUp size={16} />}
        aria-label={label.beginNamed(title)}
        onClick={() => {
          begin.reset()
          open()
        }}
      >
        {label.begin}
      </Button>
      <Dialog opened={opened} onClose={close} title={label.beginNamed(title)}>
        <Stack>
          <Text size="sm">{label.beginText}</Text>
          <Text size="sm">{label.nextText}</Text>
          <Text size="sm">{label.fallText}</Text>
          <Problem error={begin.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {texts.common.cancel}
            </Button>
            <Button
              loading={begin.isPending}
              onClick={() => begin.mutate({ body: { connectionId: connection.id } }, { onSuccess: close })}
            >
              {label.beginNow}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  )
}

/** The steps, of which the one that it is at stands out. */
function Steps({ share }: Pick<Move, 'share'>) {
  const { texts } = useSpeech()
  return (
    <Group gap={6} aria-hidden>
      {MOVE_STEPS.map(step => (
        <Badge key={step} variant={step === share ? 'filled' : 'light'} color="signet" tt="none">
          {texts.moves.percent(step)}
        </Badge>
      ))}
    </Group>
  )
}

/** What has come of the messages of the step. */
function Figures({ figures }: Pick<Move, 'figures'>) {
  const { texts } = useSpeech()
  const label = texts.moves
  const { sent, failed, counted, verified, expected } = figures
  const percent = (part: number) => Math.round(part * 100)
  return (
    <Text size="sm">
      {label.sent(sent, failed)}{' '}
      {counted > 0 &&
        (expected === null
          ? label.used(verified, counted, percent(verified / counted))
          : label.usedOf(verified, counted, percent(verified / counted), percent(expected)))}
    </Text>
  )
}

/** Every step so far, the last first. */
function History({ history }: Pick<Move, 'history'>) {
  const { texts, exact } = useSpeech()
  const label = texts.moves
  return (
    <details>
      <Text component="summary" size="sm" style={{ cursor: 'pointer' }}>
        {label.history}
      </Text>
      <Stack component="ol" gap={2} m={0} pt={4} pl={0} style={{ listStyle: 'none' }}>
        {history.map(({ at, share, reason }) => (
          <Text component="li" size="sm" key={`${at} ${share} ${reason}`}>
            {exact(at)} · {label.percent(share)} · {label.reasons[reason]}
          </Text>
        ))}
      </Stack>
    </details>
  )
}

/** What can be done about a move that is not over. */
function Actions({ move, title }: { move: Move; title: string }) {
  const { texts } = useSpeech()
  const label = texts.moves
  const input = { params: { id: move.connectionId } }
  const step = useChange(moveRoutes.takeStep, STALE_MOVES)
  const stop = useChange(moveRoutes.stopMove, STALE_MOVES)
  const undo = useChange(moveRoutes.undoMove, STALE_MOVES)
  return (
    <>
      <Group gap="xs">
        {move.state === 'moving' && (
          <>
            <Button
              size="compact-sm"
              variant="default"
              loading={step.isPending}
              aria-label={label.stepNamed(title)}
              onClick={() => step.mutate(input)}
            >
              {move.share === 100 ? label.finish : label.step}
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              loading={stop.isPending}
              aria-label={label.stopNamed(title)}
              onClick={() => stop.mutate(input)}
            >
              {label.stop}
            </Button>
          </>
        )}
        <ConfirmButton
          label={label.undo}
          icon={<IconArrowBackUp size={16} />}
          title={label.undoNamed(title)}
          text={label.undoText}
          confirm={label.undo}
          button={{ size: 'compact-sm', 'aria-label': label.undoNamed(title) }}
          onConfirm={() => undo.mutateAsync(input)}
        />
      </Group>
      <Problem error={step.error ?? stop.error} />
    </>
  )
}

/** How messages are moved to a connection step by step, in its row of the order, or the button that begins it. */
export function MoveLine(props: MoveProps & { connections: readonly ConnectionSummary[] }) {
  const { texts, exact } = useSpeech()
  const label = texts.moves
  const { connection, title, connections } = props
  const { data: moves = [] } = useRoute(moveRoutes.listMoves)
  const move = moves.find(({ connectionId }) => connectionId === connection.id)
  const begins = canMove(connection, connections, moves)
  if (!move)
    return (
      begins && (
        <Group>
          <BeginMove connection={connection} title={title} />
        </Group>
      )
    )
  const isOver = move.state === 'fallen' || move.state === 'undone'
  return (
    <Stack gap={6} role="group" aria-label={label.moveNamed(title)} align="flex-start">
      <Group gap="xs">
        <Badge variant="light" color={COLORS[move.state]} tt="none">
          {label.states[move.state](move.share)}
        </Badge>
        {move.state === 'moving' && <Steps share={move.share} />}
      </Group>
      {move.state === 'moving' && (
        <>
          <Figures figures={move.figures} />
          <Text size="sm" c="dimmed">
            {label.since(exact(move.since))} {label.waits[move.waitsFor ?? 'nothing']}
          </Text>
        </>
      )}
      {!isOver && <Actions move={move} title={title} />}
      {begins && <BeginMove connection={connection} title={title} />}
      <History history={move.history} />
    </Stack>
  )
}
