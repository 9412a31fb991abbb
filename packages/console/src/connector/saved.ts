import type { CatalogEntry, ConnectionSummary } from '@countersign/api'

/** The connections of a connector: first the one in use, then those that are off, the last changed first. */
export const savedOf = (
  entry: Pick<CatalogEntry, 'factoryId'>,
  connections: readonly ConnectionSummary[],
): ConnectionSummary[] =>
  connections
    .filter(({ connectorId }) => connectorId === entry.factoryId)
    .sort((one, other) => Number(other.enabled) - Number(one.enabled) || other.updatedAt - one.updatedAt)

/** The connector that messages of the channel go over, when it is another one. */
export const otherInUse = (
  entry: CatalogEntry,
  catalog: readonly CatalogEntry[],
): CatalogEntry | undefined =>
  entry.connectionId === null
    ? catalog.find(other => other.channel === entry.channel && other.connectionId !== null)
    : undefined
