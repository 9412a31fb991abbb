import { setFlagsFromString } from 'node:v8'

/**
 * While a server loads, almost everything it makes stays, and for that the engine widens the room for young objects
 * again and again: some 20 MB that a server at rest never fills. So that room keeps its first size until the server has
 * started. To be called before the server's modules are loaded.
 *
 * @example
 * holdYoungRoom()
 * await import('@countersign/server/main') // which frees it
 */
export const holdYoungRoom = (): void => setFlagsFromString('--semi-space-growth-factor=1')

/** From now on the room for young objects grows with the work, as the engine has it by itself. */
export const freeYoungRoom = (): void => setFlagsFromString('--semi-space-growth-factor=2')
