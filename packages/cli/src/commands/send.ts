import { randomBytes, randomInt } from 'node:crypto'
import { type Connector, didYouMean, explain, SendError, USAGE_TYPES, type UsageType } from '@countersign/kit'
import { countryOf, maskRecipient } from '@countersign/server'
import { redact, spellingsOf } from '@countersign/server/redact'
import { wholeNumber } from '../arguments.ts'
import { readConfiguration, validSettings } from '../configuration.ts'
import { EXIT, type ExitCode, usageError } from '../exit-codes.ts'
import { DEFAULT_TIMEOUT, openOutside } from '../outside.ts'
import { readRecipient } from '../recipient.ts'
import { printable, type Terminal } from '../terminal.ts'
import { OUTCOMES, WORDS } from '../words.ts'
import type { Command } from './command.ts'
import { CONFIG, CONNECTOR, SIMULATED, TIMEOUT } from './options.ts'

/** As long as a code is good in the server by default; for templates that say so. */
const MINUTES = 10

export const command: Command = {
  usage: '--connector <id> --config <file> --to <recipient> [options]',
  description:
    'Sends one message with a configuration from a file and prints what the provider said: its ids, or why it ' +
    'refused, what that means and what to do. Real messages cost money; --simulated ones do not.',
  options: {
    connector: CONNECTOR,
    config: CONFIG,
    to: {
      type: 'string',
      value: '<recipient>',
      required: true,
      help: 'Phone number with its country code, which mobile numbers of mainland China need not have; or mail address',
    },
    usage: { type: 'string', value: '<type>', help: 'Which template: SignIn, Register, … [Generic]' },
    code: { type: 'string', value: '<code>', help: 'The code to send; random: six digits [random]' },
    locale: {
      type: 'string',
      value: '<tag>',
      help: "The recipient's language, where templates differ by it",
    },
    simulated: SIMULATED,
    timeout: TIMEOUT,
  },
  examples: [
    'countersign send --connector aliyun-sms --config aliyun.json --to "+86 138 0013 8000" --usage SignIn',
    'countersign simulate --sample aliyun-dm | countersign send --connector aliyun-dm --config - --to lin@example.com --simulated',
  ],
  async run({ given, terminal }) {
    const { connector, draft } = await readConfiguration(given, terminal)
    const to = readRecipient(connector, String(given.to))
    const usageType = readUsage(given.usage)
    const { code, random } = readCode(given.code)
    const deadline = wholeNumber(given, 'timeout', { least: 1, most: 600_000, fallback: DEFAULT_TIMEOUT })
    const settings = validSettings(connector, draft, terminal)
    const simulated = given.simulated === true
    const { world, clouds } = await openOutside(connector, { simulated, deadline })
    const country = connector.channel === 'sms' ? countryOf(to) : undefined
    const { endpoint } = settings as { endpoint?: string }
    const locale = given.locale === undefined ? {} : { locale: String(given.locale) }
    const about = {
      connector: connector.id,
      to: maskRecipient(to),
      ...(country !== undefined && { country }),
      usageType,
      simulated,
      // Else it goes to the cloud's own address.
      ...(!simulated && endpoint && { endpoint }),
      // Whoever chose the code knows it; nobody else need see it.
      ...(random && { verificationCode: code }),
    }
    try {
      const { ids } = await connector.send(
        {
          to,
          ...(connector.channel === 'sms' && { hasCountryCode: true }),
          usageType,
          payload: { code, minutes: MINUTES, ...locale },
          attemptId: `cli-${randomBytes(8).toString('hex')}`,
        },
        settings,
        world,
      )
      const arrived = clouds?.inbox.messages()[0]?.text
      terminal.value({ sent: true, ...about, ids, ...(arrived !== undefined && { arrived }) })
      const mark = terminal.paint('green', '✓')
      terminal.line(`${mark} ${terminal.tell(OUTCOMES.accepted(connector.name, about.to))}`)
      terminal.rows([
        ...whereto(terminal, about),
        ...Object.entries(ids).map(([name, id]) => [name, printable(id)] as const),
        [terminal.tell(WORDS.code), random ? code : undefined],
        [terminal.tell(WORDS.arrived), arrived && printable(arrived.replaceAll(/\s+/g, ' ').trim())],
      ])
      sayWhoAnswered(terminal, about)
      return EXIT.ok
    } catch (error) {
      if (!(error instanceof SendError)) throw error
      return tellFailure(terminal, connector, error, about, [code, ...spellingsOf(to)])
    }
  },
}

