import { connectionFeedbackRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import type { FeedbackOfCodes } from './feedback.ts'

/**
 * Where operators see what providers were told of codes.
 *
 * @example mountFeedback(mount, feedback)
 */
export function mountFeedback(mount: Mount, feedback: Pick<FeedbackOfCodes, 'of'>): void {
  mount.add(connectionFeedbackRoutes.getConnectionFeedback, async ({ params }) => ({
    status: 200,
    body: await feedback.of(params.id),
  }))
}
