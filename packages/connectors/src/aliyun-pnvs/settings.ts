import { optionalText, templates, text, toggle } from '@countersign/kit'
import { accessDetails, accessKey } from '../aliyun-gateway/access-key.ts'
import { route } from '../route.ts'
import { TEMPLATES } from './gifted.ts'
import { templateParam, withoutCloudsCode } from './template-param.ts'

/** What an operator fills in for Aliyun PNVS. */
export const settings = {
  ...accessKey,
  signName: withoutCloudsCode(
    text({
      label: { en: 'Signature name', 'zh-CN': '签名名称' },
      help: {
        en: 'One of the gifted signatures, copied from the console without brackets. They change from time to time; the cloud announces it by mail.',
        'zh-CN': '填写控制台中的赠送签名，请直接复制，不含【】。赠送签名会不定期更换，云端会通过邮件通知。',
      },
      maxLength: 100,
    }),
  ),
  templates: templates({
    label: { en: 'Templates', 'zh-CN': '短信模板' },
    help: {
      en: 'A gifted template for each usage type. The same one may stand in several rows.',
      'zh-CN': '为每种用途选择一个赠送模板；多种用途可使用同一模板。',
    },
    row: {
      templateCode: withoutCloudsCode(
        text({
          label: { en: 'Template code', 'zh-CN': '模板 CODE' },
          placeholder: '100001',
          maxLength: 64,
          suggestions: TEMPLATES,
        }),
      ),
    },
  }),
  interval: optionalText({
    label: { en: 'Interval', 'zh-CN': '发送间隔' },
    help: {
      en: 'Seconds that the cloud lets pass between two messages to one number; 60 when left empty. A shorter one than the pause on the pages changes nothing there.',
      'zh-CN': '云端允许向同一号码再次发送的间隔秒数；留空为 60。小于页面重发间隔时，页面仍以自身间隔为准。',
    },
    placeholder: '60',
    maxLength: 5,
    advanced: true,
    pattern: { test: /^[1-9]\d*$/, message: 'must be a whole number from 1' },
  }),
  autoRetry: toggle({
    label: { en: 'Let the cloud try again', 'zh-CN': '失败后由云端重试' },
    help: {
      en: 'After a carrier has failed, the cloud may send the message over another one, under another gifted signature.',
      'zh-CN': '运营商发送失败后，云端可换用其他通道并以另一个赠送签名重新发送。',
    },
    fallback: true,
    advanced: true,
  }),
  templateParam,
  ...accessDetails,
  ...route,
} as const
