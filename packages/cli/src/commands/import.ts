import { didYouMean } from '@countersign/kit'
import { EXIT, type ExitCode, Stop, usageError } from '../exit-codes.ts'
import { countBehind } from '../import/behind.ts'
import { alone, listenForEnd } from '../import/ending.ts'
import { KINDS, type KindName } from '../import/outcome.ts'
import { asJson, printBehind, printKind } from '../import/print.ts'
import { sourceWorld } from '../import/requests.ts'
import { beginMove, emptyResult, fellShort, type KindResult, moveKind } from '../import/run.ts'
import { readSecret, SECRET_VARIABLE } from '../import/secret.ts'
import { openSource, type Source } from '../import/source.ts'
import { openInstallation } from '../installation.ts'
import type { Terminal } from '../terminal.ts'
import type { Command } from './command.ts'

export const command: Command = {
  usage: '--from <url> --client-id <id> [options]',
  description:
    'Moves in from a running Logto, over its Management API: connectors, e-mail templates, own texts, API resources, ' +
    'applications with their secrets, sign-in settings, and users with their ids and password hashes. ' +
    'It can be run as often as you like: what was changed here since stays as it is.',
  options: {
    from: {
      type: 'string',
      value: '<url>',
      required: true,
      help: "The Logto's public address, as browsers see it",
    },
    'client-id': {
      type: 'string',
      value: '<id>',
      required: true,
      help: 'Its machine-to-machine application with the role "Logto Management API access"',
    },
    'client-secret': {
      type: 'string',
      value: '<secret>',
      help: `Its secret; - reads standard input [${SECRET_VARIABLE}, else it is asked for]`,
    },
    'dry-run': { type: 'boolean', help: 'Say what would be done, and do nothing' },
    only: { type: 'string', value: '<kinds>', help: `Only these, with commas between: ${KINDS.join(', ')}` },
    overwrite: {
      type: 'boolean',
      help: 'Let the Logto win where settings were changed or something was deleted here; users keep theirs',
    },
    resource: {
      type: 'string',
      value: '<name>',
      help: 'Name of its Management API [https://default.logto.app/api; for Logto Cloud, that of the host]',
    },
  },
  notes: () =>
    'Run it where the server runs, with the same settings from the environment: DATABASE_URL, DATA_DIR,\n' +
    'SECRET_KEY, CONNECTORS_DIR. The server may run meanwhile. More: docs/import.md.',
  examples: [
    'countersign import --from https://auth.example.com --client-id abc123 --dry-run',
    'pass show logto | countersign import --from https://auth.example.com --client-id abc123 --client-secret -',
  ],
  async run({ given, terminal }) {
    const from = readAddress(String(given.from))
    const kinds = readKinds(given.only)
    const trial = given['dry-run'] === true
    const clientSecret = await readSecret(given['client-secret'] as string | undefined)
    terminal.conceal([clientSecret, encodeURIComponent(clientSecret)])
    const resource = typeof given.resource === 'string' ? given.resource : resourceOf(from)
    if (from.startsWith('http://') && !isNear(from))
      terminal.complain(`Warning: ${from} is not encrypted; secret and users travel in clear.`)
    const clientId = String(given['client-id'])
    const ending = listenForEnd()
    const options = { from, clientId, clientSecret, resource }
    try {
      const source = await openSource(options, sourceWorld(ending.signal))
      const here = await openInstallation(terminal, { trial })
      try {
        const about = { from, into: here.place, dryRun: trial }
        printAbout(terminal, about, here.fresh)
        const work = async () => {
          const move = await beginMove({ source, here, resource, trial, overwrite: given.overwrite === true })
          const results = await moveAll(terminal, kinds, about, (result, progress) =>
            moveKind(move, result, progress),
          )
          return conclude(terminal, { about, results, source, whole: given.only === undefined })
        }
        return await (trial ? work() : alone(here, ending, work))
      } finally {
        await here.close()
      }
    } finally {
      ending.close()
    }
  },
}

interface About {
  from: string
  into: string
  dryRun: boolean
}

function printAbout(terminal: Terminal, { from, into, dryRun }: About, fresh: boolean): void {
  terminal.line(`From  ${from}`)
  terminal.line(`Into  ${into}${fresh ? ' (new)' : ''}`)
  if (dryRun) terminal.line(terminal.paint('yellow', 'Trial run: nothing is written.'))
  terminal.line()
}

/** Moves kind after kind, and prints each when it is done. When it ends early, what was done is told all the same. */
async function moveAll(
  terminal: Terminal,
  kinds: readonly KindName[],
  { dryRun }: About,
  move: (result: KindResult, progress: (count: number) => void) => Promise<void>,
): Promise<KindResult[]> {
  const results: KindResult[] = []
  for (const kind of kinds) {
    const result = emptyResult(kind)
    results.push(result)
    try {
      await move(result, count => showProgress(terminal, kind, count))
    } catch (error) {
      if (!(error instanceof Stop)) throw error
      printKind(terminal, result, dryRun)
      throw new Stop(error.exit, error.message, { ...error.details, done: toJson(results) })
    } finally {
      clearProgress(terminal)
    }
    printKind(terminal, result, dryRun)
  }
  return results
}

async function conclude(
  terminal: Terminal,
  { about, results, source, whole }: { about: About; results: KindResult[]; source: Source; whole: boolean },
): Promise<ExitCode> {
  const behind = whole ? await countBehind(source) : {}
  printBehind(terminal, behind)
  const short = fellShort(results)
  terminal.value({ ...about, complete: !short, kinds: toJson(results), behind })
  terminal.line()
  if (about.dryRun) terminal.line('Nothing was written. Without --dry-run this is what is done.')
  else if (short) terminal.line('Done, but for what is marked. Running it again does no harm.')
  else terminal.line('Done.')
  return short ? EXIT.refused : EXIT.ok
}

const toJson = (results: readonly KindResult[]) =>
  Object.fromEntries(results.map(result => [result.kind, asJson(result)]))

function readAddress(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password)
    throw usageError('--from must be an address such as https://auth.example.com.')
  if (!/^\/(?:oidc\/?|api\/?)?$/.test(url.pathname) || url.search || url.hash)
    throw usageError(`--from must be the address alone, without a path: ${url.origin}`)
  return url.origin
}

function readKinds(given: unknown): readonly KindName[] {
  if (given === undefined) return KINDS
  const wanted = String(given)
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
  const wrong = wanted.find(name => !(KINDS as readonly string[]).includes(name))
  if (wrong !== undefined || wanted.length === 0)
    throw usageError(
      `--only takes ${KINDS.join(', ')}, with commas between.${didYouMean(wrong ?? '', KINDS)}`,
    )
  return KINDS.filter(kind => wanted.includes(kind))
}

/** A tenant of Logto Cloud names its Management API after its own host. */
function resourceOf(from: string): string {
  const { hostname } = new URL(from)
  return hostname.endsWith('.logto.app') ? `https://${hostname}/api` : 'https://default.logto.app/api'
}

const isNear = (from: string) => ['localhost', '127.0.0.1', '[::1]'].includes(new URL(from).hostname)

/** Thousands of users take a while. */
function showProgress(terminal: Terminal, kind: KindName, count: number): void {
  if (!terminal.json && process.stderr.isTTY && count % 50 === 0)
    process.stderr.write(`\r${kind}: ${count} …`)
}

function clearProgress(terminal: Terminal): void {
  if (!terminal.json && process.stderr.isTTY) process.stderr.write('\r\u001b[K')
}
