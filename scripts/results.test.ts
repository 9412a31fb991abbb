import { describe, expect, it } from 'vitest'
import { closingLine, tally, type VitestReport } from './results.ts'

const green: VitestReport = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ name: 'a.test.ts', status: 'passed', assertionResults: [{}, {}, {}] }],
}

describe('the closing line of npm test', () => {
  it('counts what passed and failed', () => {
    expect(closingLine(tally(green, 0))).toBe('3 passed, 0 failed')
  })

  it('names skipped tests only when there are some', () => {
    expect(closingLine(tally({ ...green, numPendingTests: 2, numTodoTests: 1 }, 0))).toBe(
      '3 passed, 0 failed, 3 skipped',
    )
  })

  it('counts a file that cannot be loaded as a failure', () => {
    const broken = { name: 'b.test.ts', status: 'failed', assertionResults: [] }
    const report = { ...green, testResults: [...green.testResults, broken] }
    expect(closingLine(tally(report, 1))).toBe('3 passed, 1 failed')
  })

  it.each([
    ['left no report', undefined, 0],
    ['found no tests', { ...green, numPassedTests: 0, testResults: [] }, 0],
    ['ended badly for a reason that no test shows', green, 1],
  ])('is never green for a run that %s', (_, report, exitCode) => {
    expect(tally(report, exitCode).failed).toBe(1)
  })
})
