import { describe, expect, test } from 'vitest'
import { ApiError, type Issue } from '../api-error.ts'
import { en } from '../locales/en.ts'
import { zhCN } from '../locales/zh-CN.ts'
import { type Labels, placeIssues, sentencesOf } from './place-issues.ts'

const LABELS = {
  name: 'Name',
  'config.url': 'Address',
  'metadata.uris': rest =>
    typeof rest[0] === 'number' ? en.form.line('Redirect URIs', rest[0] + 1) : 'URIs',
} satisfies Labels

const refusal = (...issues: Issue[]) =>
  new ApiError(400, 'guard.invalid_input', 'Check the members that "data" names.', { issues })

const placed = (error: unknown, texts = en) => {
  const { at, elsewhere } = placeIssues(error, LABELS, texts)
  return { at: Object.fromEntries(at), elsewhere }
}

describe('a refusal', () => {
  test('stands at the fields that it names, once each, in words of their labels', () => {
    const error = refusal(
      {
        path: ['name'],
        message: 'Too small: expected string to have >=1 characters',
        code: 'too_small',
        type: 'string',
        minimum: 1,
      },
      { path: ['name'], message: 'must hold no spaces', code: 'custom' },
      {
        path: ['config', 'url'],
        message: 'must be an address that begins with https:// or http://',
        code: 'custom',
      },
      { path: ['metadata', 'uris', 1], message: '"a_b" is no scheme', code: 'custom' },
    )
    expect(placed(error)).toEqual({
      at: {
        name: 'Name must not be empty.',
        'config.url': 'Address must be an address that begins with https:// or http://.',
        'metadata.uris': 'Redirect URIs, line 2: "a_b" is no scheme.',
      },
      elsewhere: [],
    })
    expect(placed(error, zhCN).at).toMatchObject({
      name: '“Name”不能为空。',
      'config.url': '“Address”必须以 https:// 或 http:// 开头。',
    })
  })

  test('of what the form does not show is said at its top, without a path of the wire', () => {
    const { at, elsewhere } = placed(refusal({ path: ['custom', 0, 'data'], message: 'must hold no spaces' }))
    expect(at).toEqual({})
    expect(elsewhere).toEqual(['“custom › 0 › data” (not shown in this form) must hold no spaces.'])
  })

  test('that names no value stands at the field that its code is about, else at the top', () => {
    const taken = new ApiError(422, 'operator.name_in_use', 'There is an operator of this name.')
    expect(placed(taken)).toEqual({ at: { name: taken.message }, elsewhere: [] })
    const full = new ApiError(422, 'operator.limit_reached', 'There are as many as there can be.')
    expect(placed(full)).toEqual({ at: {}, elsewhere: [full.message] })
    expect(placed(new ApiError(0, 'network', 'x'))).toEqual({ at: {}, elsewhere: [en.errors.unreachable] })
  })

  test('that comes in sentences stands at its field with all of them', () => {
    const error = new ApiError(422, 'password.rejected', 'Too weak.', {
      issues: [
        { path: [], message: 'Avoid your name.' },
        { path: [], message: 'Avoid sequences.' },
      ],
    })
    const { at } = placeIssues(error, { password: 'Password' }, en)
    expect(at.get('password')).toBe('Avoid your name. Avoid sequences.')
  })

  test('where there is no form speaks of no members', () => {
    expect(sentencesOf(refusal({ path: ['a', 0], message: 'must be digits' }), en)).toEqual([
      '“a › 0” (not shown in this form) must be digits.',
    ])
  })
})

test.each<[Partial<Issue>, string, string]>([
  [{ code: 'invalid_type', expected: 'string', received: 'undefined' }, 'must not be empty', '不能为空'],
  [{ code: 'invalid_type', expected: 'string', received: 'object' }, 'must be text', '必须是文本'],
  [{ code: 'invalid_type', expected: 'integer', received: 'float' }, 'must be a whole number', '必须是整数'],
  [{ code: 'invalid_type', expected: 'number', received: 'string' }, 'must be a number', '必须是数字'],
  [{ code: 'invalid_type', expected: 'boolean', received: 'string' }, 'true or false', 'true 或 false'],
  [{ code: 'invalid_type', expected: 'array', received: 'string' }, 'must be a list', '必须是列表'],
  [{ code: 'invalid_type', expected: 'object', received: 'string' }, 'must be an object', '必须是对象'],
  [{ code: 'too_small', type: 'string', minimum: 3 }, 'at least 3 characters', '至少需要 3 个字符'],
  [{ code: 'too_small', type: 'number', minimum: 3 }, 'at least 3', '不能小于 3'],
  [{ code: 'too_small', type: 'array', minimum: 3 }, 'at least 3 entries', '至少需要 3 项'],
  [{ code: 'too_big', type: 'string', maximum: 3 }, 'at most 3 characters', '不能超过 3 个字符'],
  [{ code: 'too_big', type: 'int', maximum: 3 }, 'at most 3', '不能大于 3'],
  [{ code: 'too_big', type: 'array', maximum: 3 }, 'at most 3 entries', '最多 3 项'],
  [{ code: 'invalid_enum_value' }, 'one of the values on offer', '不在可选范围内'],
  [{ code: 'invalid_string', validation: 'email' }, 'an e-mail address', '必须是邮箱地址'],
  [{ code: 'invalid_string', validation: 'url' }, 'a full address', '必须是完整的地址'],
  [{ code: 'unrecognized_keys', keys: ['x'] }, 'nobody knows here: x', '无法识别的内容：x'],
  [{ code: 'invalid_union' }, 'is not valid', '内容有误'],
])('%j is said in both languages', (issue, english, chinese) => {
  const error = refusal({ path: ['name'], message: 'Invalid input', ...issue })
  expect(placed(error).at.name).toContain(`Name `)
  expect(placed(error).at.name).toContain(english)
  expect(placed(error, zhCN).at.name).toContain(chinese)
})
