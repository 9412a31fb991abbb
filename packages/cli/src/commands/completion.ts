import { optionsOf } from '../arguments.ts'
import { type Known, SHELLS, scriptFor } from '../completion.ts'
import { EXIT, usageError } from '../exit-codes.ts'
import type { Command } from './command.ts'

export const command: Command = {
  usage: `${Object.keys(SHELLS).join(' | ')}`,
  words: Object.keys(SHELLS),
  description: 'Prints a script by which a shell completes commands, their words and their options.',
  options: {},
  positionals: 1,
  examples: [
    'source <(countersign completion bash)',
    'countersign completion zsh > "$fpath[1]/_countersign"',
    'countersign completion fish > ~/.config/fish/completions/countersign.fish',
  ],
  run: async ({ positionals: [shell], terminal, commands }) => {
    const name = Object.keys(SHELLS).find(each => each === shell) as keyof typeof SHELLS | undefined
    if (!name) throw usageError(`Name the shell: ${Object.keys(SHELLS).join(', ')}.`)
    const known: Known[] = []
    for (const entry of commands) {
      const { command } = await entry.load()
      known.push({
        name: entry.name,
        summary: entry.summary,
        words: command.words ?? [],
        options: Object.entries(optionsOf(command)).map(([option, { help, type }]) => ({
          name: `--${option}`,
          help,
          takesValue: type === 'string',
        })),
      })
    }
    const script = scriptFor(name, known)
    terminal.value({ shell: name, script })
    terminal.line(script.trimEnd())
    return EXIT.ok
  },
}
