import type { Connector, Finding } from '@countersign/kit'
import { ALIYUN, lintAccess } from '../lint/access.ts'
import { both, type Draft, error, rowsOf, textOf, warning } from '../lint/finding.ts'
import { lintSignature } from '../lint/names.ts'
import { lintCodeLength, lintTemplates } from '../lint/sms-templates.ts'
import { PLAIN_AT_ALIYUN } from '../sms-template.ts'
import { CODE_LENGTH } from './limits.ts'

/** What every account may try with: the signature works with this template only, and reaches bound numbers only. */
const TEST_SIGNATURE = '阿里云短信测试'
const TEST_TEMPLATE = 'SMS_154950909'

/** What Aliyun SMS will refuse later. */
export const lintAliyunSms: NonNullable<Connector['lint']> = (draft, context) => [
  ...lintAccess(draft, ALIYUN),
  ...lintSignature(draft, 'signName'),
  ...lintTestResources(draft),
  ...lintTemplates(draft, { test: /^SMS_\d+$/, example: 'SMS_123456789', plain: PLAIN_AT_ALIYUN }, context),
  ...lintCodeLength(context, CODE_LENGTH),
]

function* lintTestResources(draft: Draft): Generator<Finding> {
  const test = textOf(draft, 'signName') === TEST_SIGNATURE
  if (test)
    yield warning(
      ['signName'],
      'test_signature',
      both(
        'The test signature reaches only five numbers that were bound for tests.',
        '测试签名最多只能发往 5 个已绑定的测试手机号。',
      ),
      both('Apply for a signature of your own before users come.', '正式上线前请申请自有签名。'),
    )
  for (const { row, index } of rowsOf(draft)) {
    const { templateCode } = row
    if (typeof templateCode !== 'string' || templateCode === '') continue
    if (test !== (templateCode.trim() === TEST_TEMPLATE))
      yield error(
        ['templates', index, 'templateCode'],
        test ? 'test_signature_with_template' : 'test_template_with_signature',
        test
          ? both('The test signature works with the test template only.', '测试签名只能与测试模板搭配使用。')
          : both('The test template works with the test signature only.', '测试模板只能与测试签名搭配使用。'),
        both(
          `Use ${TEST_SIGNATURE} with ${TEST_TEMPLATE}, or a signature of your own with a template of your own.`,
          `请将${TEST_SIGNATURE}与 ${TEST_TEMPLATE} 搭配，或同时使用自有签名和自有模板。`,
        ),
      )
  }
}
