import type { AltchaChallenge, AltchaSettings } from '@countersign/api'
import { createChallenge, verifySolution } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { z } from 'zod'
import { mac } from '../../crypto/keys.ts'
import type { CaptchaProvider, CaptchaRoom, Checked } from '../provider.ts'

/** What one try of a browser costs, in iterations of PBKDF2. Making a challenge costs the server as much. */
const COST = 1000

/** How long a challenge is good: as long as somebody may leave the page open, in milliseconds. */
const LASTS = 30 * 60_000

/** Most characters of a solved challenge; one of ours has about 1,000. */
const LONGEST = 2048

const hex = (bytes: number) => z.string().regex(new RegExp(`^[\\da-f]{${2 * bytes}}$`))

/** A solved challenge as every library of ALTCHA's second version writes it. */
const Payload = z.object({
  challenge: z.object({
    parameters: z.strictObject({
      algorithm: z.literal('PBKDF2/SHA-256'),
      cost: z.int(),
      data: z.strictObject({ action: z.string(), interaction: z.string() }),
      expiresAt: z.int(),
      keyLength: z.literal(32),
      keyPrefix: hex(16),
      keySignature: hex(32),
      nonce: hex(16),
      salt: hex(16),
    }),
    signature: hex(32),
  }),
  solution: z.object({ counter: z.int(), derivedKey: hex(32) }),
})

function payloadIn(token: string): z.output<typeof Payload> | undefined {
  if (token.length > LONGEST) return undefined
  try {
    return Payload.safeParse(JSON.parse(Buffer.from(token, 'base64').toString())).data
  } catch {
    return undefined
  }
}

/** A number from 0 to below 1. */
const chance = (random: CaptchaRoom['world']['random']) => Buffer.from(random(4)).readUInt32BE() / 2 ** 32

/**
 * ALTCHA's proof of work: the browser looks for a number that only trying finds. It asks nobody but this server, so it
 * works in mainland China and on machines without a way out. Keys are derived from those of the installation, so every
 * node verifies what another has asked; and verifying costs two HMACs, whatever is sent.
 *
 * Protocol: https://altcha.org/docs/v2/, second version, mode with a counter that the server draws.
 *
 * @example const { verify } = altcha(room, { provider: 'altcha', effort: 2_000_000 })
 */
export function altcha({ keys, world }: CaptchaRoom, { effort }: z.output<typeof AltchaSettings>) {
  const secrets = {
    hmacSignatureSecret: mac(keys.captcha, 'altcha', 'challenge'),
    hmacKeySignatureSecret: mac(keys.captcha, 'altcha', 'key'),
  }
  // The interaction stands in there as a hash: a page's script need not know it.
  const dataOf = ({ action, interaction }: Pick<Checked, 'action' | 'interaction'>) => ({
    action,
    interaction: mac(keys.captcha, 'interaction', interaction),
  })
  const provider: CaptchaProvider<AltchaChallenge> = {
    async ask(checked) {
      const { parameters, signature = '' } = await createChallenge({
        ...secrets,
        algorithm: 'PBKDF2/SHA-256',
        cost: COST,
        // From half to one and a half of the effort: nobody waits for ever, and nobody knows where to begin.
        counter: Math.round((effort / COST) * (0.5 + chance(world.random))),
        deriveKey,
        expiresAt: Math.ceil((world.now() + LASTS) / 1000),
        data: dataOf(checked),
      })
      const {
        algorithm,
        cost,
        expiresAt = 0,
        keyLength,
        keyPrefix,
        keySignature = '',
        nonce,
        salt,
      } = parameters
      return {
        provider: 'altcha',
        parameters: {
          algorithm,
          cost,
          data: dataOf(checked),
          expiresAt,
          keyLength,
          keyPrefix,
          keySignature,
          nonce,
          salt,
        },
        signature,
        tries: Math.round((effort / COST) * 1.5),
      }
    },
    async verify(token, checked) {
      const payload = payloadIn(token)
      if (!payload) return { result: 'failed', reason: 'malformed' }
      const { challenge, solution } = payload
      const { data, expiresAt } = challenge.parameters
      const until = expiresAt * 1000
      if (until <= world.now()) return { result: 'failed', reason: 'expired' }
      const of = dataOf(checked)
      if (data.interaction !== of.interaction || data.action !== of.action)
        return { result: 'failed', reason: 'elsewhere' }
      const { verified, invalidSignature } = await verifySolution({
        ...secrets,
        challenge,
        solution,
        deriveKey,
      })
      if (!verified) return { result: 'failed', reason: invalidSignature ? 'forged' : 'unsolved' }
      return { result: 'passed', once: challenge.signature, until }
    },
  }
  return provider
}
