import { BUDGET_SCOPES, type Budget, type BudgetSettings } from '@countersign/api'
import { readMillionths, writeMillionths } from '@countersign/kit/prices'

/** A budget while it is written: amounts are decimals, empty for none. */
export interface BudgetForm
  extends Pick<BudgetSettings, 'name' | 'channel' | 'period' | 'timeZone' | 'scope' | 'currency' | 'atHard'> {
  subject: string
  soft: string
  hard: string
  keptForKnown: string
  segments: string
  assumedPrice: string
}

const written = (amount: number | null | undefined) => (amount == null ? '' : writeMillionths(amount))

/** What a new budget keeps for known visitors, in percent, unless somebody says otherwise. */
const USUALLY_KEPT = 20

/** So many segments a text message counts for, unless somebody says otherwise. */
const USUAL_SEGMENTS = 2

/** The form for a budget that is there, or for a new one. */
export const toBudgetForm = (budget?: Budget): BudgetForm => ({
  name: budget?.name ?? '',
  channel: budget?.channel ?? 'sms',
  period: budget?.period ?? 'month',
  timeZone: budget?.timeZone ?? 'Asia/Shanghai',
  scope: budget?.scope ?? 'all',
  subject: budget?.subject ?? '',
  currency: budget?.currency ?? 'CNY',
  soft: written(budget?.soft),
  hard: written(budget?.hard),
  keptForKnown: String(budget?.keptForKnown ?? USUALLY_KEPT),
  atHard: budget?.atHard ?? 'stop',
  segments: String(budget?.segments ?? USUAL_SEGMENTS),
  assumedPrice: written(budget?.assumedPrice),
})

/** So many digits an amount may have before its point; a thousand million is the most that the server takes. */
const DIGITS_OF_AMOUNT = 9

/** An amount as it is sent: null for none; NaN for what is no amount, which the server's own rule complains about. */
const amountOf = (typed: string): number | null =>
  typed === '' ? null : (readMillionths(typed, DIGITS_OF_AMOUNT) ?? Number.NaN)

/**
 * Whether the form asks what becomes of messages when the hard amount is reached.
 *
 * @example movesInForm({ channel: 'email', hard: '500' }) // false
 */
export const movesInForm = ({ channel, hard }: Pick<BudgetForm, 'channel' | 'hard'>): boolean =>
  channel === 'sms' && hard !== ''

/** What budgets may be for: e-mails have no country. */
export const scopesOf = (channel: BudgetForm['channel']): readonly BudgetForm['scope'][] =>
  channel === 'sms' ? BUDGET_SCOPES : BUDGET_SCOPES.filter(scope => scope !== 'country')

/** What is sent. */
export function fromBudgetForm({
  soft,
  hard,
  keptForKnown,
  segments,
  assumedPrice,
  ...form
}: BudgetForm): BudgetSettings {
  return {
    ...form,
    subject: form.scope === 'all' ? null : form.subject,
    soft: amountOf(soft),
    hard: amountOf(hard),
    keptForKnown: Number(keptForKnown),
    // What the form does not show is not meant.
    atHard: movesInForm({ ...form, hard }) ? form.atHard : 'stop',
    segments: form.channel === 'sms' ? Number(segments) : USUAL_SEGMENTS,
    assumedPrice: amountOf(assumedPrice),
  }
}

/** What strangers do not get of the hard amount, as the server reckons it. */
export const keptOf = ({ hard, keptForKnown }: Pick<Budget, 'hard' | 'keptForKnown'>): number =>
  Math.ceil(((hard ?? 0) * keptForKnown) / 100)

/** The parts of a bar, in percent of the whole: what is certain, and what may still turn out to be less. */
export function barOf({ soft, hard, current }: Pick<Budget, 'soft' | 'hard' | 'current'>) {
  const whole = Math.max(hard ?? soft ?? 1, 1)
  const part = (amount: number) => Math.min(100, (amount / whole) * 100)
  const final = part(current.used - current.estimated)
  return { final, estimated: part(current.used) - final, isSoft: soft !== null && current.used >= soft }
}
