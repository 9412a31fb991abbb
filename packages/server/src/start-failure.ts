import { inspect } from 'node:util'
import { secretsOf } from './config.ts'
import { redact } from './connections/redact.ts'
import { placeOf } from './db/address.ts'
import { explainOpening } from './db/opening.ts'
import { rootCauses, StartError, wordsOf } from './start-error.ts'

/**
 * What is printed when a start fails: a line with cause and remedy, and where the environment says `START_TRACE=true`
 * the places in the program too. What is secret in the environment is struck out of both.
 */
export function startFailure(error: unknown, env: Record<string, string | undefined>): string {
  const trace = env.START_TRACE === 'true' ? `\n${inspect(error)}` : ''
  return redact(`${lineFor(error, env)}${trace}`, secretsOf(env))
}

function lineFor(error: unknown, env: Record<string, string | undefined>): string {
  if (error instanceof StartError) return error.message
  // The database can go away between two steps of a start.
  for (let each = error; each instanceof Error; each = each.cause)
    if (each.name === 'DatabaseUnavailable')
      return explainOpening(each, placeOf(env.DATABASE_URL?.trim() ?? '', 'in DATA_DIR')).message
  return `It does not start: ${wordsOf(rootCauses(error))}. START_TRACE=true shows where that arose.`
}
