import { setTimeout as sleep } from 'node:timers/promises'
import type { OwnPostgres } from '../../scripts/postgres.ts'
import type { Blow } from './trial.ts'

/** Strikes of nodes and of what is around them, that need no database of one's own. */
export const ON_NODES = {
  end: {
    title: 'a node is asked to end',
    unnoticed: true,
    strike: ({ cluster }) => cluster.drain(0),
  },
  /** As whoever brings servers up to date does, one after the other. */
  drain: {
    title: 'a node is asked to end, and starts anew',
    unnoticed: true,
    strike: ({ cluster }) => cluster.drainAndStart(0),
  },
  kill: {
    title: 'a node is killed, and starts anew',
    strike: ({ cluster }) => cluster.killAndStart(cluster.count - 1),
  },
  pause: {
    title: 'a node stands still for eight seconds',
    async strike({ cluster }) {
      cluster.signal(1, 'SIGSTOP')
      await sleep(8_000)
      cluster.signal(1, 'SIGCONT')
    },
  },
  hang: {
    title: 'the provider hangs',
    refuses: true,
    async strike({ hang }) {
      hang(true)
      await sleep(4_000)
      hang(false)
    },
  },
  clock: {
    title: 'the clock of a node jumps by eleven minutes, and back',
    refuses: true,
    jumps: true,
    async strike({ cluster, races }) {
      races.clocksAreWrong(true)
      cluster.signal(0, 'SIGUSR2')
      await sleep(3_000)
      cluster.signal(0, 'SIGUSR2')
      // What the node said meanwhile is still tried.
      await sleep(1_000)
      races.clocksAreWrong(false)
    },
  },
} as const satisfies Record<string, Blow>

/** Strikes of the database. */
export const onDatabase = (postgres: OwnPostgres): Blow[] => [
  {
    title: 'the database restarts',
    async strike() {
      await postgres.end('SIGINT')
      await sleep(1_500)
      await postgres.begin()
    },
  },
  {
    title: 'the database crashes',
    async strike() {
      await postgres.end('SIGKILL')
      await sleep(1_500)
      await postgres.begin()
    },
  },
  {
    title: 'the database stands still for six seconds',
    async strike() {
      await postgres.signal('SIGSTOP')
      await sleep(6_000)
      await postgres.signal('SIGCONT')
    },
  },
]
