/**
 * What a page may tell beside the public error codes: a closed list, so that each has its sentence in every
 * language. Values in braces are optional unless the line says otherwise.
 */
export const NOTICES = [
  /** Info: the message is on its way. */
  'code_sent',
  /** Info: another message is on its way, and only its code counts. */
  'code_resent',
  /** Info: no answer came after the request had left; the message may or may not arrive. */
  'maybe_sent',
  /** The provider says that there is no such number, or no such address. */
  'number_invalid',
  'address_invalid',
  /** Who reads this opted out once, or is on the provider's block list. */
  'number_blocked',
  'address_blocked',
  /** No provider, or no policy, lets a message go to this country. */
  'region_unsupported',
  /** Every way to send failed, for reasons that are ours and not the user's. */
  'delivery_failed',
  /** What the carrier or the mail server said of the message afterwards, where that helps who waits for it. */
  'phone_off',
  'number_not_in_service',
  'blocked_by_recipient',
  'blocked_by_carrier',
  'inbox_full',
  'address_unknown',
  /** It said that the message could not be delivered, and nothing that would help. */
  'not_delivered',
  /** Too many messages or tries; `{seconds}` to wait. */
  'rate_limited',
  /** No money is left for text messages, or for e-mails, `{until}` their period ends. */
  'sms_budget_spent',
  'email_budget_spent',
  /** Another code went to the same recipient just before; `{seconds}` to wait. */
  'send_paused',
  /** The code field was empty or had no digits. */
  'code_required',
  /** What was typed is no code of this length: `{digits}` digits. It cost no try. */
  'code_length',
  /** `{left}` tries remain. */
  'code_wrong',
  'code_expired',
  /** The code was right once: a newer one has replaced it. */
  'code_superseded',
  /** The code has been spent. */
  'code_used',
  /** No tries remain for this code. */
  'code_exhausted',
  /** The interaction is over or unknown. */
  'session_expired',
  /** The csrf field did not match: the page was open too long, or cookies are off. */
  'form_expired',
  'identifier_required',
  'invalid_phone',
  /** No mobile number of mainland China. */
  'no_mainland_mobile',
  /** The country has no such number; `{prefix}` is its code, as in `+1`. */
  'no_such_phone',
  /** Codes go to numbers of mainland China alone. */
  'mainland_only',
  'invalid_email',
  /** What stands after the at sign is no domain that mail can go to. */
  'email_domain',
  /** A character before the at sign, `{sign}`, that no mail server takes there. */
  'email_sign',
  'email_dots',
  'email_long',
  'invalid_username',
  'password_required',
  'passwords_differ',
  /** The box that agrees to the terms was not ticked. */
  'terms_required',
  /** The chosen way to sign in is switched off. */
  'method_unavailable',
  'registration_closed',
  /** Something failed that trying again may cure. */
  'try_again',
] as const

export type NoticeKey = (typeof NOTICES)[number]
