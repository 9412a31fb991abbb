import { chooseTemplate, defineConnector, escapeHtml, fillPlaceholders, SendError } from '@countersign/kit'
import { callAliyun, codeOf, fallback, throttledFor } from '../aliyun-gateway/call.ts'
import { linked } from '../check/linked.ts'
import { ALIYUN_DM_PLACES, linksIn } from '../places.ts'
import { ALIYUN_DM } from '../prices/aliyun-dm.ts'
import { pickIds, refusal } from '../refusal.ts'
import { checkAliyunDm } from './check.ts'
import { failures } from './failures.ts'
import { ATTEMPT_HEADER, SENDER_NAME, SUBJECT } from './limits.ts'
import { lintAliyunDm } from './lint.ts'
import { plainText } from './plain-text.ts'
import { receipts } from './receipts.ts'
import { REGIONS } from './regions.ts'
import { ADDRESS, settings as settingsTable } from './settings.ts'

const oneLine = (text: string) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')

/** Aliyun Direct Mail: `SingleSendMail` of Dm 2015-11-23, help document 29444. */
export const aliyunDm = defineConnector({
  id: 'aliyun-dm',
  channel: 'email',
  name: { en: 'Aliyun Direct Mail', 'zh-CN': '阿里云邮件推送' },
  description: { en: 'Mail over Alibaba Cloud Direct Mail.', 'zh-CN': '通过阿里云邮件推送发送邮件。' },
  settings: settingsTable,
  failures,
  pagesIn: linksIn.bind(null, ALIYUN_DM_PLACES),
  lint: lintAliyunDm,
  check: linked(checkAliyunDm, ALIYUN_DM_PLACES),
  receipts,
  prices: () => ALIYUN_DM,
  async send(message, settings, world) {
    const { payload } = message
    const template = chooseTemplate(
      settings.templates,
      message.usageType,
      payload.locale,
      message.fallbackLocale,
    )
    if (!template) throw new SendError('message_rejected', { code: 'template_missing' })
    if (!ADDRESS.test(message.to)) throw new SendError('recipient_invalid', { code: 'recipient_malformed' })
    const subject = oneLine(fillPlaceholders(template.subject, payload))
    if (subject.length > SUBJECT) throw new SendError('message_rejected', { code: 'subject_too_long' })
    const { replyAddress, replyAddressAlias, tagName } = settings
    const fromAlias = senderNameOf(template, payload) ?? settings.fromAlias
    if (fromAlias && fromAlias.length > SENDER_NAME)
      throw new SendError('message_rejected', { code: 'sender_name_too_long' })
    const html = fillPlaceholders(template.content, payload, escapeHtml)
    const answer = await callAliyun(world, {
      access: settings,
      host: REGIONS[settings.region].host,
      action: 'SingleSendMail',
      version: '2015-11-23',
      form: {
        AccountName: settings.accountName,
        AddressType: '1',
        ReplyToAddress: String(settings.replyTo ?? false),
        ToAddress: message.to,
        Subject: subject,
        HtmlBody: html,
        // Readers without HTML need it, and spam filters hold its absence against a mail.
        TextBody: fillPlaceholders(template.text ?? (await plainText(template.content)), payload),
        ClickTrace: '0',
        UnSubscribeLinkType: 'disabled',
        Headers: JSON.stringify({ [ATTEMPT_HEADER]: message.attemptId }),
        ...(fromAlias && { FromAlias: fromAlias }),
        ...(replyAddress && { ReplyAddress: replyAddress }),
        ...(replyAddressAlias && { ReplyAddressAlias: replyAddressAlias }),
        ...(tagName && { TagName: tagName }),
      },
    })
    const { EnvId } = answer.body
    if (answer.status === 200 && typeof EnvId === 'string' && EnvId !== '')
      return { ids: pickIds(answer.body, ['EnvId', 'RequestId']) }
    const { accessKeySecret, securityToken, eventToken, proxy } = settings
    throw refusal({
      table: failures,
      answer,
      code: codeOf(answer),
      fallback,
      confidential: [payload.code, message.to, accessKeySecret, securityToken, eventToken, proxy],
      retryAfter: throttledFor(answer),
    })
  },
})

/**
 * The sender's name that a template brings along, as a host's templates may; undefined where it brings none that can
 * stand there. Of `Acme <noreply@mail.example.com>` it is the name: the address is the one that the settings have.
 */
function senderNameOf(template: object, payload: object): string | undefined {
  const { sendFrom } = template as { sendFrom?: unknown }
  if (typeof sendFrom !== 'string') return undefined
  const [name = ''] = oneLine(fillPlaceholders(sendFrom, payload)).split('<')
  const plain = name.replaceAll('"', '').trim()
  return plain === '' || plain.length > SENDER_NAME || plain.includes('@') ? undefined : plain
}
