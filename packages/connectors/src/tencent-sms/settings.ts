import { choice, secret, templates, text } from '@countersign/kit'

/** What an operator fills in for Tencent Cloud SMS. */
export const settings = {
  accessKeyId: text({
    label: { en: 'SecretId', 'zh-CN': 'SecretId' },
    help: {
      en: 'Of a CAM user that may do nothing but send; see the guide.',
      'zh-CN': '请使用仅有发送权限的 CAM 子用户的密钥，详见配置指南。',
    },
    placeholder: 'AKID…',
    maxLength: 128,
    pattern: { test: /^[\x21-\x7e]+$/, message: 'must be letters, digits and signs without spaces' },
  }),
  accessKeySecret: secret({
    label: { en: 'SecretKey', 'zh-CN': 'SecretKey' },
    help: {
      en: 'Tencent Cloud shows it only once, when the key is created.',
      'zh-CN': '仅在创建密钥时显示一次。',
    },
    maxLength: 256,
  }),
  signName: text({
    label: { en: 'Signature', 'zh-CN': '签名内容' },
    help: {
      en: 'The content of the approved signature, not its ID, without brackets.',
      'zh-CN': '填写审核通过的签名内容（不是签名 ID），不含【】。',
    },
    maxLength: 100,
  }),
  sdkAppId: text({
    label: { en: 'SDK AppID', 'zh-CN': 'SDK AppID' },
    help: {
      en: 'Of the application in the SMS console; not the AppID of the account.',
      'zh-CN': '短信控制台“应用管理”中的 SDK AppID，不是账号的 APPID。',
    },
    placeholder: '1400000000',
    maxLength: 20,
    pattern: { test: /^\d+$/, message: 'must be digits' },
  }),
  region: choice({
    label: { en: 'Region', 'zh-CN': '地域' },
    help: {
      en: 'Where application, signature and template were made; regions do not share them.',
      'zh-CN': '创建应用、签名和模板时所在的地域；各地域的数据不互通。',
    },
    options: [
      { value: 'ap-guangzhou', label: { en: 'South China (Guangzhou)', 'zh-CN': '华南地区（广州）' } },
      { value: 'ap-beijing', label: { en: 'North China (Beijing)', 'zh-CN': '华北地区（北京）' } },
      { value: 'ap-nanjing', label: { en: 'East China (Nanjing)', 'zh-CN': '华东地区（南京）' } },
    ],
    fallback: 'ap-guangzhou',
  }),
  templates: templates({
    label: { en: 'Templates', 'zh-CN': '短信模板' },
    help: {
      en: 'An approved template for each usage type; its one variable is {1}. The same one may stand in several rows.',
      'zh-CN': '为每种用途填写一个审核通过的模板，模板仅含变量 {1}；多种用途可使用同一模板。',
    },
    row: {
      templateCode: text({
        label: { en: 'Template ID', 'zh-CN': '模板 ID' },
        placeholder: '1234567',
        maxLength: 20,
        pattern: { test: /^\d+$/, message: 'must be digits' },
      }),
    },
  }),
} as const
