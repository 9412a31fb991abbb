import { regional, templates, text, toggle } from '@countersign/kit'
import { accessDetails, accessKey } from '../aliyun-gateway/access-key.ts'
import { regionChoice } from '../region-choice.ts'
import { route } from '../route.ts'
import { rowLanguage } from '../row-language.ts'
import { REGIONS } from './regions.ts'

/** What an operator fills in for Aliyun SMS. */
export const settings = {
  ...accessKey,
  region: regionChoice(REGIONS, {
    label: { en: 'Region', 'zh-CN': '服务地域' },
    help: {
      en: 'Hangzhou unless the account was opened for another region, e.g. Singapore.',
      'zh-CN': '默认杭州；仅当账号在其他地域（如新加坡）开通短信服务时才需修改。',
    },
    fallback: 'cn-hangzhou',
  }),
  signName: text({
    label: { en: 'Signature name', 'zh-CN': '签名名称' },
    help: {
      en: 'Exactly as approved, without brackets.',
      'zh-CN': '须与审核通过的签名完全一致，不含【】。',
    },
    maxLength: 100,
  }),
  strictPhoneRegionNumberCheck: toggle({
    label: { en: 'Strict region check', 'zh-CN': '严格校验区号' },
    help: {
      en: 'Changes nothing here, where every number comes with its country code; kept for configurations that are shared with Logto.',
      'zh-CN': '号码均带有区号，此项在此不起作用；仅为兼容与 Logto 共用的配置而保留。',
    },
    fallback: false,
  }),
  templates: templates({
    label: { en: 'Templates', 'zh-CN': '短信模板' },
    help: {
      en: 'An approved template for each usage type, or one for all of them; its one variable is named code. A code that stands alone is for mainland numbers; numbers abroad need an international template.',
      'zh-CN':
        '为每种用途填写一个审核通过的模板，也可全部使用同一模板；模板仅含一个名为 code 的变量。未区分目的地的模板仅用于内地号码；境外号码须使用国际/港澳台模板。',
    },
    row: {
      templateCode: regional({
        label: { en: 'Template code', 'zh-CN': '模板 CODE' },
        placeholder: 'SMS_123456789',
        maxLength: 64,
      }),
      locale: rowLanguage,
    },
  }),
  ...accessDetails,
  ...route,
} as const
