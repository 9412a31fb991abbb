import { createHash } from 'node:crypto'

/** More are not remembered: the oldest ones may be shown again. */
const MOST = 10_000

/**
 * What a token makes its provider answer. It is written `simulated?code=F001&n=1`: `code` is the provider's own, a pass where
 * there is none; `hostname`, `action` and `cdata` are what a widget would have told. `n` makes tokens different.
 */
export interface Meant {
  code: string | undefined
  hostname: string
  action: string
  cdata: string
  /** True when it was shown before. */
  isUsed: boolean
}

/** Tokens that were shown. */
export function createTokens() {
  const shown = new Set<string>()
  return {
    /** Reads a token and uses it up; undefined when it is none. */
    use(token: string): Meant | undefined {
      if (!token.startsWith('simulated?')) return undefined
      const members = new URLSearchParams(token.slice(token.indexOf('?')))
      const member = (name: string) => members.get(name) ?? ''
      const hash = createHash('sha256').update(token).digest('hex')
      const isUsed = shown.has(hash)
      shown.add(hash)
      const [oldest] = shown.size > MOST ? shown : []
      if (oldest !== undefined) shown.delete(oldest)
      return {
        code: members.get('code') ?? undefined,
        hostname: member('hostname'),
        action: member('action'),
        cdata: member('cdata'),
        isUsed,
      }
    },
    clear: () => shown.clear(),
  }
}

export type Tokens = ReturnType<typeof createTokens>
