import { FRAUD_KINDS, FRAUD_MODES, type FraudKind, type FraudMode, type FraudModes } from '@countersign/api'
import type { Keys } from '../crypto/keys.ts'
import { networkKey } from '../http/network.ts'
import { prefixOf } from '../identifiers/phone.ts'
import type { AskedMessage, FraudNote } from '../ledger/ledger.ts'
import { type Escalation, escalationOf } from './escalation.ts'
import { isNarrow, type Subject, subjectOf } from './findings.ts'
import { chosenSettings, HOUR, QUIET } from './policy.ts'
import type { FraudRoom } from './room.ts'
import type { FindingRow } from './store.ts'

/** A message as the guard looks at it. */
export interface Judged extends Pick<AskedMessage, 'recipient' | 'visitorIp'> {
  applicationId: string | undefined
  /** Whether whoever asks was here before; it costs statements, and is asked only where it matters. */
  isKnown(): Promise<boolean>
}

/** What the guard says of a message. */
export interface Verdict {
  /** `nothing`: it is only noted. */
  demands: 'nothing' | 'captcha' | 'refuse'
  reason: 'fraud'
  /** What the ledger notes with the message, whatever becomes of it. */
  note: FraudNote
  /** What the message is counted under where a check was passed for it. */
  passed?: Escalation
}

/** What a message has in common with others, the narrowest first. */
export type Subjects = readonly { kind: FraudKind; subject: Subject }[]

/**
 * What a message has in common with others, the narrowest first.
 *
 * @example subjectsOf(keys, { recipient, visitorIp, applicationId })
 */
export function subjectsOf(
  keys: Keys,
  { recipient, visitorIp, applicationId }: Omit<Judged, 'isKnown'>,
): Subjects {
  const values: Record<FraudKind, string | undefined> = {
    network: networkKey(keys, visitorIp),
    prefix: recipient.channel === 'sms' ? prefixOf(recipient.value) : undefined,
    application: applicationId,
    country: recipient.country,
  }
  return FRAUD_KINDS.flatMap(kind => {
    const value = values[kind]
    return value === undefined
      ? []
      : [{ kind, subject: subjectOf({ channel: recipient.channel, kind, value }) }]
  })
}

/** A finding that a look has not confirmed for so long holds no more, even where nobody looks to end it. */
const HOLDS_FOR = QUIET + HOUR

const strictness = (mode: FraudMode) => FRAUD_MODES.indexOf(mode)

/** A finding that applies to a message, and what becomes of that. */
interface Applying<F> {
  finding: F
  mode: FraudMode
}

/** A finding as far as it is looked at for a message. */
type Open = Pick<FindingRow, 'id' | 'subject' | 'seen_at' | 'allowed_until'>

/**
 * The finding by which a message is judged: of those that hold, the one whose mode is strictest, and of these the narrowest.
 * What an operator has allowed is not held up by anything broader either: an office's address not by its country.
 *
 * @example applying(await store.open(), subjects, modes, world.now())?.mode // 'refuse'
 */
export function applying<F extends Open>(
  open: readonly F[],
  subjects: Subjects,
  modes: FraudModes,
  now: number,
): Applying<F> | undefined {
  let strictest: Applying<F> | undefined
  for (const { kind, subject } of subjects) {
    const finding = open.find(each => each.subject === subject)
    if (!finding) continue
    if (finding.allowed_until !== null) {
      if (finding.allowed_until > now) break
      continue
    }
    const mode = modes[kind]
    if (now - finding.seen_at < HOLDS_FOR && (!strictest || strictness(mode) > strictness(strictest.mode)))
      strictest = { finding, mode }
  }
  return strictest
}

/**
 * What applies to a message: what is broad holds up strangers alone, so for known visitors it is what is narrow, and what is
 * broad is only recorded.
 */
async function appliesTo<F extends Open>(
  { isKnown }: Judged,
  open: readonly F[],
  subjects: Subjects,
  modes: FraudModes,
  now: number,
): Promise<Applying<F> | undefined> {
  const found = applying(open, subjects, modes, now)
  if (!found || found.mode === 'record' || isNarrow(found.finding.subject) || !(await isKnown())) return found
  const narrow = applying(
    open,
    subjects.filter(({ subject }) => isNarrow(subject)),
    modes,
    now,
  )
  return narrow ?? { ...found, mode: 'record' }
}

/**
 * Judges messages by what was found. All of it is remembered, so that a message costs no statement, but where something
 * broad holds up strangers: then it is looked who is none.
 *
 * @example const verdict = await createJudge(room)({ recipient, visitorIp, applicationId, isKnown: async () => false })
 */
export const createJudge =
  (room: Pick<FraudRoom, 'db' | 'keys' | 'ledger' | 'store' | 'world'>) =>
  async (message: Judged): Promise<Verdict | undefined> => {
    const { db, keys, store, world } = room
    const open = await store.open()
    if (open.length === 0) return undefined
    const { modes, escalates } = await chosenSettings(db)
    const applies = await appliesTo(message, open, subjectsOf(keys, message), modes, world.now())
    if (!applies) return undefined
    const { finding, mode } = applies
    const note = `${mode}/${finding.id}` as const
    const isCounted = escalates && mode === 'captcha'
    return {
      demands: mode === 'record' ? 'nothing' : mode,
      reason: 'fraud',
      note,
      ...(isCounted && { passed: escalationOf(room, finding, note) }),
    }
  }
