import {
  multiline,
  optionalMultiline,
  optionalSecret,
  optionalText,
  templates,
  text,
  toggle,
} from '@countersign/kit'
import { accessDetails, accessKey } from '../aliyun-gateway/access-key.ts'
import { KEY } from '../key-form.ts'
import { regionChoice } from '../region-choice.ts'
import { route } from '../route.ts'
import { rowLanguage } from '../row-language.ts'
import { REPLY_NAME, SENDER_NAME, SUBJECT } from './limits.ts'
import { REGIONS } from './regions.ts'

/** One recipient: the API would take several with commas between. */
export const ADDRESS = /^[^\s@,;<>"]+@[^\s@,;<>"]+$/

/** One address of ours, alone: no name, no second one, nothing that nobody sees; its domain in ASCII. */
const OWN_ADDRESS = {
  test: /^[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z\d](?:[A-Za-z\d.-]*[A-Za-z\d])?\.[A-Za-z\d-]+$/,
  message: 'must be exactly one mail address such as noreply@mail.example.com, without a name',
}

/** What an operator fills in for Aliyun Direct Mail. */
export const settings = {
  ...accessKey,
  region: regionChoice(REGIONS, {
    label: { en: 'Region', 'zh-CN': '服务地域' },
    help: {
      en: 'Where the sender address was created; other regions do not know it.',
      'zh-CN': '发信地址所在的地域；其他地域无法使用该地址。',
    },
    fallback: 'cn-hangzhou',
  }),
  accountName: text({
    label: { en: 'Sender address', 'zh-CN': '发信地址' },
    help: {
      en: 'As created in the Direct Mail console. The name before it has a field of its own.',
      'zh-CN': '须为邮件推送控制台中创建的发信地址；发信人昵称请填写在下一项。',
    },
    placeholder: 'noreply@mail.example.com',
    maxLength: 192,
    pattern: OWN_ADDRESS,
  }),
  fromAlias: optionalText({
    label: { en: 'Sender name', 'zh-CN': '发信人昵称' },
    help: { en: 'Shown before the address.', 'zh-CN': '显示在发信地址之前。' },
    maxLength: SENDER_NAME,
  }),
  templates: templates({
    label: { en: 'Mail templates', 'zh-CN': '邮件模板' },
    help: {
      en: '{{code}} stands for the verification code, in the subject and in the content; {{minutes}} for how long it is good.',
      'zh-CN': '主题和正文中均可使用 {{code}} 表示验证码，{{minutes}} 表示有效分钟数。',
    },
    row: {
      subject: text({ label: { en: 'Subject', 'zh-CN': '主题' }, maxLength: SUBJECT }),
      content: multiline({
        label: { en: 'Content', 'zh-CN': '正文' },
        help: { en: 'HTML.', 'zh-CN': '支持 HTML。' },
      }),
      text: optionalMultiline({
        label: { en: 'Text part', 'zh-CN': '纯文本正文' },
        help: {
          en: 'For readers without HTML. Left empty, it is made from the content.',
          'zh-CN': '供不支持 HTML 的邮件客户端显示；留空则由正文自动生成。',
        },
        advanced: true,
      }),
      locale: rowLanguage,
    },
  }),
  replyTo: toggle({
    label: { en: 'Replies to the address set at the provider', 'zh-CN': '使用控制台的回信地址' },
    help: {
      en: 'Replies go to the verified reply address of the sender address, as set in the Direct Mail console.',
      'zh-CN': '回信发往邮件推送控制台中为该发信地址设置并已验证的回信地址。',
    },
    fallback: false,
    advanced: true,
  }),
  replyAddress: optionalText({
    label: { en: 'Reply address', 'zh-CN': '回信地址' },
    help: { en: 'Replies go here instead.', 'zh-CN': '回信改为发往此地址。' },
    placeholder: 'support@example.com',
    maxLength: 192,
    advanced: true,
    pattern: OWN_ADDRESS,
  }),
  replyAddressAlias: optionalText({
    label: { en: 'Name of the reply address', 'zh-CN': '回信地址昵称' },
    maxLength: REPLY_NAME,
    advanced: true,
  }),
  tagName: optionalText({
    label: { en: 'Tag', 'zh-CN': '邮件标签' },
    help: {
      en: 'A tag that exists in the Direct Mail console, for its statistics.',
      'zh-CN': '已在邮件推送控制台创建的标签，用于统计。',
    },
    maxLength: 128,
    advanced: true,
    pattern: { test: /^[A-Za-z0-9_-]+$/, message: 'must be letters, digits, - and _' },
  }),
  eventToken: optionalSecret({
    label: { en: 'Event token', 'zh-CN': '事件 Token' },
    help: {
      en: 'The token that stands in the HTTP target of EventBridge, invented by you. Receipts that come without it are refused.',
      'zh-CN':
        '与事件总线 EventBridge 的 HTTP 事件目标中自行填写的 Token 一致；未携带该 Token 的回执将被拒绝。',
    },
    maxLength: 256,
    advanced: true,
    pattern: KEY,
  }),
  ...accessDetails,
  ...route,
} as const
