import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { connectors, GUIDE_LANGUAGES } from '@countersign/connectors'
import { describe, expect, it } from 'vitest'
import { circles } from './circles.ts'
import { none } from './complaints.ts'
import {
  files,
  type Import,
  importsOf,
  isTest,
  places,
  root,
  sources,
  textOf,
  withoutComments,
} from './sources.ts'
import { namesInSql, OF_THE_DATABASE, tableUses } from './tables.ts'

/** A package imports only from packages of a lower rank. */
const PACKAGES: Record<string, number> = {
  kit: 0,
  api: 0,
  simulators: 0,
  connectors: 1,
  'sign-in': 1,
  console: 1,
  server: 2,
  cli: 3,
}

/** The development world starts the demo application, which itself knows nothing of ours. */
const RANKS: Record<string, number> = { ...PACKAGES, 'demo-app': 0 }

/** A room of the server imports only from rooms of a lower rank. */
const ROOMS: Record<string, number> = {
  refusals: 0,
  db: 0,
  crypto: 0,
  identifiers: 0,
  plugins: 0,
  http: 1,
  settings: 1,
  counters: 1,
  backups: 1,
  metrics: 1,
  users: 2,
  applications: 2,
  connections: 2,
  routing: 2,
  experience: 2,
  limits: 2,
  audit: 2,
  phrases: 2,
  resources: 2,
  templates: 2,
  imports: 2,
  ledger: 2,
  'test-identities': 2,
  tracing: 2,
  activity: 3,
  captcha: 3,
  budgets: 3,
  costs: 3,
  operators: 3,
  moves: 3,
  hooks: 3,
  health: 3,
  codes: 3,
  delivery: 3,
  receipts: 3,
  feedback: 3,
  fraud: 3,
  challenges: 4,
  account: 5,
  interactions: 5,
  oidc: 5,
  management: 5,
  console: 6,
}

/** What a room may import from beside the rooms: the seam to the outside, the settings, and why a start fails. */
const COMMON_GROUND = ['world.ts', 'config.ts', 'start-error.ts']

const SERVER = 'packages/server/src'

