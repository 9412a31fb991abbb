import { Card, Group, Pagination, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useSearchParams } from 'react-router'
import { useSpeech } from '../language.tsx'

export const PAGE_SIZE = 20

/** A list as a table on a desk and as sheets on a phone. Cells carry `data-label`, the name of their column. */
export function Records({ columns, children }: { columns: readonly string[]; children: ReactNode }) {
  return (
    <Card withBorder padding={0}>
      <table className="records">
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
