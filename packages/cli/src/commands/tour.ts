import { EXIT } from '../exit-codes.ts'
import type { Command } from './command.ts'

export const command: Command = {
  usage: '',
  description:
    'Starts a server of its own with an empty database and does by API what a new operator and a first user do, over ' +
    'all clouds, which the built-in simulators stand in for.',
  options: {},
  json: false,
  examples: ['countersign tour'],
  async run() {
    await import('../tour.ts')
    return process.exitCode === 1 ? EXIT.refused : EXIT.ok
  },
}
