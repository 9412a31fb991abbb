import { FRAUD_KINDS, FRAUD_MODES, type FraudKind, type FraudMode, type FraudModes } from '@countersign/api'
import type { Keys } from '../crypto/keys.ts'
import { networkKey } from '../http/network.ts'
import { prefixOf } from '../identifiers/phone.ts'
import type { AskedMessage, FraudNote } from '../ledger/ledger.ts'
import { type Subject, subjectOf } from './findings.ts'
import { chosenModes, HOUR, QUIET } from './policy.ts'
import type { FraudRoom } from './room.ts'
import type { FindingRow } from './store.ts'

/** A message as the guard looks at it. */
export interface Judged extends Pick<AskedMessage, 'recipient' | 'visitorIp'> {
  applicationId: string | undefined
}

/** What the guard says of a message. */
export interface Verdict {
  /** `nothing`: it is only noted. */
  demands: 'nothing' | 'captcha' | 'refuse'
  reason: 'fraud'
  /** What the ledger notes with the message, whatever becomes of it. */
  note: FraudNote
}

/** What a message has in common with others, the narrowest first. */
export type Subjects = readonly { kind: FraudKind; subject: Subject }[]

/**
 * What a message has in common with others, the narrowest first.
 *
 * @example subjectsOf(keys, { recipient, visitorIp, applicationId })
 */
export function subjectsOf(keys: Keys, { recipient, visitorIp, applicationId }: Judged): Subjects {
  const values: Record<FraudKind, string | undefined> = {
    network: networkKey(keys, visitorIp),
    prefix: recipient.type === 'phone' ? prefixOf(recipient.value) : undefined,
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

/**
 * The finding by which a message is judged: of those that hold, the one whose mode is strictest, and of these the narrowest.
 * What an operator has allowed is not held up by anything broader either: an office's address not by its country.
 *
 * @example applying(await store.open(), subjects, modes, world.now())?.mode // 'refuse'
 */
export function applying(
  open: readonly Pick<FindingRow, 'id' | 'subject' | 'seen_at' | 'allowed_until'>[],
  subjects: Subjects,
  modes: FraudModes,
  now: number,
): { id: string; mode: FraudMode } | undefined {
  let strictest: { id: string; mode: FraudMode } | undefined
  for (const { kind, subject } of subjects) {
    const finding = open.find(each => each.subject === subject)
    if (!finding) continue
    if (finding.allowed_until !== null) {
      if (finding.allowed_until > now) break
      continue
    }
    const mode = modes[kind]
    if (now - finding.seen_at < HOLDS_FOR && (!strictest || strictness(mode) > strictness(strictest.mode)))
      strictest = { id: finding.id, mode }
  }
  return strictest
}

/**
 * Judges messages by what was found. All of it is remembered, so that a message costs no statement.
 *
 * @example const verdict = await createJudge(room)({ recipient, visitorIp, applicationId })
 */
export const createJudge =
  ({ db, keys, store, world }: Pick<FraudRoom, 'db' | 'keys' | 'store' | 'world'>) =>
  async (message: Judged): Promise<Verdict | undefined> => {
    const open = await store.open()
    if (open.length === 0) return undefined
    const finding = applying(open, subjectsOf(keys, message), await chosenModes(db), world.now())
    if (!finding) return undefined
    const { id, mode } = finding
    return { demands: mode === 'record' ? 'nothing' : mode, reason: 'fraud', note: `${mode}/${id}` }
  }