interface About {
  /** Masked. */
  to: string
  /** Of a phone number, e.g. `CN`. */
  country?: string
  simulated: boolean
  endpoint?: string
  verificationCode?: string
}

/** Says what the number was taken for, which its digits alone do not show, and where the request went. */
const whereto = (terminal: Terminal, { country, endpoint }: About) =>
  [
    [terminal.tell(WORDS.country), country && nameOfRegion(country, terminal.language)],
    [terminal.tell(WORDS.endpoint), endpoint],
  ] as const

const nameOfRegion = (code: string, language: string): string =>
  new Intl.DisplayNames([language, 'en'], { type: 'region' }).of(code) ?? code

function sayWhoAnswered(terminal: Terminal, { simulated }: About): void {
  if (simulated) terminal.line(terminal.paint('dim', `  ${terminal.tell(WORDS.simulated)}`))
}

/** Prints why a send failed. Codes and recipients are struck from the raw answer; secrets are from everything. */
function tellFailure(
  terminal: Terminal,
  connector: Connector,
  error: SendError,
  about: About,
  confidential: string[],
): ExitCode {
  const { failure, code, retryAfter, maybeSent, then } = error
  const {
    meaning,
    remedy,
    links = [],
    source,
  } = explain(connector.failures, failure, code, connector.pagesIn)
  const { status, body } = error.answer ?? {}
  const raw = body === undefined ? undefined : redact(body, confidential)
  const outcome = maybeSent ? 'unanswered' : failure === 'unreachable' ? 'unreached' : 'refused'
  terminal.value({
    sent: false,
    ...about,
    failure,
    providerCode: code ?? null,
    then,
    maybeSent,
    retryAfter: retryAfter ?? null,
    meaning: terminal.tell(meaning),
    remedy: terminal.tell(remedy),
    links: links.map(({ href }) => href),
    source: source ?? null,
    answer: error.answer ? { status: status ?? null, body: raw ?? null } : null,
  })
  const sentence = terminal.tell(OUTCOMES[outcome](connector.name, about.to))
  const name = terminal.paint('bold', code === undefined ? failure : `${code} (${failure})`)
  terminal.line(`${terminal.paint('red', '✗')} ${sentence}: ${name}`)
  terminal.rows([
    ...whereto(terminal, about),
    [terminal.tell(WORDS.meaning), terminal.tell(meaning)],
    [terminal.tell(WORDS.remedy), terminal.tell(remedy)],
    ...links.map(({ href, label }) => [terminal.tell(label), href] as const),
    [terminal.tell(WORDS.wait), retryAfter === undefined ? undefined : `${retryAfter} s`],
    [terminal.tell(WORDS.source), source],
    [
      terminal.tell(WORDS.answer),
      status === undefined && raw === undefined
        ? undefined
        : `${status ?? ''} ${printable(raw ?? '')}`.trim(),
    ],
  ])
  if (maybeSent) terminal.line(`${terminal.paint('yellow', '!')} ${terminal.tell(WORDS.maybeSent)}`)
  // Nothing has answered where the request never left.
  if (error.answer) sayWhoAnswered(terminal, about)
  return outcome === 'refused' ? EXIT.refused : EXIT.unanswered
}

function readUsage(given: unknown): UsageType {
  if (given === undefined) return 'Generic'
  const wanted = String(given)
  const found = USAGE_TYPES.find(type => type.toLowerCase() === wanted.toLowerCase())
  if (found) return found
  throw usageError(`--usage must be one of ${USAGE_TYPES.join(', ')}.${didYouMean(wanted, USAGE_TYPES)}`)
}

function readCode(given: unknown): { code: string; random: boolean } {
  if (given === undefined || given === 'random')
    return { code: String(randomInt(1_000_000)).padStart(6, '0'), random: true }
  const code = String(given)
  if (code === '' || code.length > 64) throw usageError('--code must have 1 to 64 characters, or be random.')
  return { code, random: false }
}
