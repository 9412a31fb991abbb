/** What `vitest --reporter=json` writes, as far as the closing line needs it. */
export interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { name: string; status: string; assertionResults: unknown[] }[]
}

export interface Tally {
  passed: number
  failed: number
  skipped: number
}

/**
 * Counts a run. A file that could not be loaded has no tests to count and is one failure; so is a run that left
 * no report, or found no test at all, or ended badly for a reason that no test shows.
 */
export function tally(report: VitestReport | undefined, exitCode: number): Tally {
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  const broken = report.testResults.filter(
    file => file.status === 'failed' && file.assertionResults.length === 0,
  )
  const passed = report.numPassedTests
  let failed = report.numFailedTests + broken.length
  if (failed === 0 && (passed === 0 || exitCode !== 0)) failed = 1
  return { passed, failed, skipped: report.numPendingTests + report.numTodoTests }
}

/** The closing line of `npm test`: machines read it, so its form is fixed. */
export function closingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
