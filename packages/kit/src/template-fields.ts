import { z } from 'zod'
import type { Localized } from './failures.ts'
import { isObject } from './json.ts'
import { DESTINATIONS, type Destination } from './phone.ts'
import {
  absentWhenEmpty,
  describeField,
  type Field,
  type SettingsTable,
  type TextOptions,
  textInfo,
  textSchema,
  type Values,
} from './settings.ts'
import { REQUIRED_USAGE_TYPES, USAGE_TYPES } from './template.ts'

/** A row of `templates`. */
export type TemplateRow<R extends SettingsTable> = { usageType: string } & Values<R>

/**
 * Declares a table of templates, one row each, with its usage type. A table is refused when `Register`, `SignIn`,
 * `ForgotPassword` or `Generic` is missing (the message names which), or when a usage type stands twice: where rows have
 * a `locale`, twice for the same one.
 *
 * @example templates({ label, row: { templateCode: text({ label }) } }).row?.templateCode?.kind // 'text'
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
      const places = list.map(row => placeOf(row, 'locale' in options.row))
      for (const [index, place] of places.entries())
        if (places.indexOf(place) !== index)
          context.addIssue({
            code: 'custom',
            path: [index, 'usageType'],
            message: `${place} stands twice; keep one`,
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

/** What only one row may stand for. */
function placeOf(
  { usageType, locale }: { usageType: string; [member: string]: unknown },
  localized: boolean,
) {
  return localized && typeof locale === 'string' ? `${usageType} (${locale.toLowerCase()})` : usageType
}

/** A value for mainland China and one for the rest of the world; at least one of them is there. */
export interface ByRegion {
  china?: string | undefined
  overseas?: string | undefined
}

/**
 * Declares one text for every destination, or one for mainland China and one for abroad, of which one may be missing.
 *
 * @example regional({ label }).schema.parse({ china: 'SMS_1' }) // { china: 'SMS_1' }
 */
export const regional = (options: TextOptions): Field<string | ByRegion> => {
  const one = textSchema(options)
  const part = z.preprocess(absentWhenEmpty, one.optional())
  const both = z
    .looseObject({ china: part, overseas: part })
    .refine(({ china, overseas }) => china !== undefined || overseas !== undefined, 'must not be empty')
  return {
    ...textInfo('regional', true, options),
    // Which of the two shapes is meant shows at once; the issues of a union would name neither.
    schema: z.unknown().transform((value, context) => {
      const isPair = isObject(value)
      const shape: z.ZodType = isPair ? both : one
      const result = shape.safeParse(value)
      if (result.success) return result.data as string | ByRegion
      for (const { path, message } of result.error.issues)
        context.addIssue({ code: 'custom', path: [...path], message })
      return z.NEVER
    }) as unknown as z.ZodType<string | ByRegion>,
  }
}

/**
 * Picks the value of a regional field for a destination; undefined when there is none for it.
 *
 * @param plain the destinations of one text that names none: both, unless the provider's texts serve one alone
 * @example forDestination({ china: 'SMS_1', overseas: 'SMS_2' }, 'overseas') // 'SMS_2'
 */
export function forDestination(
  value: string | ByRegion,
  destination: Destination,
  plain: readonly Destination[] = DESTINATIONS,
): string | undefined {
  if (typeof value !== 'string') return value[destination]
  return plain.includes(destination) ? value : undefined
}
