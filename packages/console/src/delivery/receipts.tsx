import type { AttemptEntry, ReceiptEntry } from '@countersign/api'
import { Badge, Code, Stack, Text } from '@mantine/core'
import { RemedyLinks } from '../frame/remedy-links.tsx'
import { useSpeech } from '../language.tsx'

const COLORS: Record<ReceiptEntry['state'], string> = { delivered: 'green', failed: 'red', pending: 'gray' }

/** What a receipt says, and who told. */
export function ReceiptTitle({ receipt: { state, via } }: { receipt: ReceiptEntry }) {
  const label = useSpeech().texts.deliveries.receipts
  return (
    <>
      <span>{label.via[via]}</span>
      <Badge variant="light" color={COLORS[state]} tt="none">
        {label.states[state]}
      </Badge>
    </>
  )
}

/** The carrier's code of a receipt, what it means and what to do, and that it came too late to count. */
export function ReceiptStory({ receipt, attempt }: { receipt: ReceiptEntry; attempt: AttemptEntry }) {
  const { texts, pick } = useSpeech()
  const label = texts.deliveries.receipts
  const { code, detail, links, meaning, remedy, state } = receipt
  const counts = attempt.receipt === (state === 'failed' ? 'undelivered' : state)
  return (
    <Stack gap={4}>
      {code !== null && (
        <Text size="sm">
          {label.code}: <Code>{code}</Code>
        </Text>
      )}
      {meaning && <Text size="sm">{pick(meaning)}</Text>}
      {remedy && state === 'failed' && (
        <Text size="sm">
          {texts.test.remedy}: {pick(remedy)} <RemedyLinks links={links} />
        </Text>
      )}
      {detail !== null && (
        <Text size="sm" c="dimmed" className="any-letter">
          {detail}
        </Text>
      )}
      {state !== 'pending' && !counts && <Text size="sm">{label.contrary}</Text>}
    </Stack>
  )
}
