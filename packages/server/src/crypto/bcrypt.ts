import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { ImportProblem, PasswordCheck } from './password-check.ts'

/** 2a, 2b and PHP's 2y mean the same for every password; 2x marks hashes of a library that was wrong. */
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z\d]{53}$/

/** Rounds as a power of two. Each step doubles the time. */
const LEAST_COST = 4

/** Bcrypt looks at no more bytes of a password. */
const SEEN_BYTES = 72

/** False when bcrypt sees the beginning of a password alone: then a right answer says nothing about the rest. */
export const seesWhole = (password: string): boolean => Buffer.byteLength(password) <= SEEN_BYTES

/** Reads a bcrypt hash, `$2b$` with cost, salt and tag. */
export function readBcrypt(digest: string, mostCost: number): PasswordCheck | ImportProblem {
  const [, cost] = BCRYPT.exec(digest) ?? []
  if (cost === undefined || Number(cost) < LEAST_COST) return 'malformed'
  if (Number(cost) > mostCost) return 'costly'
  return password => compare(password, digest)
}

/**
 * What the thread does. The runtime computes its own hashes beside the event loop; a library can only so. As text and
 * in CommonJS it runs from the sources and from a built package alike.
 */
const PROGRAM = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { compareSync } = require(workerData)
  parentPort.on('message', ({ id, password, digest }) =>
    parentPort.postMessage({ id, right: compareSync(password, digest) }))
`

interface Waiting {
  resolve(right: boolean): void
  reject(error: unknown): void
}

/** One thread for the process, from the first bcrypt hash on; so it takes one processor at most. */
let thread: Worker | undefined
const waiting = new Map<number, Waiting>()
let lastId = 0

function startThread(): Worker {
  const library = createRequire(import.meta.url).resolve('bcryptjs')
  const started = new Worker(PROGRAM, { eval: true, workerData: library })
  started.on('message', ({ id, right }: { id: number; right: boolean }) => {
    waiting.get(id)?.resolve(right)
    waiting.delete(id)
    if (waiting.size === 0) started.unref()
  })
  started.on('error', error => {
    thread = undefined
    for (const each of waiting.values()) each.reject(error)
    waiting.clear()
  })
  return started
}

/** Whoever asks has waited for a turn, so that few wait here. */
function compare(password: string, digest: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    thread ??= startThread()
    lastId += 1
    waiting.set(lastId, { resolve, reject })
    // It keeps the process only while somebody waits.
    thread.ref()
    thread.postMessage({ id: lastId, password, digest })
  })
}
