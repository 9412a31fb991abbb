import type { CostSums } from '@countersign/api'
import { Card, SimpleGrid, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useSpeech } from '../language.tsx'
import { percent, showMoney } from './money.ts'

/** One figure with its name, and what there is to say of it. */
function Total({ name, figure, children }: { name: string; figure: ReactNode; children?: ReactNode }) {
  return (
    <Card withBorder padding="md">
      <Stack gap={2}>
        <Text size="sm" c="dimmed">
          {name}
        </Text>
        <Text fz="xl" fw={650} component="div">
          {figure}
        </Text>
        {children && (
          <Text size="sm" c="dimmed" component="div">
            {children}
          </Text>
        )}
      </Stack>
    </Card>
  )
}

/** What everything together came to and cost. */
export function Totals({ total }: { total: CostSums['total'] }) {
  const { texts, language } = useSpeech()
  const label = texts.costs
  const { sent, delivered, verified, unpriced, costs } = total
  const ofSent = (part: number) => {
    const share = percent(part, sent)
    return share === undefined ? undefined : label.ofSent(share)
  }
  const money = (amount: number, currency: string) => showMoney(language, amount, currency)
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="sm">
      <Total name={label.sent} figure={sent}>
        {label.sentHint}
      </Total>
      <Total name={label.delivered} figure={delivered}>
        {ofSent(delivered) ?? label.deliveredHint}
      </Total>
      <Total name={label.verified} figure={verified}>
        {ofSent(verified) ?? label.verifiedHint}
      </Total>
      <Total
        name={label.spent}
        figure={
          costs.length === 0
            ? '–'
            : costs.map(({ currency, amount }) => <div key={currency}>{money(amount, currency)}</div>)
        }
      >
        {costs.length === 0 && unpriced === 0 && label.nothingPriced}
        {costs
          .filter(({ estimated }) => estimated > 0)
          .map(({ currency, estimated }) => (
            <div key={currency}>{label.ofWhich(money(estimated, currency))}</div>
          ))}
        {unpriced > 0 && <div>{label.unpricedCount(unpriced)}</div>}
      </Total>
    </SimpleGrid>
  )
}
