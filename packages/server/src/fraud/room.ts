import type { FraudFinding } from '@countersign/api'
import type { Audit } from '../audit/audit.ts'
import type { Keys } from '../crypto/keys.ts'
import type { Along } from '../db/along.ts'
import type { Database } from '../db/database.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { World } from '../world.ts'
import type { FindingRow, FraudStore } from './store.ts'

/** A finding without what became of its messages, as webhooks are told of it. */
export type ToldFinding = Omit<FraudFinding, 'decisions' | 'costs'>

/** What every use case of the fraud guard works with. */
export interface FraudRoom {
  db: Database
  keys: Keys
  world: World
  store: FraudStore
  ledger: Pick<Ledger, 'people' | 'greedy' | 'oldest' | 'noted' | 'used' | 'usedNoted'>
  audit: Pick<Audit, 'record'>
  /** Says what is written in the transaction of a finding. */
  telling(told: (row: FindingRow) => ToldFinding): Promise<Along<FindingRow>>
}
