import { expect, test } from 'vitest'
import { ApiError } from '../api-error.ts'
import { configurationIssues, pathName } from './configuration-issues.ts'

const refused = (code: string, issues: unknown) => new ApiError(400, code, 'no', { issues })

test('issues of the connector count from the configuration, issues of the request from the request', () => {
  const inside = { path: ['signName'], message: 'must not be empty' }
  const around = { path: ['config', 'signName'], message: 'must not be empty' }
  expect(configurationIssues(refused('connector.invalid_config', [inside]))).toEqual([inside])
  expect(
    configurationIssues(refused('guard.invalid_input', [around, { path: ['to'], message: 'x' }])),
  ).toEqual([inside])
})

test('a member is complained about once', () => {
  const twice = ['must not be empty', 'must be digits'].map(message => ({ path: ['sdkAppId'], message }))
  expect(configurationIssues(refused('connector.invalid_config', twice))).toEqual([twice[0]])
})

test('an answer of another shape has no issues', () => {
  expect(configurationIssues(new TypeError('x'))).toEqual([])
  expect(configurationIssues(refused('connector.invalid_config', 'all wrong'))).toEqual([])
  expect(configurationIssues(refused('connector.invalid_config', [null, { path: 'a' }]))).toEqual([])
})

test('a path is named as in code', () => {
  expect(pathName(['templates', 1, 'templateCode'])).toBe('templates[1].templateCode')
  expect(pathName([])).toBe('')
})
