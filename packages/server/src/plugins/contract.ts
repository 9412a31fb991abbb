import { FormItem, JsonObject, LocalizedText } from '@countersign/api'
import { z } from 'zod'

/** What a package says about its connector. Members we do not know pass through. */
export const Metadata = z.looseObject({
  id: z.string().min(1).max(128),
  target: z.string().min(1),
  name: LocalizedText,
  description: LocalizedText,
  logo: z.string(),
  logoDark: z.string().nullish(),
  readme: z.string(),
  configTemplate: z.string().optional(),
  formItems: z.array(FormItem.loose()).optional(),
  customData: JsonObject.optional(),
  fromEmail: z.string().optional(),
})
export type Metadata = z.output<typeof Metadata>

/** What a package's `sendMessage` is given. */
export interface MessageData {
  to: string
  type: string
  payload: Record<string, unknown>
  ip?: string
}

/** What a creator function makes. */
export interface Created {
  type: 'Sms' | 'Email'
  metadata: Metadata
  /** A schema of the package's own Zod, of which only this much is needed. */
  configGuard: { safeParse(config: unknown): { success: boolean; error?: unknown } }
  sendMessage(data: MessageData, config?: unknown): Promise<unknown>
}

/** A package's default export. */
export type Creator = (options: {
  getConfig(id: string): Promise<unknown>
  /** For e-mail alone: what the operator has written apart from the configuration. */
  getI18nEmailTemplate?(templateType: string, languageTag?: string): Promise<object | undefined>
}) => unknown

/** The codes of the kit's errors. */
const ERROR_CODES = new Set([
  'general',
  'invalid_metadata',
  'unexpected_type',
  'invalid_config_guard',
  'invalid_request_parameters',
  'insufficient_request_parameters',
  'invalid_config',
  'invalid_certificate',
  'invalid_response',
  'template_not_found',
  'template_not_supported',
  'rate_limit_exceeded',
  'usage_limit_exceeded',
  'not_implemented',
  'social_auth_code_invalid',
  'social_invalid_access_token',
  'social_invalid_id_token',
  'authorization_failed',
])

/**
 * Whether an error is the kit's. By its shape: each package may bring a kit of its own, so the class says nothing.
 * Node's errors have a code too, but none of these and no data.
 */
export function isKitError(error: unknown): error is Error & { code: string; data: unknown } {
  return error instanceof Error && 'data' in error && 'code' in error && ERROR_CODES.has(String(error.code))
}

/**
 * Checks what a creator function made.
 *
 * @throws Error whose message says what the package must mend
 */
export function checkCreated(value: unknown): Created {
  const made = (typeof value === 'object' && value !== null ? value : {}) as Partial<Created>
  if ((made.type as string) !== 'Sms' && (made.type as string) !== 'Email')
    throw new Error(`its type is ${JSON.stringify(made.type)}; only "Sms" and "Email" can be used here`)
  if (typeof made.configGuard?.safeParse !== 'function')
    throw new Error('its configGuard is no schema: safeParse is missing')
  if (typeof made.sendMessage !== 'function') throw new Error('sendMessage is missing')
  const metadata = Metadata.safeParse(made.metadata)
  if (!metadata.success) {
    const [issue] = metadata.error.issues
    throw new Error(`its metadata is not right: ${issue!.path.join('.')} ${issue!.message}`)
  }
  return made as Created
}