const at = ({ file, line, specifier }: Import) => `${file}:${line} imports ${specifier}`
const folders = (path: string) =>
  readdirSync(join(root, path), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
const nameOf = (specifier: string) => /^@countersign\/([^/]+)/.exec(specifier)?.[1]
const roomOf = (path: string) => new RegExp(`^${SERVER}/([^/]+)/`).exec(path)?.[1]

describe('packages', () => {
  const imports = Object.keys(PACKAGES).flatMap(name => sources(`packages/${name}/src`).flatMap(importsOf))

  it('are those of the table, and none is empty', () => {
    expect(folders('packages').sort(), 'Give a new package its rank in scripts/rules.test.ts.').toEqual(
      Object.keys(PACKAGES).sort(),
    )
    none(
      Object.keys(PACKAGES).filter(name => sources(`packages/${name}/src`).length === 0),
      'These packages have no sources:',
    )
    expect(imports.length).toBeGreaterThan(100)
  })

  it('import only from packages of a lower rank; tests may use the simulators too', () => {
    const wrong = imports.filter(({ file, specifier }) => {
      const to = nameOf(specifier)
      const from = file.split('/')[1]!
      if (to === undefined || to === from || (isTest(file) && to === 'simulators')) return false
      return !(RANKS[to]! < RANKS[from]!)
    })
    none(wrong.map(at), 'Move what is needed down to a package of a lower rank, or take it as an argument:')
  })

  it('reach each other by name, never by a path', () => {
    const wrong = imports.filter(({ file, target }) => {
      const home = file.split('/').slice(0, 2).join('/')
      // Where the browser is, and what keeps somebody from using a page, e2e knows for the tests of pages as well.
      if (isTest(file) && ['e2e/chromium.ts', 'e2e/barriers.ts'].includes(target ?? '')) return false
      return target !== undefined && !target.startsWith(`${home}/`)
    })
    none(wrong.map(at), 'Import the package by its name, and export there what is missing:')
  })

  it('keep connectors and simulators strangers, so that each judges the other', () => {
    const wrong = imports.filter(({ file, specifier }) => {
      const to = nameOf(specifier)
      if (file.startsWith('packages/simulators/')) return to !== undefined
      return file.startsWith('packages/connectors/') && to === 'simulators' && !isTest(file)
    })
    none(
      wrong.map(at),
      'A simulator imports nothing of ours, and only tests of connectors import a simulator:',
    )
  })

  it('keep the demo application a stranger too', () => {
    const wrong = sources('examples/demo-app')
      .flatMap(importsOf)
      .filter(
        ({ specifier, target }) => nameOf(specifier) || (target && !target.startsWith('examples/demo-app/')),
      )
    none(wrong.map(at), 'The demo application knows us by OpenID Connect alone:')
    expect(sources('examples/demo-app').length).toBeGreaterThan(3)
  })

  it('declare every package that they import', () => {
    const missing = [...Object.keys(PACKAGES).map(name => `packages/${name}`), 'examples/demo-app'].flatMap(
      home => {
        const { dependencies = {} } = JSON.parse(textOf(`${home}/package.json`)!) as {
          dependencies?: Record<string, string>
        }
        return sources(`${home}/src`)
          .filter(file => !isTest(file))
          .flatMap(importsOf)
          .filter(
            ({ specifier }) => /^[a-z@]/.test(specifier) && !/^(?:node:|@countersign\/)/.test(specifier),
          )
          .filter(({ specifier }) => !(/^(?:@[^/]+\/)?[^/]+/.exec(specifier)![0] in dependencies))
      },
    )
    none(
      missing.map(at),
      'Add it to the dependencies of that package.json, with its line in docs/dependencies.md:',
    )
  })
})

describe('rooms of the server', () => {
  const imports = sources(SERVER).flatMap(importsOf)

  it('are those of the table', () => {
    none(
      folders(SERVER).filter(folder => folder !== 'testing' && !(folder in ROOMS)),
      'Give a new room its rank in scripts/rules.test.ts:',
    )
    for (const room of [
      'db',
      'users',
      'connections',
      'codes',
      'delivery',
      'interactions',
      'oidc',
      'management',
    ])
      expect(sources(`${SERVER}/${room}`), `The room ${room} is empty.`).not.toEqual([])
  })

  it('import only from rooms of a lower rank', () => {
    const wrong = imports.filter(({ file, target }) => {
      const from = roomOf(file)
      if (from === undefined || target === undefined || isTest(file)) return false
      const to = roomOf(target)
      if (to === from) return false
      if (to === undefined) return !COMMON_GROUND.some(name => target === `${SERVER}/${name}`)
      return !(ROOMS[to]! < ROOMS[from]!)
    })
    none(
      wrong.map(at),
      `Take it as an argument and let rooms.ts join the two (only ${COMMON_GROUND.join(' and ')} are common ground):`,
    )
  })

  it('keep their SQL to themselves', () => {
    const wrong = imports.filter(
      ({ file, target }) => target?.endsWith('/store.ts') && roomOf(file) !== roomOf(target),
    )
    none(wrong.map(at), "Ask the room's own functions; its store.ts is imported by that room alone:")
  })

  it('have each table to themselves: one file alone names it in SQL', () => {
    const schema = ['schema.ts', 'ledger-schema.ts'].map(file => textOf(`${SERVER}/db/${file}`)!)
    const tables = [...schema.join('\n').matchAll(/^ {2}(\w+): \{/gm)].map(([, table]) => table!)
    const uses = tableUses(
      sources(SERVER).filter(file => !isTest(file)),
      tables,
    )
    const wrong = [...uses].filter(([table, users]) => {
      const [only, another] = users
      // What the database knows of itself stands in its own room.
      const isHome = only!.endsWith('/store.ts') || OF_THE_DATABASE.includes(table)
      return another !== undefined || !isHome
    })
    none(
      wrong.map(([table, users]) => `${table}: ${[...users].join(', ')}`),
      'Ask the room whose store.ts has the table; for a join it exports a query, as users/joins.ts does:',
    )
    expect(
      [...uses.keys()].sort(),
      'A table that nobody reads or writes is deleted, and a new one read.',
    ).toEqual(tables.sort())
  })

  it('would be caught naming the table of another room, however they write it', () => {
    const ways = [
      "db.selectFrom('users')",
      "db.selectFrom('users as owner')",
      "db.selectFrom(['codes', 'users'])",
      "query.leftJoin(\n  'users',\n  'users.id', 'codes.id')",
      "db.updateTable('codes').from('users')",
      "db.deleteFrom('codes').using('users')",
      'sql`lock table users in share mode`',
      'sql<number>`select count(*) from codes join users on true`',
      'sql`coalesce(users.session_epoch, 0)`',
    ]
    none(
      ways.filter(way => !namesInSql(way).has('users')),
      'These ways to name a table go unseen:',
    )
    expect([...namesInSql("const users = find('users'); // users.id")]).toEqual([])
  })

  it('refuse without a word of HTTP, which only http/ makes of a refusal', () => {
    const room = sources(`${SERVER}/refusals`)
    expect(room).not.toEqual([])
    none(
      places(room, /\bstatus\b|\bheaders?\b|\bResponse\b|\bhono\b|ERRORS\b/, withoutComments),
      'Map it in http/errors.ts:',
    )
  })

  it('compute hashes of passwords in turn', () => {
    const wrong = imports.filter(
      ({ file, target }) =>
        target === `${SERVER}/crypto/passwords.ts` &&
        file !== `${SERVER}/users/passwords.ts` &&
        !isTest(file),
    )
    none(wrong.map(at), 'Import them from users/passwords.ts, which lets only a few run at once:')
  })

  it('swallow no failure without saying who hears of it', () => {
    const silent = /\.catch\(\(\) =>|\.on\('error', \(\) =>|catch(?: \(\w+\))? \{\s*\}|^\s*\(\) => \{\},$/
    const wrong = sources(SERVER)
      .filter(file => !isTest(file) && roomOf(file) !== 'testing')
      .flatMap(file => {
        const lines = textOf(file)!.split('\n')
        return lines.flatMap((line, index) =>
          silent.test(line) && !/^\s*(?:\/\/|\*)/.test(lines[index - 1] ?? '')
            ? [`${file}:${index + 1} ${line.trim()}`]
            : [],
        )
      })
    none(wrong, 'Log it with its reason, or say in the line above who hears of it instead:')
  })

  it('take the address of who asks from http/request.ts, which alone knows whom to believe', () => {
    const rooms = sources(SERVER).filter(
      file => !isTest(file) && roomOf(file) && file !== `${SERVER}/http/request.ts`,
    )
    none(places(rooms, /x-forwarded-for|remoteAddress/i, withoutComments), 'Use callerOf or nodeCallerOf:')
  })

  it('reach the network by two ways alone: to the clouds, and guarded to what operators wrote', () => {
    const ways = ['outside.ts', 'http/targets.ts', 'http/exchange.ts'].map(file => `${SERVER}/${file}`)
    const others = sources(SERVER).filter(
      file => !isTest(file) && !ways.includes(file) && roomOf(file) !== 'testing',
    )
    none(
      places(others, /'undici'|'node:(?:https|http2|tls)'|\bglobalThis\.fetch\b/, withoutComments),
      'Take a Fetch: guardedFetch of http/targets.ts, or that of the world for a cloud:',
    )
  })

  it('read cookies from the header, without a connection that is none', () => {
    const rooms = sources(SERVER).filter(file => !isTest(file) && roomOf(file) !== 'testing')
    none(places(rooms, /\bnew Socket\(/, withoutComments), 'Read what is in the header; see oidc/cookies.ts:')
  })

  it('take time, chance and network from the world', () => {
    // Salts and nonces must be unpredictable even in a test world, and oidc-provider has a clock of its own.
    const rooms = sources(SERVER).filter(
      file => !isTest(file) && !['crypto', 'oidc', undefined].includes(roomOf(file)),
    )
    const pattern =
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandom(?:Bytes|UUID|Int)\b|(?<![.\w])fetch\(/
    none(places(rooms, pattern, withoutComments), 'Use world.now(), world.random() or world.fetch():')
  })
})

describe('connectors', () => {
  const parts = ['logo.svg', 'failures.ts', ...GUIDE_LANGUAGES.map(language => `guide/${language}.md`)]

  it('have a guide in every language, a logo, a failure table, tests and a simulator', () => {
    const wanted = connectors.flatMap(({ id }) => [
      ...parts.map(part => `packages/connectors/src/${id}/${part}`),
      `packages/connectors/src/${id}/${id}.test.ts`,
      `packages/simulators/src/${id}/${id}.ts`,
    ])
    none(
      wanted.filter(path => !files.includes(path)),
      'These files are missing:',
    )
    expect(connectors.length).toBeGreaterThanOrEqual(3)
  })

  it('are all in the registry', () => {
    const ids = connectors.map(({ id }) => id)
    none(
      folders('packages/connectors/src').filter(
        name => files.includes(`packages/connectors/src/${name}/${name}.ts`) && !ids.includes(name),
      ),
      'Add them to `connectors` in packages/connectors/src/index.ts:',
    )
  })
})

describe('files', () => {
  const code = files.filter(path => /\.(?:tsx?|css|c?js|mjs)$/.test(path))

  it('stay short enough to be read at once', () => {
    const limit = (path: string) => (isTest(path) ? 600 : 400)
    const long = code
      .filter(path => !/\/migrations\.ts$|\.generated\./.test(path))
      .map(path => ({ path, lines: textOf(path)!.trimEnd().split('\n').length }))
      .filter(({ path, lines }) => lines > limit(path))
    none(
      long.map(({ path, lines }) => `${path}: ${lines} lines, at most ${limit(path)}`),
      'Find the second idea in the file and give it a file of its own:',
    )
  })

  it('import each other in no circle', () => {
    none(
      circles(files.filter(path => /\.tsx?$/.test(path)).flatMap(importsOf)),
      'Move what both need into a file that imports neither, or take it as an argument:',
    )
  })

  it.each([
    ['HTML escaping', /'&lt;'/, 'escapeHtml'],
    [
      'the test for a JSON object',
      /'object'.*(?:=== null \|\| |!== null && !)Array\.isArray|^\s*typeof.*&& !Array\.isArray/,
      'isObject',
    ],
    ['a body read up to a limit', /\bsize \+= chunk/, 'readCapped'],
    ['the choice among languages', /maximize\(\)\.script|split\('-'\)\[0\]/, 'chooseTag'],
    ['the list of errors that come before a connection', /'EAI_AGAIN'/, 'neverConnected'],
  ])('write %s once, in the kit', (_, pattern, name) => {
    // The simulators and the demo application know nothing of ours.
    const others = code.filter(
      path => /^packages\/(?!kit\/|simulators\/)/.test(path) && /\.tsx?$/.test(path) && !isTest(path),
    )
    none(places(others, pattern), `Import ${name} from @countersign/kit:`)
  })

  it('have no lumber room', () => {
    none(
      files.filter(path => /(?:^|\/)(?:utils?|helpers?|common|misc|shared)\//.test(path)),
      'A helper lives in the room that owns its idea:',
    )
  })

  it('lie at most two folders deep in src', () => {
    none(
      files.filter(path => /^(?:packages|examples)\/[^/]+\/src\/(?:[^/]+\/){3,}/.test(path)),
      'Bring these files up, or make the folder a room of its own:',
    )
  })

  it('leave the process to its main file', () => {
    const allowed =
      /^(?:packages\/(?:server\/src\/main\.ts|cli\/)|scripts\/|e2e\/|bench\/|examples\/[^/]+\/src\/main\.ts)/
    none(
      places(
        code.filter(path => !allowed.test(path) && !isTest(path) && /^(?:packages|examples)\//.test(path)),
        /\bprocess\.\w|node:process/,
        withoutComments,
      ),
      'Take it as an argument or a setting; only main.ts and the command line know the process:',
    )
  })

  it('tell nothing about the machine that they were written on', () => {
    const words = [
      ['registry', 'npmjs'],
      ['registry', 'npmmirror'],
      ['registry', 'yarnpkg'],
    ].map(parts => parts.join('\\.'))
    const pattern = new RegExp(`${words.join('|')}|(?<![\\w.])/(?:work|home|Users)/|\\.\\./shared\\b`)
    none(places(files, pattern), 'Name no package registry and no absolute path:')
  })

  it('promise nothing for later', () => {
    const pattern = new RegExp(
      `\\b(?:${['TO', 'FIX'].map((half, index) => half + ['DO', 'ME'][index]).join('|')})\\b`,
    )
    none(places(files, pattern), 'Do it now, or write an issue:')
  })

  it('cite only what their readers have', () => {
    const pattern = new RegExp(`${['contract', 'sheets?'].join(' ')}\\b`, 'i')
    none(places(files, pattern), 'Say "as Logto does", or name docs/logto-compatibility.md:')
  })

  it('speak to whoever reads them, and call nobody the other side', () => {
    const pattern = new RegExp(['对', '對'].map(first => `${first}方`).join('|'))
    none(
      places(files, pattern),
      'Who reads a sentence is the one it is about; name anybody else by their part:',
    )
  })

  it('keep what tests share out of the product', () => {
    const wrong = files
      // Drills and what journeys share are no part of the product either.
      .filter(path => /\.tsx?$/.test(path) && !isTest(path) && !/^(drills|e2e)\//.test(path))
      .flatMap(importsOf)
      .filter(({ target }) => target !== undefined && !/\.test\./.test(target) && isTest(target))
    none(wrong.map(at), 'Only tests, journeys and drills import a testing.ts:')
  })

  it('use no module mocks and leave no test alone', () => {
    none(
      places(files.filter(isTest), /\bvi\.(?:do)?[mM]ock\(|\b(?:it|test|describe)\.only\b/, withoutComments),
      'Time, chance and network come from the world; `.only` hides the other tests:',
    )
  })
})
