import { createAliyunDm } from './aliyun-dm/aliyun-dm.ts'
import { createAliyunSms } from './aliyun-sms/aliyun-sms.ts'
import type { Answer, Cloud, CloudId, World } from './cloud.ts'
import { answerWithFault, type Fault, LostConnection } from './faults.ts'
import { cloudAt, cloudMeant } from './hosts.ts'
import { createInbox, type Inbox } from './inbox/inbox.ts'
import { createJournal, type JournalEntry } from './journal.ts'
import { readRequest } from './request.ts'
import { createSite } from './site/site.ts'
import { createTencentSms } from './tencent-sms/tencent-sms.ts'

/** The switches, for tests in process; the HTTP control API has the same. */
export interface Control {
  state(): ControlState
  /** Sets the fault that requests meet from now on; null lifts it. */
  setFault(fault: Fault | null): void
  /** Switches frequency control on both SMS clouds. */
  setFrequencyControl(on: boolean): void
  /** The last 100 API requests, newest first, with secrets masked. */
  requests(): JournalEntry[]
  /** Empties counters, nonces, journal and inbox, and lifts the fault. Frequency control stays as it is. */
  reset(): void
}

export interface ControlState {
  fault: Fault | null
  frequencyControl: boolean
  messages: number
  requests: number
}

export interface Clouds {
  /** True when the host name (as in a URL) belongs to one of the simulated clouds. */
  serves(hostname: string): boolean
  /**
   * Answers one API request as the cloud at the URL's host would, in process. It rejects only where `fetch` would:
   * when the request's signal aborts, or by a fault that was switched on.
   */
  fetch(request: Request): Promise<Response>
  /**
   * The simulators' own web site: the clouds' APIs at `/`, the inbox page at `/inbox`, the control API at
   * `/control`. A server on node:http may pass its `{ incoming }`, so that lost connections can be real ones.
   */
  site(request: Request, environment?: unknown): Response | Promise<Response>
  inbox: Inbox
  control: Control
}

/** Creates the three clouds with one inbox. Nothing is shared between two calls. `now` is in milliseconds. */
export function createClouds(options: { now?: () => number; frequencyControl?: boolean } = {}): Clouds {
  const now = options.now ?? Date.now
  let frequencyControl = options.frequencyControl ?? true
  let fault: Fault | null = null
  const { inbox, deliver } = createInbox(now)
  const journal = createJournal()
  const world: World = { now, frequencyControl: () => frequencyControl, deliver }
  const clouds: Record<CloudId, Cloud> = {
    'aliyun-sms': createAliyunSms(world),
    'aliyun-dm': createAliyunDm(world),
    'tencent-sms': createTencentSms(world),
  }

  /** The fault this request meets, counted down. */
  function takeFault(cloud: CloudId): Fault | undefined {
    if (!fault || (fault.cloud && fault.cloud !== cloud)) return undefined
    const taken = fault
    if (fault.times !== undefined) fault = fault.times > 1 ? { ...fault, times: fault.times - 1 } : null
    return taken
  }

  async function answer(request: Request): Promise<Response> {
    request.signal.throwIfAborted()
    const read = await readRequest(request)
    const cloud = clouds[cloudAt(read.hostname) ?? cloudMeant(read) ?? 'aliyun-sms']
    const taken = takeFault(cloud.id)
    const about = { at: now(), cloud: cloud.id }
    try {
      const answered = taken ? await answerWithFault(taken, cloud, read, request.signal) : cloud.answer(read)
      const { action, keyId: key, status, code } = answered
      journal.add({ ...about, action, key, status, code })
      return toResponse(answered)
    } catch (error) {
      const wanted = error instanceof LostConnection || request.signal.aborted
      const code = wanted ? `fault: ${taken?.kind}` : 'crash'
      journal.add({ ...about, action: '', key: '', status: 0, code })
      if (wanted) throw error
      // A mistake of this stand-in must look like one of the cloud, not end the caller's process.
      return toResponse(cloud.answerWith(read, 'InternalError'))
    }
  }

  const control: Control = {
    state: () => ({
      fault,
      frequencyControl,
      messages: inbox.messages().length,
      requests: journal.entries().length,
    }),
    setFault(next) {
      fault = next
    },
    setFrequencyControl(on) {
      frequencyControl = on
    },
    requests: journal.entries,
    reset() {
      fault = null
      for (const cloud of Object.values(clouds)) cloud.reset()
      journal.clear()
      inbox.clear()
    },
  }
  const site = createSite({ answer, inbox, control })
  return { serves: hostname => cloudAt(hostname) !== undefined, fetch: answer, site, inbox, control }
}

function toResponse({ status, contentType, body }: Answer): Response {
  return new Response(body, { status, headers: { 'content-type': contentType } })
}
