import { ALTCHA_EFFORT } from '../../packages/api/src/index.ts'
import { ALIYUN_SMS } from '../../packages/connectors/src/prices/aliyun-sms.ts'
import { MILLION, rateFor } from '../../packages/kit/src/index.ts'
import { countryOf } from '../../packages/server/src/index.ts'
import { createChance } from '../chance.ts'
import type { Figure } from '../table.ts'
import type { Bomber, Shot } from './bombers.ts'
import { type Ground, startGround } from './ground.ts'
import { type Crowd, planHonest, type Stories, type Story } from './honest.ts'
import { type Answered, createVisitor, type Visitor } from './visitor.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** How hard it is. */
export interface Scale {
  /** Messages that a bomber asks for. */
  shots: number
  crowd: Crowd
  /** So many at once. */
  width: number
}

/** What one bomber reached, and what honest people met meanwhile. */
export interface Findings {
  title: string
  figures: Figure[]
  complaints: string[]
}

/** What a bomber was told, and what it cost the bomber. */
interface Siege {
  /** How often which answer came, by their codes. */
  answers: Map<string, number>
  /** Work on checks for people, in iterations. */
  work: number
}

/** A bomber's programs: each begins a sign-in anew now and then, and asks in it for code after code. */
const PROGRAMS = 8
const ANEW = 30 * MINUTE

/** Plans what a bomber does; what it was told is whole when the clock has run. */
function planBomber(
  ground: Ground,
  { passesChecks }: Bomber,
  shots: readonly Shot[],
  midnight: number,
): Siege {
  const { clock } = ground
  const siege: Siege = { answers: new Map(), work: 0 }
  async function ask(visitor: Visitor, phone: string): Promise<Answered> {
    const answered = await visitor.askFor(phone)
    if (!passesChecks || answered.code !== 'session.captcha_required') return answered
    siege.work += await visitor.passCaptcha()
    return visitor.askFor(phone)
  }
  const programs = Array.from({ length: PROGRAMS }, () => {
    const program = { shot: shots[0]!, begun: Number.NEGATIVE_INFINITY, turn: Promise.resolve() }
    const visitor = createVisitor(
      ground,
      () => program.shot.from,
      () => program.shot.headers ?? {},
    )
    return {
      /** One after the other. */
      fire(shot: Shot): Promise<void> {
        program.turn = program.turn.then(async () => {
          program.shot = shot
          if (clock.now() - program.begun > ANEW) {
            await visitor.begin()
            program.begun = clock.now()
          }
          const { status, code = String(status) } = await ask(visitor, shot.phone)
          siege.answers.set(code, (siege.answers.get(code) ?? 0) + 1)
        })
        return program.turn
      },
    }
  })
  for (const [n, shot] of shots.entries())
    clock.plan(midnight + shot.at, () => programs[n % PROGRAMS]!.fire(shot))
  return siege
}

/** Yuan for a unit of each currency in which messages are charged; of late 2026, rounded. */
const YUAN: Record<string, number> = { CNY: 1, USD: 7.1 }

/** Amounts of money, by currency. */
type Money = Record<string, number>

/** What messages to some numbers cost over Aliyun, each so often. */
function costOf(messages: ReadonlyMap<string, number>): Money {
  const money: Money = {}
  for (const [digits, times] of messages) {
    const rate = rateFor(ALIYUN_SMS.rates, { digits, country: countryOf(digits) })
    if (!rate?.price) throw new Error(`There is no price for ${digits}`)
    money[rate.currency] = (money[rate.currency] ?? 0) + (rate.price / MILLION) * times
  }
  return money
}

const sum = (values: Iterable<number>) => [...values].reduce((all, each) => all + each, 0)

const inYuan = (money: Money) =>
  sum(Object.entries(money).map(([currency, amount]) => amount * YUAN[currency]!))

/** How often each number was reached. */
const reached = ({ messagesTo }: Ground, shots: readonly Shot[]) =>
  new Map([...new Set(shots.map(({ phone }) => phone))].map(phone => [phone, messagesTo(phone)]))

/** How a server is set up for so many honest people, beside what it comes with. */
type Setup = (ground: Ground, crowd: Crowd) => Promise<void>

/** Sets one part of the protection as an operator does by API. */
async function set({ manage }: Ground, method: 'PUT' | 'POST', path: string, body: unknown): Promise<void> {
  const { status, body: answer } = await manage(method, `/api/protection/${path}`, body)
  if (status >= 300) throw new Error(`${path} is refused: ${status} ${JSON.stringify(answer)}`)
}

