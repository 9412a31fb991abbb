import {
  type CatalogEntry,
  type ConnectionSummary,
  connectionRoutes,
  connectorRoutes,
} from '@countersign/api'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { STALE } from './kept.tsx'
import type { usePlace } from './place.tsx'

/** Saves a configuration: in a connection that there is, beside those that there are, or in the place of the first. */
export function useSaving(entry: CatalogEntry, connection: ConnectionSummary | undefined) {
  const { texts, pick } = useSpeech()
  const name = pick(entry.name)
  const create = useChange(connectorRoutes.createConnector, STALE)
  const add = useChange(connectionRoutes.createConnection, STALE)
  const update = useChange(connectionRoutes.updateConnection, STALE)
  const connectorId = entry.factoryId
  return {
    /** Why the server refused another connection. */
    addError: add.error,
    error: create.error ?? add.error ?? update.error,
    isPending: create.isPending || add.isPending || update.isPending,
    /** Returns what is to be said of it. */
    async save(
      config: Record<string, unknown>,
      { place, use }: { place: ReturnType<typeof usePlace>['body'] | undefined; use: boolean },
    ): Promise<string> {
      if (place) {
        await add.mutateAsync({ body: { connectorId, config, ...place } })
        return texts.connector.added(place.name ?? name)
      }
      if (connection) {
        const params = { id: connection.id }
        await update.mutateAsync({ params, body: { config, ...(use && { enabled: true }) } })
        return use ? texts.connector.saved(name) : texts.connector.updated(name)
      }
      await create.mutateAsync({ body: { connectorId, config } })
      return texts.connector.saved(name)
    },
  }
}
