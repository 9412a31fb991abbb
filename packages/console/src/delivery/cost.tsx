import type { AttemptEntry } from '@countersign/api'
import { Text } from '@mantine/core'
import { showMoney } from '../cost/money.ts'
import { useSpeech } from '../language.tsx'

/** What an attempt that left costs, and how many segments it was. */
export function AttemptCost({ attempt: { cost, receipt, segments } }: { attempt: AttemptEntry }) {
  const { texts, language } = useSpeech()
  const label = texts.costs
  if (cost === null) return null
  const { amount, charged, currency, isEstimate } = cost
  const sum = amount !== null && currency !== null && showMoney(language, amount, currency)
  const said =
    charged === 'receipt' && receipt === 'undelivered'
      ? label.costNotDelivered
      : sum
        ? (isEstimate ? label.costEstimate : label.cost)(sum)
        : label.costUnknown
  return (
    <Text size="sm">
      {[said, segments !== null && label.segments(segments)].filter(Boolean).join(' · ')}
      {charged === 'receipt' && receipt === null && ` · ${label.costOnReceipt}`}
    </Text>
  )
}
