import { type Feedback, isObject } from '@countersign/kit'
import { both } from '../failure-table.ts'
import { refusal } from '../refusal.ts'
import type { Answer } from '../request.ts'
import { callTencent } from './call.ts'
import { failures, fallback } from './failures.ts'
import type { settings as settingsTable } from './settings.ts'

/** Tencent Cloud wants to hear of codes that were used, and of no others: `ReportConversion`. */
export const tencentSmsFeedback: Feedback<typeof settingsTable> = {
  needs: both(
    'Tencent Cloud is told of codes that were used only. It takes this from accounts for which its support has enabled ReportConversion: ask for it by a ticket first, and allow sms:ReportConversion to the CAM user.',
    '腾讯云仅接收已使用的验证码。该接口（ReportConversion）须由腾讯云为账号开通：请先提交工单申请，并为 CAM 子用户授予 sms:ReportConversion 权限。',
  ),
  takes: ({ ids, usedAt }) => usedAt !== undefined && ids.SerialNo !== undefined,
  async report({ ids, usedAt }, settings, world) {
    const answer = await callTencent(world, settings, 'ReportConversion', {
      SmsSdkAppId: settings.sdkAppId,
      SerialNo: ids.SerialNo,
      // In whole seconds.
      ...(usedAt !== undefined && { ConversionTime: Math.floor(usedAt / 1000) }),
    })
    const code = read(answer)
    if (answer.status === 200 && code === undefined) return
    const { accessKeySecret, token, proxy } = settings
    throw refusal({ table: failures, answer, code, fallback, confidential: [accessKeySecret, token, proxy] })
  },
}

/** The code of an answer that is no success. Example, types and `SendSms` each spell the mark of success otherwise. */
function read({ body }: Answer): unknown {
  const response = isObject(body.Response) ? body.Response : {}
  if (response.Error !== undefined && response.Error !== null)
    return isObject(response.Error) ? response.Error.Code : ''
  const code = isObject(response.ReportConversionStatus) ? response.ReportConversionStatus.Code : ''
  return String(code).toLowerCase() === 'ok' ? undefined : (code ?? '')
}
