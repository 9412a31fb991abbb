import { pad, printable, type Terminal } from '../terminal.ts'
import { type Behind, wordsOf } from './behind.ts'
import type { Action, KindName, Note, Outcome } from './outcome.ts'
import type { KindResult } from './run.ts'

const TITLES: Record<KindName, string> = {
  connectors: 'Connectors',
  templates: 'E-mail templates',
  phrases: 'Own texts',
  resources: 'API resources',
  applications: 'Applications',
  experience: 'Sign-in settings',
  users: 'Users',
}

/** What a count says of what was done, and of what a trial would do. */
const DONE: Record<Action, [done: string, trial: string]> = {
  create: ['imported', 'to import'],
  update: ['brought up to date', 'to bring up to date'],
  same: ['the same already', 'the same already'],
  kept: ['left as here', 'to leave as here'],
  skipped: ['not carried', 'not carried'],
  failed: ['not possible', 'not possible'],
}

const MARKS: Record<Action, [colour: 'green' | 'yellow' | 'red' | 'dim', mark: string]> = {
  create: ['green', '+'],
  update: ['green', '~'],
  same: ['dim', '='],
  kept: ['yellow', '!'],
  skipped: ['dim', '-'],
  failed: ['red', '✗'],
}

/** So many of one kind are named below one reason. */
const NAMED = 10

const TITLE_WIDTH = Math.max(...Object.values(TITLES).map(title => title.length)) + 2

/** Prints what became of a kind: the counts, then everything that an operator should know of. */
export function printKind(terminal: Terminal, { kind, counts, outcomes }: KindResult, trial: boolean): void {
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([action, count]) => `${count} ${DONE[action as Action][trial ? 1 : 0]}`)
  const title = terminal.paint('bold', pad(TITLES[kind], TITLE_WIDTH))
  terminal.line(`${title}${parts.length > 0 ? parts.join(', ') : 'none'}`)
  // Of users only those with a reason are here; of all else, each is named.
  for (const outcome of outcomes)
    if (kind !== 'users' && !outcome.reason && outcome.action !== 'same')
      terminal.line(`  ${mark(terminal, outcome.action)} ${nameOf(outcome)}`)
  for (const group of grouped(outcomes)) printGroup(terminal, group)
}

interface Group {
  action: Action
  note: Note
  concerned: { name: string; detail?: string | undefined }[]
}

/** The same reason is told once, with all whom it concerns. */
function grouped(outcomes: readonly Outcome[]): Group[] {
  const groups = new Map<string, Group>()
  const add = (action: Action, note: Note, outcome: Outcome) => {
    const key = `${action}/${note.text}`
    const group = groups.get(key) ?? { action, note, concerned: [] }
    groups.set(key, group)
    group.concerned.push({ name: nameOf(outcome), detail: note.detail && printable(note.detail) })
  }
  for (const outcome of outcomes) {
    if (outcome.reason) add(outcome.action, outcome.reason, outcome)
    // What comes without a part of it comes all the same.
    for (const note of outcome.without ?? []) add('kept', note, outcome)
  }
  return [...groups.values()]
}

function printGroup(terminal: Terminal, { action, note, concerned }: Group): void {
  const sign = mark(terminal, note.lost ? 'failed' : action)
  const text = printable(note.text)
  const [only] = concerned
  if (concerned.length === 1)
    terminal.line(`  ${sign} ${only!.name}: ${text}${only!.detail ? ` (${only!.detail})` : ''}`)
  else {
    terminal.line(`  ${sign} ${text} (${concerned.length}):`)
    for (const { name, detail } of concerned.slice(0, NAMED))
      terminal.line(`      ${name}${detail ? `: ${detail}` : ''}`)
    if (concerned.length > NAMED)
      terminal.line(
        terminal.paint('dim', `      and ${concerned.length - NAMED} more; --json names them all`),
      )
  }
  if (note.remedy !== undefined) terminal.line(terminal.paint('dim', `      ${note.remedy}`))
}

const mark = (terminal: Terminal, action: Action) => terminal.paint(...MARKS[action])

const nameOf = ({ id, label }: Outcome) =>
  printable(label === undefined ? id : label.includes('(') ? label : `${id} (${label})`)

/** Names what a Logto has that never comes along. */
export function printBehind(terminal: Terminal, behind: Partial<Behind>): void {
  const { parts, remedies } = wordsOf(behind)
  if (parts.length > 0)
    terminal.line(`${terminal.paint('bold', pad('Stays behind', TITLE_WIDTH))}${parts.join(', ')}`)
  for (const remedy of remedies) terminal.line(terminal.paint('dim', `      ${remedy}`))
}

/** For `--json`. */
export function asJson({ counts, outcomes }: KindResult) {
  const plain = ({ lost: _, ...note }: Note) => note
  return {
    counts,
    items: outcomes.map(({ reason, without, ...outcome }) => ({
      ...outcome,
      ...(reason && { reason: plain(reason) }),
      ...(without && { without: without.map(plain) }),
    })),
  }
}
