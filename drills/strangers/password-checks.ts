import { argon2Sync, randomBytes } from 'node:crypto'
import { memoryOf } from '../memory.ts'
import { addressOf } from './stranger.ts'
import type { Attack, Trial } from './trial.ts'

/** The longest of several waits, one after the other, while something goes on. */
async function longestOf(busy: Promise<unknown>, once: () => Promise<unknown>): Promise<number> {
  let over = false
  let longest = 0
  void busy.finally(() => {
    over = true
  })
  while (!over) {
    const start = performance.now()
    await once()
    longest = Math.max(longest, performance.now() - start)
  }
  return longest
}

async function checks({ stranger }: Trial, count: number, from: number, password: string, phone?: string) {
  const strangers = Array.from({ length: count }, (_, n) => stranger(addressOf(from + n)))
  for (const one of strangers) await one.begin()
  const value = (n: number) => phone ?? `86138${String(20_000_000 + from + n)}`
  return () =>
    Promise.all(
      strangers.map((one, n) =>
        one.call('POST', '/verification/password', {
          identifier: { type: 'phone', value: value(n) },
          password,
        }),
      ),
    )
}

/** An argon2id hash as another system may have stored it, which asks for so many MiB at each check. */
function heavyHash(password: string, mebibytes: number): string {
  const nonce = randomBytes(16)
  const hash = argon2Sync('argon2id', {
    message: password,
    nonce,
    memory: mebibytes * 1024,
    passes: 1,
    parallelism: 1,
    tagLength: 32,
  })
  const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
  return `$argon2id$v=19$m=${mebibytes * 1024},t=1,p=1$${text(nonce)}$${text(hash)}`
}

/** Wrong passwords by the hundred, while others want a token and a compressed answer. */
export const passwordChecks: Attack = {
  title: 'Password checks: 100 and 300 at once, while others want a token or a compressed answer',
  async run(trial) {
    const { product, target, management } = trial
    const { id, secret } = product.installation.client
    const token = async () => {
      const answer = await fetch(`${target.endpoint}/oidc/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          resource: 'https://default.logto.app/api',
          scope: 'all',
        }),
      })
      if (!answer.ok) throw new Error(`No token: ${answer.status}`)
      await answer.text()
    }
    let times = 0
    const compressed = async () => {
      // Every time another address, so that no cache answers.
      times += 1
      const address = `${target.endpoint}/api/swagger.json?drill=${times}`
      const answer = await fetch(address, { headers: { 'accept-encoding': 'gzip' } })
      if (answer.headers.get('content-encoding') !== 'gzip') throw new Error('The answer is not compressed')
      await answer.text()
    }
    const hundred = await checks(trial, 100, 5_000, 'wrong')
    const threeHundred = await checks(trial, 300, 6_000, 'wrong')
    const first = hundred()
    const tokenWait = await longestOf(first, token)
    const second = threeHundred()
    const compressedWait = await longestOf(second, compressed)
    const answers = [...(await first), ...(await second)]
    const odd = answers.filter(({ status }) => status !== 422 && status !== 429 && status !== 400)

    const phone = '8613800138125'
    const importHash = (mebibytes: number) =>
      management('POST', '/api/users', {
        primaryPhone: phone,
        passwordAlgorithm: 'Argon2id',
        passwordDigest: heavyHash('imported', mebibytes),
      })
    const heavy = await importHash(256)
    // Where that is too much, the heaviest that is taken is what memory must stand.
    if (heavy.status !== 200) await importHash(64)
    const before = await memoryOf(product.pid, 'VmHWM')
    await (await checks(trial, 8, 7_000, 'wrong', phone))()
    const grown = (await memoryOf(product.pid, 'VmHWM')) - before
    return [
      { what: 'longest wait for a token during 100 checks', value: tokenWait, most: 1_000, unit: 'ms' },
      {
        what: 'longest wait for a compressed answer during 300 checks',
        value: compressedWait,
        most: 1_000,
        unit: 'ms',
      },
      {
        what: 'checks put off with 429',
        value: answers.filter(({ status }) => status === 429).length,
        unit: 'of 400',
      },
      { what: 'answers that are neither a refusal nor 429', value: odd.length, most: 0, unit: '' },
      { what: 'an imported hash of 256 MiB is taken', value: heavy.status === 200 ? 1 : 0, unit: '' },
      {
        what: 'growth of peak memory by 8 checks of the heaviest hash that is taken',
        value: grown,
        most: 320,
        unit: 'MiB',
      },
    ]
  },
}
