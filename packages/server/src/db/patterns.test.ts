import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { isSqlite } from './database.ts'
import { compilePattern, type Dialect, PatternError } from './patterns.ts'
import { isPatternError, runList, type Search } from './search.ts'
import { patternMatcher } from './sqlite-functions.ts'
import { eachDatabase } from './testing.ts'

const matches = (dialect: Dialect, pattern: string, text: string, isCaseSensitive = true) =>
  compilePattern(dialect, pattern, isCaseSensitive).matches(text)

describe('a pattern', () => {
  test.each<[string, string[], string[]]>([
    ['ada', ['ada', 'my ada!'], ['ad', 'Ada']],
    ['^ada$', ['ada'], ['adam', 'my ada', 'ada\n']],
    ['^a.c$', ['abc', 'a\nc', 'a😀c'], ['ac', 'abbc']],
    ['^(ab|c)+$', ['ab', 'c', 'cab', 'abab'], ['', 'a', 'abca']],
    ['^a{2,3}$', ['aa', 'aaa'], ['a', 'aaaa']],
    ['^a{2}$', ['aa'], ['a', 'aaa']],
    ['^a{2,}$', ['aa', 'aaaaa'], ['a']],
    ['^a{0}b$', ['b'], ['ab']],
    ['^a*?b+?$', ['b', 'aab'], ['a']],
    ['^{a$', ['{a'], ['a']],
    ['^[^a-c]$', ['d', '-', '\n'], ['a', 'b', '']],
    ['^[]a]$', [']', 'a'], ['b']],
    ['^[^]a]$', ['b'], [']', 'a']],
    ['^[a-]$', ['a', '-'], ['b']],
    ['^[[:alpha:]_]+$', ['ada_', 'Ёлка'], ['ada1']],
    [String.raw`^[\d\-]+$`, ['1-2'], ['a']],
    [String.raw`^\w+\s\W\D$`, ['ada !x'], ['ada !1', 'ada ax']],
    [String.raw`\yada\y`, ['ada', 'an ada.'], ['adam', 'tada']],
    [String.raw`\Aa\.b\Z`, ['a.b'], ['axb', 'xa.b']],
    ['', ['', 'anything'], []],
    ['^(|a)b$', ['b', 'ab'], ['aab']],
  ])('of POSIX, %j', (pattern, right, wrong) => {
    for (const text of right) expect(matches('posix', pattern, text), text).toBe(true)
    for (const text of wrong) expect(matches('posix', pattern, text), text).toBe(false)
  })

  test.each<[string, string[], string[]]>([
    ['a%', ['a', 'ada'], ['ba', '']],
    ['(ada|eve)_', ['adax', 'eve1'], ['ada', 'adaxx']],
    ['a.^$', ['a.^$'], ['ab']],
    [String.raw`a\_\%`, ['a_%'], ['abc']],
    ['[a-c]{2}', ['ab'], ['a', 'abc', 'ad']],
  ])('of SQL, %j', (pattern, right, wrong) => {
    for (const text of right) expect(matches('similar_to', pattern, text), text).toBe(true)
    for (const text of wrong) expect(matches('similar_to', pattern, text), text).toBe(false)
  })

  test('that does not mind the case takes both of every letter', () => {
    expect(matches('posix', '^[A-C]É$', 'bé', false)).toBe(true)
    expect(matches('posix', '^[^a]$', 'A', false)).toBe(false)
    expect(matches('posix', '[[:upper:]]', 'a', false)).toBe(true)
  })

  test.each([
    '(',
    ')',
    'a)',
    '(a',
    '[',
    '[a',
    '[]',
    '[b-a]',
    '[[:nothing:]]',
    '[[.a.]]',
    'a**',
    '*a',
    'a|*',
    '^*',
    'a{2}{2}',
    'a{3,2}',
    'a{256}',
    'a{1',
    'a{1,x}',
    '\\',
    String.raw`(a)\1`,
    '(?=a)',
    '(?i)a',
    '***=a',
    String.raw`\q`,
    String.raw`\mad`,
    String.raw`ad\M`,
    '((a{99}){99}){99}',
  ])('is refused with words when it cannot be followed: %s', pattern => {
    expect(() => compilePattern('posix', pattern, true)).toThrow(PatternError)
  })

  test('is refused when it is longer than anybody writes', () => {
    expect(matches('posix', 'a'.repeat(1000), 'a')).toBe(false)
    expect(() => compilePattern('posix', 'a'.repeat(1001), true)).toThrow(PatternError)
  })

  test.each([
    ['posix', '^(a+)+$'],
    ['posix', '^(a|a|aa)*$'],
    ['posix', '.*.*.*.*.*.*.*.*x'],
    ['posix', '^(a?){30}a{30}$'],
    ['similar_to', '%a%a%a%a%a%a%a%a%b'],
  ] as const)('comes to an end on a long text, which backtracking would not: %s %s', (dialect, pattern) => {
    expect(matches(dialect, pattern, `${'a'.repeat(5000)}!`)).toBe(false)
  })

  test('that takes too many steps in one turn is given up, and the next turn begins anew', async () => {
    const match = patternMatcher(1000)
    const search = (rows: number) => {
      for (let row = 0; row < rows; row += 1) match('posix', '^(a+)+$', 1, `${'a'.repeat(20)}!`)
    }
    expect(() => search(1000)).toThrow(PatternError)
    await new Promise(resolve => setImmediate(resolve))
    search(2)
  })
})

