import type { SendWorld } from '@countersign/kit'
import { type Answer, request } from '../request.ts'
import { originOf } from '../route.ts'
import { sign } from '../signing/tc3.ts'
import { hostOf } from './regions.ts'

const CONTENT_TYPE = 'application/json'

/** What the settings say about access. */
type Access = Parameters<typeof hostOf>[0] & {
  accessKeyId: string
  accessKeySecret: string
  token?: string | undefined
  endpoint?: string | undefined
  proxy?: string | undefined
}

/** Calls one action of the SMS API, version 2021-01-11, signed with TC3. Throws what `request` throws; judges no answer. */
export function callTencent(
  world: SendWorld,
  access: Access,
  action: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<Answer> {
  const { origin, host } = originOf(hostOf(access), access.endpoint)
  const payload = JSON.stringify(parameters)
  const timestamp = Math.floor(world.now() / 1000)
  const { authorization } = sign({
    secretId: access.accessKeyId,
    secretKey: access.accessKeySecret,
    method: 'POST',
    host,
    contentType: CONTENT_TYPE,
    timestamp,
    service: 'sms',
    payload,
  })
  return request(world, {
    method: 'POST',
    url: `${origin}/`,
    headers: {
      'content-type': CONTENT_TYPE,
      'x-tc-action': action,
      'x-tc-version': '2021-01-11',
      'x-tc-timestamp': String(timestamp),
      'x-tc-region': access.region,
      // The scheme leaves it unsigned.
      ...(access.token && { 'x-tc-token': access.token }),
      authorization,
    },
    body: payload,
    proxy: access.proxy,
  })
}
