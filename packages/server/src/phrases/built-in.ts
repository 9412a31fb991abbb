import type { Labels, Locale } from '@countersign/sign-in'

/** Texts in groups; a group may hold groups. */
export interface Phrases {
  [name: string]: string | Phrases
}

/**
 * Where each label of our pages stands among the texts: in the groups in which sign-in pages of others look for
 * them. Every label has its place, so an operator can change every word that visitors read.
 */
const PLACES = {
  input: {
    phone: 'phone',
    phone_number: 'phoneNumber',
    email: 'emailAddress',
    email_short: 'email',
    country: 'country',
    username: 'username',
    password: 'password',
    new_password: 'newPassword',
    confirm_password: 'repeatPassword',
    code: 'code',
    phone_placeholder: 'phonePlaceholder',
    email_placeholder: 'emailPlaceholder',
  },
  secondary: { new_here: 'newHere', have_account: 'haveAccount' },
  action: {
    sign_in: 'signIn',
    create_account: 'createAccount',
    continue: 'continue',
    get_code: 'getCode',
    new_code: 'newCode',
    did_you_mean: 'didYouMean',
    verify: 'verify',
    resend: 'resend',
    resend_in: 'resendIn',
    back: 'back',
    back_to_sign_in: 'backToSignIn',
    change: 'change',
    change_phone: 'changePhone',
    change_email: 'changeEmail',
    use_another: 'useAnother',
    use_password: 'usePassword',
    use_code: 'useCode',
    use_code_in: 'useCodeIn',
    forgot_password: 'forgotPassword',
    save_password: 'savePassword',
    show_password: 'showPassword',
    hide_password: 'hidePassword',
    sign_out: 'signOut',
    open_inbox: 'openInbox',
    go_to: 'goTo',
  },
  description: {
    register: 'register',
    continue_to: 'continueTo',
    identifier_kinds: 'identifierKinds',
    reset_password: 'resetPassword',
    reset_password_hint: 'resetPasswordHint',
    enter_code: 'enterCode',
    code_sent_by_sms: 'codeSentBySms',
    code_sent_by_email: 'codeSentByEmail',
    code_sent_in_place: 'codeSentInPlace',
    new_code_text: 'newCodeText',
    new_code_in_place: 'newCodeInPlace',
    check_working: 'checkWorking',
    check_done: 'checkDone',
    check_failed: 'checkFailed',
    check_needs_script: 'checkNeedsScript',
    check_other_way: 'checkOtherWay',
    enter_password: 'enterPassword',
    signing_in_as: 'signingInAs',
    set_password: 'setPassword',
    password_min: 'passwordMin',
    terms: 'terms',
    privacy: 'privacy',
    agree_both: 'agreeBoth',
    agree_terms: 'agreeTerms',
    agree_privacy: 'agreePrivacy',
    accept_both: 'acceptBoth',
    accept_terms: 'acceptTerms',
    accept_privacy: 'acceptPrivacy',
    offer_register: 'offerRegister',
    offer_register_text: 'offerRegisterText',
    offer_sign_in: 'offerSignIn',
    offer_sign_in_text: 'offerSignInText',
    add_phone: 'addPhoneText',
    add_phone_title: 'addPhone',
    add_email: 'addEmailText',
    add_email_title: 'addEmail',
    add_username: 'addUsernameText',
    add_username_title: 'addUsername',
    password_changed: 'passwordChangedText',
    password_changed_title: 'passwordChanged',
    sign_out_text: 'signOutText',
    signed_out: 'signedOutText',
    signed_out_title: 'signedOut',
    home: 'homeText',
    home_of_one: 'homeTextOfOne',
    home_title: 'home',
    not_begun: 'notBegunText',
    not_begun_title: 'notBegun',
    support: 'support',
    help_by_email: 'helpByEmail',
    help_on_website: 'helpOnWebsite',
    help_both: 'helpBoth',
    unknown_session: 'unknownSessionText',
    unknown_session_title: 'unknownSession',
    leaving: 'leavingText',
    leaving_title: 'leaving',
    languages: 'languages',
    simulated: 'simulated',
  },
  error: {
    general: 'general',
    title: 'errorTitle',
    prefix: 'errorPrefix',
    reference: 'reference',
  },
} as const satisfies Record<string, Record<string, keyof Labels>>

/** The sentences beside the labels, by the name of their group in `error`. */
const SENTENCES = { notices: 'notices', codes: 'errors', password: 'passwordIssues' } as const

/** Groups that pages of others have and ours do not. */
const EMPTY = [
  'list',
  'mfa',
  'development_tenant',
  'user_scopes',
  'profile',
  'account_center',
  'passkey_sign_in',
]

/** The texts of our own pages, in Logto's groups. */
export function builtInPhrases(locale: Locale): Phrases {
  const group = (places: Record<string, keyof Labels>): Record<string, string> =>
    Object.fromEntries(Object.entries(places).map(([name, label]) => [name, locale.labels[label]]))
  const sentences = Object.entries(SENTENCES).map(([name, part]) => [name, { ...locale[part] }])
  return {
    ...Object.fromEntries(Object.entries(PLACES).map(([name, places]) => [name, group(places)])),
    error: { ...group(PLACES.error), ...Object.fromEntries(sentences) },
    ...Object.fromEntries(EMPTY.map(name => [name, {}])),
  }
}

/** The texts of a group that are known by the names given. */
function textsOf(group: string | Phrases | undefined, known: Iterable<string>): Record<string, string> {
  if (typeof group !== 'object') return {}
  const texts = [...known].map(name => [name, Object.hasOwn(group, name) ? group[name] : undefined])
  // An empty text is none: nobody means a button without a word.
  return Object.fromEntries(texts.filter(([, text]) => typeof text === 'string' && text !== ''))
}

/** A locale that says an operator's own texts wherever there are some: the reverse of `builtInPhrases`. */
export function withPhrases(locale: Locale, own: Phrases): Locale {
  const labels: Partial<Labels> = {}
  for (const [name, places] of Object.entries<Record<string, keyof Labels>>(PLACES))
    for (const [key, text] of Object.entries(textsOf(own[name], Object.keys(places))))
      labels[places[key]!] = text
  const errors = typeof own.error === 'object' ? own.error : {}
  const sentences = Object.entries(SENTENCES).map(([name, part]) => [
    part,
    { ...locale[part], ...textsOf(errors[name], Object.keys(locale[part])) },
  ])
  return { ...locale, ...Object.fromEntries(sentences), labels: { ...locale.labels, ...labels } }
}
