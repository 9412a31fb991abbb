import { type ConnectionSummary, costRoutes, type Prices, type Rate } from '@countersign/api'
import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { ConfirmButton } from '../frame/confirm.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { Problem } from '../frame/problem.tsx'
import { Records } from '../frame/records.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useRoute } from '../queries.ts'
import { dayOf } from './filter.ts'
import { showMoney } from './money.ts'
import { useNameOfTo } from './name-of-to.ts'
import { isOld } from './rate.ts'
import { RateEditor } from './rate-editor.tsx'

function Rates({
  rates,
  onEdit,
  onRemove,
}: {
  rates: readonly Rate[]
  onEdit(rate: Rate): void
  onRemove(rate: Rate): void
}) {
  const { texts, language } = useSpeech()
  const label = texts.costs
  const nameOf = useNameOfTo()
  const today = dayOf(Date.now())
  return (
    <Records columns={[label.destination, label.price, label.unit, label.charged, label.asOf, label.actions]}>
      <tbody>
        {rates.map(rate => (
          <tr key={rate.to}>
            <td data-label={label.destination}>{nameOf(rate.to)}</td>
            <td data-label={label.price}>
              {rate.price === null ? label.unknown : showMoney(language, rate.price, rate.currency)}
            </td>
            <td data-label={label.unit}>{label.units[rate.unit]}</td>
            <td data-label={label.charged}>{label.chargedWhen[rate.charged]}</td>
            <td data-label={label.asOf} className="any-letter">
              <Stack gap={2}>
                <span>{rate.asOf}</span>
                {isOld(rate, today) && (
                  <Text size="sm" c="light-dark(#8a5a00, #f0c46c)">
                    {label.check}
                  </Text>
                )}
                {rate.source && (
                  <Text size="sm" c="dimmed">
                    {rate.source}
                  </Text>
                )}
              </Stack>
            </td>
            <td data-label={label.actions}>
              <Group gap="xs" wrap="nowrap">
                <Button
                  variant="subtle"
                  size="compact-sm"
                  aria-label={label.changeNamed(nameOf(rate.to))}
                  onClick={() => onEdit(rate)}
                >
                  {label.change}
                </Button>
                <Button
                  variant="subtle"
                  size="compact-sm"
                  color="gray"
                  aria-label={label.removeNamed(nameOf(rate.to))}
                  onClick={() => onRemove(rate)}
                >
                  {label.remove}
                </Button>
              </Group>
            </td>
          </tr>
        ))}
      </tbody>
    </Records>
  )
}

/** So many of the prices are shown at first; lists have up to seventy. */
const FIRST = 8

/** The prices of one connection. */
function PricesOf({ id, prices }: { id: string; prices: Prices }) {
  const { texts, pick } = useSpeech()
  const label = texts.costs
  const { isOwn, list, rates } = prices
  const [edited, setEdited] = useState<Rate | 'new'>()
  const [all, setAll] = useState(rates.length <= FIRST)
  const replace = useChange(costRoutes.replacePrices, [costRoutes.getPrices])
  const reset = useChange(costRoutes.resetPrices, [costRoutes.getPrices])
  const whose = isOwn ? label.ofOperator : list ? label.ofConnector : label.noList
  return (
    <Stack>
      <Text size="sm">
        {whose}
        {!isOwn && list && ` (${pick(list.name)})`}
      </Text>
      <Problem error={replace.error} />
      {rates.length > 0 && (
        <Rates
          rates={all ? rates : rates.slice(0, FIRST)}
          onEdit={setEdited}
          onRemove={rate =>
            replace.mutate({ params: { id }, body: { rates: rates.filter(each => each !== rate) } })
          }
        />
      )}
      <Group gap="sm">
        {!all && rates.length > FIRST && (
          <Button variant="default" onClick={() => setAll(true)}>
            {label.showAll(rates.length)}
          </Button>
        )}
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
          {label.add}
        </Button>
        {isOwn && (
          <ConfirmButton
            label={label.reset}
            title={label.reset}
            text={label.resetText}
            confirm={label.reset}
            onConfirm={() => reset.mutateAsync({ params: { id } })}
          />
        )}
      </Group>
      {edited && (
        <RateEditor
          connectionId={id}
          rates={rates}
          {...(edited !== 'new' && { rate: edited })}
          onClose={() => setEdited(undefined)}
        />
      )}
    </Stack>
  )
}

function LoadedPrices({ id }: { id: string }) {
  const query = useRoute(costRoutes.getPrices, { params: { id } })
  return <Loaded query={query}>{prices => <PricesOf key={id} id={id} prices={prices} />}</Loaded>
}

/** What messages cost over each connection, and where operators write that. */
export function PriceSection({
  connections,
  titleOf,
  shown,
  onShow,
}: {
  connections: readonly ConnectionSummary[]
  titleOf(id: string): string
  /** The id of the one that is shown; any other text shows the first. */
  shown: string
  onShow(id: string): void
}) {
  const { texts } = useSpeech()
  const label = texts.costs
  const id = connections.some(each => each.id === shown) ? shown : connections[0]?.id
  if (id === undefined) return null
  return (
    <Section title={label.prices} text={label.pricesText}>
      <Stack>
        <NativeSelect
          label={label.connection}
          maw={360}
          value={id}
          onChange={event => onShow(event.currentTarget.value)}
          data={connections.map(each => ({ value: each.id, label: titleOf(each.id) }))}
        />
        <LoadedPrices key={id} id={id} />
      </Stack>
    </Section>
  )
}
