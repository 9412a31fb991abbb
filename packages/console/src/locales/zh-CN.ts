import type { Texts } from './en.ts'
import { applications } from './zh-CN/applications.ts'
import { backChannel } from './zh-CN/back-channel.ts'
import { budgets } from './zh-CN/budgets.ts'
import { captcha } from './zh-CN/captcha.ts'
import { connectors } from './zh-CN/connectors.ts'
import { costs } from './zh-CN/costs.ts'
import { countries } from './zh-CN/countries.ts'
import { deliveries } from './zh-CN/deliveries.ts'
import { experience } from './zh-CN/experience.ts'
import { form } from './zh-CN/form.ts'
import { frame } from './zh-CN/frame.ts'
import { fraud } from './zh-CN/fraud.ts'
import { health } from './zh-CN/health.ts'
import { keys } from './zh-CN/keys.ts'
import { logs } from './zh-CN/logs.ts'
import { moves } from './zh-CN/moves.ts'
import { operators } from './zh-CN/operators.ts'
import { protection } from './zh-CN/protection.ts'
import { receipts } from './zh-CN/receipts.ts'
import { robots } from './zh-CN/robots.ts'
import { sentences } from './zh-CN/sentences.ts'
import { start } from './zh-CN/start.ts'
import { testIdentities } from './zh-CN/test-identities.ts'
import { users } from './zh-CN/users.ts'
import { webhooks } from './zh-CN/webhooks.ts'

/** Every sentence of the console in Simplified Chinese. */
export const zhCN: Texts = {
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
