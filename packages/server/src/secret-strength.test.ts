import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'
import { secretProblem } from './secret-strength.ts'

const start = (secret: string) =>
  readConfig({ BOOTSTRAP_CLIENT_ID: 'automation', BOOTSTRAP_CLIENT_SECRET: secret })

describe('the secret of the bootstrap client', () => {
  test.each([
    ['short', 'Xk3vQ9w2Lm7pRt5z'],
    ['one character', 'a'.repeat(40)],
    ['a row of digits', '12345678901234567890123456789012'],
    ['the alphabet', 'abcdefghijklmnopqrstuvwxyz'],
    ['a part again and again', 'k3Vq9'.repeat(8)],
    ['words of the trade', 'countersign-management-secret-2024'],
    ['a placeholder', 'change-me-change-me-change-me'],
    ['what tests had', 'bootstrap-secret-of-tests'],
    ['digits alone', '83920174658392017465'],
  ])('is refused when it is %s', (_, secret) => {
    expect(() => start(secret)).toThrow(ConfigError)
    // One line, with the way out.
    expect(() => start(secret)).toThrow(/^ *BOOTSTRAP_CLIENT_SECRET: .+openssl rand -base64 32$/m)
  })

  test('is taken when it was made by chance, in whichever spelling', () => {
    for (let time = 0; time < 500; time += 1) {
      const secret = randomBytes(32)
      for (const encoding of ['hex', 'base64', 'base64url'] as const)
        expect(secretProblem(secret.toString(encoding)), secret.toString(encoding)).toBeUndefined()
      const short = secret.subarray(0, 18).toString('base64url')
      expect(secretProblem(short), short).toBeUndefined()
    }
    expect(start('q7WmZt2Rk9cVx4Ln8bHs').bootstrap).toMatchObject({ id: 'automation' })
  })
})
