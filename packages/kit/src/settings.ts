import { z } from 'zod'
import type { Localized } from './failures.ts'
import { isObject } from './json.ts'
import type { Suggestion } from './suggestions.ts'

/** What a form needs to draw one field; plain data, safe to send to a browser. */
export interface FieldInfo {
  /** `number` and `json` (any JSON value, typed as text) come only from packages of Logto's contract so far. */
  kind: 'text' | 'secret' | 'choice' | 'switch' | 'multiline' | 'templates' | 'regional' | 'number' | 'json'
  label: Localized
  help?: Localized
  placeholder?: string
  required: boolean
  default?: unknown
  /** For `choice`. */
  options?: { value: string; label: Localized }[]
  /** For `text`: what is offered. */
  suggestions?: Suggestion[]
  /** For `text`, `secret` and `multiline`: the most characters. */
  maxLength?: number
  /** For `templates`: the fields of one row beside its usage type. */
  row?: Record<string, FieldInfo>
  /** Only few need it: forms keep it folded away. */
  advanced?: boolean
}

/** A field of a settings table: what the form draws and what `send` gets. */
export interface Field<T> extends FieldInfo {
  schema: z.ZodType<T>
}

// biome-ignore lint/suspicious/noExplicitAny: a table holds fields of any type; `Values` recovers each one.
export type SettingsTable = Readonly<Record<string, Field<any>>>

/** The type that `send` receives for a settings table. */
export type Values<T extends SettingsTable> = { [K in keyof T]: T[K] extends Field<infer V> ? V : never }

export interface TextOptions {
  label: Localized
  help?: Localized
  placeholder?: string
  advanced?: boolean
  maxLength?: number
  /** Values to offer; any other may be typed. */
  suggestions?: Suggestion[]
  /** What a value must look like, with the sentence shown when it does not. */
  pattern?: { test: RegExp; message: string }
}

/**
 * Turns a whole number into the text that it stands for: an id of digits alone is often written without quotes. A number
 * so large that JSON loses digits of it stays as it is, since nobody knows the text.
 *
 * @example numberAsText(1400006666) // '1400006666'
 */
export const numberAsText = (value: unknown): unknown => (Number.isSafeInteger(value) ? String(value) : value)

/**
 * Makes the schema of one text, as every textual field has it.
 *
 * @example textSchema({ label, maxLength: 12 }).parse(' Acme ') // 'Acme'
 */
export function textSchema({ maxLength = 1024, pattern }: TextOptions): z.ZodType<string> {
  let schema = z
    .string({
      error: issue =>
        issue.input === undefined ? 'is required' : 'must be text; put it between double quotes',
    })
    .trim()
    .min(1, 'must not be empty')
    .max(maxLength, `must be at most ${maxLength} characters`)
    // A lone surrogate has no UTF-8: no provider can be told such a text.
    .refine(value => value.isWellFormed(), 'holds half of a character; type it again')
  if (pattern) schema = schema.regex(pattern.test, pattern.message)
  return z.preprocess(numberAsText, schema)
}

/**
 * Describes a textual field to a form.
 *
 * @example textInfo('secret', true, { label }).required // true
 */
export const textInfo = (kind: FieldInfo['kind'], required: boolean, options: TextOptions): FieldInfo => ({
  kind,
  required,
  label: options.label,
  ...(options.help && { help: options.help }),
  ...(options.placeholder && { placeholder: options.placeholder }),
  ...(options.maxLength && { maxLength: options.maxLength }),
  ...(options.suggestions && { suggestions: options.suggestions }),
  ...(options.advanced && { advanced: true }),
})

/**
 * Takes an empty text for nothing, as forms write one where there is nothing.
 *
 * @example absentWhenEmpty('') // undefined
 */
export const absentWhenEmpty = (value: unknown) => (value === '' || value === null ? undefined : value)

/**
 * Declares a required line of text.
 *
 * @example text({ label, maxLength: 12 }).kind // 'text'
 */
export const text = (options: TextOptions): Field<string> => ({
  ...textInfo('text', true, options),
  schema: textSchema(options),
})

/**
 * Declares a line of text that may be left out.
 *
 * @example optionalText({ label }).required // false
 */
export const optionalText = (options: TextOptions): Field<string | undefined> => ({
  ...textInfo('text', false, options),
  schema: z.preprocess(absentWhenEmpty, textSchema(options).optional()),
})

/**
 * Declares a required key or password: the form masks it, and logs strike it out.
 *
 * @example secret({ label }).kind // 'secret'
 */
export const secret = (options: TextOptions): Field<string> => ({
  ...textInfo('secret', true, options),
  schema: textSchema(options),
})

/**
 * Declares a key, a token or an address with a password in it that may be left out; it is masked and struck out, too.
 *
 * @example optionalSecret({ label }).required // false
 */
