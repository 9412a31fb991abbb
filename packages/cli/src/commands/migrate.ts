import { EXIT } from '../exit-codes.ts'
import { upkeep } from '../upkeep.ts'
import { UPKEEP } from '../upkeep-words.ts'
import type { Command } from './command.ts'

export const command: Command = {
  usage: '[options]',
  description:
    'Brings the tables of the database up to date, as a start of the server does, all of it or nothing. Several at once ' +
    'wait for each other. With --dry-run, says what is due.',
  options: {
    'dry-run': {
      type: 'boolean',
      help: 'Say which migrations are due, and run none; exits with 1 when some are',
    },
  },
  notes: () =>
    'Run it with the settings of the server: DATABASE_URL, DATA_DIR. Servers of the version before may run meanwhile.\n' +
    'Take a backup first: there is no way back but that.',
  examples: ['countersign migrate --dry-run', 'countersign migrate'],
  run: async ({ given, terminal }) => {
    const trial = given['dry-run'] === true
    return upkeep(terminal, async server => {
      const here = await server.openAsItIs(process.env, {
        create: !trial,
        write: line => terminal.complain(line),
      })
      try {
        const due = server.dueMigrations(here)
        if (!trial) await server.migrate(here)
        terminal.value({ place: here.place, dryRun: trial, done: here.done, [trial ? 'due' : 'run']: due })
        const say =
          due.length === 0
            ? UPKEEP.upToDate(here.place)
            : UPKEEP[trial ? 'due' : 'ran'](here.place, due.length)
        terminal.line(terminal.tell(say))
        for (const name of due) terminal.line(`  ${name}`)
        return trial && due.length > 0 ? EXIT.refused : EXIT.ok
      } finally {
        await here.close()
      }
    })
  },
}
