import { optionalText } from '@countersign/kit'

/** The language of a row of templates, for every connector whose templates may be in several. */
export const rowLanguage = optionalText({
  label: { en: 'Language', 'zh-CN': '语言' },
  help: {
    en: 'A language tag such as zh-CN: the row is for readers of that language. Readers of other languages get the row in the fallback language, else the one without a language.',
    'zh-CN':
      '语言标签，如 zh-CN：该行用于此语言的用户。其他语言的用户使用备用语言的行；若没有，则使用未填写语言的行。',
  },
  placeholder: 'zh-CN',
  maxLength: 35,
  pattern: {
    test: /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/,
    message: 'must be a language tag such as zh-CN',
  },
})
