import { createHook } from 'node:async_hooks'
import { ServerResponse } from 'node:http'
import { StatementSync } from 'node:sqlite'
import pg from 'pg'
import type { App } from '../app.ts'

/** What the server did for one request. */
export interface Work {
  /** SQL up to the answer, each text as often as it ran, in no order; without the audit log, which no answer waits for. */
  beforeAnswer: string[]
  /** The same until nothing followed. */
  all: string[]
  /** Hashes of passwords that were computed. */
  hashes: number
}

const ANSWER = 'the answer'

/** So often nothing new is seen, a millisecond apart and with nothing under way, until what followed an answer is over. */
const CALM = 3

/**
 * Watches databases and hashing of this process from below, where the code under test cannot tell: what takes no
 * time in a test would be measured over a network. Call once in a test file, before a server opens its database.
 */
export function createWitness(): {
  /** @param app what goes on after its answers is waited for, before and afterwards */
  watch<T>(app: App, act: () => Promise<T>): Promise<{ result: T; work: Work }>
} {
  let seen: string[] = []
  let hashes = 0
  /** Statements that PostgreSQL has yet to answer, and hashes that are being computed. */
  const underWay = new Set<unknown>()
  for (const name of ['all', 'get', 'run', 'iterate'] as const) {
    const original = StatementSync.prototype[name] as (...values: unknown[]) => unknown
    const watched = function (this: StatementSync, ...values: unknown[]) {
      seen.push(this.sourceSQL)
      return original.apply(this, values)
    }
    Object.assign(StatementSync.prototype, { [name]: watched })
  }
  const query = pg.Client.prototype.query as (...values: unknown[]) => unknown
  Object.assign(pg.Client.prototype, {
    query(this: pg.Client, ...values: unknown[]) {
      const [first] = values
      seen.push(typeof first === 'string' ? first : String((first as { text?: unknown }).text))
      const answer = query.apply(this, values)
      if (answer instanceof Promise) {
        underWay.add(answer)
        const over = () => underWay.delete(answer)
        answer.then(over, over)
      }
      return answer
    },
  })
  const end = ServerResponse.prototype.end as (...values: unknown[]) => ServerResponse
  Object.assign(ServerResponse.prototype, {
    end(this: ServerResponse, ...values: unknown[]) {
      seen.push(ANSWER)
      return end.apply(this, values)
    },
  })
  createHook({
    init(id, type) {
      if (type !== 'ARGON2REQUEST') return
      hashes += 1
      underWay.add(id)
    },
    after: id => void underWay.delete(id),
  }).enable()

  /** Until nothing more is done: what goes on after the answer must not count for the next request. */
  async function quiet(app: App): Promise<void> {
    await app.settled()
    for (let calm = 0; calm < CALM; ) {
      const before = seen.length
      await new Promise(resolve => setTimeout(resolve, 1))
      calm = underWay.size === 0 && before === seen.length ? calm + 1 : 0
    }
  }

  return {
    async watch(app, act) {
      await quiet(app)
      seen = []
      hashes = 0
      const result = await act()
      const at = seen.indexOf(ANSWER)
      const beforeAnswer = seen
        .slice(0, at < 0 ? seen.length : at)
        .filter(each => !each.startsWith('insert into "audit_logs"'))
        .sort()
      await quiet(app)
      const all = seen.filter(each => each !== ANSWER).sort()
      return { result, work: { beforeAnswer, all, hashes } }
    },
  }
}
