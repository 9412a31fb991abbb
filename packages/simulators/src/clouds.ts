import { createAliyunDm } from './aliyun-dm/aliyun-dm.ts'
import { ACCESS_KEYS } from './aliyun-gateway/access-keys.ts'
import { createAliyunPnvs } from './aliyun-pnvs/aliyun-pnvs.ts'
import { createAliyunSms } from './aliyun-sms/aliyun-sms.ts'
import { createBalances } from './balances.ts'
import { createCaptchas, judgesCaptchas } from './captchas/captchas.ts'
import type { Answer, Cloud, World } from './cloud.ts'
import type { CloudId } from './cloud-ids.ts'
import { type Control, createControl } from './control.ts'
import { certificateAnswer, keepsCertificates } from './event-bridge/event-bridge.ts'
import { answerWithFault, type Fault, LostConnection } from './faults.ts'
import { cloudAt, cloudMeant } from './hosts.ts'
import { createInbox, type Inbox } from './inbox/inbox.ts'
import { createJournal } from './journal.ts'
import type { Callback } from './receipts/pushes.ts'
import { createReceipts } from './receipts/receipts.ts'
import { readRequest } from './request.ts'
import { createRobots, hasRobots, type Robots } from './robots/robots.ts'
import { createSite } from './site/site.ts'
import { SECRET_KEYS } from './tencent-sms/accounts.ts'
import { createTencentSms } from './tencent-sms/tencent-sms.ts'

export interface Clouds {
  /** True for the host names (as in a URL) of the simulated clouds, of EventBridge's certificates, of robots and of checks for people. */
  serves(hostname: string): boolean
  /**
   * Answers one API request as the cloud at the URL's host would, in process. It rejects only where `fetch` would:
   * when the request's signal aborts, or by a fault that was switched on.
   */
  fetch(request: Request): Promise<Response>
  /** Answers as this one cloud, by whatever name the request came. */
  only(cloud: CloudId): (request: Request) => Promise<Response>
  /**
   * The simulators' own web site: the clouds' APIs at `/`, the inbox page at `/inbox`, the control API at
   * `/control`, and what robots wrote at `/robots`. A server on node:http may pass its `{ incoming }`, so that lost connections can be real ones.
   */
  site(request: Request, environment?: unknown): Response | Promise<Response>
  inbox: Inbox
  control: Control
  /** Chat services' robots. */
  robots: Pick<Robots, 'messages'>
}

/** What the clouds are made with. */
export interface CloudsOptions {
  /** The clock, in milliseconds since 1970; the real one when absent. */
  now?: () => number
  frequencyControl?: boolean
  /** Sends the pushes of receipts, only ever to addresses of this machine; `fetch` when absent. */
  push?: (request: Request) => Promise<Response>
  /** Where a cloud pushes receipts to as long as the control API has set no callback; asked whenever some come due. */
  callback?: (cloud: CloudId) => Promise<Callback | undefined>
}

/** True for the host names (as in a URL) of the simulated clouds, of EventBridge's certificates, of robots and of checks for people. */
export const isSimulated = (hostname: string): boolean =>
  cloudAt(hostname) !== undefined ||
  keepsCertificates(hostname) ||
  hasRobots(hostname) ||
  judgesCaptchas(hostname)

/** Creates the clouds with one inbox. Nothing is shared between two calls. */
export function createClouds(options: CloudsOptions = {}): Clouds {
  const now = options.now ?? Date.now
  let frequencyControl = options.frequencyControl ?? true
  let fault: Fault | null = null
  const { inbox, deliver } = createInbox(now)
  const journal = createJournal()
  const robots = createRobots(now)
  const captchas = createCaptchas(now)
  const balances = createBalances([...ACCESS_KEYS, ...SECRET_KEYS])
  const world: World = {
    now,
    frequencyControl: () => frequencyControl,
    deliver,
    submit: submission => receipts.add(submission),
    submitted: () => receipts.all(),
    spend: balances.spend,
    balance: balances.left,
  }
  const clouds: Record<CloudId, Cloud> = {
    'aliyun-sms': createAliyunSms(world),
    'aliyun-pnvs': createAliyunPnvs(world),
    'aliyun-dm': createAliyunDm(world),
    'tencent-sms': createTencentSms(world),
  }
  const receipts = createReceipts({
    now,
    rules: {
      'aliyun-sms': clouds['aliyun-sms'].pushes,
      'aliyun-pnvs': clouds['aliyun-pnvs'].pushes,
      'aliyun-dm': clouds['aliyun-dm'].pushes,
      'tencent-sms': clouds['tencent-sms'].pushes,
    },
    usualCallback: options.callback,
    send: options.push ?? (request => fetch(request)),
  })

  /** The fault this request meets, counted down. */
  function takeFault(cloud: CloudId): Fault | undefined {
    if (!fault || (fault.cloud && fault.cloud !== cloud)) return undefined
    const taken = fault
    if (fault.times !== undefined) fault = fault.times > 1 ? { ...fault, times: fault.times - 1 } : null
    return taken
  }

  async function answer(request: Request, only?: CloudId): Promise<Response> {
    request.signal.throwIfAborted()
    const read = await readRequest(request)
    if (only === undefined && keepsCertificates(read.hostname)) return certificateAnswer(read)
    if (only === undefined && hasRobots(read.hostname)) return robots.answer(read)
    if (only === undefined && judgesCaptchas(read.hostname)) return captchas.answer(read)
    const cloud = clouds[only ?? cloudAt(read.hostname) ?? cloudMeant(read) ?? 'aliyun-sms']
    const taken = takeFault(cloud.id)
    const about = { at: now(), cloud: cloud.id }
    try {
      const answered = taken ? await answerWithFault(taken, cloud, read, request.signal) : cloud.answer(read)
      const { action, keyId: key, status, code } = answered
      journal.add({ ...about, action, key, status, code })
      await receipts.early()
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

  const control = createControl({
    receipts,
    balances,
    fault: {
      get: () => fault,
      set(next) {
        fault = next
      },
    },
    frequency: {
      get: () => frequencyControl,
      set(on) {
        frequencyControl = on
      },
    },
    messages: () => inbox.messages().length,
    requests: journal.entries,
    clear() {
      for (const cloud of Object.values(clouds)) cloud.reset()
      journal.clear()
      robots.clear()
      captchas.clear()
      inbox.clear()
    },
  })
  const site = createSite({ answer, inbox, control, robots })
  return {
    serves: isSimulated,
    fetch: request => answer(request),
    only: cloud => request => answer(request, cloud),
    site,
    inbox,
    control,
    robots,
  }
}

function toResponse({ status, contentType, body, headers }: Answer): Response {
  return new Response(body, { status, headers: { 'content-type': contentType, ...headers } })
}
