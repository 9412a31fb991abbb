import { testAnswers } from './suite/answers.ts'
import { testConfiguration } from './suite/configuration.ts'
import { testDelivery, testDestinations } from './suite/delivery.ts'
import { testFailures } from './suite/failures.ts'
import { testFeedback } from './suite/feedback.ts'
import { testLanguages } from './suite/languages.ts'
import { testNetwork } from './suite/network.ts'
import { testReceipts } from './suite/receipts.ts'
import { testSecrecy } from './suite/secrecy.ts'
import { type Part, type RunTest, trialsOf } from './suite/trials.ts'
import type { ConnectorSubject } from './test-world.ts'

export type { RunTest } from './suite/trials.ts'
export type { ConnectorSubject, TestProvider, TestReceipts } from './test-world.ts'

const PARTS: readonly Part[] = [
  testDelivery,
  testDestinations,
  testLanguages,
  testFailures,
  testNetwork,
  testAnswers,
  testSecrecy,
  testReceipts,
  testConfiguration,
  testFeedback,
]

/**
 * The one suite that every connector passes: hands each test to the runner. It needs a stand-in for the provider
 * that checks what it is sent as the provider would, or it proves little. For example:
 *
 *     testConnector(test, {
 *       connector: aliyunSms,
 *       settings: sampleSettings['aliyun-sms'],
 *       provider: () => aliyunStandIn(),
 *     })
 */
export function testConnector(test: RunTest, subject: ConnectorSubject): void {
  const trials = trialsOf(subject)
  for (const part of PARTS) part(test, trials)
}
