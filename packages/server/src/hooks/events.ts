export { hookUser } from '../users/users.ts'
export type { Emit, Fields, Telling } from './telling.ts'

/** The member that tells that all other sessions and grants of the user have ended. */
export const ended = ({ sessionsEnded }: { sessionsEnded?: boolean | undefined }) =>
  sessionsEnded ? { sessionsEnded } : {}
