import type { Feedback } from '@countersign/kit'
import { callAliyun, codeOf, fallback } from '../aliyun-gateway/call.ts'
import { both } from '../failure-table.ts'
import { refusal } from '../refusal.ts'
import { failures } from './failures.ts'
import { REGIONS } from './regions.ts'
import type { settings as settingsTable } from './settings.ts'

/** Aliyun SMS wants to hear of messages to numbers abroad alone, whether or not the code was used: `SmsConversionIntl`. */
export const aliyunSmsFeedback: Feedback<typeof settingsTable> = {
  needs: both(
    'Alibaba Cloud is told of messages to numbers abroad only. Grant dysms:SmsConversionIntl to the RAM user, beside dysms:SendSms.',
    '阿里云仅接收境外号码的转化数据。请在 dysms:SendSms 之外，再为该 RAM 用户授予 dysms:SmsConversionIntl 权限。',
  ),
  takes: ({ ids, destination }) => destination === 'overseas' && ids.BizId !== undefined,
  async report({ ids, usedAt }, settings, world) {
    const answer = await callAliyun(world, {
      access: settings,
      host: REGIONS[settings.region].host,
      action: 'SmsConversionIntl',
      version: '2017-05-25',
      query: {
        MessageId: ids.BizId!,
        Delivered: String(usedAt !== undefined),
        // In milliseconds; left out, it is now.
        ...(usedAt !== undefined && { ConversionTime: String(usedAt) }),
      },
    })
    if (answer.status === 200 && answer.body.Code === 'OK') return
    const { accessKeySecret, securityToken, proxy } = settings
    const confidential = [accessKeySecret, securityToken, proxy]
    throw refusal({ table: failures, answer, code: codeOf(answer), fallback, confidential })
  },
}
