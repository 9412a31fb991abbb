import type { FailureTable, Link, Localized } from './failures.ts'
import type { Feedback } from './feedback.ts'
import type { Destination } from './phone.ts'
import type { PriceList } from './prices.ts'
import type { Receipts } from './receipts.ts'
import type { SendWorld } from './send-world.ts'
import type { SettingsTable, Values } from './settings.ts'
import type { UsageType } from './template.ts'
import type { ProviderWindows } from './windows.ts'

/** One message to one recipient. */
export interface Message {
  /** An e-mail address, or a phone number as digits, country code first, no `+`. */
  to: string
  /**
   * True when it is certain that the phone number begins with its country code, as of every number that the server
   * gives. `13055552671` is then American, and never taken for eleven digits of a mainland Chinese number.
   */
  hasCountryCode?: boolean
  usageType: UsageType
  /**
   * What templates may use; `code` is the one-time code and `minutes` how long it is good. Context such as `locale`
   * is for choosing, never for sending on.
   */
  payload: { code?: string; minutes?: number; link?: string; locale?: string; [name: string]: unknown }
  /** The operator's language for readers in whose own there is no template; like `locale`, for choosing alone. */
  fallbackLocale?: string
  /** Our own id of this try; handed to the provider where it takes a correlation id. */
  attemptId: string
  /** The address that asked for the message; for packages that limit by it, ours do not need it. */
  ip?: string
}

/** What the provider said when it accepted: its ids, by its own names (`BizId`, `SerialNo`, `EnvId`, `RequestId`). */
export interface Sent {
  ids: Record<string, string>
  /** How many messages the provider counts, and charges, for it; left out where it does not say. */
  segments?: number
}

/** What a linter needs to know of the installation. */
export interface LintContext {
  /** How many characters a code has. */
  codeLength: number
  /** Whether messages may go to numbers outside mainland China; undefined when that is not known. */
  allowOverseas?: boolean
  /** The language of readers for whom there is none of their own; left out when it is not known. */
  fallbackLanguage?: string
}

/** How many digits a one-time code may have. */
export interface CodeLengths {
  least: number
  most: number
}

/** Something in a configuration that the provider will refuse later, or that will surprise the operator. */
export interface Finding {
  /** The member it is about, e.g. `['templates', 0, 'templateCode']`. */
  path: (string | number)[]
  /** `error`: messages will fail. `warning`: they may. */
  severity: 'warning' | 'error'
  code: string
  message: Localized
  remedy: Localized
  /** The pages that the remedy names. */
  links?: Link[]
}

/** What the provider said about one thing that a connection needs. */
export interface CheckItem {
  /** `keys`, `permission`, `account`, `sender`, `signature` (with `:` and its name), `template:` and its code. */
  subject: string
  state: 'approved' | 'in_review' | 'rejected' | 'missing' | 'unknown'
  /** Why, in the provider's own words where it has some. */
  reason?: Localized
  remedy?: Localized
  /** The pages that the remedy names. */
  links?: Link[]
}

export interface Connector<T extends SettingsTable = SettingsTable> {
  /** `aliyun-sms`, … : folder name, CLI name and Logto's `target`. */
  id: string
  channel: 'sms' | 'email'
  name: Localized
  description: Localized
  settings: T
  failures: FailureTable
  /** The provider's pages that a remedy names in its English words: they stand beside it as links. */
  pagesIn?(remedy: Localized): Link[]
  /** Which codes the provider's templates carry; left out where any number of digits fits. */
  codeLength?: CodeLengths
  /** Makes exactly one request. Resolves only on the provider's own success mark, else throws `SendError`. */
  send(message: Message, settings: Values<T>, world: SendWorld): Promise<Sent>
  /**
   * Where messages can go with a configuration: to these destinations and no other. Left out where a connector cannot
   * tell, which counts as everywhere.
   */
  destinations?(settings: Values<T>): readonly Destination[]
  /** Looks at a configuration without asking anybody. It may be half filled in: any member may be missing or odd. */
  lint?(settings: Readonly<Record<string, unknown>>, context: LintContext): Finding[]
  /** Asks the provider, without sending anything, whether what the configuration names is in order. Never throws. */
  check?(settings: Values<T>, world: SendWorld): Promise<CheckItem[]>
  /**
   * What messages cost by what the provider publishes; left out where nobody knows. The configuration may be half filled
   * in: any member may be missing or odd.
   */
  prices?(settings: Readonly<Record<string, unknown>>): PriceList
  /** How many messages the provider takes for one number; left out where it takes any, or nobody knows. */
  windows?: ProviderWindows
  /** What the provider tells of messages afterwards; left out where it tells nothing. */
  receipts?: Receipts<NoInfer<T>>
  /** How the provider is told whether codes were used; left out where it cannot be told. */
  feedback?: Feedback<T>
}

/**
 * Declares a connector; the types of `send` follow from the settings table.
 *
 * @example
 * export const acmeSms = defineConnector({
 *   id: 'acme-sms',
 *   channel: 'sms',
 *   name: { en: 'Acme SMS', 'zh-CN': 'Acme 短信' },
 *   description: { en: 'Text messages over Acme.', 'zh-CN': '通过 Acme 发送短信。' },
 *   settings: { apiKey: secret({ label: { en: 'API key', 'zh-CN': 'API 密钥' } }) },
 *   failures,
 *   async send({ to, payload }, { apiKey }, { fetch }) { … },
 * })
 */
export function defineConnector<const T extends SettingsTable>(connector: Connector<T>): Connector<T> {
  return connector
}
