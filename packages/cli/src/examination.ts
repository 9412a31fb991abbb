import { exitOf, printItem } from './check-items.ts'
import { FINDINGS, type FindingWords, ONE_FORM } from './examination-words.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { printable, type Terminal, widthOf } from './terminal.ts'
import { withInstallation } from './upkeep.ts'
import { WORDS } from './words.ts'

type Examined = Awaited<ReturnType<typeof import('@countersign/server/examine')['examine']>>
type Finding = Examined['findings'][number]

const MARKS = {
  fine: ['green', '✓'],
  warning: ['yellow', '!'],
  wrong: ['red', '✗'],
  unknown: ['yellow', '?'],
} as const

/**
 * Looks at the installation that the environment describes, and prints each finding with its remedy.
 *
 * @returns 1 when something is wrong, 3 when only something could not be asked; warnings alone are no failure
 */
export const examineInstallation = (terminal: Terminal, { ask }: { ask: boolean }): Promise<ExitCode> =>
  withInstallation(terminal, async (_, here) => {
    const { examine } = await import('@countersign/server/examine')
    const { findings, connections, users } = await examine(here, {
      ask,
      write: line => terminal.complain(line),
    })
    terminal.value({
      findings: findings.map(each => ({ ...each, ...worded(terminal, each) })),
      connections: connections.map(({ items, ...rest }) => ({
        ...rest,
        items: items.map(({ subject, state, reason, remedy }) => ({
          subject,
          state,
          reason: reason ? terminal.tell(reason) : null,
          remedy: remedy ? terminal.tell(remedy) : null,
        })),
      })),
      toRewrite: users?.rewritten ?? null,
      left: users?.left ?? null,
    })
    for (const each of findings) print(terminal, each)
    for (const each of connections) printConnection(terminal, each)
    printUsers(terminal, users)
    return exitCode({ findings, connections, users })
  })

function exitCode({ findings, connections, users }: Examined): ExitCode {
  const asked = connections.map(({ items, failed }) => (failed ? EXIT.unanswered : exitOf(items)))
  const isWrong = findings.some(({ state }) => state === 'wrong') || (users?.left.length ?? 0) > 0
  if (isWrong || asked.includes(EXIT.refused)) return EXIT.refused
  const isOpen = findings.some(({ state }) => state === 'unknown') || asked.includes(EXIT.unanswered)
  return isOpen ? EXIT.unanswered : EXIT.ok
}

function worded(terminal: Terminal, { code, values }: Finding) {
  const { text, remedy }: FindingWords = FINDINGS[code as keyof typeof FINDINGS]
  const filled = (words: Parameters<Terminal['tell']>[0]) =>
    terminal.tell(words).replaceAll(/\{(\w+)\}/g, (_, name) => printable(String(values[name])))
  return { text: filled(text), remedy: remedy ? filled(remedy) : null }
}

function print(terminal: Terminal, finding: Finding): void {
  const [colour, mark] = MARKS[finding.state]
  const { text, remedy } = worded(terminal, finding)
  terminal.line(`${terminal.paint(colour, mark)} ${text}`)
  if (remedy !== null) terminal.line(`    ${terminal.tell(WORDS.remedy)}: ${remedy}`)
}

function printConnection(terminal: Terminal, { name, items, failed }: Examined['connections'][number]): void {
  if (failed === undefined && items.length === 0) return
  terminal.line(printable(name))
  const width = Math.max(0, ...items.map(({ subject }) => widthOf(subject)))
  for (const item of items) printItem(terminal, item, width)
  if (failed !== undefined)
    print(terminal, { code: 'connection.unasked', state: 'unknown', values: { reason: failed } })
}

/** Identifiers that several users have, in forms that are one today. */
function printUsers(terminal: Terminal, users: Examined['users']): void {
  if (!users) return
  const { rewritten, left } = users
  const { tell } = terminal
  for (const { field, ownerId, userIds } of left) {
    const all = [...(ownerId === null ? [] : [ownerId]), ...userIds].join(', ')
    terminal.line(`${terminal.paint('red', '✗')} ${tell(ONE_FORM.users(field, all))}`)
    terminal.line(`    ${tell(ownerId === null ? ONE_FORM.byNobody : ONE_FORM.byOwner(ownerId))}`)
  }
  if (left.length > 0) {
    terminal.line(`${tell(WORDS.remedy)}: ${tell(ONE_FORM.remedy)}`)
    terminal.line(tell(ONE_FORM.next))
    return
  }
  terminal.line(`${terminal.paint('green', '✓')} ${tell(ONE_FORM.fine)}`)
  if (rewritten > 0) terminal.line(`  ${tell(ONE_FORM.toRewrite(rewritten))}`)
}
