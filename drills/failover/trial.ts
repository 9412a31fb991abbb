import { setTimeout as sleep } from 'node:timers/promises'
import { inParallel } from '../strangers/trial.ts'
import { type Figure, figure } from '../table.ts'
import { type Arrival, type Provider, startProvider } from './provider.ts'
import { type Sender, startSender } from './server.ts'
import { type Send, Traffic } from './traffic.ts'

/** How hard it is. */
export interface Scale {
  perSecond: number
  /** Milliseconds that a message may take. */
  sendTimeout: number
  /** Milliseconds of each blow, by its title; those that are not named are left out. */
  blows: Readonly<Partial<Record<Blow, number>>>
  /** Milliseconds of quiet before the first blow. */
  quiet: number
  /** Milliseconds that anybody waits for a provider to be used again, and for delivery to come back; 0 does not wait. */
  recovery: number
  /** Every so manieth code is typed, besides all of those who were sent two. */
  typed: number
}

export type Blow =
  | 'dies'
  | 'hangs'
  | 'answers HTML'
  | 'is out of balance'
  | 'has its key revoked'
  | 'both die'

/** What the drill found: the same figures of each phase with the first provider, then those of all, and with both down. */
export interface Findings {
  phases: { title: string; figures: Figure[] }[]
  figures: Figure[]
  bothDown: Figure[]
  complaints: string[]
}

const FIRST = 'aliyun-sms'
const SECOND = 'tencent-sms'

/** What each blow does to a provider. */
const STRIKES: Record<Blow, (one: Provider, other: Provider) => unknown> = {
  dies: one => one.dies(),
  hangs: one => one.hangs(),
  'answers HTML': one => one.fails({ kind: 'html' }),
  'is out of balance': one => one.fails({ code: 'isv.AMOUNT_NOT_ENOUGH' }),
  'has its key revoked': one => one.fails({ code: 'InvalidAccessKeyId.Inactive' }),
  'both die': (one, other) => Promise.all([one.dies(), other.dies()]),
}

/** One phase: which codes were asked for in it, and how long the first provider then took to be used again. */
interface Phase {
  title: string
  sends: Send[]
  recovered: number
}

