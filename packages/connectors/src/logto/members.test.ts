import { expect, test } from 'vitest'
import { connectors } from '../index.ts'
import { underOurNames } from './members.ts'
import { toLogtoConnector } from './to-logto.ts'

const dm = { id: 'aliyun-dm' }

test.each([
  ['logto', { regionId: 'eu-central-1' }, { region: 'eu-central-1' }],
  ['ours', { regionId: 'eu-central-1' }, { region: 'eu-central-1' }],
  // An empty field of a form names nothing.
  ['logto', { regionId: '', region: 'us-east-1' }, { regionId: '', region: 'us-east-1' }],
  ['logto', { regionId: 'eu-central-1', region: 'us-east-1' }, { region: 'eu-central-1' }],
  [
    'ours',
    { regionId: 'eu-central-1', region: 'us-east-1' },
    { regionId: 'eu-central-1', region: 'us-east-1' },
  ],
] as const)('in the form of %s, %j is %j', (seen, written, read) => {
  expect(underOurNames(dm, written, seen)).toEqual(read)
})

test.each([undefined, null, 'text', 7, []])('%j as a configuration stays what it is', config => {
  expect(underOurNames(dm, config, 'logto')).toEqual(config)
})

test("Direct Mail's region has the name in Logto's form that Logto's own connector gives it, and what only receipts need is not there", async () => {
  const connector = connectors.find(({ id }) => id === 'aliyun-dm')!
  const create = toLogtoConnector(connector, code => new Error(code))
  const { metadata } = await create({ getConfig: async () => ({}) })
  const keys = metadata.formItems.map(({ key }) => key)
  expect(keys).toContain('regionId')
  expect(keys).not.toContain('region')
  // Logto hears of no receipts.
  expect(keys).toContain('endpoint')
  expect(keys).not.toContain('eventToken')
})
