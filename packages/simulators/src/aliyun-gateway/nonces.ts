import { NONCE_RETENTION_MS } from './unverified.ts'

/** Remembers which nonces a key has used. `use` answers false for one that was used before. */
export function createNonces(now: () => number): {
  use(keyId: string, nonce: string): boolean
  clear(): void
} {
  const seen = new Map<string, number>()
  return {
    use(keyId, nonce) {
      const at = now()
      // Maps keep the order of insertion, so the oldest come first.
      for (const [key, time] of seen) {
        if (at - time <= NONCE_RETENTION_MS) break
        seen.delete(key)
      }
      const key = `${keyId}\n${nonce}`
      if (seen.has(key)) return false
      seen.set(key, at)
      return true
    },
    clear: () => seen.clear(),
  }
}