/** Without all that operators may set: what is left is what Logto has, ten in ten minutes to a number. */
const unprotected: Setup = async ground => {
  await set(ground, 'PUT', 'limits', { sms: {}, email: {} })
  const { body } = await ground.manage<{ id: string }[]>('GET', '/api/connections')
  for (const { id } of body) {
    // What clouds take for one number can be raised with them.
    const { status } = await ground.manage('PATCH', `/api/connections/${id}`, { windows: {} })
    if (status !== 200) throw new Error(`The windows are refused: ${status}`)
  }
}

const asItComes: Setup = async () => {}

/** What the messages of a usual day cost in yuan: of a hundred people fifteen need a second one. */
const usualDay = ({ office, mobile, others }: Crowd) =>
  (office + mobile + others) * 1.15 * inYuan(costOf(new Map([['8613800138000', 1]])))

/** What may be spent in a day: one and a half times what a usual day costs and three times, and abroad a little. */
const budgetsFor = (crowd: Crowd): Record<string, { soft: number; hard: number }> => ({
  CNY: { soft: 1.5 * usualDay(crowd), hard: 3 * usualDay(crowd) },
  USD: { soft: 2, hard: 20 },
})

/** Enough that who passes a check has worked, and little enough that the drill ends. */
const EFFORT = ALTCHA_EFFORT.least

/** As `docs/abuse.md` recommends to whoever is bombed. */
export const recommended: Setup = async (ground, crowd) => {
  const { body } = await ground.manage<{ limits: { sms: object } }>('GET', '/api/protection/limits')
  const { limits } = body
  await set(ground, 'PUT', 'limits', {
    ...limits,
    sms: { ...limits.sms, recipient: { day: 10 }, prefix: { hour: 20, day: 40 } },
  })
  for (const [currency, { soft, hard }] of Object.entries(budgetsFor(crowd))) {
    const amounts = { soft: Math.round(soft * MILLION), hard: Math.round(hard * MILLION) }
    // The templates take one segment.
    const budget = {
      name: `A day, ${currency}`,
      period: 'day',
      currency,
      segments: 1,
      keptForKnown: 33,
      ...amounts,
    }
    await set(ground, 'POST', 'budgets', budget)
  }
  const modes = { network: 'captcha', prefix: 'captcha', application: 'captcha', country: 'captcha' }
  await set(ground, 'PUT', 'fraud', { modes, escalates: true })
  await set(ground, 'PUT', 'captcha', { provider: 'altcha', effort: EFFORT })
}

/** What one run came to. */
interface Course {
  messages: number
  /** In yuan. */
  cost: number
  /** The greatest part of a budget that is spent, as it would be recommended, in hundredths. */
  budget: number
  siege: Siege
  stories: Stories
}

/** How a run is prepared. */
interface How {
  setup: Setup
  /** Usual days before the bomber comes. */
  days?: number
  /** Nobody honest comes. */
  isAlone?: boolean
}

const NOBODY: Stories = { before: [], returning: [], newcomers: [] }

/** On usual days it is looked less often than each minute, which takes the drill too long. */
const LOOK_ON_USUAL_DAYS = 10 * MINUTE

/** Has the fraud guard look, as servers do. */
function planLooks({ clock, lookForFraud }: Ground, days: number): void {
  const begin = clock.now()
  const midnight = begin + days * DAY
  for (let at = begin + LOOK_ON_USUAL_DAYS; at < midnight; at += LOOK_ON_USUAL_DAYS)
    clock.plan(at, lookForFraud)
  for (let at = midnight + MINUTE; at < midnight + DAY; at += MINUTE) clock.plan(at, lookForFraud)
}

/** One run: the bomber, and honest people unless it is alone. */
async function run(
  bomber: Bomber,
  { shots: count, crowd, width }: Scale,
  databaseUrl: string,
  { setup, days = 0, isAlone = false }: How,
): Promise<Course> {
  const ground = await startGround(databaseUrl, bomber.isProxied)
  try {
    await setup(ground, crowd)
    const shots = bomber.shots(count, createChance(7))
    const siege = planBomber(ground, bomber, shots, ground.clock.now() + days * DAY)
    const stories = isAlone ? NOBODY : planHonest(ground, crowd, createChance(11), days)
    // While the guard only records, as it comes, nothing that it finds matters here.
    if (setup === recommended) planLooks(ground, days)
    await ground.clock.run(width)
    await ground.settled()
    const messages = reached(ground, shots)
    const money = costOf(messages)
    const budgets = Object.entries(budgetsFor(crowd))
    const parts = budgets.map(([currency, { hard }]) => ((money[currency] ?? 0) / hard) * 100)
    return {
      messages: sum(messages.values()),
      cost: inYuan(money),
      budget: Math.max(...parts),
      siege,
      stories,
    }
  } finally {
    await ground.stop()
  }
}

/** Where nothing stands in the way, one message in so many shows what becomes of all. */
const SAMPLE = 20

