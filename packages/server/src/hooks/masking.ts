const HIDDEN = '******'

const isSecret = (key: string) =>
  /secret|password|apikey|privatekey|credential|cookie/.test(key) ||
  /token$/.test(key) ||
  key === 'authorization'

const isCode = (key: string) => /^script|script$|environmentvariables/.test(key)

/** A value as a log may show it: without what its keys call secret, whole otherwise. */
export function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      const name = key.toLowerCase()
      if (isCode(name)) return []
      // Whether there is a password is no secret.
      if (isSecret(name) && typeof member !== 'boolean') return [[key, HIDDEN]]
      return [[key, masked(member)]]
    }),
  )
}
