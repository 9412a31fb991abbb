import type { ErrorCode, PasswordIssue } from '@countersign/api'
import type { NoticeKey } from './notices.ts'

/**
 * One language, and everything the pages and the API say in it. A sentence may hold `{placeholders}`; a part in
 * square brackets is left out when a value in it is missing. `{seconds}` and `{minutes}` are written with
 * their unit ("34 seconds", "2 minutes"), because only the language knows its plural forms; `{until}` is a moment in the
 * time zone `timeZone`.
 */
export interface Locale {
  /** BCP 47, as in the `lang` attribute. */
  tag: string
  /** The language's name in itself. */
  name: string
  /** Whether durations are written "5 minutes" or in the short form, which reads better in some languages. */
  unitDisplay: 'long' | 'short'
  errors: Record<ErrorCode, string>
  passwordIssues: Record<PasswordIssue, string>
  notices: Record<NoticeKey, string>
  labels: Labels
  /** Country names where the system's own would surprise readers of this language. */
  countries: Record<string, string>
}

/** Headings, field labels, buttons and the fixed sentences of the pages. */
export interface Labels {
  /** Said for a code that has no sentence. */
  general: string
  errorTitle: string
  errorPrefix: string

  signIn: string
  register: string
  resetPassword: string
  continueTo: string
  resetPasswordHint: string

  phone: string
  email: string
  username: string
  phoneNumber: string
  emailAddress: string
  country: string
  phonePlaceholder: string
  /** The button with a `{number}` that may have been meant instead of the one that was typed. */
  didYouMean: string
  emailPlaceholder: string
  identifierKinds: string
  continue: string
  getCode: string
  newHere: string
  createAccount: string
  haveAccount: string
  backToSignIn: string
  agreeBoth: string
  agreeTerms: string
  agreePrivacy: string
  /** Beside the box that is to be ticked. */
  acceptBoth: string
  acceptTerms: string
  acceptPrivacy: string
  terms: string
  privacy: string

  code: string
  enterCode: string
  codeSentBySms: string
  codeSentByEmail: string
  /** Where an e-mail may have taken the place of a text message to a `{recipient}`. */
  codeSentInPlace: string
  verify: string
  /** Heading where the code can no longer be used, and to whom a new one would go. */
  newCode: string
  newCodeText: string
  newCodeInPlace: string
  resend: string
  /** With `{count}`, the seconds left, which the script fills in each second. */
  resendIn: string
  /** The check for people: while it goes on, when it is done, and when the browser cannot do it. */
  checkWorking: string
  checkDone: string
  checkFailed: string
  /** Said without the script, and after it where the page has other `{ways}`. */
  checkNeedsScript: string
  checkOtherWay: string
  changePhone: string
  changeEmail: string
  usePassword: string
  back: string

  password: string
  enterPassword: string
  signingInAs: string
  change: string
  useCode: string
  useCodeIn: string
  forgotPassword: string
  showPassword: string
  hidePassword: string

  offerRegister: string
  offerRegisterText: string
  offerSignIn: string
  offerSignInText: string
  useAnother: string

  setPassword: string
  newPassword: string
  repeatPassword: string
  passwordMin: string
  savePassword: string

  addPhone: string
  addEmail: string
  addUsername: string
  addPhoneText: string
  addEmailText: string
  addUsernameText: string

  passwordChanged: string
  passwordChangedText: string
  signOut: string
  signOutText: string
  signedOut: string
  signedOutText: string
  /** On the page that goes on by itself, with a link named `continue`. */
  leaving: string
  leavingText: string
  /** On the bare address: what it is. */
  home: string
  homeText: string
  /** Where only one application signs people in; it is the `{application}`. */
  homeTextOfOne: string
  unknownSession: string
  unknownSessionText: string
  /** Where somebody opened a page of a sign-in by itself. */
  notBegun: string
  notBegunText: string
  /** The button that leads to an `{application}`. */
  goTo: string
  reference: string

  /** The link to the operator's own pages of help. */
  support: string
  /** Where something failed; `{website}` is that link, `{email}` an address. */
  helpByEmail: string
  helpOnWebsite: string
  helpBoth: string

  languages: string
  simulated: string
  openInbox: string
}
