import { createGateway } from '../aliyun-gateway/gateway.ts'
import type { Answer, Cloud, World } from '../cloud.ts'
import type { ApiRequest } from '../request.ts'
import { descAccountSummary, queryDomainByParam, queryMailAddressByParam } from './account-queries.ts'
import { eventPushes } from './events.ts'
import { mailRefusal } from './refusals.ts'
import { singleSendMail } from './send-mail.ts'
import { senderStatisticsDetailByParam } from './statistics.ts'
import { DENIED_CODE, QUERY_LIMIT, QUERY_TOO_LONG_STATUS } from './unverified.ts'

/** Aliyun Direct Mail: Dm 2015-11-23. */
export function createAliyunDm(world: World): Cloud {
  const cloud = createGateway(
    {
      id: 'aliyun-dm',
      name: 'Dm',
      host: 'dm.aliyuncs.com',
      actions: {
        '2015-11-23': {
          SingleSendMail: call => singleSendMail(call, world),
          DescAccountSummary: call => descAccountSummary(call, world),
          QueryMailAddressByParam: queryMailAddressByParam,
          QueryDomainByParam: queryDomainByParam,
          SenderStatisticsDetailByParam: call => senderStatisticsDetailByParam(call, world),
        },
      },
      sendAction: 'SingleSendMail',
      refusal: mailRefusal,
      deniedCode: DENIED_CODE,
      pushes: eventPushes,
      wrongTypeBody: JSON.stringify({ EnvId: { value: 7 }, RequestId: null }),
      reset() {},
    },
    world,
  )
  return { ...cloud, answer: request => queryTooLong(request) ?? cloud.answer(request) }
}

function queryTooLong(request: ApiRequest): Answer | undefined {
  if (request.rawQuery.length <= QUERY_LIMIT) return undefined
  const body = '<html><head><title>414 Request-URI Too Large</title></head></html>'
  const code = '414 Request-URI Too Large'
  return { status: QUERY_TOO_LONG_STATUS, contentType: 'text/html', body, action: '', keyId: '', code }
}
