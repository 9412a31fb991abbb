import type { ProviderWindows } from '@countersign/kit'

/**
 * Characters of a code. Aliyun's documents speak of 4 to 8 only for codes that the cloud makes itself; of codes of one's
 * own the templates are known to carry 4 to 6.
 */
export const CODE_LENGTH = { least: 4, most: 6 }

/** Seconds between two messages to one number when a request does not say. Source: SendSmsVerifyCode, `Interval`. */
export const USUAL_INTERVAL = 60

/** Seconds in which the cloud may try a message again when a request does not say. Source: same, `ValidTime`. */
export const USUAL_VALIDITY = 300

/** The minutes in a message whose caller does not say them: how long codes of a Logto host are good. */
export const USUAL_MINUTES = 10

/**
 * Between two messages to a number lies the interval of the configuration. There are limits by the hour and the day too,
 * which the console alone tells: 5, 10 and 40 a day are named. Source: SendSmsVerifyCode, `Interval`.
 */
export const WINDOWS: ProviderWindows = {
  usual: ({ interval }) => ({
    pause: Number(interval) || USUAL_INTERVAL,
    minute: null,
    hour: null,
    day: null,
  }),
  rolling: [],
  by: ['accessKeyId'],
}
