import { expect, test } from 'vitest'
import { BOMBERS } from './abuse/bombers.ts'
import { bombOnce } from './abuse/trial.ts'

// The short form of `npm run drill:abuse`: one bomber, on a server as it comes.

const DEFAULT_OF_A_DAY = 80

test('a bomber who forges addresses behind a trusted proxy gets what one address gets, and nobody honest is refused', async () => {
  const bomber = BOMBERS.find(({ isProxied }) => isProxied)!
  const scale = { shots: 120, crowd: { office: 12, mobile: 4, others: 4 }, width: 8 }
  const { messages, stories: all } = await bombOnce(bomber, scale, 'sqlite::memory:')
  const stories = [...all.returning, ...all.newcomers]
  expect(messages).toBe(DEFAULT_OF_A_DAY)
  expect(stories.map(({ end, refusal, challenged }) => ({ end, refusal, challenged }))).not.toContainEqual(
    expect.objectContaining({ end: 'refused' }),
  )
  expect(stories.filter(({ end }) => end === 'in').length).toBeGreaterThan(stories.length / 2)
  expect(stories.filter(({ challenged }) => challenged)).toEqual([])
}, 120_000)
