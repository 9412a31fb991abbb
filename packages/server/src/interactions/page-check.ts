import type { InteractionEvent } from '@countersign/api'
import type { Check, Notice, OtherWay } from '@countersign/sign-in'
import { humanityOf } from './flow.ts'
import type { OpenInteraction } from './open-interaction.ts'
import type { PageRequest } from './page-request.ts'
import { mustBeHuman } from './requirements.ts'
import type { Steps } from './steps.ts'

const REQUIRED = 'session.captcha_required'
const FAILED = 'session.captcha_failed'

/**
 * The check for people where a page must show it, with the notice beside it. It goes on by itself where it is what the last
 * form was refused for, and says so itself; where it failed the visitor sees that, and decides.
 *
 * @param otherWays those that the page has and that ask for no check, while not everybody has to pass it
 * @example return { page: 'code', …, ...(await checked(request, ['password'])) }
 */
export async function checked(
  { challenge, interaction, settings, uid }: PageRequest,
  otherWays: readonly OtherWay[],
): Promise<{ check?: Check; notice?: Notice }> {
  const { notice } = interaction.page
  const said = notice && { notice }
  const isDemanded = notice?.code === REQUIRED
  const isForAll = mustBeHuman(settings, interaction.state)
  // Who looks at a page without an interaction has nobody to be.
  if (uid === '' || humanityOf(interaction.state) === 'passed') return said ?? {}
  if (!isDemanded && !isForAll && notice?.code !== FAILED) return said ?? {}
  const check = { challenge: await challenge(), auto: isDemanded, otherWays: isForAll ? [] : otherWays }
  return { check, ...(!isDemanded && said) }
}

/** The event that a page belongs to, by its path. */
function eventAt(path: string): InteractionEvent {
  if (path.startsWith('/register')) return 'Register'
  return path.startsWith('/reset-password') ? 'ForgotPassword' : 'SignIn'
}

/**
 * Takes what a form brought from the check, where the visitor has not passed it. The first form of all comes before anything has
 * begun.
 *
 * @example await takeCheck(steps, { interaction, visitor }, { token: fields.captcha, page: '/sign-in' })
 *
 * @throws ApiError `session.captcha_failed`
 */
export async function takeCheck(
  steps: Pick<Steps, 'start' | 'passCaptcha'>,
  { interaction, visitor }: Pick<PageRequest, 'visitor'> & { interaction: OpenInteraction },
  { token, page }: { token: string | undefined; page: string },
): Promise<void> {
  if (!token || humanityOf(interaction.state) === 'passed') return
  if (!interaction.state) await steps.start(interaction, eventAt(page))
  await steps.passCaptcha(interaction, token, visitor)
}
