import type { Finding } from '@countersign/kit'
import { both, type Draft, error, textOf, warning } from './finding.ts'

const URL_LIKE = /https?:\/\/|www\.|[\p{L}\p{N}-]\.(?:com|cn|net|org|io|top|xyz)\b/iu

/** The rules of both clouds for the name in front of a message. */
export function* lintSignature(draft: Draft, key: string): Generator<Finding> {
  const name = textOf(draft, key)
  if (!name) return
  const bare = name.replace(/^[【[]|[】\]]$/g, '')
  if (/[【】[\]]/.test(name))
    yield error(
      [key],
      'signature_brackets',
      both(
        'The signature stands in brackets; the cloud adds them itself.',
        '签名中含有括号；括号由云服务商自动添加。',
      ),
      both(
        `Write it without brackets${bare === name ? '' : `: ${bare}`}.`,
        `请去掉括号${bare === name ? '' : `：${bare}`}。`,
      ),
    )
  const link = lintLink(draft, key)
  if (link) yield link
  else if (/[^\p{L}\p{N}【】[\]]/u.test(name))
    yield warning(
      [key],
      'signature_symbols',
      both(
        'Approved signatures have only letters, digits and Chinese characters.',
        '审核通过的签名仅含汉字、字母和数字。',
      ),
      both(
        'Copy the name from the cloud’s list of signatures, without spaces and signs.',
        '请从云控制台的签名列表中复制名称，不含空格和符号。',
      ),
    )
  if ([...bare].length < 2 || [...bare].length > 18)
    yield warning(
      [key],
      'signature_length',
      both(
        'Signatures have 2 to 12 characters, in newer rules up to 18.',
        '签名长度为 2～12 个字符（新规则最多 18 个）。',
      ),
      both('Compare the name with the cloud’s list of signatures.', '请与云控制台的签名列表核对。'),
    )
}

/** Texts with links in them are refused wherever a name or a variable is wanted. */
export function lintLink(draft: Draft, key: string): Finding | undefined {
  const text = textOf(draft, key)
  if (!text || !URL_LIKE.test(text)) return undefined
  return error(
    [key],
    'contains_url',
    both(
      'There is a link in it; the cloud and mail readers take that for fraud.',
      '其中含有链接，会被云服务商或邮件客户端视为欺诈。',
    ),
    both(
      'Write a plain name; links belong into the approved text of a template.',
      '请填写普通名称；链接只能写在审核通过的模板正文中。',
    ),
  )
}
