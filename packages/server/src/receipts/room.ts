import type { Connections } from '../connections/connections.ts'
import type { Keys } from '../crypto/keys.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { World } from '../world.ts'
import type { AddressStore } from './store.ts'

/** What every use case of receipts works with. */
export interface ReceiptsRoom {
  keys: Keys
  world: World
  store: AddressStore
  ledger: Pick<Ledger, 'receive' | 'matchLate' | 'toAsk' | 'claim' | 'askAgain' | 'endWithoutReceipt'>
  connections: Pick<Connections, 'list' | 'get'>
  /** The public address of this installation. */
  endpoint: string
  /** Milliseconds for which a code is good. */
  validity(): Promise<number>
}
