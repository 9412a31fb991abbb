import type { CheckItem, SendWorld, Values } from '@countersign/kit'
import { callAliyun, codeOf } from '../aliyun-gateway/call.ts'
import { readingOf } from '../aliyun-gateway/reading.ts'
import { templatesNamed } from '../check/sms-templates.ts'
import { accessItems, ask, mayAskOn, type Reading, unknown } from '../check/verdict.ts'
import { both } from '../failure-table.ts'
import type { Answer } from '../request.ts'
import { ACCESS_POINT } from './access-point.ts'
import { asInTable, failures } from './failures.ts'
import type { settings as table } from './settings.ts'

const READING: Reading = { ...readingOf(failures), codeOf: answer => asInTable(codeOf(answer)) }

const GRANT = both(
  'Grant dypns:CheckSmsVerifyCode to the RAM user, beside dypns:SendSmsVerifyCode.',
  '请在 dypns:SendSmsVerifyCode 之外，再为该 RAM 用户授予 dypns:CheckSmsVerifyCode 权限。',
)
const NO_SUCH_QUESTION = both(
  'The cloud answers no question about gifted signatures and templates, so only a message shows whether it works.',
  '云端未提供查询赠送签名和模板的接口，只能通过发送来验证。',
)
const COMPARE = both(
  'Compare signature and templates with the gifted ones in the PNVS console → SMS verification → Parameters, and send a test.',
  '请将签名和模板与号码认证服务控制台 → 短信认证服务 → 短信认证参数配置中的赠送资源核对，并发送测试短信。',
)

/**
 * Asks PNVS whether keys, permission and account are in order: by having it check a code that it never made, which is
 * free and sends nothing. There is no more that it could be asked.
 */
export async function checkAliyunPnvs(
  settings: Values<typeof table>,
  world: SendWorld,
): Promise<CheckItem[]> {
  const verdict = await ask(READING, async () =>
    asAnswered(
      await callAliyun(world, {
        access: settings,
        ...ACCESS_POINT,
        action: 'CheckSmsVerifyCode',
        // Codes of our own are unknown to the cloud, so nobody's is spent, whoever has this number.
        query: { PhoneNumber: '13000000000', CountryCode: '86', VerifyCode: '0000' },
      }),
    ),
  )
  const access = accessItems(verdict, GRANT)
  const subjects = ['signature', ...templatesNamed(settings.templates).map(({ code }) => `template:${code}`)]
  const unanswered = (subject: string): CheckItem => ({
    subject,
    state: 'unknown',
    reason: NO_SUCH_QUESTION,
    // Once is enough for all of them.
    ...(subject === 'signature' && { remedy: COMPARE }),
  })
  return [...access, ...subjects.map(mayAskOn(access) ? unanswered : unknown)]
}

/** That the code is wrong is what a cloud says that was reached, knows the key and lets it ask. */
const asAnswered = (answer: Answer): Answer =>
  /(?:^|\.)ValidateFail$/i.test(String(codeOf(answer)))
    ? { ...answer, status: 200, body: { Code: 'OK' } }
    : answer
