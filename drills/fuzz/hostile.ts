import type { Chance } from '../chance.ts'
import { MARKER } from './judge.ts'

/** Texts that programs have stumbled over, or that are meant to be taken for something else. */
export const HOSTILE_TEXTS: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\u202egnp.exe',
  '\ufeffada',
  'ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ',
  '١٣٨٠٠١٣٨٠٠٠',
  '👩‍👩‍👧‍👦'.repeat(50),
  `"><fzz>${MARKER.tag}`,
  `</script>${MARKER.tag}`,
  `\r\n${MARKER.header}: 1\r\n\r\n`,
  `%0d%0a${MARKER.header}: 1`,
  "' or 1=1 --",
  '%',
  '_%\\',
  '*',
  '#{7*7}',
  '{{code}}',
  '../../../../etc/passwd',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'NaN',
  '-0',
  '1e309',
  '99999999999999999999999999',
  '(a+)+$',
  '[[:alpha:]',
  'javascript:alert(1)',
  'http://169.254.169.254/latest/meta-data/',
  'file://localhost/etc/passwd',
  'http://[::1',
  '13800138000',
  '+86 138-0013-8000',
  'ada@example.com',
  'a@b',
  `${'a'.repeat(300)}@example.com`,
  'x'.repeat(5_000),
  '2026-02-30T25:61:61Z',
  'zh-CN-x-private-use',
  'xx'.repeat(40),
]

const HOSTILE_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  -1e308,
  2 ** 53,
  -(2 ** 31) - 1,
  [],
  {},
  [null],
  [[]],
  { length: 1e9 },
  { toString: 1 },
  { then: 'x' },
  { $ne: null },
  { raw: 'x' },
]

/** A value that stands where another one should. */
export const hostileValue = (chance: Chance): unknown =>
  chance.is(0.6) ? chance.of(HOSTILE_TEXTS) : chance.of(HOSTILE_VALUES)

/** Replaces, drops or adds one member somewhere in a value, at any depth. */
export function spoil(value: unknown, chance: Chance): unknown {
  if (typeof value !== 'object' || value === null || chance.is(0.1)) return hostileValue(chance)
  if (Array.isArray(value)) {
    if (value.length === 0 || chance.is(0.2)) return [...value, hostileValue(chance)]
    const at = chance.below(value.length)
    return value.map((each, index) => (index === at ? spoil(each, chance) : each))
  }
  const members = Object.entries(value)
  if (members.length === 0 || chance.is(0.2))
    return { ...value, [chance.of(HOSTILE_TEXTS)]: hostileValue(chance) }
  const at = chance.below(members.length)
  if (chance.is(0.2)) return Object.fromEntries(members.filter((_, index) => index !== at))
  return Object.fromEntries(
    members.map(([name, each], index) => [name, index === at ? spoil(each, chance) : each]),
  )
}

/** Puts texts that the product knows in the place of drawn ones, so that requests get further than to the first check. */
export function acquaint(value: unknown, chance: Chance, known: readonly string[]): unknown {
  if (typeof value === 'string') return chance.is(0.3) && known.length > 0 ? chance.of(known) : value
  if (Array.isArray(value)) return value.map(each => acquaint(each, chance, known))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, acquaint(each, chance, known)]),
  )
}

/** Texts that are no JSON, or JSON that readers disagree about. */
const BAD_JSON: readonly string[] = [
  '{',
  '[',
  '"',
  '{"a":1,}',
  "{'a':1}",
  '{"a":1}{"b":2}',
  'NaN',
  'undefined',
  '\ufeff{}',
  '{"__proto__":{"isAdmin":true}}',
  '{"constructor":{"prototype":{"x":1}}}',
  '{"a":"\\ud800"}',
  '{"a":"\\u0000"}',
  '{"a":1e99999}',
  '{"a":-}',
  `{"a":${'9'.repeat(400)}}`,
  '['.repeat(20_000),
  '{"a":'.repeat(3_000),
  `${'['.repeat(500)}${']'.repeat(500)}`,
  `{${Array.from({ length: 2_000 }, (_, n) => `"k${n}":1`).join(',')}}`,
  `"${'x'.repeat(20_000)}"`,
]

/** The bytes of a body that no program of good will would send. */
export function badBody(sound: string, chance: Chance): Buffer {
  const ways: (() => Buffer)[] = [
    () => Buffer.from(chance.of(BAD_JSON)),
    () => Buffer.from(sound.slice(0, chance.below(sound.length + 1))),
    () => Buffer.from(sound, 'utf16le'),
    () => Buffer.concat([Buffer.from(sound), Buffer.from([0xff, 0xfe, 0xc0, 0xaf, 0xed, 0xa0, 0x80])]),
    () => Buffer.from(sound.replace('{', '{"type":1,"id":2,"id":3,')),
    () => flip(Buffer.from(sound), chance),
    () => Buffer.from(Array.from({ length: chance.below(200) }, () => chance.below(256))),
    () => Buffer.alloc(chance.of([16_385, 70_000, 1_100_000]), 0x61),
  ]
  // Large ones are rare: they tell little and take long.
  return (chance.is(0.97) ? chance.of(ways.slice(0, -1)) : ways.at(-1)!)()
}

/** Changes some bytes. */
export function flip(bytes: Buffer, chance: Chance): Buffer {
  const changed = Buffer.from(bytes)
  for (let times = 1 + chance.below(4); times > 0 && changed.length > 0; times -= 1)
    changed[chance.below(changed.length)] = chance.below(256)
  return changed
}
