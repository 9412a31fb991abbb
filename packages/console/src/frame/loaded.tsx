import { Card, Skeleton, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useSpeech } from '../language.tsx'
import { Problem } from './problem.tsx'

/** The part of a query that a page looks at. */
export interface Loading<T> {
  data: T | undefined
  error: Error | null
  refetch(): unknown
}

/** What a list says when there is nothing in it. */
export function Empty({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <Card withBorder padding="xl">
      <Stack align="center" gap="xs" ta="center">
        <Title order={3} size="h5">
          {title}
        </Title>
        {text && <Text c="dimmed">{text}</Text>}
        {children}
      </Stack>
    </Card>
  )
}

/**
 * The four states of whatever is read from the server: loading, error, empty and data. Data that is there stays
 * while it is read again, also when that fails.
 */
export function Loaded<T>(props: {
  query: Loading<T>
  /** When the data counts as none, what to show instead. */
  empty?: { when: (data: T) => boolean; show: ReactNode }
  children: (data: T) => ReactNode
}) {
  const { texts } = useSpeech()
  const { data, error } = props.query
  if (data !== undefined) return props.empty?.when(data) ? props.empty.show : props.children(data)
  if (error)
    return <Problem error={error} title={texts.errors.loadFailed} retry={() => void props.query.refetch()} />
  return (
    <Stack aria-busy aria-label={texts.common.loading} role="status">
      <Skeleton height={28} width="40%" />
      <Skeleton height={120} />
      <Skeleton height={120} />
    </Stack>
  )
}

/** Several queries as one: loaded when all are. */
export function together<T extends Record<string, Loading<unknown>>>(
  queries: T,
): Loading<{ [K in keyof T]: NonNullable<T[K]['data']> }> {
  const all = Object.values(queries)
  return {
    data: all.every(query => query.data !== undefined)
      ? (Object.fromEntries(Object.entries(queries).map(([key, query]) => [key, query.data])) as never)
      : undefined,
    error: all.find(query => query.error)?.error ?? null,
    refetch: () => Promise.all(all.map(query => query.refetch())),
  }
}
