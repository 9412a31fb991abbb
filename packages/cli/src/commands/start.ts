import { existsSync } from 'node:fs'
import { holdYoungRoom } from '@countersign/server/heap'
import { THREADS } from '@countersign/server/threads'
import { EXIT } from '../exit-codes.ts'
import type { Command } from './command.ts'

/** Only the repository has it: a published package brings the console built. */
const BUILD_CONSOLE = new URL('../../../../scripts/build-console.ts', import.meta.url)

export const command: Command = {
  usage: '',
  description: 'Starts the server: sign-in pages, OpenID Connect, API and the console. Ends with Ctrl-C.',
  options: {},
  json: false,
  async notes() {
    const { describeConfig } = await import('@countersign/server')
    const lines = describeConfig().map(
      ({ name, default: value, help }) => `  ${name.padEnd(24)} ${help}${value && ` [${value}]`}`,
    )
    return `Settings, from the environment:\n${lines.join('\n')}`
  },
  examples: ['countersign start', 'CLOUDS=real ENDPOINT=https://sign-in.example.com countersign start'],
  async run({ terminal }) {
    // The build needs threads already, and the number of them is final then.
    process.env.UV_THREADPOOL_SIZE ??= THREADS
    if (existsSync(BUILD_CONSOLE)) {
      const { prepareConsole } = (await import(BUILD_CONSOLE.href)) as {
        prepareConsole(say: (line: string) => void): Promise<boolean>
      }
      if (!(await prepareConsole(terminal.complain))) return EXIT.configuration
    }
    terminal.complain('Starting the server …')
    holdYoungRoom()
    // It serves until a signal ends the process, and sets the exit code itself.
    await import('@countersign/server/main')
    return EXIT.ok
  },
}
