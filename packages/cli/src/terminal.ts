import { stripVTControlCharacters, styleText } from 'node:util'
import type { Localized } from '@countersign/kit'
import { redact } from '@countersign/server/redact'
import { pick } from './language.ts'

type Format = Parameters<typeof styleText>[0]

/** Where a command writes. With `--json` only `value` writes to standard output. */
export interface Terminal {
  json: boolean
  /** A language tag. */
  language: string
  /** From now on these texts are struck out of everything that is written. */
  conceal(secrets: readonly string[]): void
  /** Colours where the reader is a terminal; `NO_COLOR`, `FORCE_COLOR` and `--no-color` decide first. */
  paint(format: Format, text: string): string
  /** A line for people, on standard output. */
  line(text?: string): void
  /** Label and text in two columns; what is undefined is left out. */
  rows(rows: readonly (readonly [label: string, text: string | undefined])[]): void
  /** The one JSON value for scripts. */
  value(value: unknown): void
  /** A line on standard error. */
  complain(text: string): void
  /** A text in the language of the user. */
  tell(text: Localized): string
}

export interface TerminalOptions {
  json: boolean
  language: string
  /** False for `--no-color`. */
  colours: boolean
}

/** What a provider said may hold sequences that would make a terminal do things. */
export const printable = (text: string) =>
  stripVTControlCharacters(text).replaceAll(
    /[\p{Cc}\u2028\u2029]/gu,
    character => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  )

/** The terminal of this process. */
export function createTerminal({ json, language, colours }: TerminalOptions): Terminal {
  let concealed: string[] = []
  const clean = (text: string) => redact(text, concealed)
  // Struck before it is written as JSON, whose escapes would hide a secret from the search.
  const cleanValue = (_: string, value: unknown) => (typeof value === 'string' ? clean(value) : value)
  const line = (text = '') => {
    if (!json) process.stdout.write(`${clean(text)}\n`)
  }
  return {
    json,
    language,
    conceal(secrets) {
      concealed = [...concealed, ...secrets]
    },
    // Node itself knows NO_COLOR, FORCE_COLOR and terminals.
    paint: (format, text) => (colours ? styleText(format, text, { stream: process.stdout }) : text),
    line,
    rows(rows) {
      const width = Math.max(0, ...rows.map(([label]) => widthOf(label)))
      for (const [label, text] of rows)
        if (text !== undefined) line(`  ${label}${' '.repeat(width - widthOf(label) + 2)}${text}`)
    },
    value(value) {
      if (json) process.stdout.write(`${JSON.stringify(value, cleanValue, 2)}\n`)
    },
    complain: text => void process.stderr.write(`${clean(text)}\n`),
    tell: text => pick(text, language),
  }
}

/** Columns that a text takes: Chinese characters and their punctuation are two wide. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of stripVTControlCharacters(text))
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(
      character,
    )
      ? 2
      : 1
  return width
}

/** A text filled up with spaces to a width in columns. */
export const pad = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - widthOf(text)))
