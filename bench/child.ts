import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

interface Options {
  args?: string[]
  env?: Record<string, string>
  /** Modules loaded before the child's own. */
  preload?: string[]
  execArgv?: string[]
}

/** A process of its own that answers one message with one message. */
export class Child {
  readonly #process: ChildProcess
  readonly #name: string
  #ended = false

  /** @param file seen from this folder */
  constructor(file: string, { args = [], env = {}, preload = [], execArgv = [] }: Options = {}) {
    this.#name = [file, ...args].join(' ')
    const at = (path: string) => new URL(path, import.meta.url)
    this.#process = fork(fileURLToPath(at(file)), args, {
      execArgv: [...execArgv, ...preload.flatMap(each => ['--import', at(each).href])],
      env: { ...process.env, ...env },
      // What a contestant logs costs it the writing, and nobody the reading.
      stdio: ['ignore', 'ignore', process.env.BENCH_DEBUG ? 'inherit' : 'ignore', 'ipc'],
    })
    this.#process.on('exit', () => {
      this.#ended = true
    })
  }

  /** The next message of the child. */
  next<T>(): Promise<T> {
    return new Promise((resolve, reject) => {
      const fail = () => reject(new Error(`${this.#name}: ended without an answer; BENCH_DEBUG=1 shows why`))
      if (this.#ended) return fail()
      this.#process.once('exit', fail)
      this.#process.once('message', message => {
        this.#process.off('exit', fail)
        resolve(message as T)
      })
    })
  }

  /** Sends a message and waits for the next one back. */
  ask<T>(message: object): Promise<T> {
    const answer = this.next<T>()
    this.#process.send(message)
    return answer
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#process.on('message', listener)
  }

  /** Lets the child end by itself. */
  disconnect(): void {
    this.#process.disconnect()
  }

  async stop(): Promise<void> {
    if (this.#ended) return
    const ended = new Promise(resolve => this.#process.once('exit', resolve))
    this.#process.kill('SIGKILL')
    await ended
  }
}
