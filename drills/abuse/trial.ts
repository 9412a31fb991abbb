import { ALIYUN_SMS } from '../../packages/connectors/src/prices/aliyun-sms.ts'
import { MILLION, rateFor } from '../../packages/kit/src/index.ts'
import { countryOf } from '../../packages/server/src/index.ts'
import type { Figure } from '../table.ts'
import type { Bomber, Shot } from './bombers.ts'
import { createChance } from './chance.ts'
import { type Ground, startGround } from './ground.ts'
import { type Crowd, planHonest, type Story } from './honest.ts'
import { createVisitor } from './visitor.ts'

const MINUTE = 60_000

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

/** What the answers were, by their codes. */
type Answers = Map<string, number>

/** A bomber's programs: each begins a sign-in anew now and then, and asks in it for code after code. */
const PROGRAMS = 8
const ANEW = 30 * MINUTE

/** Plans what a bomber does; the answers are whole when the clock has run. */
function planBomber(ground: Ground, shots: readonly Shot[], midnight: number): Answers {
  const { clock } = ground
  const answers: Answers = new Map()
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
          const { status, code = String(status) } = await visitor.askFor(shot.phone)
          answers.set(code, (answers.get(code) ?? 0) + 1)
        })
        return program.turn
      },
    }
  })
  for (const [n, shot] of shots.entries())
    clock.plan(midnight + shot.at, () => programs[n % PROGRAMS]!.fire(shot))
  return answers
}

/** Yuan for a unit of each currency in which messages are charged; of late 2026, rounded. */
const YUAN: Record<string, number> = { CNY: 1, USD: 7.1 }

/** What messages to some numbers cost over Aliyun, each so often, in yuan. */
function costOf(messages: ReadonlyMap<string, number>): number {
  let yuan = 0
  for (const [digits, times] of messages) {
    const rate = rateFor(ALIYUN_SMS.rates, { digits, country: countryOf(digits) })
    if (!rate?.price) throw new Error(`There is no price for ${digits}`)
    yuan += (rate.price / MILLION) * times * YUAN[rate.currency]!
  }
  return yuan
}

/** How often each number was reached. */
const reached = ({ messagesTo }: Ground, shots: readonly Shot[]) =>
  new Map([...new Set(shots.map(({ phone }) => phone))].map(phone => [phone, messagesTo(phone)]))

const sum = (values: Iterable<number>) => [...values].reduce((all, each) => all + each, 0)

/** How a server is set up, beside what it comes with. */
type Setup = (ground: Ground) => Promise<void>

/** Sets one part of the protection as an operator does by API. */
async function put({ manage }: Ground, path: string, body: unknown): Promise<void> {
  const { status, body: answer } = await manage('PUT', `/api/protection/${path}`, body)
  if (status !== 200) throw new Error(`${path} is refused: ${status} ${JSON.stringify(answer)}`)
}

/** Without all that operators may set: what is left is what Logto has, ten in ten minutes to a number. */
const unprotected: Setup = async ground => {
  await put(ground, 'limits', { sms: {}, email: {} })
  const { body } = await ground.manage<{ id: string }[]>('GET', '/api/connections')
  for (const { id } of body) {
    // What clouds take for one number can be raised with them.
    const { status } = await ground.manage('PATCH', `/api/connections/${id}`, { windows: {} })
    if (status !== 200) throw new Error(`The windows are refused: ${status}`)
  }
}

const asItComes: Setup = async () => {}

/** As `docs/abuse.md` recommends to whoever is bombed. */
export const recommended: Setup = async ground => {
  const { body } = await ground.manage<{ limits: { sms: object } }>('GET', '/api/protection/limits')
  const { limits } = body
  await put(ground, 'limits', {
    ...limits,
    sms: { ...limits.sms, recipient: { day: 10 }, prefix: { hour: 20, day: 40 } },
  })
}

/** What one run came to. */
interface Course {
  messages: number
  /** Of the messages that were sent, and of all that were asked for, in yuan. */
  cost: number
  answers: Answers
  stories: readonly Story[]
}

/** One run: the bomber, and honest people unless it is alone. */
async function run(
  bomber: Bomber,
  { shots: count, crowd, width }: Scale,
  databaseUrl: string,
  { setup, isAlone = false }: { setup: Setup; isAlone?: boolean },
): Promise<Course> {
  const ground = await startGround(databaseUrl, bomber.isProxied)
  try {
    await setup(ground)
    const shots = bomber.shots(count, createChance(7))
    const answers = planBomber(ground, shots, ground.clock.now())
    const stories = isAlone ? [] : planHonest(ground, crowd, createChance(11))
    await ground.clock.run(width)
    await ground.settled()
    const messages = reached(ground, shots)
    return { messages: sum(messages.values()), cost: costOf(messages), answers, stories }
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

/** What honest people were refused with. */
const refusals = (stories: readonly Story[]) => new Set(stories.flatMap(({ refusal }) => refusal ?? []))

/**
 * Lets a bomber loose on three servers: without protection, as it comes, and as the document recommends.
 *
 * @param fresh gives the address of an empty database
 */
export async function bomb(bomber: Bomber, scale: Scale, fresh: () => Promise<string>): Promise<Findings> {
  const bare = await runBare(bomber, scale, await fresh())
  const usual = await run(bomber, scale, await fresh(), { setup: asItComes })
  const best = await run(bomber, scale, await fresh(), { setup: recommended })
  const isFull = scale.shots >= FULL
  const share = ({ cost }: Course) => (cost / bare.cost) * 100
  const complaints = [
    ...Array.from(best.answers, ([code, times]) => `The bomber was told ${times} times: ${code}`),
    ...Array.from(refusals([...usual.stories, ...best.stories]), code => `Somebody honest was told: ${code}`),
  ]
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
      { what: 'honest', value: best.stories.length, unit: '' },
      {
        what: 'refused',
        value: [usual, best].reduce((all, { stories }) => all + stories.filter(isRefused).length, 0),
        most: 0,
        unit: '',
      },
      {
        what: 'had a check',
        value: Math.max(partOf(usual.stories, isChallenged), partOf(best.stories, isChallenged)),
        most: 1,
        unit: '%',
      },
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