/** With so much of the waiting above it. */
function percentile(waits: readonly number[], part: number): number {
  const sorted = waits.toSorted((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN
}

const waits = (sends: readonly Send[]) => sends.map(({ took }) => took ?? Number.POSITIVE_INFINITY)

/** Lets providers fail one way after the other, under traffic. */
async function strike(
  { perSecond, quiet, blows, recovery }: Scale,
  traffic: Traffic,
  providers: { one: Provider; other: Provider },
): Promise<Phase[]> {
  const { one, other } = providers
  const phases: Phase[] = []
  let begun = 0
  /** All that was asked for since the last time. */
  const take = (title: string, recovered: number) => {
    const sends = traffic.sends.slice(begun)
    begun += sends.length
    phases.push({ title, sends, recovered })
  }
  traffic.start()
  // Also until the server has opened its connections.
  await sleep(quiet)
  if (Number.isNaN(await traffic.nextOver(FIRST, 10_000))) throw new Error('Nothing goes out at all')
  take(`both work, ${perSecond} a second`, 0)
  for (const [title, lasts] of Object.entries(blows) as [Blow, number][]) {
    if (title === 'both die') {
      // What is under way belongs to a time in which one of them worked.
      await traffic.stop()
      phases.at(-1)?.sends.push(...traffic.sends.slice(begun))
      begun = traffic.sends.length
    }
    await STRIKES[title](one, other)
    if (title === 'both die') traffic.start()
    await sleep(lasts)
    if (title !== 'both die') {
      await one.heals()
      take(title, recovery > 0 ? await traffic.nextOver(FIRST, recovery) : 0)
      continue
    }
    const down = traffic.sends.slice(begun)
    await Promise.all([one.heals(), other.heals()])
    const back = [FIRST, SECOND].map(over => traffic.nextOver(over, recovery))
    phases.push({ title, sends: down, recovered: recovery > 0 ? await Promise.race(back) : 0 })
    // What was asked for meanwhile is neither of a time with both down nor of one with either.
    begun = traffic.sends.length
  }
  await traffic.stop()
  return phases
}

/** Of those who were sent two messages: those whose ledger does not say that the first may have been sent. */
async function unmarked(sender: Sender, twice: readonly Send[]): Promise<string[]> {
  const complaints = await inParallel(twice.length, 4, async n => {
    const { phone, arrivals } = twice[n]!
    const attempts = (await sender.messagesTo(phone)).flatMap(message => message.attempts)
    const left = attempts.filter(({ state }) => state !== 'failed')
    const [first, second] = left
    const isMarked =
      left.length === 2 &&
      arrivals.length === 2 &&
      arrivals[0]!.code !== arrivals[1]!.code &&
      first?.code === 'first' &&
      (first.state === 'unconfirmed' || first.reason === 'hedged') &&
      second?.code === 'second'
    const told = attempts.map(each => [each.nth, each.code, each.state, each.reason].join(' ')).join('; ')
    return isMarked ? [] : [`${phone} has ${arrivals.length} messages, and the ledger says: ${told}`]
  })
  return complaints.flat()
}

/** Types codes that arrived. Returns what was refused; of two codes it types one or the other. */
async function refused(sender: Sender, sends: readonly Send[]): Promise<string[]> {
  const complaints = await inParallel(sends.length, 8, async n => {
    const { phone, arrivals } = sends[n]!
    const { code } = arrivals[n % arrivals.length]!
    return (await sender.verify(phone, code)) ? [] : [`The code that ${phone} was sent does not work`]
  })
  return complaints.flat()
}

function figuresOf({ title, sends, recovered }: Phase, { sendTimeout, recovery }: Scale, ill: Set<string>) {
  const arrived = sends.filter(({ arrivals }) => arrivals.length > 0)
  const twice = sends.filter(({ arrivals }) => arrivals.length > 1)
  const isOf = (send: Send) => ill.has(send.phone)
  const figures: Figure[] = [
    figure('codes', sends.length),
    { what: 'arrived', value: (arrived.length / sends.length) * 100, unit: '%' },
    figure('two messages', twice.length),
    figure('unmarked', twice.filter(isOf).length, { most: 0 }),
    figure('refused', sends.filter(({ answer }) => answer !== 'sent' && answer !== 'unconfirmed').length),
    { what: 'half waited', value: Math.round(percentile(waits(sends), 0.5)), unit: 'ms' },
    { what: '99 % waited', value: Math.round(percentile(waits(sends), 0.99)), unit: 'ms' },
    { what: 'longest wait', value: Math.round(Math.max(...waits(sends))), unit: 'ms', most: sendTimeout },
    ...(recovery > 0
      ? [{ what: 'used again after', value: recovered / 1000, unit: 's', most: recovery / 1000 }]
      : []),
  ]
  return { title, figures }
}

/** With both down: what the back ends were told, and how soon. */
function figuresOfBothDown({ sends, recovered }: Phase, { sendTimeout, recovery }: Scale): Figure[] {
  const of = (test: (answer: string) => boolean) => sends.filter(({ answer = '' }) => test(answer))
  const isRefusal = (answer: string) =>
    /^[a-z_]+$/.test(answer) && answer !== 'sent' && answer !== 'unconfirmed'
  const lies = of(answer => answer === 'sent').filter(({ arrivals }) => arrivals.length === 0)
  const late = of(isRefusal).filter(({ arrivals }) => arrivals.length > 0)
  return [
    figure('codes asked for with both down', sends.length),
    figure('refused, with the failure', of(isRefusal).length),
    figure(
      'sent or perhaps sent, as they were under way',
      of(answer => answer === 'unconfirmed' || answer === 'sent').length,
    ),
    figure('told "sent", and it did not arrive', lies.length, { most: 0 }),
    figure('told a failure, and it arrived', late.length, { most: 0 }),
    figure(
      'any other answer',
      of(answer => !isRefusal(answer) && answer !== 'unconfirmed' && answer !== 'sent').length,
      {
        most: 0,
      },
    ),
    { what: '99 % waited', value: Math.round(percentile(waits(sends), 0.99)), unit: 'ms' },
    { what: 'longest wait', value: Math.round(Math.max(...waits(sends))), unit: 'ms', most: sendTimeout / 4 },
    ...(recovery > 0
      ? [
          {
            what: 'codes arrive again after',
            value: recovered / 1000,
            unit: 's',
            most: (sendTimeout + 4_000) / 1000,
          },
        ]
      : []),
  ]
}

/**
 * Has a server send codes over two connections, whose providers are processes of their own, while the first of them fails
 * in one way after the other, and at last both.
 *
 * @param settings of the server, by their names in the environment
 */
export async function failover(scale: Scale, settings: Record<string, string> = {}): Promise<Findings> {
  const traffic: Traffic[] = []
  const arrived = (arrival: Arrival) => traffic[0]?.arrived(arrival)
  const one = await startProvider(FIRST, arrived)
  const other = await startProvider(SECOND, arrived)
  try {
    const sender = await startSender(
      [
        { cloud: FIRST, endpoint: one.endpoint },
        { cloud: SECOND, endpoint: other.endpoint },
      ],
      { SEND_TIMEOUT: String(scale.sendTimeout), ...settings },
    )
    try {
      traffic.push(new Traffic(sender.ask, scale.perSecond))
      const phases = await strike(scale, traffic[0]!, { one, other })
      return await reckon(scale, sender, phases)
    } finally {
      await sender.stop()
    }
  } finally {
    await one.stop()
    await other.stop()
  }
}

async function reckon(scale: Scale, sender: Sender, phases: readonly Phase[]): Promise<Findings> {
  // What hung in between may have arrived late, and its attempt has ended by now.
  await sleep(1_000)
  const all = phases.flatMap(({ sends }) => sends)
  const twice = all.filter(({ arrivals }) => arrivals.length > 1)
  const ill = await unmarked(sender, twice)
  const once = all.filter(({ arrivals }, n) => arrivals.length === 1 && n % scale.typed === 0)
  const useless = await refused(sender, [...twice, ...once])
  const illNumbers = new Set(ill.map(complaint => complaint.split(' ')[0]!))
  const isBoth = ({ title }: Phase) => title === 'both die'
  const down = phases.find(isBoth)
  const sends = phases.filter(phase => !isBoth(phase)).flatMap(phase => phase.sends)
  const there = sends.filter(({ arrivals }) => arrivals.length > 0)
  const words = new Map<string, number>()
  for (const { answer = 'no answer' } of sends) words.set(answer, (words.get(answer) ?? 0) + 1)
  const odd = [...words].filter(([answer]) => answer !== 'sent' && answer !== 'unconfirmed')
  return {
    phases: phases.filter(phase => !isBoth(phase)).map(phase => figuresOf(phase, scale, illNumbers)),
    figures: [
      figure('codes asked for', sends.length),
      { what: 'codes that arrived', value: (there.length / sends.length) * 100, unit: '%', least: 99.9 },
      figure('two messages, and the first not marked', ill.length, { most: 0 }),
      figure('codes typed', twice.length + once.length),
      figure('of them refused', useless.length, { most: 0 }),
      {
        what: 'longest wait',
        value: Math.round(Math.max(...waits(sends))),
        unit: 'ms',
        most: scale.sendTimeout,
      },
    ],
    bothDown: down ? figuresOfBothDown(down, scale) : [],
    complaints: [
      ...odd.map(([answer, times]) => `${times} times the answer was: ${answer}`),
      ...ill,
      ...useless,
    ].slice(0, 12),
  }
}
