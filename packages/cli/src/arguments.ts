import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { didYouMean } from '@countersign/kit'
import type { Command, Given, Option } from './commands/command.ts'
import { usageError } from './exit-codes.ts'

/** Options that every command has. */
export const COMMON: Readonly<Record<string, Option>> = {
  json: { type: 'boolean', help: 'Print one JSON value on standard output and nothing else' },
  lang: { type: 'string', value: '<tag>', help: 'Language of meanings and remedies: en or zh-CN [LANG]' },
  'no-color': { type: 'boolean', help: 'No colours; NO_COLOR and FORCE_COLOR are respected, too' },
  help: { type: 'boolean', help: 'Print this help' },
}

/** A command's own options and the common ones. */
export function optionsOf(command: Command): Record<string, Option> {
  const { json, ...rest } = COMMON
  return { ...command.options, ...(command.json !== false && { json }), ...rest } as Record<string, Option>
}

/** Reads a command's arguments strictly. A refusal names options, never their values: one may be a secret. */
export function readArguments(
  name: string,
  command: Command,
  args: string[],
): { given: Given; positionals: string[] } {
  const options = optionsOf(command)
  const most = command.positionals ?? 0
  const config: ParseArgsOptionsConfig = Object.fromEntries(
    Object.entries(options).map(([key, { type }]) => [key, { type, ...(key === 'help' && { short: 'h' }) }]),
  )
  const parsed = parse(name, args, config)
  if (parsed.positionals.length > most)
    throw usageError(
      most === 0
        ? `${name} takes options only; found something that is none.`
        : `${name} takes at most ${most} argument${most === 1 ? '' : 's'} beside its options.`,
    )
  if (parsed.values.help) return { given: parsed.values as Given, positionals: parsed.positionals }
  const missing = Object.entries(options).filter(([key, { required }]) => required && !parsed.values[key])
  if (missing.length > 0)
    throw usageError(`${name} needs ${missing.map(([key, { value }]) => `--${key} ${value}`).join(', ')}.`)
  return { given: parsed.values as Given, positionals: parsed.positionals }
}

function parse(name: string, args: string[], options: ParseArgsOptionsConfig) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: true })
  } catch (error) {
    const { code, message } = error as Error & { code?: string }
    const option = /'(--?[^\s'=]+)/.exec(message)?.[1] ?? ''
    const names = Object.keys(options).map(key => `--${key}`)
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
      throw usageError(`${name} has no option ${option}.${didYouMean(option, names)}`)
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE')
      throw usageError(
        options[option.slice(2)]?.type === 'boolean'
          ? `${option} takes no value.`
          : `${option} needs a value; write ${option}=… when it begins with a dash.`,
      )
    throw error
  }
}

/** A whole number within bounds, or the fallback where none was given. */
export function wholeNumber(
  given: Given,
  option: string,
  { least, most, fallback }: { least: number; most: number; fallback: number },
): number {
  const text = given[option]
  if (text === undefined) return fallback
  const value = typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= least && value <= most))
    throw usageError(`--${option} must be a whole number from ${least} to ${most}.`)
  return value
}
