import type { CostSums } from '@countersign/api'
import { Stack } from '@mantine/core'
import { Records } from '../frame/records.tsx'
import { useSpeech } from '../language.tsx'
import { shownGroups } from './bars.ts'
import { Chart } from './chart.tsx'
import { showMoney } from './money.ts'

/** What a group is called. */
export type NameOf = (key: string | null) => string

const indexOfMost = (values: readonly number[]) => values.indexOf(Math.max(...values))

/** The figures as charts: what became of messages, and what they cost in each currency. */
export function FigureCharts({ sums, nameOf }: { sums: CostSums; nameOf: NameOf }) {
  const { texts, language } = useSpeech()
  const label = texts.costs
  const { groups, weeks } = shownGroups(sums)
  const places = groups.map(({ key }) => ({
    key: String(key),
    label: weeks ? label.week(nameOf(key)) : nameOf(key),
  }))
  const columns = sums.by === 'day'
  const summaryOf = (values: readonly number[], show: (value: number) => string) =>
    label.summary(groups.length, show(Math.max(...values)), places[indexOfMost(values)]?.label ?? '')
  const sent = groups.map(each => each.sent)
  return (
    <Stack gap="xl">
      <Chart
        title={label.messages}
        summary={summaryOf(sent, String)}
        places={places}
        columns={columns}
        show={String}
        series={[
          { name: label.sent, look: 'wide', values: sent },
          { name: label.delivered, look: 'middle', values: groups.map(each => each.delivered) },
          { name: label.verified, look: 'narrow', values: groups.map(each => each.verified) },
        ]}
      />
      {sums.total.costs.map(({ currency }) => {
        const of = (name: 'amount' | 'estimated') =>
          groups.map(({ costs }) => costs.find(each => each.currency === currency)?.[name] ?? 0)
        const show = (value: number) => showMoney(language, value, currency)
        return (
          <Chart
            key={currency}
            title={label.spentIn(currency)}
            summary={summaryOf(of('amount'), show)}
            places={places}
            columns={columns}
            show={show}
            series={[
              { name: label.spent, look: 'wide', values: of('amount') },
              { name: label.estimated, look: 'middle', values: of('estimated') },
            ]}
          />
        )
      })}
    </Stack>
  )
}

/** The same figures as a table; days without messages are left out. */
export function FigureTable({ sums, nameOf }: { sums: CostSums; nameOf: NameOf }) {
  const { texts, language } = useSpeech()
  const label = texts.costs
  const currencies = sums.total.costs.map(({ currency }) => currency)
  const head = label.heads[sums.by]
  return (
    <Records
      columns={[
        head,
        label.sent,
        label.delivered,
        label.verified,
        ...currencies.map(label.spentIn),
        label.unpriced,
      ]}
    >
      <tbody>
        {sums.groups
          .filter(({ sent }) => sent > 0)
          .map(({ key, sent, delivered, verified, unpriced, costs }) => (
            <tr key={key}>
              <td data-label={head} className="any-letter">
                {nameOf(key)}
              </td>
              <td data-label={label.sent}>{sent}</td>
              <td data-label={label.delivered}>{delivered}</td>
              <td data-label={label.verified}>{verified}</td>
              {currencies.map(currency => {
                const sum = costs.find(each => each.currency === currency)
                return (
                  <td key={currency} data-label={label.spentIn(currency)}>
                    {sum ? showMoney(language, sum.amount, currency) : '–'}
                  </td>
                )
              })}
              <td data-label={label.unpriced}>{unpriced}</td>
            </tr>
          ))}
      </tbody>
    </Records>
  )
}
