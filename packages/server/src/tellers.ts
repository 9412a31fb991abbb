import type { Applications } from './applications/applications.ts'
import type { Audit } from './audit/audit.ts'
import { both } from './db/along.ts'
import type { Hooks } from './hooks/hooks.ts'
import {
  type Tell,
  type TellAlong,
  type TellBlock,
  tellHooks,
  tellHooksAlong,
  tellHooksOfBlocks,
} from './interactions/happenings.ts'
import { meteredTell } from './metering.ts'
import type { Meter } from './metrics/metrics.ts'
import type { createTestIdentities } from './test-identities/test-identities.ts'

/** The rooms that are told, or say something of it. */
interface Told {
  applications: Pick<Applications, 'byId'>
  audit: Pick<Audit, 'note'>
  hooks: Pick<Hooks, 'emit' | 'telling'>
  testIdentities: Pick<ReturnType<typeof createTestIdentities>, 'alongRegistration'>
  meter: Meter | undefined
}

/**
 * Who is told of what happens in interactions: webhooks, the audit log, the browser, the test identities, and the meter.
 *
 * @example const { tell, tellAlong, tellBlock } = createTellers({ applications, audit, hooks, testIdentities, meter })
 */
export function createTellers({ applications, audit, hooks, testIdentities, meter }: Told) {
  const tellHook = meteredTell(tellHooks(hooks.emit, applications.byId), meter)
  const tellHookAlong = tellHooksAlong(hooks.telling, applications.byId)
  const tellHookOfBlock = tellHooksOfBlocks(hooks.telling, applications.byId)
  const tellAlong: TellAlong = async (change, step, more) => {
    const told = await tellHookAlong(change, step, more)
    return change === 'user-created' ? both(told, testIdentities.alongRegistration()) : told
  }
  const tellBlock: TellBlock = (identifier, by, step) => {
    audit.note({ blockedBy: by })
    return tellHookOfBlock(identifier, by, step)
  }
  const tell: Tell = async (happening, step) => {
    if (happening.type === 'identifier-blocked') audit.note({ blockedBy: happening.by })
    if (happening.type === 'finished' && step.event !== 'ForgotPassword')
      step.visitor.browser?.remember(happening.user.id)
    return tellHook(happening, step)
  }
  return { tell, tellAlong, tellBlock }
}
