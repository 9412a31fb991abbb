import { applications } from './en/applications.ts'
import { backChannel } from './en/back-channel.ts'
import { budgets } from './en/budgets.ts'
import { captcha } from './en/captcha.ts'
import { connectors } from './en/connectors.ts'
import { costs } from './en/costs.ts'
import { countries } from './en/countries.ts'
import { deliveries } from './en/deliveries.ts'
import { experience } from './en/experience.ts'
import { form } from './en/form.ts'
import { frame } from './en/frame.ts'
import { fraud } from './en/fraud.ts'
import { health } from './en/health.ts'
import { keys } from './en/keys.ts'
import { logs } from './en/logs.ts'
import { moves } from './en/moves.ts'
import { operators } from './en/operators.ts'
import { protection } from './en/protection.ts'
import { receipts } from './en/receipts.ts'
import { robots } from './en/robots.ts'
import { sentences } from './en/sentences.ts'
import { start } from './en/start.ts'
import { testIdentities } from './en/test-identities.ts'
import { users } from './en/users.ts'
import { webhooks } from './en/webhooks.ts'
import type { Translation } from './translation.ts'

/** Every sentence of the console, by area. The other languages have the type of this one, so none can miss a key. */
export const en = {
  ...frame,
  ...form,
  ...start,
  ...connectors,
  ...health,
  ...moves,
  ...experience,
  ...sentences,
  ...applications,
  ...backChannel,
  ...users,
  ...deliveries,
  ...costs,
  ...receipts,
  ...protection,
  ...countries,
  ...budgets,
  ...fraud,
  ...captcha,
  ...logs,
  ...webhooks,
  ...robots,
  ...keys,
  ...operators,
  ...testIdentities,
}

/** What a language must bring. */
export type Texts = Translation<typeof en>
