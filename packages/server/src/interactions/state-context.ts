/**
 * What the sealed state of an interaction is bound to.
 *
 * @example open(keys.seal, row.state, stateContext(row.uid))
 */
export const stateContext = (uid: string): string => `interaction/${uid}`
