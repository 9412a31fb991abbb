import type { CatalogEntry, ConnectionSummary } from '@countersign/api'

/** The connections of a connector: first the one in use, then those that are off, the last changed first. */
export const savedOf = (
  entry: Pick<CatalogEntry, 'factoryId'>,
  connections: readonly ConnectionSummary[],
): ConnectionSummary[] =>
  connections
    .filter(({ connectorId }) => connectorId === entry.factoryId)
    .sort((one, other) => Number(other.enabled) - Number(one.enabled) || other.updatedAt - one.updatedAt)

/** A list with one of its members a place further. */
export function moved<T>(list: readonly T[], index: number, by: 1 | -1): T[] {
  const others = list.filter((_, at) => at !== index)
  return others.toSpliced(index + by, 0, list[index]!)
}

/** What connections are called where several would be called the same: the second has a 2 behind its name. */
export const titlesOf = (names: readonly string[]): string[] =>
  names.map((name, index) => {
    const before = names.slice(0, index).filter(other => other === name).length
    return before === 0 ? name : `${name} (${before + 1})`
  })

/** Saved connections to choose from, each with a title of its own. */
export function choicesOf(
  connections: readonly Pick<ConnectionSummary, 'id' | 'name' | 'connectorId'>[],
  catalog: readonly Pick<CatalogEntry, 'factoryId' | 'name'>[],
  pick: (text: CatalogEntry['name']) => string,
): { value: string; label: string }[] {
  const titles = titlesOf(
    connections.map(({ name, connectorId }) => {
      const entry = catalog.find(({ factoryId }) => factoryId === connectorId)
      return name ?? (entry ? pick(entry.name) : connectorId)
    }),
  )
  return connections.map(({ id }, index) => ({ value: id, label: titles[index]! }))
}

/** The connector that messages of the channel go over, when it is another one. */
export const otherInUse = (
  entry: CatalogEntry,
  catalog: readonly CatalogEntry[],
): CatalogEntry | undefined =>
  entry.connectionId === null
    ? catalog.find(other => other.channel === entry.channel && other.connectionId !== null)
    : undefined
