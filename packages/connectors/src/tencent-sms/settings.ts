import {
  choice,
  optionalSecret,
  optionalText,
  regional,
  secret,
  templates,
  text,
  toggle,
} from '@countersign/kit'
import { KEY } from '../key-form.ts'
import { regionChoice } from '../region-choice.ts'
import { route } from '../route.ts'
import { rowLanguage } from '../row-language.ts'
import { REGIONS } from './regions.ts'

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
    pattern: KEY,
  }),
  accessKeySecret: secret({
    label: { en: 'SecretKey', 'zh-CN': 'SecretKey' },
    help: {
      en: 'Tencent Cloud shows it only once, when the key is created.',
      'zh-CN': '仅在创建密钥时显示一次。',
    },
    maxLength: 256,
    pattern: KEY,
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
  site: choice({
    label: { en: 'Site', 'zh-CN': '站点' },
    help: {
      en: 'Where the account was opened. Keys of one site do not work on the other.',
      'zh-CN': '账号所属站点；两站的密钥互不通用。',
    },
    options: [
      {
        value: 'mainland',
        label: { en: 'Chinese site (cloud.tencent.com)', 'zh-CN': '中国站（cloud.tencent.com）' },
      },
      {
        value: 'international',
        label: { en: 'International site (tencentcloud.com)', 'zh-CN': '国际站（tencentcloud.com）' },
      },
    ],
    fallback: 'mainland',
  }),
  region: regionChoice(REGIONS, {
    label: { en: 'Region', 'zh-CN': '地域' },
    help: {
      en: 'Where application, signature and template were made; regions do not share them. Singapore for the international site.',
      'zh-CN': '创建应用、签名和模板时所在的地域；各地域的数据不互通。国际站请选择新加坡。',
    },
    fallback: 'ap-guangzhou',
  }),
  templates: templates({
    label: { en: 'Templates', 'zh-CN': '短信模板' },
    help: {
      en: 'An approved template for each usage type, or one for all of them; its variable {1} is the code. Numbers abroad need an international template.',
      'zh-CN':
        '为每种用途填写一个审核通过的模板，也可全部使用同一模板；变量 {1} 为验证码。境外号码须使用国际/港澳台模板。',
    },
    row: {
      templateCode: regional({
        label: { en: 'Template ID', 'zh-CN': '模板 ID' },
        placeholder: '1234567',
        maxLength: 20,
        pattern: { test: /^\d+$/, message: 'must be digits' },
      }),
      locale: rowLanguage,
      parameters: choice({
        label: { en: 'Variables', 'zh-CN': '模板变量' },
        help: {
          en: 'What the template has: {1} alone, or {2} for the minutes a code is good, too.',
          'zh-CN': '模板中的变量：仅 {1}（验证码），或还有 {2}（有效分钟数）。',
        },
        options: [
          { value: 'code', label: { en: '{1} code', 'zh-CN': '{1} 验证码' } },
          {
            value: 'code,minutes',
            label: { en: '{1} code, {2} minutes', 'zh-CN': '{1} 验证码，{2} 分钟数' },
          },
        ],
        fallback: 'code',
        advanced: true,
      }),
    },
  }),
  overseasSignName: optionalText({
    label: { en: 'Signature abroad', 'zh-CN': '国际/港澳台签名' },
    help: {
      en: 'Only for numbers outside mainland China. Left empty, messages there carry no signature.',
      'zh-CN': '仅用于中国内地以外的号码；留空则发往境外的短信不带签名。',
    },
    maxLength: 100,
    advanced: true,
  }),
  token: optionalSecret({
    label: { en: 'Token', 'zh-CN': '临时密钥 Token' },
    help: {
      en: 'Only with a temporary key from STS. All three expire together, within hours.',
      'zh-CN': '仅用于 STS 签发的临时密钥；三者会在数小时内一同过期。',
    },
    maxLength: 8192,
    advanced: true,
    pattern: KEY,
  }),
  regionalEndpoint: toggle({
    label: { en: 'Use the region’s own endpoint', 'zh-CN': '使用指定地域的接入域名' },
    help: {
      en: 'Calls sms.<region>.tencentcloudapi.com instead of the nearest region’s host. Chinese site only; Nanjing has none.',
      'zh-CN': '改用 sms.<地域>.tencentcloudapi.com，而不是默认的就近接入域名。仅限中国站，南京无此域名。',
    },
    fallback: false,
    advanced: true,
  }),
  ...route,
} as const
