import { expect, it } from 'vitest'
import { none } from './complaints.ts'
import { isTest, sources, textOf, withoutComments } from './sources.ts'

// A pooler such as PgBouncer gives each transaction another session of PostgreSQL: what a session keeps beyond a
// transaction is there one moment and gone the next, or another server's.

/** What a session keeps, and what there is in its place. */
const KEPT_BY_SESSIONS: readonly [RegExp, string][] = [
  [/\bpg_(?:try_)?advisory_(?:un)?lock/i, 'a lock of the transaction: pg_advisory_xact_lock'],
  [/\bset_config\s*\([^)]*,\s*false\s*\)/i, 'set_config(…, true), within a transaction'],
  [/`\s*set\s+(?!local\b)[a-z_.]+\s*(?:=|to\b)/i, 'set_config(…, true), within a transaction'],
  [/`\s*(?:listen|unlisten|notify)\s/i, 'rows that are looked for now and then'],
  [/\bpg_notify\b/i, 'rows that are looked for now and then'],
  [/\bcreate\s+(?:local\s+|global\s+)?temp(?:orary)?\b/i, 'a table, or a common table expression'],
  [/`\s*(?:prepare|execute|deallocate|discard)\s/i, 'db/prepared-statements.ts, which notices poolers'],
  [/\bwith\s+hold\b/i, 'pages of rows'],
]

it('no state is kept in a session of PostgreSQL', () => {
  const paths = sources('packages/server').filter(path => !isTest(path))
  expect(paths.length).toBeGreaterThan(100)
  none(
    paths.flatMap(path => {
      const text = withoutComments(textOf(path)!)
      return KEPT_BY_SESSIONS.filter(([kept]) => kept.test(text)).map(
        ([kept, instead]) => `${path}: ${kept.exec(text)![0].trim()}; in its place ${instead}`,
      )
    }),
    'A pooler gives each transaction another session (ARCHITECTURE.md, "Several nodes"):',
  )
})

it('what a session would keep is recognised', () => {
  const kept = [
    'sql`select pg_advisory_lock(1)`',
    'sql`set statement_timeout = 3`',
    "sql`select set_config('a', 'b', false)`",
    'sql`listen changes`',
    'sql`create temp table x (id int)`',
  ]
  const innocent = ["sql`select set_config('a', 'b', true)`", 'sql`select pg_advisory_xact_lock(1)`']
  const isKept = (text: string) => KEPT_BY_SESSIONS.some(([pattern]) => pattern.test(text))
  expect([kept.every(isKept), innocent.some(isKept)]).toEqual([true, false])
})
