import type { Generated } from 'kysely'

/** The tables of messages, the attempts to get them out, and what providers tell of these. */
export interface LedgerSchema {
  /** What became of every message. Rows are added, and changed by what their attempts come to, or when a code is used. */
  messages: {
    /** Keyed hash of the network that it was asked for from; null where that is not a visitor's own, or not known. */
    network: string | null
    /** What the number begins with; null for an e-mail address. */
    prefix: string | null
    /** Of one that was sent, the id of its code. */
    id: string
    /** Keyed hash of the recipient's one spelling; null where it is not known any more. */
    recipient_key: string | null
    /** Masked. */
    recipient: string
    country: string | null
    channel: string
    usage_type: string
    /** `interaction`, `account`, `api`, `test`; null where it is not known any more. */
    asked_by: string | null
    interaction_id: string | null
    application_id: string | null
    user_id: string | null
    operator_id: string | null
    /** Of the attempt that its state is of. */
    connector: string | null
    /** `refused`, `suppressed`, or that of the attempt that came furthest, which a trigger writes. */
    state: string
    /** Why it was decided so, where no attempt tells. */
    reason: string | null
    /** How often the same was refused or suppressed within the hour. */
    times: Generated<number>
    created_at: number
    /** When it was refused or suppressed last. */
    last_at: number
    /** When its code was used. */
    verified_at: number | null
    /** Which of its codes that was, 1 or 2. */
    used_code: number | null
    /** `delivered` or `undelivered` by what its attempts' receipts say, which a trigger writes; null while nobody knows. */
    receipt: Generated<string | null>
    /** With which finding of the fraud guard it was asked for, after what that did with its messages: `record/<id>`. */
    fraud: string | null
    /** The name of the budget that stopped it, or the text message in whose place it goes. */
    budget: string | null
    /** The pass of the browser that it was asked for in; null where nobody had signed in there before, or no browser asked. */
    device: string | null
  }
  /** A view through which a message is written with its first attempt. */
  begun_messages: {
    id: string
    recipient_key: string | null
    recipient: string
    country: string | null
    channel: string
    usage_type: string
    asked_by: string | null
    interaction_id: string | null
    application_id: string | null
    user_id: string | null
    operator_id: string | null
    connector: string
    state: string
    created_at: number
    network: string | null
    prefix: string | null
    fraud: string | null
    budget: string | null
    device: string | null
    attempt_id: string
    connection_id: string | null
    attempt_at: number
    sealed_to: string | null
    ask_at: number | null
  }
  attempts: {
    id: string
    /** An older version knew no messages; a trigger makes one for what it writes. */
    message_id: string | null
    /** Which attempt of its message. */
    nth: Generated<number>
    connection_id: string | null
    connector: string
    channel: string
    usage_type: string
    /** Masked. */
    recipient: string
    state: string
    /**
     * `interrupted`: the process that sent it ended before it knew how that went. `hedged`: it was silent for so long that
     * another message left with a code of its own; that stays true, whatever its own outcome is.
     */
    reason: string | null
    /** Which of its message's codes it carries. */
    which_code: Generated<number>
    ids: string
    failure: string | null
    provider_code: string | null
    /** Sealed: the provider's raw answer. */
    answer: string | null
    took: number | null
    /** How many the provider charges; null while nobody knows. */
    segments: number | null
    /** Of one unit, in millionths of its currency, as it was when this left. */
    price: number | null
    currency: string | null
    /** `segment`, `message`. */
    price_unit: string | null
    /** `submission`, `receipt`. */
    charged: string | null
    created_at: number
    /** The provider's id, as receipts name it: `<connector>/<name>/<id>`. */
    provider_key: Generated<string | null>
    /** Sealed: the whole recipient, while the provider may still be asked about it. */
    sealed_to: Generated<string | null>
    /** When the provider is to be asked next; null when it has told, or nobody asks any more. */
    ask_at: Generated<number | null>
    /** How often it was claimed to be asked. Also says whose claim it is: whoever raised it to this number. */
    asks: Generated<number>
    /** `delivered`, `undelivered`, or `none` where none came; null while one may come. */
    receipt: Generated<string | null>
    /** The carrier's code. */
    receipt_code: Generated<string | null>
    /** Why there is none: `no_receipt`, `unknown_to_provider`, `not_asked`. */
    receipt_reason: Generated<string | null>
    /** When it became known. */
    receipt_at: Generated<number | null>
  }
  /** What providers said of attempts. Rows are only added, and find their attempt later where it was not known yet. */
  receipts: {
    id: string
    /** Unique: keyed hash of what it says of which message, so that one that comes again is the same. */
    mark: string
    attempt_id: string | null
    /** While no attempt is known: our id and the provider's. */
    attempt_ref: string | null
    provider_key: string | null
    /** The connection over whose address it came, or that was asked. */
    connection_id: string
    connector: string
    /** `push` or `pull`. */
    via: string
    /** `delivered`, `failed` or `pending`. */
    state: string
    code: string | null
    /** Sealed: the provider's words. */
    detail: string | null
    at: number | null
    segments: number | null
    received_at: number
  }
  /** Where the provider of a connection pushes its receipts to. */
  receipt_addresses: {
    connection_id: string
    /** Keyed hash of the address's secret part. */
    hash: string
    /** Sealed: that part, which operators read. */
    sealed: string
    created_at: number
    /** When something came that was believed. */
    last_at: number | null
    /** How often something came that was not, when last, and why. */
    refused: Generated<number>
    refused_at: number | null
    refused_reason: string | null
  }
  /** How far the provider of a connection was told whether codes were used, and with what success. */
  conversion_feedback: {
    connection_id: string
    /** The attempt after which to go on: when it was begun, and its id. */
    at: number
    attempt_id: string
    told: Generated<number>
    failed: Generated<number>
    /** Failures since the last success. */
    streak: Generated<number>
    paused_until: Generated<number | null>
    /** The last failure. */
    failure: Generated<string | null>
    provider_code: Generated<string | null>
    failed_at: Generated<number | null>
  }
}
