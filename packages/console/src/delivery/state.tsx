import type { MessageState } from '@countersign/api'
import { Badge } from '@mantine/core'
import { useSpeech } from '../language.tsx'

const COLORS: Record<MessageState, string> = {
  sending: 'blue',
  accepted: 'teal',
  delivered: 'green',
  undelivered: 'red',
  failed: 'red',
  unconfirmed: 'yellow',
  not_sent: 'gray',
  refused: 'orange',
  suppressed: 'gray',
}

/** How a message or an attempt stands. */
export function State({ state }: { state: MessageState }) {
  const { texts } = useSpeech()
  return (
    <Badge variant="light" color={COLORS[state]} tt="none">
      {texts.deliveries.states[state]}
    </Badge>
  )
}
