/** Shortest text worth striking out: a shorter one would strike out half of any answer. */
const SHORTEST = 4

/**
 * Strikes secrets, the code and the recipient out of a provider's raw answer. Providers echo what they were
 * sent (Aliyun's signature error quotes every parameter), also percent-encoded once or twice.
 *
 * @example redact('no such key: LTAI5t', ['LTAI5t']) // 'no such key: ******'
 */
export function redact(text: string, secrets: readonly string[]): string {
  const forms = secrets
    .filter(secret => secret.length >= SHORTEST)
    .flatMap(secret => [secret, encodeURIComponent(secret), encodeURIComponent(encodeURIComponent(secret))])
  // Longest first, so that a part does not break up its whole.
  const unique = [...new Set(forms)].sort((a, b) => b.length - a.length)
  return unique.reduce((result, secret) => result.replaceAll(secret, '******'), text)
}

/**
 * The spellings in which a phone number may come back: with and without country code, plus, zeros.
 *
 * @example spellingsOf('8613800138000') // ['8613800138000', '613800138000', '13800138000', '3800138000']
 */
export function spellingsOf(recipient: string): string[] {
  if (recipient.includes('@')) return [recipient, recipient.toLowerCase()]
  const spellings = [recipient]
  // Country codes have one to three digits; what is left is the number as some clouds quote it.
  for (const length of [1, 2, 3]) if (recipient.length - length >= 7) spellings.push(recipient.slice(length))
  return spellings
}
