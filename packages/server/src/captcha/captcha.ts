import { ALTCHA_EFFORT, type CaptchaChallenge, type CaptchaSettings, CaptchaShown } from '@countersign/api'
import type { Audit } from '../audit/audit.ts'
import { take } from '../counters/counters.ts'
import { mac } from '../crypto/keys.ts'
import { networkKey } from '../http/network.ts'
import { changeDocument, readDocument } from '../settings/settings.ts'
import { altcha } from './altcha/altcha.ts'
import { failed } from './asking.ts'
import { type CaptchaRoom, type Checked, MOST_TOKEN, type Verdict } from './provider.ts'
import { providerOf } from './providers.ts'
import { openedSettings, type Stored, sealedSettings } from './secrets.ts'

/** What the check is for, as providers are told. It is passed once for a whole interaction. */
const ACTION = 'interaction'

const KEY = 'captcha'

/** What is shown while nobody has set anything: the check that asks nobody else. */
const DEFAULT = { provider: 'altcha', effort: ALTCHA_EFFORT.usual } as const

/** Our own check in the place of a provider's: more work than usual, since a program may ask for it, too. */
const FALLBACK = { provider: 'altcha', effort: 4 * ALTCHA_EFFORT.usual } as const

/** A provider that could not be asked is not shown by this node for so long, in milliseconds. */
const RESTS = 60_000

/** Each try asks a provider, who may want money for it: so many in ten minutes for an interaction, and for a network. */
const MOST_TRIES = { interaction: 10, network: 300, lasts: 10 * 60_000 } as const

/** Nodes may disagree about the time by this much, in milliseconds. */
const LEEWAY = 60_000

export { MOST_TOKEN } from './provider.ts'

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

/** Whether a provider may be asked once more about somebody. One statement. */
async function mayAsk({ db, keys, world }: CaptchaRoom, { interaction, ip }: Checked): Promise<boolean> {
  const { lasts } = MOST_TRIES
  const network = networkKey(keys, ip)
  const counted = (name: 'interaction' | 'network', whose: string) => ({
    key: mac(keys.captcha, 'tries', name, whose),
    most: MOST_TRIES[name],
    lasts,
    window: 'begun' as const,
  })
  const allowances = [counted('interaction', interaction), ...(network ? [counted('network', network)] : [])]
  return !('full' in (await take(db, allowances, world.now())))
}

/**
 * Judges a token: what has the form of our own check is that one's, where it is shown beside a provider's, and all else the
 * provider's.
 */
async function judge(
  room: CaptchaRoom,
  settings: CaptchaSettings,
  { token, checked }: { token: string; checked: Checked },
): Promise<Verdict> {
  if (token.length > MOST_TOKEN) return failed('malformed')
  if (settings.provider === 'altcha') return providerOf(room, settings).verify(token, checked)
  if (settings.fallback === 'altcha') {
    const own = await altcha(room, FALLBACK).verify(token, checked)
    if (own.result !== 'failed' || own.reason !== 'malformed') return own
  }
  if (!(await mayAsk(room, checked))) return { result: 'failed', reason: 'limited' }
  return providerOf(room, settings).verify(token, checked)
}

/**
 * The check whether visitors are people. Who is asked to pass it decides the sign-in experience (`captchaPolicy`) or a
 * part of the protection; here it is shown and judged. The audit log is told why one
 * was not taken, and the log what an operator has to do where a provider cannot be asked.
 *
 * @example
 * const captcha = createCaptcha({ db, keys, world, hostname: 'login.example.com', audit })
 * const { result } = await captcha.verify(token, { interaction: uid, ip: visitor.ip })
 */
export function createCaptcha(room: CaptchaRoom & { audit?: Pick<Audit, 'note'> }) {
  const { audit, db, hostname, keys, world } = room
  let restsUntil = 0
  const stored = () => readDocument<Stored>(db, KEY)
  // Settings of a provider that this version does not know are none.
  const inForce = async () => openedSettings(keys, await stored()) ?? DEFAULT
  const about = (interaction: string) => ({ hostname, action: ACTION, interaction })
  return {
    /** The settings without their secrets. */
    settings: async (): Promise<CaptchaShown> =>
      CaptchaShown.safeParse((await stored()).settings).data ?? DEFAULT,
    /** @throws ApiError `guard.invalid_input` when a secret is missing */
    async setSettings(changed: CaptchaSettings): Promise<void> {
      await changeDocument<Stored>(db, KEY, before => sealedSettings(keys, changed, before))
      restsUntil = 0
    },
    /** What a page of an interaction needs to show the check. It costs no statement. */
    async ask(interaction: string): Promise<CaptchaChallenge> {
      const settings = await inForce()
      const checked = about(interaction)
      if (settings.provider === 'altcha' || settings.fallback === 'refuse')
        return providerOf(room, settings).ask(checked)
      const fallback = await altcha(room, FALLBACK).ask(checked)
      if (world.now() < restsUntil) return fallback
      return { ...(await providerOf(room, settings).ask(checked)), fallback }
    },
    /** Judges what a browser brought back, once. */
    async verify(token: string, { interaction, ip }: Pick<Checked, 'interaction' | 'ip'>): Promise<Verdict> {
      const verdict = await judge(room, await inForce(), { token, checked: { ...about(interaction), ip } })
      if (verdict.result === 'unavailable') {
        restsUntil = world.now() + RESTS
        const providerCode = verdict.code
        world.log('error', 'check for people unavailable', {
          failure: `${verdict.reason}: ${verdict.remedy}`,
          ...(providerCode !== undefined && { providerCode }),
        })
      }
      const judged = await spend(room, verdict)
      if (judged.result !== 'passed') audit?.note({ captchaRefused: judged.reason })
      return judged
    },
  }
}

export type Captcha = ReturnType<typeof createCaptcha>
