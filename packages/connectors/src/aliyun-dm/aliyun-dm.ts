import {
  choice,
  chooseTemplate,
  defineConnector,
  fillPlaceholders,
  multiline,
  optionalText,
  SendError,
  templates,
  text,
} from '@countersign/kit'
import { accessKey } from '../aliyun-gateway/access-key.ts'
import { callAliyun, codeOf, fallback } from '../aliyun-gateway/call.ts'
import { pickIds, refusal } from '../refusal.ts'
import { failures } from './failures.ts'
import { escapeHtml, plainText } from './plain-text.ts'

// Sender addresses live in one region; the other regions' hosts know nothing of them.
const HOSTS = {
  'cn-hangzhou': 'dm.aliyuncs.com',
  'ap-southeast-1': 'dm.ap-southeast-1.aliyuncs.com',
  'us-east-1': 'dm.us-east-1.aliyuncs.com',
  'eu-central-1': 'dm.eu-central-1.aliyuncs.com',
  'ap-southeast-2': 'dm.ap-southeast-2.aliyuncs.com',
} as const

/** One address: the API would take several with commas between. */
const ADDRESS = /^[^\s@,;<>"]+@[^\s@,;<>"]+$/

/** Aliyun Direct Mail: `SingleSendMail` of Dm 2015-11-23, help document 29444. */
export const aliyunDm = defineConnector({
  id: 'aliyun-dm',
  channel: 'email',
  name: { en: 'Aliyun Direct Mail', 'zh-CN': '阿里云邮件推送' },
  description: { en: 'Mail over Alibaba Cloud Direct Mail.', 'zh-CN': '通过阿里云邮件推送发送邮件。' },
  settings: {
    ...accessKey,
    region: choice({
      label: { en: 'Region', 'zh-CN': '服务地域' },
      help: {
        en: 'Where the sender address was created; other regions do not know it.',
        'zh-CN': '发信地址所在的地域；其他地域无法使用该地址。',
      },
      options: [
        { value: 'cn-hangzhou', label: { en: 'China (Hangzhou)', 'zh-CN': '华东1（杭州）' } },
        { value: 'ap-southeast-1', label: { en: 'Singapore', 'zh-CN': '新加坡' } },
        { value: 'us-east-1', label: { en: 'US (Virginia)', 'zh-CN': '美国（弗吉尼亚）' } },
        { value: 'eu-central-1', label: { en: 'Germany (Frankfurt)', 'zh-CN': '德国（法兰克福）' } },
        { value: 'ap-southeast-2', label: { en: 'Australia (Sydney)', 'zh-CN': '澳大利亚（悉尼）' } },
      ],
      fallback: 'cn-hangzhou',
    }),
    accountName: text({
      label: { en: 'Sender address', 'zh-CN': '发信地址' },
      placeholder: 'noreply@mail.example.com',
      maxLength: 192,
    }),
    fromAlias: optionalText({
      label: { en: 'Sender name', 'zh-CN': '发信人昵称' },
      help: { en: 'Shown before the address.', 'zh-CN': '显示在发信地址之前。' },
      // The documents say both "fewer than 15" and "not more than 15".
      maxLength: 14,
    }),
    templates: templates({
      label: { en: 'Mail templates', 'zh-CN': '邮件模板' },
      help: {
        en: '{{code}} stands for the verification code, in the subject and in the content.',
        'zh-CN': '主题和正文中均可使用 {{code}} 表示验证码。',
      },
      row: {
        subject: text({ label: { en: 'Subject', 'zh-CN': '主题' }, maxLength: 100 }),
        content: multiline({
          label: { en: 'Content', 'zh-CN': '正文' },
          help: { en: 'HTML.', 'zh-CN': '支持 HTML。' },
        }),
      },
    }),
  },
  failures,
  async send(message, settings, world) {
    const template = chooseTemplate(settings.templates, message.usageType)
    if (!template) throw new SendError('message_rejected', { code: 'template_missing' })
    if (!ADDRESS.test(message.to)) throw new SendError('recipient_invalid', { code: 'recipient_malformed' })
    const { payload } = message
    const html = fillPlaceholders(template.content, payload, escapeHtml)
    const answer = await callAliyun(world, {
      host: HOSTS[settings.region],
      action: 'SingleSendMail',
      version: '2015-11-23',
      accessKeyId: settings.accessKeyId,
      accessKeySecret: settings.accessKeySecret,
      form: {
        AccountName: settings.accountName,
        AddressType: '1',
        ReplyToAddress: 'false',
        ToAddress: message.to,
        Subject: fillPlaceholders(template.subject, payload).replace(/[\p{Cc}\u2028\u2029]+/gu, ' '),
        HtmlBody: html,
        // Readers without HTML need it, and spam filters hold its absence against a mail.
        TextBody: plainText(html),
        ClickTrace: '0',
        UnSubscribeLinkType: 'disabled',
        ...(settings.fromAlias && { FromAlias: settings.fromAlias }),
      },
    })
    const { EnvId } = answer.body
    if (answer.status === 200 && typeof EnvId === 'string' && EnvId !== '')
      return { ids: pickIds(answer.body, ['EnvId', 'RequestId']) }
    throw refusal({
      table: failures,
      answer,
      code: codeOf(answer),
      fallback,
      confidential: [payload.code, message.to, settings.accessKeySecret],
    })
  },
})
