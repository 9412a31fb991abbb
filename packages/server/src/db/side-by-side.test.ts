import {
  type Dialect,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { describe, expect, it } from 'vitest'
import { migrations } from './migrations.ts'
import { tooNewFor } from './side-by-side.ts'

describe('a version whose tables a newer one has changed', () => {
  const known = ['0001_first', '0100_own']
  const after = (...later: string[]) => tooNewFor([...known, ...later], known)

  it('works on where the newer one has only added', () => {
    expect(after()).toBeUndefined()
    expect(after('0101_more', '0102_contracts_of_back_ends')).toBeUndefined()
  })

  it('works on where only that was taken away which it does not need any more', () => {
    expect(after('0101_more', '0102_contract_since_0100_old')).toBeUndefined()
    expect(after('0101_more', '0102_contract_since_0099_old')).toBeUndefined()
  })

  it('does not where that was taken away which it needs', () => {
    expect(after('0101_more', '0102_contract_since_0101_old')).toBe('0102_contract_since_0101_old')
  })

  it('does not on tables of a version that went another way', () => {
    expect(after('0099_aside')).toBe('0099_aside')
  })
})

const DIALECTS: Record<'SQLite' | 'PostgreSQL', Dialect> = {
  SQLite: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: db => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
  PostgreSQL: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: db => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
}

/** What a server of the version before would stumble over, and how it can be said so that it does not. */
const TAKES_AWAY: readonly [RegExp, string][] = [
  [/\bdrop (?:table|view|trigger|function|constraint)\b/, 'it is still used'],
  [/\balter table\b.*\bdrop (?:column )?/, 'it is still read'],
  [/\brename\b/, 'it is still known by the old name'],
  [/\balter column\b.*\b(?:type|set not null)\b/, 'other values are still written'],
  [
    /\badd (?:column )?.*\bnot null\b(?!.*\bdefault\b)/,
    'rows are still written without it: give it a default',
  ],
  [/\bcreate unique index\b/, 'rows that it refuses are still written'],
  [/\balter table\b.*\badd constraint\b/, 'rows that it refuses are still written'],
]

/** The first migration of which the rule holds: those before had landed without it. */
const FIRST_UNDER_RULE = '0096'

async function statementsOf(dialect: keyof typeof DIALECTS, name: string): Promise<string[]> {
  const statements: string[] = []
  const db = new Kysely<never>({
    dialect: DIALECTS[dialect],
    log({ query }) {
      statements.push(query.sql.replaceAll(/\s+/g, ' ').toLowerCase())
    },
  })
  await migrations[name]!.up(db)
  return statements
}

/** What is made new in the same migration, nobody else knows yet. */
function isOfNewTable(statement: string, statements: readonly string[]): boolean {
  const table = /\bon "?(\w+)"?|\balter table "?(\w+)"?/.exec(statement)?.slice(1).find(Boolean)
  return statements.some(each => new RegExp(`\\bcreate table (?:if not exists )?"?${table}"?\\b`).test(each))
}

/** What is made again in the same transaction was there all the time, for everybody else. */
function isReplaced(statement: string, statements: readonly string[]): boolean {
  const [, kind, name] = /\bdrop (view|trigger|function) (?:if exists )?"?(\w+)/.exec(statement) ?? []
  const made = new RegExp(`\\bcreate (?:or replace )?${kind} "?${name}\\b`)
  return kind !== undefined && statements.slice(statements.indexOf(statement)).some(each => made.test(each))
}

describe('migrations', () => {
  const names = Object.keys(migrations)

  it.each(['SQLite', 'PostgreSQL'] as const)(
    'only add, unless their name says since when nobody misses what they take (%s)',
    async dialect => {
      const complaints: string[] = []
      for (const name of names.filter(each => each >= FIRST_UNDER_RULE && !each.includes('_contract_'))) {
        const statements = await statementsOf(dialect, name)
        for (const statement of statements)
          for (const [taken, why] of TAKES_AWAY)
            if (
              taken.test(statement) &&
              !isOfNewTable(statement, statements) &&
              !isReplaced(statement, statements)
            )
              complaints.push(`${name}: "${statement}", but by the version before ${why}`)
      }
      expect(complaints).toEqual([])
    },
  )

  it('are recognised when they take away', async () => {
    const taking = ['0007', '0085'].flatMap(number => names.filter(name => name.startsWith(number)))
    const found = await Promise.all(taking.map(name => statementsOf('PostgreSQL', name)))
    const taken = found.flat().filter(each => TAKES_AWAY.some(([pattern]) => pattern.test(each)))
    expect(taken).toContain('drop table "send_places"')
  })

  it('that take away name a migration that there is', () => {
    for (const name of names.filter(each => each.includes('_contract_'))) {
      const since = /^\d{4}_contract_since_(\d{4})_/.exec(name)?.[1]
      expect([name, names.some(each => each.startsWith(`${since}_`) && each < name)]).toEqual([name, true])
    }
  })
})
