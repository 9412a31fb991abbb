import type { AltchaChallenge } from '@countersign/api'
import { solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'

/** Brings back what a browser brings back that has done the work. */
export async function solved({ parameters, signature }: AltchaChallenge): Promise<string> {
  const challenge = { parameters, signature }
  const solution = await solveChallenge({ challenge, deriveKey })
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64')
}