/**
 * One run without protection. Where all numbers differ nothing limits anybody, and a twentieth of the messages stands for
 * all; it throws where one of these is not sent.
 */
async function runBare(bomber: Bomber, scale: Scale, databaseUrl: string): Promise<Course> {
  const how = { setup: unprotected, isAlone: true }
  if (bomber.isOfOneNumber) return run(bomber, scale, databaseUrl, how)
  const shots = Math.ceil(scale.shots / SAMPLE)
  const course = await run(bomber, { ...scale, shots }, databaseUrl, how)
  if (course.messages < shots) throw new Error(`${shots - course.messages} messages were not sent`)
  const factor = scale.shots / shots
  return { ...course, messages: course.messages * factor, cost: course.cost * factor }
}

/** A hundredth of what is asked for in the long form. */
const FULL = 10_000
const HUNDREDTH = FULL / 100

const isChallenged = ({ challenged }: Story) => challenged

const isRefused = ({ end }: Story) => end === 'refused'

const partOf = (stories: readonly Story[], is: (story: Story) => boolean) =>
  (stories.filter(is).length / stories.length) * 100

/** Of so many who were refused it is told what they heard. */
const MOST_TOLD = 5

/** What honest people were refused with, when and where. */
function refusals(title: string, { stories: { before, returning } }: Course): string[] {
  const all = [...before, ...returning].flatMap(({ refusal }) => refusal ?? [])
  const told = all.slice(0, MOST_TOLD).map(refusal => `Somebody honest was told, ${title}: ${refusal}`)
  return all.length > MOST_TOLD ? [...told, `and ${all.length - MOST_TOLD} more`] : told
}

/** What a bomber was told, and how much it had to work. */
function toldTo({ siege, messages }: Course): string[] {
  const told = Array.from(siege.answers, ([code, times]) => `The bomber was told ${times} times: ${code}`)
  if (siege.work === 0) return told
  const each = Math.round(siege.work / messages)
  const usual = each * (ALTCHA_EFFORT.usual / EFFORT)
  return [...told, `It worked ${each} iterations for each message; of the usual check it were ${usual}`]
}

/** So many days have people signed in before a bomber comes. */
const USUAL_DAYS = 2

const count = (stories: readonly Story[], is: (story: Story) => boolean) => stories.filter(is).length

/**
 * Lets a bomber loose on three servers: without protection, as it comes, and as the document recommends.
 *
 * @param fresh gives the address of an empty database
 */
export async function bomb(bomber: Bomber, scale: Scale, fresh: () => Promise<string>): Promise<Findings> {
  const bare = await runBare(bomber, scale, await fresh())
  const usual = await run(bomber, scale, await fresh(), { setup: asItComes })
  const best = await run(bomber, scale, await fresh(), { setup: recommended, days: USUAL_DAYS })
  const isFull = scale.shots >= FULL
  const share = ({ cost }: Course) => (cost / bare.cost) * 100
  const complaints = [...toldTo(best), ...refusals('by default', usual), ...refusals('as recommended', best)]
  return {
    title: bomber.title,
    figures: [
      { what: 'sent without', value: bare.messages, unit: '' },
      { what: 'by default', value: usual.messages, unit: '' },
      { what: 'recommended', value: best.messages, most: HUNDREDTH, unit: '' },
      { what: 'cost without', value: bare.cost, unit: 'CNY' },
      { what: 'by default', value: usual.cost, unit: 'CNY' },
      { what: 'recommended', value: best.cost, unit: 'CNY' },
      { what: 'share by default', value: share(usual), unit: '%' },
      { what: 'share recommended', value: share(best), ...(isFull && { most: 1 }), unit: '%' },
      { what: 'of a budget', value: best.budget, most: 100, unit: '%' },
      { what: 'honest', value: best.stories.returning.length, unit: '' },
      {
        what: 'refused',
        value: [usual, best].reduce(
          (all, { stories: { before, returning } }) => all + count([...before, ...returning], isRefused),
          0,
        ),
        most: 0,
        unit: '',
      },
      {
        what: 'had a check',
        value: Math.max(...[usual, best].map(({ stories }) => partOf(stories.returning, isChallenged))),
        most: 1,
        unit: '%',
      },
      { what: 'newcomers', value: best.stories.newcomers.length, unit: '' },
      { what: 'of these refused', value: count(best.stories.newcomers, isRefused), unit: '' },
      { what: 'had a check', value: count(best.stories.newcomers, isChallenged), unit: '' },
    ],
    complaints,
  }
}

/**
 * Lets a bomber loose on a server as it comes alone, for the short form of the drill.
 *
 * @param databaseUrl of an empty database
 */
export async function bombOnce(bomber: Bomber, scale: Scale, databaseUrl: string): Promise<Course> {
  return run(bomber, scale, databaseUrl, { setup: asItComes })
}
