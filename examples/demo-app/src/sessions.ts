import { randomBytes } from 'node:crypto'
import type { Tokens, Visit } from './relying-party.ts'

export interface Session {
  /** Sign-ins that were begun here, by their state: one for each open tab. */
  visits: Map<string, Visit>
  tokens?: Tokens
  notice?: 'refreshed'
}

/** Beyond this, the oldest goes: a demonstration must not be a way to fill the memory. */
const MOST_SESSIONS = 5000
const MOST_VISITS = 8

/** Sessions in memory by a random id. They are gone after a restart, which is right for a demonstration. */
export class Sessions {
  #byId = new Map<string, Session>()

  find(id: string | undefined): Session | undefined {
    return id === undefined ? undefined : this.#byId.get(id)
  }

  create(session: Session = { visits: new Map() }): { id: string; session: Session } {
    const id = randomBytes(24).toString('base64url')
    this.#byId.set(id, session)
    dropOldest(this.#byId, MOST_SESSIONS)
    return { id, session }
  }

  delete(id: string | undefined): void {
    if (id !== undefined) this.#byId.delete(id)
  }
}

export function remember(session: Session, visit: Visit): void {
  session.visits.set(visit.state, visit)
  dropOldest(session.visits, MOST_VISITS)
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return
    map.delete(key)
  }
}
