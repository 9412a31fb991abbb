import { z } from 'zod'
import type { Localized } from './failures.ts'
import { REQUIRED_USAGE_TYPES, USAGE_TYPES } from './template.ts'

/** What a form needs to draw one field; plain data, safe to send to a browser. */
export interface FieldInfo {
  kind: 'text' | 'secret' | 'choice' | 'switch' | 'multiline' | 'templates'
  label: Localized
  help?: Localized
  placeholder?: string
  required: boolean
  default?: unknown
  /** For `choice`. */
  options?: { value: string; label: Localized }[]
  /** For `text`, `secret` and `multiline`: the most characters. */
  maxLength?: number
  /** For `templates`: the fields of one row beside its usage type. */
  row?: Record<string, FieldInfo>
}

/** A field of a settings table: what the form draws and what `send` gets. */
export interface Field<T> extends FieldInfo {
  schema: z.ZodType<T>
}

// biome-ignore lint/suspicious/noExplicitAny: a table holds fields of any type; `Values` recovers each one.
export type SettingsTable = Readonly<Record<string, Field<any>>>

/** The type that `send` receives for a settings table. */
export type Values<T extends SettingsTable> = { [K in keyof T]: T[K] extends Field<infer V> ? V : never }

interface TextOptions {
  label: Localized
  help?: Localized
  placeholder?: string
  maxLength?: number
  /** What a value must look like, with the sentence shown when it does not. */
  pattern?: { test: RegExp; message: string }
}

function textSchema({ maxLength = 1024, pattern }: TextOptions): z.ZodType<string> {
  let schema = z
    .string({ error: issue => (issue.input === undefined ? 'is required' : 'must be text') })
    .trim()
    .min(1, 'must not be empty')
    .max(maxLength, `must be at most ${maxLength} characters`)
    // A lone surrogate has no UTF-8: no provider can be told such a text.
    .refine(value => value.isWellFormed(), 'holds half of a character; type it again')
  if (pattern) schema = schema.regex(pattern.test, pattern.message)
  return schema
}

const info = (kind: FieldInfo['kind'], required: boolean, options: TextOptions): FieldInfo => ({
  kind,
  required,
  label: options.label,
  ...(options.help && { help: options.help }),
  ...(options.placeholder && { placeholder: options.placeholder }),
  ...(options.maxLength && { maxLength: options.maxLength }),
})

const absentWhenEmpty = (value: unknown) => (value === '' || value === null ? undefined : value)

/** A required line of text. */
export const text = (options: TextOptions): Field<string> => ({
  ...info('text', true, options),
  schema: textSchema(options),
})

/** A line of text that may be left out. */
export const optionalText = (options: TextOptions): Field<string | undefined> => ({
  ...info('text', false, options),
  schema: z.preprocess(absentWhenEmpty, textSchema(options).optional()),
})

/** A required key or password: masked in the form, struck from logs. */
export const secret = (options: TextOptions): Field<string> => ({
  ...info('secret', true, options),
  schema: textSchema(options),
})

/** Several lines of text, required; for the rows of `templates`. */
export const multiline = (options: TextOptions): Field<string> => ({
  ...info('multiline', true, options),
  schema: textSchema({ maxLength: 100_000, ...options }),
})

/** One of a list; `fallback` when left out. */
export const choice = <V extends string>(options: {
  label: Localized
  help?: Localized
  options: readonly { value: V; label: Localized }[]
  fallback: NoInfer<V>
}): Field<V> => ({
  kind: 'choice',
  required: false,
  label: options.label,
  ...(options.help && { help: options.help }),
  options: [...options.options],
  default: options.fallback,
  schema: z.preprocess(
    absentWhenEmpty,
    z.enum(options.options.map(option => option.value) as [V, ...V[]]).default(options.fallback as never),
  ) as unknown as z.ZodType<V>,
})

/** Yes or no; `fallback` when left out. */
export const toggle = (options: {
  label: Localized
  help?: Localized
  fallback: boolean
}): Field<boolean> => ({
  kind: 'switch',
  required: false,
  label: options.label,
  ...(options.help && { help: options.help }),
  default: options.fallback,
  schema: z.preprocess(
    absentWhenEmpty,
    z.boolean().default(options.fallback),
  ) as unknown as z.ZodType<boolean>,
})

/** A row of `templates`. */
export type TemplateRow<R extends SettingsTable> = { usageType: string } & Values<R>

/**
 * One row per template, each with its usage type. Refused when `Register`, `SignIn`, `ForgotPassword` or
 * `Generic` is missing (the message names which), or when a usage type stands twice.
 */
export const templates = <R extends SettingsTable>(options: {
  label: Localized
  help?: Localized
  row: R
}): Field<TemplateRow<R>[]> => {
  const shape = Object.fromEntries(Object.entries(options.row).map(([key, field]) => [key, field.schema]))
  const without = (missing: readonly string[]) =>
    `has no template for ${missing.join(', ')}; add one row for each`
  const rows = z
    .array(z.looseObject({ usageType: z.enum(USAGE_TYPES), ...shape }), {
      // An empty list may have been left out on the way; what is missing is the same.
      error: ({ input }) =>
        input === undefined || input === null ? without(REQUIRED_USAGE_TYPES) : undefined,
    })
    .superRefine((list, context) => {
      const present = list.map(row => row.usageType)
      const missing = REQUIRED_USAGE_TYPES.filter(type => !present.includes(type))
      if (missing.length > 0) context.addIssue({ code: 'custom', message: without(missing) })
      for (const [index, type] of present.entries())
        if (present.indexOf(type) !== index)
          context.addIssue({
            code: 'custom',
            path: [index, 'usageType'],
            message: `${type} stands twice; keep one`,
          })
    })
  return {
    kind: 'templates',
    required: true,
    label: options.label,
    ...(options.help && { help: options.help }),
    row: Object.fromEntries(Object.entries(options.row).map(([key, field]) => [key, describeField(field)])),
    schema: rows as unknown as z.ZodType<TemplateRow<R>[]>,
  }
}

/** The Zod schema of a whole table; members the table does not name pass through untouched. */
export function settingsSchema<T extends SettingsTable>(table: T): z.ZodType<Values<T>> {
  return z.looseObject(
    Object.fromEntries(Object.entries(table).map(([key, field]) => [key, field.schema])),
  ) as unknown as z.ZodType<Values<T>>
}

function describeField({ schema: _, ...rest }: Field<unknown>): FieldInfo {
  return rest
}

/** The table without its schemas, in order: what a form draws. */
export function describeSettings(table: SettingsTable): ({ key: string } & FieldInfo)[] {
  return Object.entries(table).map(([key, field]) => ({ key, ...describeField(field) }))
}

/** The names of the fields that hold secrets. */
export function secretKeys(table: SettingsTable): string[] {
  return Object.entries(table).flatMap(([key, field]) => (field.kind === 'secret' ? [key] : []))
}
