import type { ConnectionSummary } from '@countersign/api'
import { expect, test } from 'vitest'
import { choicesOf, moved, savedOf, titlesOf } from './saved.ts'

const saved = (id: string, change: Partial<ConnectionSummary> = {}): ConnectionSummary => ({
  id,
  connectorId: 'ours',
  channel: 'sms',
  name: null,
  enabled: false,
  destinations: null,
  applications: null,
  share: 100,
  health: {
    state: 'healthy',
    reason: null,
    since: null,
    retryAt: null,
    failure: null,
    providerCode: null,
    meaning: null,
    remedy: null,
    links: [],
  },
  feedback: false,
  windows: null,
  createdAt: 1,
  updatedAt: 1,
  ...change,
})

test('a connector shows the connection in use before those that are off, and of these the last changed first', () => {
  const all = [
    saved('old'),
    saved('other', { connectorId: 'other', updatedAt: 9 }),
    saved('new', { updatedAt: 3 }),
    saved('used', { enabled: true }),
  ]
  expect(savedOf({ factoryId: 'ours' }, all).map(({ id }) => id)).toEqual(['used', 'new', 'old'])
  expect(savedOf({ factoryId: 'none' }, all)).toEqual([])
})

test('a connection goes one place up or down, and of several with one name each has its own title', () => {
  expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b'])
  expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c'])
  expect(titlesOf(['Aliyun', 'Tencent', 'Aliyun'])).toEqual(['Aliyun', 'Tencent', 'Aliyun (2)'])
  const all = [saved('one'), saved('other', { name: 'Second account' }), saved('third')]
  const catalog = [{ factoryId: 'ours', name: { en: 'Ours', 'zh-CN': '我们' } }]
  expect(choicesOf(all, catalog, ({ en }) => en)).toEqual([
    { value: 'one', label: 'Ours' },
    { value: 'other', label: 'Second account' },
    { value: 'third', label: 'Ours (2)' },
  ])
})
