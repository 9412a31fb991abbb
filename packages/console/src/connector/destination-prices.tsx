import { ELSEWHERE, type Rate } from '@countersign/api'
import { rateFor } from '@countersign/kit/prices'
import { List, Text } from '@mantine/core'
import { showMoney } from '../cost/money.ts'
import { useSpeech } from '../language.tsx'
import { useDestinations } from './destinations.ts'
import { spanOf } from './price-span.ts'

/** More places than that in a list are counted only. */
const MOST = 12

/** Says what a message to a place costs by some rates: `¥0.307 a segment (2021-09)`. */
export function usePriceOf(rates: readonly Rate[]): (place: string) => string {
  const { texts, language } = useSpeech()
  const label = texts.connectors.prices
  const money = (price: number, currency: string) => showMoney(language, price, currency)
  return place => {
    if (place === ELSEWHERE) {
      const spans = spanOf(rates)
      if (spans.length === 0) return label.unknown
      const known = spans.map(({ currency, least, most }) =>
        least === most ? money(least, currency) : label.span(money(least, currency), money(most, currency)),
      )
      return label.someKnown(known.join(label.or))
    }
    const rate = rateFor(rates, { country: place })
    if (!rate || rate.price === null) return label.unknown
    return label.each[rate.unit](money(rate.price, rate.currency), rate.asOf)
  }
}

/** The places of a connection, each with what a message there costs. */
export function DestinationPrices({ places, rates }: { places: readonly string[]; rates: readonly Rate[] }) {
  const { texts } = useSpeech()
  const { nameOf } = useDestinations()
  const priceOf = usePriceOf(rates)
  return (
    <List size="sm" spacing={2} listStyleType="none">
      {places.slice(0, MOST).map(place => (
        <List.Item key={place}>
          {nameOf(place)}{' '}
          <Text span size="sm" c="dimmed">
            {priceOf(place)}
          </Text>
        </List.Item>
      ))}
      {places.length > MOST && <List.Item>{texts.connectors.prices.more(places.length - MOST)}</List.Item>}
    </List>
  )
}
