import { ALTCHA_EFFORT, type CaptchaChallenge, CaptchaSettings } from '@countersign/api'
import type { Audit } from '../audit/audit.ts'
import { take } from '../counters/counters.ts'
import { mac } from '../crypto/keys.ts'
import { changeDocument, readDocument } from '../settings/settings.ts'
import { type CaptchaRoom, type Checked, MOST_TOKEN, type Verdict } from './provider.ts'
import { providerOf } from './providers.ts'

/** What the check is for, as providers are told. It is passed once for a whole interaction. */
const ACTION = 'interaction'

const KEY = 'captcha'

/** What is shown while nobody has set anything: the check that asks nobody else. */
const DEFAULT: CaptchaSettings = { provider: 'altcha', effort: ALTCHA_EFFORT.usual }

/** Nodes may disagree about the time by this much, in milliseconds. */
const LEEWAY = 60_000

export { MOST_TOKEN } from './provider.ts'

interface Stored {
  settings: CaptchaSettings
}

/**
 * Refuses what was shown before, on whichever node: a check is worth one interaction. It is counted after it was judged, so
 * that nobody fills the table with what means nothing.
 */
async function spend({ db, keys, world }: CaptchaRoom, verdict: Verdict): Promise<Verdict> {
  if (verdict.result !== 'passed') return verdict
  const now = world.now()
  const once = {
    key: mac(keys.captcha, 'once', verdict.once),
    most: 1,
    lasts: verdict.until - now + LEEWAY,
    window: 'begun',
  } as const
  return 'full' in (await take(db, [once], now)) ? { result: 'failed', reason: 'replayed' } : verdict
}

/**
 * The check whether visitors are people. Who is asked to pass it decides the sign-in experience (`captchaPolicy`) or a
 * part of the protection; here it is shown and judged. The audit log is told why one
 * was not taken.
 *
 * @example
 * const captcha = createCaptcha({ db, keys, world, hostname: 'login.example.com', audit })
 * const { result } = await captcha.verify(token, { interaction: uid, ip: visitor.ip })
 */
export function createCaptcha(room: CaptchaRoom & { audit?: Pick<Audit, 'note'> }) {
  const { audit, db, hostname, world } = room
  // Settings of a provider that this version does not know are none.
  const settings = async (): Promise<CaptchaSettings> =>
    CaptchaSettings.safeParse((await readDocument<Stored>(db, KEY)).settings).data ?? DEFAULT
  const about = (interaction: string) => ({ hostname, action: ACTION, interaction })
  return {
    settings,
    async setSettings(changed: CaptchaSettings): Promise<void> {
      await changeDocument<Stored>(db, KEY, () => ({ settings: changed }))
    },
    /** What a page of an interaction needs to show the check. It costs no statement. */
    ask: async (interaction: string): Promise<CaptchaChallenge> =>
      providerOf(room, await settings()).ask(about(interaction)),
    /** Judges what a browser brought back, once. */
    async verify(token: string, { interaction, ip }: Pick<Checked, 'interaction' | 'ip'>): Promise<Verdict> {
      const verdict: Verdict =
        token.length > MOST_TOKEN
          ? { result: 'failed', reason: 'malformed' }
          : await providerOf(room, await settings()).verify(token, { ...about(interaction), ip })
      if (verdict.result === 'unavailable')
        world.log('error', 'check for people unavailable', { failure: verdict.reason })
      const judged = await spend(room, verdict)
      if (judged.result !== 'passed') audit?.note({ captchaRefused: judged.reason })
      return judged
    },
  }
}

export type Captcha = ReturnType<typeof createCaptcha>
