import type { ExitCode } from '../exit-codes.ts'
import type { Terminal } from '../terminal.ts'

/** One option of a command. */
export interface Option {
  type: 'string' | 'boolean'
  /** What stands for its value in the help, e.g. `<file>`. */
  value?: string
  help: string
  required?: boolean
}

/** What the user gave, by the options' names. */
export type Given = Record<string, string | boolean | undefined>

/** One command: what it takes and what it does. */
export interface Command {
  /** Behind the command's name in its usage line. */
  usage: string
  /** What may stand first behind its name, for completion. */
  words?: readonly string[]
  /** What it does, in one or two sentences, for its own help. */
  description: string
  options: Readonly<Record<string, Option>>
  /** How many arguments that are no options it takes; none when absent. */
  positionals?: number
  /** False where there is nothing to print as JSON. */
  json?: false
  /** Further paragraphs of the help. */
  notes?(): string | Promise<string>
  examples: readonly string[]
  run(call: {
    given: Given
    positionals: string[]
    terminal: Terminal
    /** All commands, this one among them. */
    commands: readonly Entry[]
  }): Promise<ExitCode>
}

/** A command in the table of all; it is loaded only when it is used. */
export interface Entry {
  name: string
  summary: string
  load(): Promise<{ command: Command }>
}
