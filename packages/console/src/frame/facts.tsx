import { SimpleGrid, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** A name with what is known under it. */
export type Line = readonly [label: string, value: ReactNode]

/** What is known of one thing, in two columns where there is room. */
export function Facts({ lines }: { lines: readonly Line[] }) {
  return (
    <SimpleGrid component="dl" cols={{ base: 1, xs: 2 }} spacing="sm" m={0}>
      {lines.map(([label, value]) => (
        <Stack key={label} gap={0} miw={0}>
          <Text component="dt" size="sm" c="dimmed">
            {label}
          </Text>
          <Text component="dd" m={0} className="breakable">
            {value}
          </Text>
        </Stack>
      ))}
    </SimpleGrid>
  )
}
