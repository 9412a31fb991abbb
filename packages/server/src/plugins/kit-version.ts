/** The version of `@logto/connector-kit` whose contract this server keeps. */
export const KIT_VERSION = '5.1.0'

type Triple = readonly [number, number, number]

const less = (a: Triple, b: Triple) => {
  const at = a.findIndex((part, index) => part !== b[index])
  return at >= 0 && a[at]! < b[at]!
}

const COMPARATOR = /^(\^|~|[<>]=?|=)?v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?$/

/** Whether one comparator such as `^5.0.0`, `>=4` or `5.x` takes the version in; false for what is none. */
function takes(comparator: string, version: Triple): boolean {
  const [, operator = '', ...parts] = COMPARATOR.exec(comparator) ?? []
  const [major, minor, patch] = parts.map(part => (/^\d/.test(part ?? '') ? Number(part) : undefined))
  if (major === undefined) return /^[xX*]$/.test(comparator)
  const low: Triple = [major, minor ?? 0, patch ?? 0]
  // The first version beyond what was named: `5.1` names all of 5.1.
  const beyond: Triple =
    minor === undefined || operator === '^'
      ? [major + 1, 0, 0]
      : patch === undefined || operator === '~'
        ? [major, minor + 1, 0]
        : [major, minor, patch + 1]
  if (operator === '>=') return !less(version, low)
  if (operator === '>') return !less(version, beyond)
  if (operator === '<') return less(version, low)
  if (operator === '<=') return less(version, beyond)
  return !less(version, low) && less(version, beyond)
}

/**
 * Whether the range that a package asks for takes our kit in. Knows the ranges that packages of this contract use;
 * an exotic one counts as not taken, which costs a warning in the log and nothing more.
 */
export function takesKit(range: string): boolean {
  if (range.startsWith('workspace:')) return true
  const version = KIT_VERSION.split('.').map(Number) as unknown as Triple
  return range.split('||').some(alternative => {
    const comparators = alternative
      .trim()
      .replaceAll(/([<>=^~])\s+/g, '$1')
      .split(/\s+/)
    return comparators.every(comparator => comparator === '' || takes(comparator, version))
  })
}
