import type { CheckItem } from '@countersign/kit'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { pad, printable, type Terminal } from './terminal.ts'
import { WORDS } from './words.ts'

const MARKS = {
  approved: ['green', '✓'],
  in_review: ['yellow', '…'],
  rejected: ['red', '✗'],
  missing: ['red', '✗'],
  unknown: ['yellow', '?'],
} as const

/** A line about what a provider was asked, with reason and remedy. */
export function printItem(terminal: Terminal, item: CheckItem, width: number): void {
  const { subject, state, reason, remedy, links = [] } = item
  const [colour, mark] = MARKS[state]
  const word = terminal.paint(colour, terminal.tell(WORDS[state]))
  terminal.line(`${terminal.paint(colour, mark)} ${pad(printable(subject), width + 2)}${word}`)
  if (reason) terminal.line(`    ${printable(terminal.tell(reason))}`)
  if (remedy) terminal.line(`    ${terminal.tell(WORDS.remedy)}: ${terminal.tell(remedy)}`)
  for (const { href, label } of links) terminal.line(`    ${terminal.tell(label)}: ${href}`)
}

/** A key without the permission to ask may still be one that can send: that is no answer rather than a bad one. */
export function exitOf(items: readonly CheckItem[]): ExitCode {
  const unasked = ({ subject, state }: CheckItem) =>
    state === 'unknown' || (subject === 'permission' && state === 'missing')
  if (items.some(item => item.state !== 'approved' && !unasked(item))) return EXIT.refused
  return items.some(unasked) ? EXIT.unanswered : EXIT.ok
}
