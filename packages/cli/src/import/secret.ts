import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { textOfFile } from '@countersign/kit'
import { usageError } from '../exit-codes.ts'

/** Where the secret may stand so that neither the shell's history nor the list of processes shows it. */
export const SECRET_VARIABLE = 'LOGTO_CLIENT_SECRET'

/**
 * The client's secret: from the option (`-`: standard input), else the environment, else asked for on the terminal
 * without showing it.
 *
 * @throws Stop when there is none
 */
export async function readSecret(given: string | undefined): Promise<string> {
  const secret = (await secretFrom(given)).trim()
  if (secret !== '') return secret
  throw usageError(
    `The client's secret is missing: put it in the environment as ${SECRET_VARIABLE}, or give --client-secret - and write it to standard input.`,
  )
}

async function secretFrom(given: string | undefined): Promise<string> {
  if (given === '-') return standardInput()
  if (given !== undefined) return given
  const variable = process.env[SECRET_VARIABLE]
  if (variable !== undefined) return variable
  return process.stdin.isTTY && process.stderr.isTTY ? ask('Client secret (not shown): ') : ''
}

async function standardInput(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  const text = textOfFile(Buffer.concat(chunks))
  if (text === undefined)
    throw usageError('The secret on standard input is not UTF-8. Write it in that encoding.')
  return text
}

/** Asks on the terminal; what is typed goes nowhere. */
export async function ask(question: string): Promise<string> {
  process.stderr.write(question)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const prompt = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  try {
    return await prompt.question('')
  } finally {
    prompt.close()
    process.stderr.write('\n')
  }
}
