import type { Connector, Finding } from '@countersign/kit'
import { lintAccess, TENCENT } from '../lint/access.ts'
import { both, type Draft, error, textOf, warning } from '../lint/finding.ts'
import { lintSignature } from '../lint/names.ts'
import { lintCodeLength, lintTemplates } from '../lint/sms-templates.ts'
import { PLAIN_AT_TENCENT } from '../sms-template.ts'
import { CODE_LENGTH } from './limits.ts'

/** What Tencent Cloud SMS will refuse later. */
export const lintTencentSms: NonNullable<Connector['lint']> = (draft, context) => [
  ...lintAccess(draft, TENCENT),
  ...lintSite(draft),
  ...lintNames(draft),
  ...lintTemplates(draft, { test: /^\d{4,}$/, example: '1234567', plain: PLAIN_AT_TENCENT }, context),
  ...lintCodeLength(context, CODE_LENGTH),
]

function* lintNames(draft: Draft): Generator<Finding> {
  for (const key of ['signName', 'overseasSignName']) {
    yield* lintSignature(draft, key)
    if (/^\d+$/.test(textOf(draft, key) ?? ''))
      yield error(
        [key],
        'signature_is_id',
        both(
          'This looks like the ID of a signature; its content is wanted.',
          '这看起来是签名 ID，此处应填写签名内容。',
        ),
        both('Copy the column 内容 from the list of signatures.', '请从签名列表的“内容”列复制。'),
      )
  }
  const app = textOf(draft, 'sdkAppId')
  if (app && !/^14\d{8}$/.test(app))
    yield warning(
      ['sdkAppId'],
      'sdk_app_id_form',
      both(
        'The SDK AppID of an SMS application has ten digits and begins with 14; this may be the AppID of the account.',
        '短信应用的 SDK AppID 为 10 位数字且以 14 开头；此处可能误填了账号的 APPID。',
      ),
      both(
        'Copy the SDK AppID from the SMS console → Application Management.',
        '请从短信控制台 → 应用管理复制 SDK AppID。',
      ),
    )
}

function* lintSite(draft: Draft): Generator<Finding> {
  const id = textOf(draft, 'accessKeyId') ?? ''
  const international = draft.site === 'international'
  if (id.startsWith('IKID') !== international && /^[AI]KID/.test(id))
    yield warning(
      ['site'],
      'key_of_other_site',
      international
        ? both(
            'Keys of the international site begin with IKID; this one does not.',
            '国际站的 SecretId 以 IKID 开头，当前密钥并非如此。',
          )
        : both(
            'The key begins with IKID, as keys of the international site do.',
            '该 SecretId 以 IKID 开头，属于国际站。',
          ),
      both('Choose the site at which the account was opened.', '请选择账号所属的站点。'),
    )
  if (international && draft.region !== undefined && draft.region !== 'ap-singapore')
    yield warning(
      ['region'],
      'region_of_other_site',
      both(
        'Accounts of the international site use SMS in Singapore.',
        '国际站账号的短信服务位于新加坡地域。',
      ),
      both('Choose the region ap-singapore.', '请选择地域 ap-singapore。'),
    )
  if (draft.regionalEndpoint === true && (international || draft.region === 'ap-nanjing'))
    yield warning(
      ['regionalEndpoint'],
      'no_regional_endpoint',
      both(
        'There is no endpoint of its own for this site and region; the site’s host is used.',
        '该站点和地域没有单独的接入域名，将使用站点的默认域名。',
      ),
      both('Switch it off.', '请关闭此项。'),
    )
}
