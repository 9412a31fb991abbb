import { optionsOf } from './arguments.ts'
import type { Command } from './commands/command.ts'
import { COMMANDS } from './commands/table.ts'
import { EXIT_MEANINGS } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

const section = (terminal: Terminal, title: string, lines: readonly string[]) => {
  terminal.line(`\n${terminal.paint('bold', title)}`)
  for (const line of lines) terminal.line(`  ${line}`)
}

const exitCodes = Object.entries(EXIT_MEANINGS).map(([code, meaning]) => `${code.padEnd(4)}${meaning}`)

/** The lines of a paragraph. */
function wrapped(text: string, width = 100): string[] {
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!
    if (line !== '' && line.length + word.length >= width) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines
}

/** What `countersign --help` prints. */
export function printOverview(terminal: Terminal): void {
  terminal.line('Countersign: self-hosted sign-in by verification code over Aliyun SMS, Aliyun PNVS, Aliyun')
  terminal.line('Direct Mail and Tencent Cloud SMS.')
  section(terminal, 'Usage', ['countersign <command> [options]'])
  const width = Math.max(...COMMANDS.map(({ name }) => name.length))
  section(
    terminal,
    'Commands',
    COMMANDS.map(({ name, summary }) => `${terminal.paint('cyan', name.padEnd(width + 2))}${summary}`),
  )
  section(terminal, 'Everywhere', [
    '--help, -h    help <command>: the options of a command',
    '--version     which version this is',
  ])
  section(terminal, 'Exit codes', exitCodes)
}

/** What `countersign <command> --help` prints. */
export async function printHelp(terminal: Terminal, name: string, command: Command): Promise<void> {
  for (const line of wrapped(command.description)) terminal.line(line)
  section(terminal, 'Usage', [`countersign ${name} ${command.usage}`.trimEnd()])
  const options = Object.entries(optionsOf(command)).map(
    ([key, { value, help }]) => [`--${key}${value ? ` ${value}` : ''}`, help] as const,
  )
  const width = Math.max(...options.map(([option]) => option.length))
  section(
    terminal,
    'Options',
    options.map(([option, help]) => `${terminal.paint('cyan', option.padEnd(width + 2))}${help}`),
  )
  const notes = await command.notes?.()
  if (notes !== undefined) terminal.line(`\n${notes}`)
  section(terminal, 'Exit codes', exitCodes)
  section(terminal, 'Examples', command.examples)
}
