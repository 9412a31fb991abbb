import type { Connector, Finding, LintContext } from '@countersign/kit'
import { ALIYUN, lintAccess } from '../lint/access.ts'
import { both, type Draft, error, rowsOf, textOf, warning } from '../lint/finding.ts'
import { lintLanguages } from '../lint/languages.ts'
import { lintLink } from '../lint/names.ts'
import { lintPlaceholders } from '../lint/placeholders.ts'
import { SENDER_NAME, SUBJECT } from './limits.ts'

/** What Aliyun Direct Mail will refuse later, and what readers would miss. */
export const lintAliyunDm: NonNullable<Connector['lint']> = (draft, context) => {
  const link = lintLink(draft, 'fromAlias')
  return [
    ...lintAccess(draft, ALIYUN),
    ...lintSender(draft),
    ...(link ? [link] : []),
    ...rowsOf(draft).flatMap(({ row, index }) => [...lintRow(row, ['templates', index], context)]),
    ...lintLanguages(draft, context),
  ]
}

const FREE_MAIL = /@(?:gmail|outlook|hotmail|yahoo|icloud|qq|163|126|sina|foxmail|aliyun)\.(?:com|cn)$/i

function* lintSender(draft: Draft): Generator<Finding> {
  if (FREE_MAIL.test(textOf(draft, 'accountName') ?? ''))
    yield error(
      ['accountName'],
      'sender_free_mail',
      both(
        'Direct Mail sends from addresses of your own domain only.',
        '邮件推送仅支持使用自有域名的发信地址。',
      ),
      both(
        'Use a sender address that was created in the Direct Mail console.',
        '请使用在邮件推送控制台创建的发信地址。',
      ),
    )
  if ((textOf(draft, 'fromAlias')?.length ?? 0) > SENDER_NAME)
    yield error(
      ['fromAlias'],
      'sender_name_too_long',
      both(
        `The sender name has more than ${SENDER_NAME} characters.`,
        `发信人昵称超过 ${SENDER_NAME} 个字符。`,
      ),
      both('Shorten it, or leave it empty.', '请缩短或留空。'),
    )
  const address = textOf(draft, 'replyAddress')
  if (address && draft.replyTo === true)
    yield warning(
      ['replyAddress'],
      'reply_address_twice',
      both(
        'Replies are to go to the address set at the provider and to this one as well.',
        '同时启用了控制台的回信地址和此处的回信地址。',
      ),
      both('Keep one of the two.', '请只保留其中一项。'),
    )
  if (textOf(draft, 'replyAddressAlias') && !address)
    yield warning(
      ['replyAddressAlias'],
      'reply_name_without_address',
      both(
        'There is a name for a reply address, but no reply address.',
        '填写了回信地址昵称，但未填写回信地址。',
      ),
      both('Fill the reply address in, or leave its name empty.', '请填写回信地址，或将昵称留空。'),
    )
}

const hasCode = (text: string) => /\{\{\s*code\s*\}\}/.test(text)
/** How other systems write a placeholder; here it would be sent as it stands. */
const OTHER_PLACEHOLDER =
  /\$\{\s*\w+\s*\}|(?<!\{)\{\s*(?:code|minutes|\d)\s*\}+(?!\})|\{\{\s*[\w.]+\s*\}(?!\})|#code#|%code%/i

function* lintRow(row: Draft, path: Finding['path'], { codeLength }: LintContext): Generator<Finding> {
  for (const part of ['content', 'text']) {
    const text = textOf(row, part)
    if (text && !hasCode(text))
      yield error(
        [...path, part],
        'code_missing',
        both('The mail does not say the code: {{code}} is missing.', '邮件中没有验证码：缺少 {{code}}。'),
        both('Put {{code}} where the code shall stand.', '请在需要显示验证码的位置写上 {{code}}。'),
      )
  }
  for (const part of ['subject', 'content', 'text'])
    if (OTHER_PLACEHOLDER.test(textOf(row, part) ?? ''))
      yield warning(
        [...path, part],
        'placeholder_form',
        both(
          'A placeholder is written in the form of another system and would be sent as it stands.',
          '其中的占位符是其他系统的写法，会被原样发送。',
        ),
        both('Write {{code}}.', '请写作 {{code}}。'),
      )
  for (const part of ['subject', 'content', 'text'])
    yield* lintPlaceholders(textOf(row, part) ?? '', [...path, part])
  const subject = textOf(row, 'subject') ?? ''
  const filled = subject.replace(/\{\{\s*code\s*\}\}/g, 'x'.repeat(codeLength))
  if (filled.length > SUBJECT)
    yield error(
      [...path, 'subject'],
      'subject_too_long',
      both(
        `With the code in it the subject has more than ${SUBJECT} characters.`,
        `填入验证码后，主题超过 ${SUBJECT} 个字符。`,
      ),
      both('Shorten the subject.', '请缩短主题。'),
    )
}
