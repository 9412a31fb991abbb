import { Group, Text } from '@mantine/core'
import { useId } from 'react'
import { share } from './bars.ts'
import './chart.css'

/** What bars are told apart by, beside their colour: how wide they are, and how they are filled. */
export type Look = 'wide' | 'middle' | 'narrow'

/** One of the figures that stand at each place. */
export interface Series {
  name: string
  look: Look
  values: readonly number[]
}

/** The figures of each place as bars over each other: columns for days, lines for anything else. */
export function Chart({
  title,
  summary,
  places,
  series,
  show,
  columns,
}: {
  title: string
  /** What there is to see, for those who do not: the figures themselves stand in the table. */
  summary: string
  /** Where figures stand, each with a name of its own. */
  places: readonly { key: string; label: string }[]
  series: readonly Series[]
  show(value: number): string
  columns: boolean
}) {
  const id = useId()
  const most = Math.max(0, ...series.flatMap(({ values }) => values))
  const said = (index: number) =>
    [places[index]?.label, ...series.map(({ name, values }) => `${name}: ${show(values[index] ?? 0)}`)].join(
      '\n',
    )
  return (
    <figure className="chart" aria-labelledby={id}>
      <Group component="figcaption" justify="space-between" gap="xs" mb="xs">
        <Text id={id} size="sm" fw={600}>
          {title}
        </Text>
        <Group gap="md">
          {series.map(({ name, look }) => (
            <Group key={name} gap={6} wrap="nowrap">
              <span className="chart-sample" aria-hidden>
                <span className={`chart-bar ${look}`} />
              </span>
              <Text size="sm">{name}</Text>
            </Group>
          ))}
        </Group>
      </Group>
      <div role="img" aria-label={summary}>
        <Text size="xs" c="dimmed" ta={columns ? 'start' : 'end'} aria-hidden>
          {show(most)}
        </Text>
        <div className={columns ? 'chart-columns' : 'chart-lines'}>
          {places.map(({ key, label }, index) => (
            <div key={key} className="chart-place" title={said(index)}>
              {!columns && <span className="chart-label">{label}</span>}
              <div className="chart-room">
                {series.map(({ name, look, values }) => {
                  const size = `${share(values[index] ?? 0, most)}%`
                  return (
                    <span
                      key={name}
                      className={`chart-bar ${look}`}
                      style={columns ? { height: size } : { width: size }}
                    />
                  )
                })}
              </div>
            </div>
          ))}
        </div>
        {columns && (
          <Group justify="space-between" mt={4} wrap="nowrap" aria-hidden>
            <Text size="xs" c="dimmed">
              {places[0]?.label}
            </Text>
            <Text size="xs" c="dimmed">
              {places.at(-1)?.label}
            </Text>
          </Group>
        )}
      </div>
    </figure>
  )
}
