import { setTimeout as sleep } from 'node:timers/promises'
import { startSimulators } from '../../packages/simulators/src/index.ts'
import { byNumber, isUnderWay, mayHaveArrived, settledLedger } from '../crash/reckoning.ts'
import { startTraffic, type Tally } from '../database/traffic.ts'
import { phonesIn } from '../database/trial.ts'
import { type Figure, figure } from '../table.ts'
import type { Passed } from './balancer.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { LIMITED, type Races, startRaces } from './races.ts'

/** What blows may strike. */
export interface Struck {
  cluster: Cluster
  races: Races
  /** Lets the providers hang: they take requests, and never answer; `false` lets them answer again. */
  hang(hangs: boolean): void
}

/** Something bad that happens, from its beginning to its end. */
export interface Blow {
  title: string
  strike(struck: Struck): Promise<void>
  /** Nobody may notice anything of it: every request is answered. */
  unnoticed?: true
  /** Codes may be refused meanwhile, as clocks differ or providers hang. */
  refuses?: true
  /** The clock of a node runs ahead meanwhile. */
  jumps?: true
}

/** What the drill found. */
export interface Findings {
  title: string
  phases: { title: string; figures: Figure[] }[]
  figures: Figure[]
  complaints: string[]
}

/** Aliyun SMS brings one number one message in each minute of the clock. */
const MINUTE = 60_000

/** Milliseconds that the nodes send for, at most; a request hears within five seconds. */
const SEND_TIMEOUT = 3_000

/** Milliseconds of quiet before the first blow. */
const QUIET = 1_500

function figuresOf({ refuses }: Blow, tally: Tally, passed: Passed, until: number): Figure[] {
  const bound = refuses ? {} : { most: 0 }
  return [
    figure('answers', tally.answers),
    figure('503', tally.unavailable),
    figure('cut off', passed.cut),
    figure('other faults', tally.faults.length, bound),
    figure('refused', tally.refusals.length, bound),
    figure('begun anew', tally.begunAnew),
    figure('sign-ins', tally.signIns),
    figure('next sign-in after', Math.round(until), { unit: 'ms' }),
  ]
}

/**
 * Starts so many servers on one database behind a plain balancer, lets visitors sign in and others race for what only one
 * may get, strikes blow after blow, and compares in the end what was acknowledged with what is there.
 *
 * @param settings of the servers, by their names in the environment
 * @param visitors so many at once
 */
export async function chaos(
  title: string,
  { nodes, visitors, settings }: { nodes: number; visitors: number; settings: Record<string, string> },
  blows: readonly Blow[],
): Promise<Findings> {
  const simulators = await startSimulators({ port: 0, quiet: true, frequencyControl: false })
  const { control, inbox } = simulators.clouds
  const inboxUrl = simulators.addresses.site!
  const complaints: string[] = []
  const cut: string[] = []
  try {
    const cluster = await startCluster(
      nodes,
      { SIMULATORS_URL: inboxUrl, SEND_TIMEOUT: String(SEND_TIMEOUT), ...settings },
      line => cut.push(line),
    )
    try {
      const { balancer, management, application } = cluster
      const traffic = startTraffic(
        {
          endpoint: balancer.url,
          inboxUrl,
          applicationId: application.id,
          redirectUri: application.redirectUri,
        },
        visitors,
      )
      const races = startRaces(management, async number => {
        return inbox.messages().find(({ to }) => to === `+${number}`)?.code
      })
      const struck: Struck = {
        cluster,
        races,
        hang: hangs => control.setFault(hangs ? { kind: 'hang' } : null),
      }
      const phases: Findings['phases'] = []
      const noticed: Figure[] = []
      const began = performance.now()
      balancer.take()
      for (const blow of [
        { title: 'no blow', strike: () => sleep(QUIET), unnoticed: true } as Blow,
        ...blows,
      ]) {
        await blow.strike(struck)
        const until = await traffic.nextSignIn()
        const tally = traffic.take()
        const passed = balancer.take()
        phases.push({ title: blow.title, figures: figuresOf(blow, tally, passed, until) })
        if (blow.unnoticed) {
          const lost = passed.cut + passed.nowhere
          noticed.push(figure(`${blow.title}: requests lost`, lost, { most: 0 }))
        }
        if (!blow.refuses) complaints.push(...told(blow.title, [...tally.faults, ...tally.refusals]))
        if (blow.unnoticed) complaints.push(...told(blow.title, cut))
        cut.length = 0
      }
      await Promise.all([traffic.stop(), races.stop()])
      const minutes = Math.floor((performance.now() - began) / MINUTE) + 2
      // A clock that has jumped ahead for a few seconds sees one more of them, or the end of one and the next.
      const ahead = 2 * blows.filter(({ jumps }) => jumps).length
      const limited = inbox.messages().filter(({ to }) => to === `+${LIMITED}`).length
      const figures = await compare(cluster, races, traffic.registered)
      figures.push(
        ...noticed,
        figure('messages to a number that gets one a minute', limited, { most: minutes + ahead }),
      )
      return { title, phases, figures, complaints: [...complaints, ...cluster.died()] }
    } finally {
      await cluster.stop()
    }
  } finally {
    await simulators.close()
  }
}

const told = (title: string, lines: readonly string[]) =>
  [...new Set(lines)].slice(0, 5).map(line => `${title}: ${line}`)

/** Compares what was acknowledged with what is there, when nothing is under way any more. */
async function compare(cluster: Cluster, { raced }: Races, registered: readonly string[]): Promise<Figure[]> {
  const phones = await phonesIn(cluster.management)
  const there = new Set(phones)
  const { entries } = await settledLedger(cluster)
  const sent = [...raced.sent]
  const ledger = byNumber(
    entries.filter(({ recipient }) => recipient.includes('86137') || recipient.startsWith('+86 137')),
    sent,
  )
  const missing = (numbers: Iterable<string>) => [...numbers].filter(each => !there.has(each)).length
  return [
    figure('registrations acknowledged', registered.length, { least: 1 }),
    figure('of them not in the database', missing(registered), { most: 0 }),
    figure('users made by several at once', raced.users.size, { least: 1 }),
    figure('of them not in the database', missing(raced.users), { most: 0 }),
    figure('acknowledged to more than one', raced.madeTwice.length, { most: 0 }),
    figure('users that stand there twice', phones.length - there.size, { most: 0 }),
    figure('codes tried by several at once', raced.codes, { least: 1 }),
    figure('codes spent twice', raced.spentTwice.length, { most: 0 }),
    figure('codes refused to all', raced.refused.length, { most: 0 }),
    figure('messages in the ledger', entries.length),
    figure(
      'answered "sent", and not in the ledger',
      sent.filter(number => !mayHaveArrived(ledger.get(number))).length,
      { most: 0 },
    ),
    figure('messages without a final state', entries.filter(isUnderWay).length, { most: 0 }),
    figure('processes that ended by themselves', cluster.died().length, { most: 0 }),
  ]
}
