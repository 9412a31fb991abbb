import type { Connections } from '../connections/connections.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { World } from '../world.ts'
import type { FeedbackStore } from './store.ts'

/** What every use case of feedback works with. */
export interface FeedbackRoom {
  world: World
  store: FeedbackStore
  ledger: Pick<Ledger, 'conversions'>
  connections: Pick<Connections, 'list' | 'get'>
  /** Milliseconds for which a code is good. */
  validity(): Promise<number>
}
