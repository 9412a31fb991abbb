import { addressOf, type Stranger } from './stranger.ts'
import { type Attack, inParallel, type Trial } from './trial.ts'

const PASSWORD = 'an honest passphrase of the owner'
const BLOCKED = 'session.verification_blocked_too_many_attempts'

/** Guesses that were compared with the right one: all that were neither refused as blocked nor sent away. */
const compared = (codes: (string | undefined)[]) =>
  codes.filter(code => code === 'session.invalid_credentials' || code === 'verification_code.code_mismatch')
    .length

async function guessPassword(stranger: Stranger, value: string, password: string) {
  const { code, status } = await stranger.call('POST', '/verification/password', {
    identifier: { type: 'phone', value },
    password,
  })
  return { code, status }
}

/** Signs in by password. Returns the code of the refusal, or the status of the submit when there was none. */
async function signInByPassword(owner: Stranger, value: string): Promise<string> {
  await owner.begin()
  const { status, code, body } = await owner.call('POST', '/verification/password', {
    identifier: { type: 'phone', value },
    password: PASSWORD,
  })
  if (status !== 200) return String(code)
  await owner.call('POST', '/identification', { verificationId: body.verificationId })
  return String(await owner.finish())
}

async function askForCode({ messagesTo }: Trial, who: Stranger, value: string) {
  await who.begin()
  const { status, body } = await who.call('POST', '/verification/verification-code', {
    identifier: { type: 'phone', value },
    interactionEvent: 'SignIn',
  })
  const code = status === 200 ? (await messagesTo(`+${value}`))[0]?.code : undefined
  return { verificationId: body.verificationId, code }
}

const enterCode = (who: Stranger, value: string, verificationId: unknown, code: string) =>
  who.call('POST', '/verification/verification-code/verify', {
    identifier: { type: 'phone', value },
    verificationId,
    code,
  })

/** Signs in by a code that was delivered. Returns the code of the refusal, or the status of the submit. */
async function signInByCode(trial: Trial, owner: Stranger, value: string): Promise<string> {
  const { verificationId, code } = await askForCode(trial, owner, value)
  const { status, code: refusal } = await enterCode(owner, value, verificationId, code ?? '')
  if (status !== 200) return String(refusal)
  await owner.call('POST', '/identification', { verificationId })
  return String(await owner.finish())
}

async function createOwner({ management }: Trial, phone: string): Promise<void> {
  const { status, body } = await management('POST', '/api/users', { primaryPhone: phone, password: PASSWORD })
  if (status !== 200) throw new Error(`No user: ${JSON.stringify(body)}`)
}

const wrongCode = (right: string | undefined, n: number) => {
  const guess = String(n).padStart(6, '0')
  return guess === right ? '999999' : guess
}

/** A guesser with so many addresses; the owner wants to get in meanwhile. */
export const lockOutFrom = (addresses: number): Attack => ({
  title: `Lock-out: ${addresses} wrong passwords from as many addresses, then codes, while the owner signs in`,
  async run(trial) {
    const phone = '8613800138120'
    await createOwner(trial, phone)
    const known = trial.stranger('198.51.100.20')
    const atFirst = await signInByPassword(known, phone)
    if (atFirst !== '200') throw new Error(`The owner cannot sign in before the attack: ${atFirst}`)

    const guesses = await inParallel(addresses, 2, async n => {
      const guesser = trial.stranger(addressOf(2_000 + n))
      await guesser.begin()
      return guessPassword(guesser, phone, `guess number ${n}`)
    })
    const byKnown = await signInByPassword(known, phone)
    const byCode = await signInByCode(trial, trial.stranger('198.51.100.21'), phone)

    const codes: (string | undefined)[] = []
    for (let round = 0; round < 9; round += 1) {
      const guesser = trial.stranger(addressOf(3_000 + round))
      const { verificationId, code } = await askForCode(trial, guesser, phone)
      for (let n = 0; n < 10; n += 1)
        codes.push((await enterCode(guesser, phone, verificationId, wrongCode(code, n))).code)
    }
    const passwords = compared(guesses.map(({ code }) => code))
    return [
      { what: 'wrong passwords that were compared', value: passwords, unit: `of ${addresses}` },
      { what: 'wrong codes that were compared', value: compared(codes), unit: `of ${codes.length}` },
      { what: 'guesses at one identifier in all', value: passwords + compared(codes), most: 99, unit: '' },
      {
        what: 'owner in the browser of before, by password',
        value: byKnown === '200' ? 1 : 0,
        least: 1,
        unit: '',
      },
      { what: 'owner in a new browser, by code', value: byCode === '200' ? 1 : 0, least: 1, unit: '' },
    ]
  },
})

/** A stranger who verifies a code of their own, and names somebody else's number. */
export const namedIdentifier: Attack = {
  title: 'Lock-out by naming: 110 checks of a code of their own that name the number of another',
  async run(trial) {
    const victim = '8613800138121'
    await createOwner(trial, victim)
    const stranger = trial.stranger('198.51.100.30')
    const own = await askForCode(trial, stranger, '8613800138122')
    let refusedAsBlocked = 0
    for (let n = 0; n < 110; n += 1) {
      const { code } = await enterCode(stranger, victim, own.verificationId, wrongCode(own.code, n))
      if (code === BLOCKED) refusedAsBlocked += 1
    }
    const signedIn = await signInByPassword(trial.stranger('198.51.100.31'), victim)
    return [
      { what: 'checks that were answered as a block', value: refusedAsBlocked, unit: 'of 110' },
      { what: 'the victim signs in by password', value: signedIn === '200' ? 1 : 0, least: 1, unit: '' },
    ]
  },
}
