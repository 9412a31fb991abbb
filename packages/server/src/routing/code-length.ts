import type { CodeLengths } from '@countersign/kit'

/**
 * The lengths that both carry; none where `carries` says so. Undefined stands for any length.
 *
 * @example narrowed({ least: 4, most: 6 }, { least: 6, most: 8 }) // { least: 6, most: 6 }
 */
export function narrowed(
  one: CodeLengths | undefined,
  other: CodeLengths | undefined,
): CodeLengths | undefined {
  if (!one || !other) return one ?? other
  return { least: Math.max(one.least, other.least), most: Math.min(one.most, other.most) }
}

/** Whether there is a length among them: `carries({ least: 7, most: 6 })` is false. */
export const carries = (lengths: CodeLengths | undefined): boolean =>
  !lengths || lengths.least <= lengths.most

/**
 * The lengths that every one of several connections carries, as a connector says it.
 *
 * @example codePolicy(settings, carrierOf(candidates)).length
 */
export function carrierOf(ways: readonly { connector: { codeLength?: CodeLengths } }[]): {
  codeLength?: CodeLengths
} {
  const codeLength = ways.reduce<CodeLengths | undefined>((lengths, { connector }) => {
    const both = narrowed(lengths, connector.codeLength)
    return carries(both) ? both : lengths
  }, undefined)
  return codeLength ? { codeLength } : {}
}
