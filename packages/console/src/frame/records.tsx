import { Box, Card, Group, Pagination, Text } from '@mantine/core'
import { type ReactNode, useLayoutEffect, useRef } from 'react'
import { useSearchParams } from 'react-router'
import { useSpeech } from '../language.tsx'

export const PAGE_SIZE = 20

/** A table that is no wider than its longest words takes too many lines to be read. */
const COMFORT = 1.1

/**
 * A list as a table where it fits without breaking a word, else as sheets, one for each row. Cells carry `data-label`,
 * the name of their column; what may break at any letter, as ids, addresses and names, has the class `any-letter`.
 */
export function Records({ columns, children }: { columns: readonly string[]; children: ReactNode }) {
  const width = useRef<HTMLDivElement>(null)
  const table = useRef<HTMLTableElement>(null)
  // After each rendering, for other rows may need more room.
  useLayoutEffect(() => {
    const [room, records] = [width.current!, table.current!]
    const fit = () => {
      records.dataset.as = 'narrowest'
      records.dataset.as = records.offsetWidth * COMFORT > room.clientWidth ? 'sheets' : 'table'
    }
    fit()
    const observer = new ResizeObserver(fit)
    observer.observe(room)
    return () => observer.disconnect()
  })
  return (
    <Card withBorder padding={0}>
      {/* As wide as the table may be, and never higher: a table that becomes sheets must not be measured anew. */}
      <Box ref={width} h={0} />
      <table className="records" ref={table}>
        <thead>
          <tr>
            {columns.map(column => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        {children}
      </table>
    </Card>
  )
}

/** The page that the address asks for, counted from 1. */
export function usePageNumber(): [number, (page: number) => void] {
  const [search, setSearch] = useSearchParams()
  const asked = Number(search.get('page'))
  return [
    Number.isInteger(asked) && asked > 0 ? asked : 1,
    page =>
      setSearch(before => {
        const after = new URLSearchParams(before)
        if (page > 1) after.set('page', String(page))
        else after.delete('page')
        return after
      }),
  ]
}

/** The foot of a list that is cut into pages. */
export function Pages({ total }: { total: number }) {
  const { texts } = useSpeech()
  const [page, setPage] = usePageNumber()
  return (
    <Group justify="space-between">
      <Text size="sm" c="dimmed">
        {texts.common.total(total)}
      </Text>
      {total > PAGE_SIZE && (
        <Pagination
          aria-label={texts.common.pages}
          total={Math.ceil(total / PAGE_SIZE)}
          value={page}
          onChange={setPage}
          size="sm"
          getControlProps={control => ({
            'aria-label': control === 'previous' ? texts.common.previousPage : texts.common.nextPage,
          })}
        />
      )}
    </Group>
  )
}
