import { ApiError } from '../refusals/refusal.ts'
import { type Event, type State, step } from './flow.ts'
import type { PageState } from './page-state.ts'

/** What is stored of one interaction. */
export interface InteractionContent {
  state?: State
  /** What the hosted pages must know from one page to the next; the flow never reads it. */
  page: PageState
}

/**
 * Gives the state.
 *
 * @example currentState(await interactions.read(uid)).event // 'SignIn'
 *
 * @throws ApiError `session.interaction_not_found` before the first event
 */
export function currentState({ state }: InteractionContent): State {
  if (!state) throw new ApiError('session.interaction_not_found')
  return state
}

/**
 * An interaction as it was read. The next write names the version, so that it overwrites nothing that it has not seen.
 */
export interface Read {
  content: InteractionContent
  version: number
  /** When its authorization request ends, and the interaction with it. */
  until: number
}

/** Where one interaction is kept. */
export interface Shelf {
  read(): Promise<Read>
  /** Writes over exactly what was read; false when another request has written since. */
  write(content: InteractionContent, over: Read): Promise<boolean>
  /** Waits, in milliseconds. */
  pause(duration: number): Promise<void>
  /** How long to wait before the next try: by chance, so that two nodes that met do not meet again. */
  chance(tries: number): number
}

/**
 * Says that another request has changed the interaction since it was read. No message has left yet, so the work begins
 * again.
 */
export class Conflict extends Error {}

/**
 * How often the work begins again. Only other nodes can come between, so more tries mean that something writes in a
 * loop.
 */
export const MOST_TRIES = 40

/**
 * One request's work on an interaction. Events and what the pages remember are folded here, and nothing waits for the
 * database until `claim` or `write`.
 *
 * @example
 * await interactions.transition(uid, async interaction => {
 *   interaction.apply({ type: 'begin', event: 'SignIn' })
 *   interaction.remember({ country: 'CN' })
 * })
 */
export class OpenInteraction implements InteractionContent {
  readonly uid: string
  readonly #shelf: Shelf
  #read: Read
  #content: InteractionContent
  #changes: ((content: InteractionContent) => InteractionContent)[] = []
  readonly #known = new Map<string, Promise<unknown>>()
  readonly #listeners: ((unwritten?: unknown) => void)[] = []

  constructor(uid: string, shelf: Shelf, read: Read) {
    this.uid = uid
    this.#shelf = shelf
    this.#read = read
    this.#content = read.content
  }

  get state(): State | undefined {
    return this.#content.state
  }

  get page(): PageState {
    return this.#content.page
  }

  /** Gives the state. @throws ApiError `session.interaction_not_found` before the first event */
  current(): State {
    return currentState(this.#content)
  }

  /** Applies an event of the flow. Throws what the flow throws, and then changes nothing. */
  apply(event: Event): State {
    this.#change(content => ({ ...content, state: step(content.state, event) }))
    return this.state!
  }

  /** Changes what the pages remember. */
  remember(page: Partial<PageState>): void {
    this.#change(content => ({ ...content, page: { ...content.page, ...page } }))
  }

  /** Forgets the flow's state; what the pages remember stays, and the authorization request lives on. */
  clear(): void {
    this.#change(({ page }) => ({ page }))
  }

  /**
   * Writes before a message leaves.
   *
   * @throws Conflict when another request was faster; it may have sent the same message
   */
  async claim(): Promise<void> {
    if (!(await this.#save())) throw new Conflict('another request has changed this interaction')
  }

  /**
   * Writes. What another request has written meanwhile stays, and every change of this one is judged again on top of
   * it.
   */
  async write(): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      if (await this.#save()) return
      await this.#shelf.pause(this.#shelf.chance(tries))
      const read = await this.#shelf.read()
      this.#content = this.#changes.reduce((content, change) => change(content), read.content)
      this.#read = read
    }
    throw new Error('An interaction was changed by too many requests at once')
  }

  /** Goes on from what is stored now, and forgets what was changed here and not written. */
  async reload(): Promise<void> {
    this.#read = await this.#shelf.read()
    this.#content = this.#read.content
    this.#changes = []
  }

  /**
   * Looks something up once for all of this request's work, e.g. the owner of a number. It may be out of date at the
   * end, so the last step judges anew what follows from it.
   */
  once<T>(name: string, look: () => Promise<T>): Promise<T> {
    const known = this.#known.get(name) as Promise<T> | undefined
    if (known) return known
    const looked = look()
    this.#known.set(name, looked)
    // A look that failed is made again when somebody asks again.
    looked.catch(() => this.#known.delete(name))
    return looked
  }

  /**
   * Calls the listener when all is written, or with the error when that failed. When the work begins again, it is
   * forgotten.
   */
  afterwards(listener: (unwritten?: unknown) => void): void {
    this.#listeners.push(listener)
  }

  /** Tells the listeners that the request's work is done, and written unless there is an error. */
  finish(unwritten?: unknown): void {
    for (const listener of this.#listeners.splice(0)) listener(unwritten)
  }

  #change(change: (content: InteractionContent) => InteractionContent): void {
    this.#content = change(this.#content)
    this.#changes.push(change)
  }

  async #save(): Promise<boolean> {
    const content = this.#content
    const { length } = this.#changes
    const isChanged = JSON.stringify(content) !== JSON.stringify(this.#read.content)
    if (isChanged && !(await this.#shelf.write(content, this.#read))) return false
    if (isChanged) this.#read = { ...this.#read, content, version: this.#read.version + 1 }
    this.#changes.splice(0, length)
    return true
  }
}
