import { argon2Sync } from 'node:crypto'
import { expect, test, vi } from 'vitest'

/** The modules anew, since each keeps the function that it found when it was loaded. */
async function hashing() {
  vi.resetModules()
  return import('../packages/server/src/crypto/passwords.ts')
}

/** Computed with the cost that a hash names, by the one function that is never cheap. */
function recomputed(hash: string, password: string): string {
  const [, , , cost = '', salt = '', tag] = hash.split('$')
  const [memory, passes, parallelism] = cost.split(',').map(each => Number(each.slice(2)))
  const bytes = argon2Sync('argon2id', {
    message: Buffer.from(password),
    nonce: Buffer.from(salt, 'base64'),
    tagLength: Buffer.from(tag!, 'base64').length,
    memory: memory!,
    passes: passes!,
    parallelism: parallelism!,
  })
  return hash.replace(tag!, bytes.toString('base64').replaceAll('=', ''))
}

/** Of "correct horse", with 8 MiB and one pass. */
const OTHER =
  '$argon2id$v=19$m=8192,t=1,p=1$YW4gb2xkIHNhbHQgMTIzNA$zzFILjlLzMhU1Xv41moBVhiP8SPMurdJMUR4fC2eTk8'

test('a hash of ours costs what it says, but in tests that take the cheap ones', async () => {
  const { computeHash } = await hashing()
  const hash = await computeHash('correct horse')
  expect(hash).toBe(recomputed(hash, 'correct horse'))

  await import('./testing-hashes.ts')
  const passwords = await hashing()
  const cheap = await passwords.computeHash('correct horse')
  expect(cheap).not.toBe(recomputed(cheap, 'correct horse'))
  expect(await passwords.compareHash('correct horse', cheap)).toBe(true)
  expect(await passwords.compareHash('wrong horse', cheap)).toBe(false)
  expect(await passwords.compareHash('correct horse', hash)).toBe(false)
  expect(await passwords.compareHash('correct horse', OTHER)).toBe(true)
})
