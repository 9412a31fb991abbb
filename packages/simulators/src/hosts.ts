import type { CloudId } from './cloud-ids.ts'
import type { ApiRequest } from './request.ts'
import { readPairs } from './request.ts'

/** The official API hosts. `*.localhost` names stand for them on one's own machine, e.g. sms.localhost. */
const HOSTS: [RegExp, CloudId][] = [
  [/^dysmsapi[a-z0-9.-]*\.(?:aliyuncs\.com|localhost)$/, 'aliyun-sms'],
  [/^dypnsapi[a-z0-9.-]*\.(?:aliyuncs\.com|localhost)$/, 'aliyun-pnvs'],
  [/^dm(?:-vpc)?(?:\.[a-z0-9-]+)?\.(?:aliyuncs\.com|localhost)$/, 'aliyun-dm'],
  [/^sms(?:\.[a-z0-9-]+){0,2}\.(?:tencentcloudapi\.com|localhost)$/, 'tencent-sms'],
]

/** The cloud that answers at this host name, or undefined when none of the simulated ones does. */
export function cloudAt(hostname: string): CloudId | undefined {
  const name = hostname.toLowerCase()
  return HOSTS.find(([pattern]) => pattern.test(name))?.[1]
}

const VERSIONS: Record<string, CloudId> = {
  '2017-05-25': 'aliyun-sms',
  '2018-05-01': 'aliyun-sms',
  '2015-11-23': 'aliyun-dm',
  '2021-01-11': 'tencent-sms',
  '2019-07-11': 'tencent-sms',
}

/**
 * The cloud a request means when its host does not say: by Tencent's headers, else by an action that only one has, else
 * by API version, else by what the action is about.
 * Undefined when it does not look like an API request at all.
 */
export function cloudMeant(request: ApiRequest): CloudId | undefined {
  const { headers } = request
  if (headers.has('x-tc-action') || headers.get('authorization')?.startsWith('TC3')) return 'tencent-sms'
  const parameters = new Map(readPairs(request))
  const action = headers.get('x-acs-action') ?? parameters.get('Action')
  // Of one version with Aliyun SMS.
  if (action?.endsWith('SmsVerifyCode')) return 'aliyun-pnvs'
  const version = headers.get('x-acs-version') ?? parameters.get('Version') ?? ''
  const byVersion = Object.hasOwn(VERSIONS, version) ? VERSIONS[version] : undefined
  if (byVersion) return byVersion
  if (action?.includes('Mail')) return 'aliyun-dm'
  const looksLikeAliyun = action !== undefined || parameters.has('Signature') || headers.has('x-acs-date')
  return looksLikeAliyun || request.method === 'POST' ? 'aliyun-sms' : undefined
}
