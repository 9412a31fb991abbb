import type { Connector, Finding } from '@countersign/kit'
import { ALIYUN, lintAccess } from '../lint/access.ts'
import { both, type Draft, error, rowsOf, warning } from '../lint/finding.ts'
import { lintSignature } from '../lint/names.ts'
import { lintCodeLength } from '../lint/sms-templates.ts'
import { OWN_TEMPLATE_CODE, TEMPLATE_CODE, TEMPLATES } from './gifted.ts'
import { CODE_LENGTH } from './limits.ts'
import { asksForCode } from './template-param.ts'

const CHOOSE = both(
  `Choose a gifted template: ${TEMPLATES[0]!.value} fits every purpose.`,
  `请选择赠送模板，${TEMPLATES[0]!.value} 适用于各种用途。`,
)

/** What PNVS will refuse later. */
export const lintAliyunPnvs: NonNullable<Connector['lint']> = (draft, context) => [
  ...lintAccess(draft, ALIYUN),
  ...lintSignature(draft, 'signName'),
  ...lintTemplates(draft),
  ...lintAbroad(context.allowOverseas),
  ...lintCodeLength(context, CODE_LENGTH),
]

function* lintTemplates(draft: Draft): Generator<Finding> {
  for (const { row, index } of rowsOf(draft)) {
    const code = typeof row.templateCode === 'string' ? row.templateCode.trim() : ''
    const path = ['templates', index, 'templateCode']
    if (OWN_TEMPLATE_CODE.test(code))
      yield error(
        path,
        'template_not_gifted',
        both(
          'This is a template of your own for Aliyun SMS; this service takes gifted templates only.',
          '这是短信服务的自有模板；短信认证服务仅支持赠送模板。',
        ),
        CHOOSE,
      )
    else if (code !== '' && !TEMPLATE_CODE.test(code) && !asksForCode(code))
      yield warning(
        path,
        'template_code_form',
        both(
          `Codes of gifted templates have six digits, such as ${TEMPLATES[0]!.value}.`,
          `赠送模板的 CODE 为 6 位数字，如 ${TEMPLATES[0]!.value}。`,
        ),
        CHOOSE,
      )
  }
}

function* lintAbroad(allowOverseas: boolean | undefined): Generator<Finding> {
  if (!allowOverseas) return
  yield error(
    ['templates'],
    'mainland_only',
    both(
      'Messages may go to numbers outside mainland China, and this service reaches none of them.',
      '当前允许向中国内地以外的号码发送，而该服务无法送达此类号码。',
    ),
    both(
      'Use another connector for numbers abroad, or allow mainland numbers only.',
      '境外号码请使用其他短信连接器，或仅允许内地号码。',
    ),
  )
}
