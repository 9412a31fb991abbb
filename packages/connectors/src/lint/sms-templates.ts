import type { ByRegion, CodeLengths, Destination, Finding, LintContext } from '@countersign/kit'
import { DESTINATIONS, isObject } from '@countersign/kit'
import { both, type Draft, error, rowsOf, warning } from './finding.ts'
import { lintLanguages } from './languages.ts'

/** How a cloud's template codes look, with an example, and what one is for that stands alone in its row. */
export interface CodeForm {
  test: RegExp
  example: string
  plain: readonly Destination[]
}

/** Each code of the templates with its place. */
function* codesOf(draft: Draft): Generator<{ path: Finding['path']; code: string }> {
  for (const { row, index } of rowsOf(draft)) {
    const path = ['templates', index, 'templateCode']
    if (typeof row.templateCode === 'string') yield { path, code: row.templateCode.trim() }
    else
      for (const [part, code] of Object.entries(pairOf(row) ?? {}))
        if (typeof code === 'string') yield { path: [...path, part], code: code.trim() }
  }
}

function pairOf({ templateCode: value }: Draft): ByRegion | undefined {
  return isObject(value) ? (value as ByRegion) : undefined
}

const isPlain = ({ templateCode: code }: Draft) => typeof code === 'string' && code.trim() !== ''

/** Whether a row has a template for a destination. */
function serves(row: Draft, destination: Destination, plain: readonly Destination[]): boolean {
  const pair = pairOf(row)
  return pair ? Boolean(pair[destination]) : isPlain(row) && plain.includes(destination)
}

/** The rules of both clouds for templates and their languages. */
export function* lintTemplates(draft: Draft, form: CodeForm, context: LintContext): Generator<Finding> {
  const { allowOverseas } = context
  for (const { path, code } of codesOf(draft))
    if (code !== '' && !form.test.test(code))
      yield warning(
        path,
        'template_code_form',
        both(
          `Template codes of this cloud look like ${form.example}.`,
          `该云服务商的模板编号形如 ${form.example}。`,
        ),
        both(
          'Copy the code from the list of templates: not its name, and not a code of another cloud.',
          '请从模板列表中复制编号，不要填写模板名称或其他云服务商的编号。',
        ),
      )
  const rows = rowsOf(draft)
  const plainServes = servedBy(form.plain)
  const mainland = new Set(
    rows.flatMap(({ row }) =>
      isPlain(row) && !plainServes.overseas ? [row.templateCode] : [pairOf(row)?.china || []].flat(),
    ),
  )
  // Like in sending: what another row for the usage type, or one for Generic, has serves this one, too.
  const elsewhere = (row: Draft, destination: Destination) =>
    rows.some(
      ({ row: other }) =>
        other !== row &&
        (other.usageType === row.usageType || other.usageType === 'Generic') &&
        serves(other, destination, form.plain),
    )
  const plainGeneric = rows.find(({ row }) => row.usageType === 'Generic' && isPlain(row))?.row
  for (const { row, index } of rows) {
    const pair = pairOf(row)
    const path = ['templates', index, 'templateCode']
    if (!pair) {
      const isServed = elsewhere(row, 'overseas') && !plainServes.overseas
      // Where nobody said that messages go abroad, once is enough: what is added to Generic mends every row.
      const isSaidThere = allowOverseas === undefined && plainGeneric && plainGeneric !== row
      if (isPlain(row) && allowOverseas !== false && !isServed && !isSaidThere)
        yield plainServes.overseas ? oneForAll(path) : mainlandOnly(path, allowOverseas === true)
      continue
    }
    if (pair.overseas && mainland.has(pair.overseas))
      yield error(
        [...path, 'overseas'],
        'template_codes_equal',
        both(
          'The same template stands for the mainland and for abroad; no template serves both.',
          '国内与国际/港澳台填写了同一模板；没有模板可同时用于两者。',
        ),
        both(
          'Apply for an international template and put its code here.',
          '请申请国际/港澳台模板并在此填写其编号。',
        ),
      )
    if (!pair.overseas && !elsewhere(row, 'overseas') && allowOverseas !== false)
      yield (allowOverseas ? error : warning)(
        [...path, 'overseas'],
        'overseas_template_missing',
        both(
          'Numbers outside mainland China get no message: there is no template for them.',
          '中国内地以外的号码无法收到短信：未配置国际/港澳台模板。',
        ),
        both(
          'Put the code of an international template here, or allow mainland numbers only.',
          '请填写国际/港澳台模板编号，或仅允许内地号码。',
        ),
      )
    if (!pair.china && !elsewhere(row, 'china'))
      yield warning(
        [...path, 'china'],
        'china_template_missing',
        both(
          'Numbers in mainland China get no message: there is no template for them.',
          '中国内地号码无法收到短信：未配置国内模板。',
        ),
        both(
          'Put the code of a domestic template here if you have users there.',
          '若有内地用户，请填写国内模板编号。',
        ),
      )
  }
  yield* lintLanguages(
    draft,
    context,
    DESTINATIONS.map(destination => row => serves(row, destination, form.plain)),
  )
}

const servedBy = (plain: readonly Destination[]): ByRegion =>
  Object.fromEntries(plain.map(destination => [destination, 'x']))

const mainlandOnly = (path: Finding['path'], goesAbroad: boolean) =>
  (goesAbroad ? error : warning)(
    path,
    'overseas_template_missing',
    both(
      'A template that stands alone is for mainland numbers; numbers outside mainland China get no message.',
      '单独填写的模板仅用于内地号码；中国内地以外的号码无法收到短信。',
    ),
    both(
      'Add a template for numbers outside mainland China, unless all your users have mainland numbers.',
      '请添加用于中国内地以外号码的国际/港澳台模板；若用户全部为内地号码，可忽略此提示。',
    ),
  )

const oneForAll = (path: Finding['path']) =>
  warning(
    path,
    'overseas_template_missing',
    both(
      'One template stands for all numbers, but mainland and international templates are not interchangeable: one kind of number will fail.',
      '所有号码共用一个模板，但国内与国际/港澳台模板不可混用，其中一类号码会发送失败。',
    ),
    both('Give a template for the mainland and one for abroad.', '请分别填写国内模板和国际/港澳台模板。'),
  )

/** What the clouds take as a verification code. */
export function* lintCodeLength(
  { codeLength }: LintContext,
  { least, most }: CodeLengths,
): Generator<Finding> {
  if (codeLength >= least && codeLength <= most) return
  yield error(
    ['templates'],
    'code_length',
    both(
      `Codes here have ${codeLength} characters; verification-code templates of this cloud take ${least} to ${most}.`,
      `当前验证码为 ${codeLength} 位；该云服务商的验证码模板仅支持 ${least}～${most} 位。`,
    ),
    both(
      `Set the length of codes to ${Math.max(least, 6)}.`,
      `请将验证码长度设为 ${Math.max(least, 6)} 位。`,
    ),
  )
}
