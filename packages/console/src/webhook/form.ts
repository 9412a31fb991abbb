import {
  type Hook,
  type HookConfigInput,
  type HookEvent,
  hookAddressProblem,
  isRobotAddress,
  RESERVED_HOOK_HEADERS,
  type Robot,
  type RobotForm,
  type RobotInput,
  SIGNED_ROBOTS,
} from '@countersign/api'
import type { Issue } from '../api-error.ts'

/** One custom header, as typed. */
export interface HeaderRow {
  name: string
  value: string
}

/** A webhook as the page edits it. */
export interface WebhookForm {
  name: string
  url: string
  /** Who is told: a back end, or the robot of a group. */
  form: 'json' | RobotForm
  /** In which language a robot writes. */
  language: Robot['language']
  /** A robot's secret as it is typed; empty for the one that is stored. */
  secret: string
  /** A secret is stored, and for which service. */
  signed: RobotForm | undefined
  /** The stored secret is to go. */
  forgets: boolean
  events: HookEvent[]
  headers: HeaderRow[]
  /** Tries after the first one. */
  retries: number
  enabled: boolean
}

/** What the server takes when nothing is said. */
const RETRIES = 3

export const EMPTY: WebhookForm = {
  name: '',
  url: '',
  form: 'json',
  language: 'en',
  secret: '',
  signed: undefined,
  forgets: false,
  events: [],
  headers: [],
  retries: RETRIES,
  enabled: true,
}

/** The events that a webhook is told of: of its list, else the single one of older clients. */
export const eventsOf = ({ events, event }: Pick<Hook, 'events' | 'event'>): HookEvent[] =>
  events.length > 0 ? events : event === null ? [] : [event]

/** What the page shows of a webhook. */
export const toForm = (hook: Hook): WebhookForm => ({
  name: hook.name,
  url: hook.config.url,
  form: hook.config.robot?.form ?? 'json',
  language: hook.config.robot?.language ?? 'en',
  secret: '',
  signed: hook.config.robot?.signed ? hook.config.robot.form : undefined,
  forgets: false,
  events: eventsOf(hook),
  headers: Object.entries(hook.config.headers ?? {}).map(([name, value]) => ({ name, value })),
  retries: hook.config.retries ?? RETRIES,
  enabled: hook.enabled,
})

const isBlank = ({ name, value }: HeaderRow) => name.trim() === '' && value.trim() === ''

/** What is said of a robot: a secret only where it is to change. */
function toRobot({ form, language, secret, signed, forgets }: WebhookForm): RobotInput | undefined {
  if (form === 'json') return undefined
  const typed = SIGNED_ROBOTS.includes(form) ? secret.trim() : ''
  const said = typed !== '' ? { secret: typed } : signed === form && forgets ? { secret: null } : {}
  return { form, language, ...said }
}

/** What is sent to an address: the server replaces it as a whole. */
export function toConfig(form: WebhookForm): HookConfigInput {
  const { url, headers, retries } = form
  const robot = toRobot(form)
  // A service takes no headers of ours.
  if (robot) return { url: url.trim(), robot, ...(retries !== RETRIES && { retries }) }
  const rows = headers.filter(row => !isBlank(row)).map(({ name, value }) => [name.trim(), value.trim()])
  return {
    url: url.trim(),
    ...(rows.length > 0 && { headers: Object.fromEntries(rows) as Record<string, string> }),
    ...(retries !== RETRIES && { retries }),
  }
}

/** A webhook ready to be saved. */
export const toBody = (form: WebhookForm) => ({
  name: form.name.trim(),
  events: form.events,
  config: toConfig(form),
  enabled: form.enabled,
})

export type Wrong = 'name' | 'url' | 'invisible' | 'credentials' | 'events' | 'robotAddress' | 'secret'
export type WrongHeader = 'headerName' | 'headerTwice' | 'headerReserved'

/** What keeps a form from being saved: the mistake of each field that has one. */
export interface Mistakes {
  name?: Wrong
  url?: Wrong
  events?: Wrong
  secret?: Wrong
  /** By row. */
  headers: (WrongHeader | undefined)[]
}

function urlMistake({ url, form }: WebhookForm): Wrong | undefined {
  if (form !== 'json') return isRobotAddress(form, url.trim()) ? undefined : 'robotAddress'
  const problem = hookAddressProblem(url.trim())
  return problem === 'no-address' ? 'url' : problem
}

function headerMistakes(rows: readonly HeaderRow[]): Mistakes['headers'] {
  const seen = new Set<string>()
  return rows.map(row => {
    if (isBlank(row)) return undefined
    const name = row.name.trim().toLowerCase()
    // What RFC 9110 calls a token.
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) return 'headerName'
    if (RESERVED_HOOK_HEADERS.includes(name)) return 'headerReserved'
    if (seen.has(name)) return 'headerTwice'
    seen.add(name)
    return undefined
  })
}

/** What no secret of a robot has. */
const SECRET_PROBLEM = /[^\x21-\x7e]|.{257}/

/** Looks a form over before it is sent, as the server will. */
export function mistakesOf(form: WebhookForm): Mistakes {
  const url = urlMistake(form)
  const isJson = form.form === 'json'
  return {
    ...(form.name.trim() === '' && { name: 'name' }),
    ...(url && { url }),
    ...(form.events.length === 0 && { events: 'events' }),
    ...(!isJson && SECRET_PROBLEM.test(form.secret.trim()) && { secret: 'secret' }),
    headers: isJson ? headerMistakes(form.headers) : form.headers.map(() => undefined),
  }
}

/** The names of a header's two fields. */
export const headerField = (row: number, part: keyof HeaderRow): string => `headers.${row}.${part}`

/** The form's fields by the members of what is sent; a header that the server names is looked up among the rows. */
export function placeInForm({ headers }: WebhookForm, path: Issue['path']): Issue['path'] {
  const [first, second, third] = path
  if (first !== 'config') return path
  if (second === 'robot') return [String(third ?? 'form')]
  if (second !== 'headers') return [String(second ?? 'config')]
  const row = headers.findIndex(({ name }) => name.trim() === third)
  return row < 0 ? path : [headerField(row, 'value')]
}
