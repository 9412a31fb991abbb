import { choice, optionalSecret, secret, text } from '@countersign/kit'
import { KEY } from '../key-form.ts'

/** The key pair of a RAM user; the same fields for every Aliyun connector. */
export const accessKey = {
  accessKeyId: text({
    label: { en: 'AccessKey ID', 'zh-CN': 'AccessKey ID' },
    help: {
      en: 'Of a RAM user that may do nothing but send; see the guide.',
      'zh-CN': '请使用仅有发送权限的 RAM 用户的 AccessKey，详见配置指南。',
    },
    placeholder: 'LTAI…',
    maxLength: 128,
    pattern: KEY,
  }),
  accessKeySecret: secret({
    label: { en: 'AccessKey secret', 'zh-CN': 'AccessKey Secret' },
    help: {
      en: 'Aliyun shows it only once, when the AccessKey is created.',
      'zh-CN': '仅在创建 AccessKey 时显示一次。',
    },
    maxLength: 256,
    pattern: KEY,
  }),
} as const

/** What only few need of the access to an Aliyun API. */
export const accessDetails = {
  securityToken: optionalSecret({
    label: { en: 'STS token', 'zh-CN': 'STS Token' },
    help: {
      en: 'Only with a temporary key, whose ID begins with STS. All three expire together, within hours.',
      'zh-CN': '仅用于临时密钥（AccessKey ID 以 STS. 开头）。三者会在数小时内一同过期。',
    },
    // Tokens with a session policy in them run to kilobytes.
    maxLength: 8192,
    advanced: true,
    pattern: KEY,
  }),
  signatureVersion: choice({
    label: { en: 'Signature version', 'zh-CN': '请求签名版本' },
    help: {
      en: 'How requests are signed. V3 unless something on the way asks for the older one.',
      'zh-CN': '请求的签名方式。除非中间设备只支持旧版，否则请使用 V3。',
    },
    options: [
      { value: 'v3', label: { en: 'V3 (ACS3-HMAC-SHA256)', 'zh-CN': 'V3（ACS3-HMAC-SHA256）' } },
      { value: 'v1', label: { en: 'V1 (RPC, HMAC-SHA1)', 'zh-CN': 'V1（RPC，HMAC-SHA1）' } },
    ],
    fallback: 'v3',
    advanced: true,
  }),
} as const
