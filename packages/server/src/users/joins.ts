/**
 * What other rooms' statements take of the users' table: this room alone names it in SQL, and they join what is asked
 * of it here. For example: `leftJoin(sessionEnds(db), 'owner.id', 'oidc_payloads.account_id')`.
 */
export { countCreated, sessionEnds, userWithId } from './store.ts'