const PIECES = [
  ...['a', 'b', 'A', 'B', '1', '_', ' ', '-', '.', '^', '$', '|', '(', ')', '(?:', '*', '+', '?', '*?'],
  ...[
    '{2}',
    '{1,2}',
    '{1,}',
    '{0}',
    '{',
    '}',
    '%',
    '[ab]',
    '[^a]',
    '[a-c]',
    '[[:digit:]]',
    '[]a]',
    '[a-]',
    '[_%]',
  ],
  ...['\\d', '\\w', '\\W', '\\s', '\\y', '\\A', '\\Z', '\\.', '\\%', '\\_', '\\\\'],
]
const pattern = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 7 })
  .map(each => each.join(''))
// Letters beyond ASCII are left out: what they are is up to the locale of the database.
const text = fc
  .array(fc.constantFrom('a', 'b', 'A', '1', '_', ' ', '-', '.', '%', '\\', '\n'), { maxLength: 6 })
  .map(each => each.join(''))

const ANY_SEARCH: Search = { conditions: [], joint: 'or', isCaseSensitive: false }

eachDatabase('the database', openFresh => {
  test('follows patterns as we do', async () => {
    const db = await openFresh()
    const modes = fc.constantFrom(['posix', true], ['posix', false], ['similar_to', true]) as fc.Arbitrary<
      [Dialect, boolean]
    >
    const asked = fc.record({ pattern, texts: fc.array(text, { minLength: 1, maxLength: 8 }), mode: modes })
    const operator = { posix: { true: '~', false: '~*' }, similar_to: { true: 'similar to', false: '' } }
    await fc.assert(
      fc.asyncProperty(asked, async ({ pattern, texts, mode: [dialect, isCaseSensitive] }) => {
        let ours: boolean[]
        try {
          ours = texts.map(each => matches(dialect, pattern, each, isCaseSensitive))
        } catch (error) {
          if (error instanceof PatternError) return
          throw error
        }
        const one = (each: string) =>
          isSqlite(db)
            ? sql`matches_pattern(${dialect}, ${pattern}, ${isCaseSensitive ? 1 : 0}, ${each})`
            : sql`${each}::text ${sql.raw(operator[dialect][`${isCaseSensitive}`])} ${pattern}`
        try {
          const { rows } = await sql<Record<string, unknown>>`select ${sql.join(
            texts.map((each, index) => sql`${one(each)} as ${sql.ref(`t${index}`)}`),
          )}`.execute(db)
          expect(Object.values(rows[0]!).map(Boolean)).toEqual(ours)
        } catch (error) {
          // What we take and PostgreSQL does not is told as the caller's mistake.
          if (!isPatternError(error)) throw error
        }
      }),
      { numRuns: 1500 },
    )
  })

  test('gives a search up that takes too long', async () => {
    const db = await openFresh()
    const endless = isSqlite(db)
      ? sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000000)
          select count(*) from n where matches_pattern('posix', '^(a+)+$', 1, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaa!' || i)`
      : sql`select pg_sleep(60)`
    const given = runList(db, ANY_SEARCH, on => endless.execute(on), 50)
    expect(isPatternError(await given.catch(error => error))).toBe(true)
    expect(
      (await runList(db, ANY_SEARCH, on => sql<{ one: number }>`select 1 as one`.execute(on))).rows,
    ).toEqual([{ one: 1 }])
  })
})
