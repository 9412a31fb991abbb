import { isRobotAddress, robotToken } from '@countersign/api'
import type { Fetch } from '@countersign/kit'
import { type Ending, makeCall, type Patience, shownAnswer } from '../attempt.ts'
import type { StoredConfig } from '../config.ts'
import { readAnswer } from './answer.ts'
import { failureOf } from './failures.ts'
import { type Message, robotRequest, textFor } from './message.ts'

/** Milliseconds that a service gets to answer. */
export const ROBOT_DEADLINE = 5_000

/** A robot that is written to. */
export type RobotConfig = StoredConfig & { robot: NonNullable<StoredConfig['robot']> }

/** Whether a webhook is a robot's. */
export const isRobot = (config: StoredConfig): config is RobotConfig => config.robot !== undefined

/** A text without what opens the group to others, should a service repeat it. */
function withoutSecrets(text: string, { url, robot: { form, secret } }: RobotConfig): string {
  const token = robotToken(form, url)
  const secrets = [token, encodeURIComponent(token), secret ?? ''].filter(each => each !== '')
  return secrets.reduce((struck, each) => struck.replaceAll(each, '******'), text)
}

/** Brings one message to a robot's group, and says how it ended. Never throws. */
export async function attemptRobot(
  send: Fetch,
  config: RobotConfig,
  message: Message,
  { now, deadline = ROBOT_DEADLINE, stop }: Patience & { now: number },
): Promise<Ending> {
  const { url: address, robot } = config
  const { form } = robot
  const sent = textFor(form, message)
  const failed = (name: Parameters<typeof failureOf>[0]) => {
    const failure = failureOf(name)
    return { delivered: false, error: failure.meaning.en, failure, sent, retry: false }
  }
  if (!isRobotAddress(form, address)) return failed('no-address')
  const request = robotRequest(robot, address, message, now)
  const ending = await makeCall(
    send,
    {
      ...request,
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Countersign' },
      judge(status, text, wished) {
        const { failure, retryAfter } = readAnswer(form, status, text, wished)
        const response = { status, body: shownAnswer(withoutSecrets(text, config)) }
        if (!failure) return { delivered: true, response, retry: false }
        const retry = retryAfter !== undefined
        return {
          delivered: false,
          response,
          error: failure.meaning.en,
          failure,
          retry,
          ...(retry && { retryAfter }),
        }
      },
    },
    { deadline: Math.min(deadline, ROBOT_DEADLINE), stop },
  )
  const lost = !ending.delivered && !ending.failure
  return { ...ending, sent, ...(lost && { failure: failureOf('no-answer') }) }
}