export const optionalSecret = (options: TextOptions): Field<string | undefined> => ({
  ...textInfo('secret', false, options),
  schema: z.preprocess(absentWhenEmpty, textSchema(options).optional()),
})

/**
 * Declares several lines of text, required; for the rows of `templates`.
 *
 * @example multiline({ label }).kind // 'multiline'
 */
export const multiline = (options: TextOptions): Field<string> => ({
  ...textInfo('multiline', true, options),
  schema: textSchema({ maxLength: 100_000, ...options }),
})

/**
 * Declares several lines of text that may be left out.
 *
 * @example optionalMultiline({ label }).required // false
 */
export const optionalMultiline = (options: TextOptions): Field<string | undefined> => ({
  ...textInfo('multiline', false, options),
  schema: z.preprocess(absentWhenEmpty, textSchema({ maxLength: 100_000, ...options }).optional()),
})

/**
 * Declares a choice from a list; left out, it is the `fallback`.
 *
 * @example choice({ label, options: [{ value: 'v1', label }, { value: 'v3', label }], fallback: 'v3' }).default // 'v3'
 */
export const choice = <V extends string>(options: {
  label: Localized
  help?: Localized
  advanced?: boolean
  options: readonly { value: V; label: Localized }[]
  fallback: NoInfer<V>
}): Field<V> => ({
  kind: 'choice',
  required: false,
  label: options.label,
  ...(options.help && { help: options.help }),
  options: [...options.options],
  default: options.fallback,
  ...(options.advanced && { advanced: true }),
  schema: z.preprocess(
    absentWhenEmpty,
    z.enum(options.options.map(option => option.value) as [V, ...V[]]).default(options.fallback as never),
  ) as unknown as z.ZodType<V>,
})

/**
 * Declares a yes or no; left out, it is the `fallback`.
 *
 * @example toggle({ label, fallback: true }).default // true
 */
export const toggle = (options: {
  label: Localized
  help?: Localized
  advanced?: boolean
  fallback: boolean
}): Field<boolean> => ({
  kind: 'switch',
  required: false,
  label: options.label,
  ...(options.help && { help: options.help }),
  default: options.fallback,
  ...(options.advanced && { advanced: true }),
  schema: z.preprocess(
    absentWhenEmpty,
    z.boolean().default(options.fallback),
  ) as unknown as z.ZodType<boolean>,
})

const TEXTUAL: readonly FieldInfo['kind'][] = ['text', 'secret', 'multiline', 'regional']

/**
 * Puts texts into a configuration where numbers stand for texts; a member that is missing or odd stays so.
 *
 * @example numbersAsTexts({ appId: text({ label }) }, { appId: 1400 }).appId // '1400'
 */
export function numbersAsTexts<T extends Readonly<Record<string, unknown>>>(
  fields: Readonly<Record<string, FieldInfo>>,
  values: T,
): T {
  const read = (key: string, value: unknown): unknown => {
    const field = fields[key]
    if (field?.row && Array.isArray(value))
      return value.map(row => (isObject(row) ? numbersAsTexts(field.row!, row) : row))
    if (!field || !TEXTUAL.includes(field.kind)) return value
    if (field.kind !== 'regional' || !isObject(value)) return numberAsText(value)
    return Object.fromEntries(Object.entries(value).map(([part, each]) => [part, numberAsText(each)]))
  }
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, read(key, value)])) as T
}

/**
 * Makes the Zod schema of a whole table; members that the table does not name pass through untouched.
 *
 * @example settingsSchema({ signName: text({ label }) }).parse({ signName: 'Acme' }).signName // 'Acme'
 */
export function settingsSchema<T extends SettingsTable>(table: T): z.ZodType<Values<T>> {
  return z.looseObject(
    Object.fromEntries(Object.entries(table).map(([key, field]) => [key, field.schema])),
  ) as unknown as z.ZodType<Values<T>>
}

/**
 * Gives a field without its schema.
 *
 * @example describeField(text({ label })).kind // 'text'
 */
export function describeField({ schema: _, ...rest }: Field<unknown>): FieldInfo {
  return rest
}

/**
 * Gives a table without its schemas, in order, as a form draws it.
 *
 * @example describeSettings({ signName: text({ label }) })[0].key // 'signName'
 */
export function describeSettings(table: SettingsTable): ({ key: string } & FieldInfo)[] {
  return Object.entries(table).map(([key, field]) => ({ key, ...describeField(field) }))
}

/**
 * Names the fields that hold secrets.
 *
 * @example secretKeys({ apiKey: secret({ label }), name: text({ label }) }) // ['apiKey']
 */
export function secretKeys(table: SettingsTable): string[] {
  return Object.entries(table).flatMap(([key, field]) => (field.kind === 'secret' ? [key] : []))
}
