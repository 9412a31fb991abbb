import { readFileSync } from 'node:fs'
import { didYouMean } from '@countersign/kit'
import { readArguments } from './arguments.ts'
import type { Command } from './commands/command.ts'
import { COMMANDS } from './commands/table.ts'
import { EXIT, type ExitCode, Stop, usageError } from './exit-codes.ts'
import { printHelp, printOverview } from './help.ts'
import { canonical, environmentLanguage } from './language.ts'
import { createTerminal, type Terminal } from './terminal.ts'

const NAMES = COMMANDS.map(({ name }) => name)

/** How to write must be known before the arguments are read, for they may be wrong. */
function terminalFor(args: readonly string[]): Terminal {
  const wanted = args.flatMap((arg, index) =>
    arg === '--lang' ? [args[index + 1] ?? ''] : arg.startsWith('--lang=') ? [arg.slice(7)] : [],
  )
  return createTerminal({
    // Help is for people.
    json: args.includes('--json') && !args.some(arg => ['help', '--help', '-h'].includes(arg)),
    colours: !args.includes('--no-color'),
    language: canonical(wanted.at(-1) ?? '') ?? environmentLanguage(process.env),
  })
}

async function commandNamed(name: string): Promise<Command> {
  const entry = COMMANDS.find(each => each.name === name)
  if (!entry)
    throw usageError(`There is no such command.${didYouMean(name, NAMES)} There are ${NAMES.join(', ')}.`)
  return (await entry.load()).command
}

function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}

async function run(args: string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = args
  if (name === undefined) {
    printOverview(terminal)
    throw usageError('Name a command.')
  }
  if (name === '--version' || name === '-v') {
    terminal.value({ version: version() })
    terminal.line(version())
    return EXIT.ok
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    const topic = rest.find(arg => !arg.startsWith('-'))
    if (topic === undefined) printOverview(terminal)
    else await printHelp(terminal, topic, await commandNamed(topic))
    return EXIT.ok
  }
  if (name.startsWith('-')) throw usageError('Name the command first: countersign <command> [options]')
  const command = await commandNamed(name)
  const { given, positionals } = readArguments(name, command, rest)
  if (given.help) {
    await printHelp(terminal, name, command)
    return EXIT.ok
  }
  if (given.lang !== undefined && canonical(String(given.lang)) === undefined)
    throw usageError('--lang must be a language tag such as en or zh-CN.')
  return command.run({ given, positionals, terminal, commands: COMMANDS })
}

/** A reader such as `head` that has seen enough is no fault of anybody. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

const args = process.argv.slice(2)
const terminal = terminalFor(args)
try {
  const code = await run(args, terminal)
  if (code !== EXIT.ok) process.exitCode = code
} catch (error) {
  const stop = error instanceof Stop ? error : undefined
  const message = stop?.message ?? `A fault of Countersign: ${(error as Error)?.stack ?? error}`
  process.exitCode = stop?.exit ?? EXIT.crash
  if (terminal.json) terminal.value({ error: { exitCode: process.exitCode, message, ...stop?.details } })
  else {
    terminal.complain(message)
    if (stop?.exit === EXIT.usage) terminal.complain('See countersign --help, or countersign help <command>.')
  }
}
