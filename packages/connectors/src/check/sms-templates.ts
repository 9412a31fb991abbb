import { type ByRegion, DESTINATIONS, type Destination, forDestination } from '@countersign/kit'

/** A template code that a configuration names, and what it is to serve. */
export interface NamedTemplate<R> {
  code: string
  /** Undefined when one code may be for any destination. */
  destination: Destination | undefined
  row: R
}

/** Every template code of the rows, once for each use. `plain`: what a code without a destination may be for. */
export function templatesNamed<R extends { templateCode: string | ByRegion }>(
  rows: readonly R[],
  plain: readonly Destination[] = DESTINATIONS,
): NamedTemplate<R>[] {
  const named = rows.flatMap((row): NamedTemplate<R>[] =>
    typeof row.templateCode === 'string'
      ? [{ code: row.templateCode, destination: plain.length === 1 ? plain[0] : undefined, row }]
      : DESTINATIONS.flatMap(destination => {
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
