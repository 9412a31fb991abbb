import { type Chance, mainland } from '../chance.ts'
import type { Ground } from './ground.ts'
import { type Answered, createVisitor, type Visitor } from './visitor.ts'

const SECOND = 1_000
const HOUR = 3_600 * SECOND

/** Beijing is eight hours ahead. */
const BEIJING = 8 * HOUR

/** What became of somebody honest. */
export interface Story {
  /** `left`: went away of their own accord, before the code was typed. */
  end: 'in' | 'left' | 'refused'
  /** A check for people stood before them. */
  challenged: boolean
  /** What was told to whoever was refused, where and when by the clock in Beijing. */
  refusal?: string | undefined
}

/** Somebody honest, with the browser that they keep. */
interface Person {
  phone: string
  address: string
  visitor: Visitor
  /** When they usually come, in milliseconds after midnight. */
  at(): number
}

/** How somebody goes about it on a day. */
interface Visit {
  at: number
  /** Mistakes a digit of the number at first. */
  mistypesNumber: boolean
  /** Asks again before the first code is read. */
  asksAgain: boolean
  mistypesCode: boolean
  goesAway: boolean
  /** Comes in another browser, in which they have not signed in. */
  isElsewhere: boolean
}

/** How many sign in within the day. */
export interface Crowd {
  /** Behind one address, in the morning. */
  office: number
  /** Behind ten addresses of a carrier, all day. */
  mobile: number
  /** At home, each with an address. */
  others: number
}

/** How many of a hundred and thirty sign in within each hour, about: few at night, most in the evening. */
const HOURS = [1, 0, 0, 0, 0, 1, 2, 4, 7, 8, 8, 7, 7, 6, 6, 6, 6, 7, 8, 9, 10, 9, 6, 3]

/** Each hour as often as people sign in within it. */
const WEIGHED = HOURS.flatMap((weight, hour) => Array.from({ length: weight }, () => hour))

const withOneDigitChanged = (phone: string) => `${phone.slice(0, -1)}${(Number(phone.at(-1)) + 1) % 10}`

/** Everybody who signs in: those of the office and behind a carrier share addresses. */
function peopleOf(
  ground: Ground,
  { office, mobile, others }: Crowd,
  chance: Chance,
  range: number,
): Person[] {
  const anyTime = () => chance.of(WEIGHED) * HOUR + chance.below(HOUR)
  const person = (address: string, at: () => number): Person => ({
    phone: mainland(chance),
    address,
    visitor: createVisitor(ground, () => address),
    at,
  })
  return [
    // Most come between half past eight and ten.
    ...Array.from({ length: office }, () =>
      person('114.114.0.80', () => 8.5 * HOUR + chance.below(1.5 * HOUR)),
    ),
    ...Array.from({ length: mobile }, () => person(`117.136.0.${100 + chance.below(10)}`, anyTime)),
    ...Array.from({ length: others }, (_, n) => person(`${range}.${n >> 8}.${n & 255}.20`, anyTime)),
  ]
}

/**
 * One in thirty mistypes the number, one in twelve asks again, one in fifteen mistypes the code, one in thirty goes away,
 * and one in ten comes in another browser.
 */
const visitOf = ({ at }: Person, chance: Chance): Visit => ({
  at: at(),
  mistypesNumber: chance.is(1 / 30),
  asksAgain: chance.is(1 / 12),
  mistypesCode: chance.is(1 / 15),
  goesAway: chance.is(1 / 30),
  isElsewhere: chance.is(1 / 10),
})

/** Asks for a code as a page would have it: passes a check for people where there is one. */
async function ask(visitor: Visitor, phone: string, story: Story): Promise<Answered> {
  const answered = await visitor.askFor(phone)
  if (answered.code !== 'session.captcha_required') return answered
  story.challenged = true
  await visitor.passCaptcha()
  return visitor.askFor(phone)
}

/** Has somebody sign in, step by step in the simulated time. */
function live(ground: Ground, person: Person, visit: Visit, midnight: number, story: Story): void {
  const { clock } = ground
  const { phone } = person
  const visitor = visit.isElsewhere ? createVisitor(ground, () => person.address) : person.visitor
  const after = (wait: number, does: () => Promise<void>) => clock.plan(clock.now() + wait, does)

  function refuse({ status, code = String(status), retryAfter }: Answered): void {
    const time = new Date(clock.now() + BEIJING).toISOString().slice(11, 19)
    const wait = retryAfter === undefined ? '' : `, again in ${retryAfter} s`
    story.end = 'refused'
    story.refusal = `${code}${wait} (from ${person.address}, ${time})`
  }

  async function askFor(value: string, next: (verificationId: unknown) => void): Promise<void> {
    const answered = await ask(visitor, value, story)
    if (answered.status === 200) return next(answered.body.verificationId)
    refuse(answered)
  }

  const typeCode = (verificationId: unknown) => async () => {
    const code = ground.codeOf(phone) ?? ''
    if (visit.mistypesCode) await visitor.enter(phone, verificationId, code.split('').reverse().join(''))
    const entered = await visitor.enter(phone, verificationId, code)
    const answered = entered.status === 200 ? await visitor.finish(verificationId) : entered
    if (answered.status === 200) story.end = 'in'
    else refuse(answered)
  }

  const forOwnNumber = () =>
    askFor(phone, first => {
      if (visit.goesAway) return
      if (!visit.asksAgain) return after(20 * SECOND, typeCode(first))
      after(70 * SECOND, () => askFor(phone, second => after(15 * SECOND, typeCode(second))))
    })

  clock.plan(midnight + visit.at, async () => {
    await visitor.begin()
    if (!visit.mistypesNumber) return forOwnNumber()
    await askFor(withOneDigitChanged(phone), () => after(40 * SECOND, forOwnNumber))
  })
}

/** What became of people on the day that matters. */
export interface Stories {
  /** Of those who have signed in before, where there were days before. */
  returning: readonly Story[]
  /** Of those who never came before, from networks of their own. */
  newcomers: readonly Story[]
  /** Of everybody on the days before. */
  before: readonly Story[]
}

/** On the day that matters there comes one newcomer to so many others. */
const OTHERS_TO_ONE = 20

const DAY = 24 * HOUR

/**
 * Plans the sign-ins of some usual days, and of one more, on which newcomers come too; the stories are whole when the clock
 * has run.
 *
 * @param days usual ones before
 * @example
 * const { returning } = planHonest(ground, { office: 300, mobile: 100, others: 400 }, createChance(1), 2)
 * await ground.clock.run(8)
 */
export function planHonest(ground: Ground, crowd: Crowd, chance: Chance, days: number): Stories {
  const begin = ground.clock.now()
  const planned = (people: readonly Person[], day: number) =>
    people.map(person => {
      const story: Story = { end: 'left', challenged: false }
      live(ground, person, visitOf(person, chance), begin + day * DAY, story)
      return story
    })
  const people = peopleOf(ground, crowd, chance, 101)
  const before = Array.from({ length: days }, (_, day) => planned(people, day)).flat()
  const few = { office: 0, mobile: 0, others: Math.ceil(people.length / OTHERS_TO_ONE) }
  return {
    before,
    returning: planned(people, days),
    newcomers: planned(peopleOf(ground, few, chance, 102), days),
  }
}
