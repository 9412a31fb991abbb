import { secret, text } from '@countersign/kit'

/** The key pair of a RAM user; the same two fields for every Aliyun connector. */
export const accessKey = {
  accessKeyId: text({
    label: { en: 'AccessKey ID', 'zh-CN': 'AccessKey ID' },
    help: {
      en: 'Of a RAM user that may do nothing but send; see the guide.',
      'zh-CN': '请使用仅有发送权限的 RAM 用户的 AccessKey，详见配置指南。',
    },
    placeholder: 'LTAI…',
    maxLength: 128,
    pattern: { test: /^[\x21-\x7e]+$/, message: 'must be letters, digits and signs without spaces' },
  }),
  accessKeySecret: secret({
    label: { en: 'AccessKey secret', 'zh-CN': 'AccessKey Secret' },
    help: {
      en: 'Aliyun shows it only once, when the AccessKey is created.',
      'zh-CN': '仅在创建 AccessKey 时显示一次。',
    },
    maxLength: 256,
  }),
} as const
