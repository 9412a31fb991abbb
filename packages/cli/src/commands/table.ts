import type { Entry } from './command.ts'

/** Every command, in the order of the help. Loaded only when used: `--help` needs neither clouds nor server. */
export const COMMANDS: readonly Entry[] = [
  {
    name: 'start',
    summary: 'Start the server, by default in the development world',
    load: () => import('./start.ts'),
  },
  {
    name: 'import',
    summary: 'Move in from a running Logto: users, applications, settings',
    load: () => import('./import.ts'),
  },
  {
    name: 'migrate',
    summary: 'Bring the tables of the database up to date, or say what is due',
    load: () => import('./migrate.ts'),
  },
  {
    name: 'backup',
    summary: 'Write the whole database into an encrypted file, while the servers run',
    load: () => import('./backup.ts'),
  },
  {
    name: 'restore',
    summary: 'Put a backup back, into SQLite or PostgreSQL',
    load: () => import('./restore.ts'),
  },
  {
    name: 'keys',
    summary: 'List, rotate or delete the keys that sign and encrypt',
    load: () => import('./keys.ts'),
  },
  {
    name: 'operators',
    summary: 'List the operators of the console, add one, or let one back in who is locked out',
    load: () => import('./operators.ts'),
  },
  {
    name: 'send',
    summary: 'Send one message with a configuration from a file',
    load: () => import('./send.ts'),
  },
  {
    name: 'lint',
    summary: 'Say what a cloud would refuse of a configuration, without asking it',
    load: () => import('./lint.ts'),
  },
  {
    name: 'doctor',
    summary: 'Look at the whole installation, or ask a cloud about a configuration, without sending',
    load: () => import('./doctor.ts'),
  },
  {
    name: 'connectors',
    summary: 'List the connectors, or the fields and the guide of one',
    load: () => import('./connectors.ts'),
  },
  {
    name: 'simulate',
    summary: 'Run the simulated clouds on ports of their own',
    load: () => import('./simulate.ts'),
  },
  {
    name: 'completion',
    summary: 'Print a script by which bash, zsh or fish completes this command',
    load: () => import('./completion.ts'),
  },
  {
    name: 'tour',
    summary: 'Live through set-up and sign-in over all clouds, by API',
    load: () => import('./tour.ts'),
  },
]
