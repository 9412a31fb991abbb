import { type ByRegion, forDestination } from '@countersign/kit'
import type { Destination } from '../phone.ts'

/** A template code that a configuration names, and what it is to serve. */
export interface NamedTemplate<R> {
  code: string
  /** Undefined when one code serves every destination. */
  destination: Destination | undefined
  row: R
}

/** Every template code of the rows, once for each use. */
export function templatesNamed<R extends { templateCode: string | ByRegion }>(
  rows: readonly R[],
): NamedTemplate<R>[] {
  const named = rows.flatMap((row): NamedTemplate<R>[] =>
    typeof row.templateCode === 'string'
      ? [{ code: row.templateCode, destination: undefined, row }]
      : (['china', 'overseas'] as const).flatMap(destination => {
          const code = forDestination(row.templateCode, destination)
          return code === undefined ? [] : [{ code, destination, row }]
        }),
  )
  const seen = new Set<string>()
  return named.filter(({ code, destination }) => {
    const use = `${code}/${destination}`
    return !seen.has(use) && seen.add(use)
  })
}
