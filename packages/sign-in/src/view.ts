import type { CaptchaChallenge } from '@countersign/api'

/** What identifies a user: the same three words as on the wire. */
export type IdentifierKind = 'phone' | 'email' | 'username'

/** A sentence to show, by its key in the locale files: a public error code or a notice. */
export interface Notice {
  tone: 'error' | 'info'
  /** A public error code of `@countersign/api`, or a key of `notices` in the locale files. */
  code: string
  /** Values for the sentence, e.g. `{seconds: 34}` or `{min: 8}`. */
  values?: Record<string, string | number>
}

/** Whether a page says what the visitor agrees to by going on, or asks for a tick (see `agreement`). */
export type Terms = 'said' | 'asked'

/**
 * Where text messages can go: countries and regions by their two letters, `CN` for mainland China, and `elsewhere` for all
 * but mainland China.
 */
export type Places = readonly string[]

/** A phone number that may have been meant: what its button posts, and how it is written. */
export interface MeantPhone {
  value: string
  shown: string
}

/** A way on beside the one that a check holds up. */
export type OtherWay = IdentifierKind | 'password'

/** A check for people that stands in a form, which then posts its answer as `captcha`. */
export interface Check {
  challenge: CaptchaChallenge
  /** True where the form was posted already: it is posted again as soon as the check is done. */
  auto: boolean
  /** The ways on that the page offers and that ask for no check. */
  otherWays: readonly OtherWay[]
}

/** An application to begin from. */
export interface Entrance {
  name: string
  /** Where its visitors enter it in a browser, as far as that is known. */
  href?: string
}

/** What every page shows around its content. */
export interface Frame {
  /** Name of the application that the user is on the way to; absent on pages without an interaction. */
  applicationName?: string
  logoUrl?: string
  termsOfUseUrl?: string
  privacyPolicyUrl?: string
  /** `#rrggbb`; the page darkens or lightens it until text on it is readable. */
  primaryColor?: string
  /** The colour where the visitor prefers dark pages, `#rrggbb`. While it is absent the pages are light for everybody. */
  darkColor?: string
  /** In the place of `logoUrl` on dark pages. */
  darkLogoUrl?: string
  /** The picture in the browser's tab, and in its place on dark pages. */
  favicon?: string
  darkFavicon?: string
  /** The path of the operator's own stylesheet: see `customStylesheet`. */
  stylesheet?: string
  /** Where visitors get help: in the foot of every page, and where something failed in its text. */
  supportEmail?: string
  supportWebsiteUrl?: string
  /** Goes into every form as the hidden field `csrf`. */
  csrf: string
  /** Address of this page in another language, with the language's name in itself; fewer than two hide the switch. */
  languages: { tag: string; href: string; name?: string }[]
  /** True where messages go to the built-in simulators. */
  simulated: boolean
  /** Where the simulators' inbox is read; shown in a small note when `simulated`. */
  inboxUrl?: string
}

/**
 * Every page of the sign-in, with exactly the data it shows. Forms post to `action` as
 * `application/x-www-form-urlencoded`; the field names stand in the comments and are part of the contract
 * with the server. Hrefs are ready-made. Nothing here knows a route.
 */
export type View =
  /**
   * First page. Posts `kind`, `value`, and for phones `country` (ISO code; the value may also start with `+`), or `meant`
   * when the button of that number was taken.
   */
  | {
      page: 'identifier'
      purpose: 'sign-in' | 'register' | 'reset-password'
      action: string
      /** The kinds offered, first is the default; each with the address of this page with that kind chosen. */
      kinds: { kind: IdentifierKind; href: string }[]
      kind: IdentifierKind
      value: string
      /** Chosen country of the phone field, e.g. `CN`. */
      country: string
      /** Where codes can go: the phone field offers these countries alone. */
      served?: Places
      meant?: MeantPhone
      /** True when a password may be used although a code comes first: a second button posts `use=password`. */
      offersPassword?: boolean
      /** To the other purpose(s); absent when not allowed. */
      registerHref?: string
      signInHref?: string
      /** True where the next step sends a code whatever is typed; the button then says so. */
      sendsCode?: boolean
      terms?: Terms
      check?: Check
      notice?: Notice
    }
  /** Posts `code` to `action` (not when `over`); another form posts nothing but csrf to `resendAction`. */
  | {
      page: 'code'
      purpose: 'sign-in' | 'register' | 'reset-password' | 'add'
      action: string
      resendAction: string
      /** Masked recipient, e.g. `+86 138 **** 8000`. */
      recipient: string
      channel: 'sms' | 'email'
      /**
       * True where an e-mail may have taken the place of a text message to `recipient`: the page says neither whether there was
       * one, nor where to.
       */
      inPlace?: boolean
      /** Digits of the code, and minutes it lives. */
      length: number
      minutes: number
      /** Seconds until a resend is welcome; 0 = now. The script counts down; without it the button just works. */
      resendAfter: number
      changeHref: string
      /** True when the code can no longer be used, as the notice says: there is no field, and a new one is what is offered. */
      over?: boolean
      /** To sign in with the password instead; absent when not offered. */
      passwordHref?: string
      /** Answers `{notice}`, a sentence, when the message could not be delivered; the script asks there for a minute. */
      receiptHref?: string
      /** In the form that asks for another code. */
      check?: Check
      notice?: Notice
    }
  /** Posts `password`. The identifier is shown and also sent as a hidden-by-CSS `username` field for password managers. */
  | {
      page: 'password'
      action: string
      identifier: string
      changeHref: string
      /** A form action (POST, csrf only) that sends a code instead; absent when not offered. */
      codeAction?: string
      /** Seconds until a code is welcome, as `resendAfter`; absent or 0 = now. */
      codeAfter?: number
      forgotHref?: string
      /** In the form of `codeAction`. */
      check?: Check
      notice?: Notice
    }
  /** The identifier is unknown: offers to create the account. Posts csrf only, and `terms` where they are asked for. */
  | {
      page: 'offer-register'
      action: string
      identifier: string
      changeHref: string
      terms?: Terms
      notice?: Notice
    }
  /** The identifier belongs to an account: offers to sign in. Posts csrf only. */
  | { page: 'offer-sign-in'; action: string; identifier: string; changeHref: string; notice?: Notice }
  /** Posts `password` and `repeat`. */
  | {
      page: 'new-password'
      purpose: 'register' | 'reset-password' | 'add'
      action: string
      identifier: string
      minLength: number
      /** Issues of the password policy, e.g. `password_rejected.too_short`. */
      issues: Notice[]
      notice?: Notice
    }
  /** Something the sign-up settings require is missing. Posts `kind`, `value`, `country`, `meant` like `identifier`. */
  | {
      page: 'add-identifier'
      action: string
      kinds: { kind: IdentifierKind; href: string }[]
      kind: IdentifierKind
      value: string
      country: string
      served?: Places
      meant?: MeantPhone
      check?: Check
      notice?: Notice
    }
  /** The password was changed; a link leads on. */
  | { page: 'password-changed'; continueHref: string }
  /** Asks for the click that signs out; the optional script clicks by itself. The form carries oidc-provider's fields. */
  | { page: 'sign-out'; action: string; fields: Record<string, string>; formId: string }
  | { page: 'signed-out' }
  /**
   * Goes on to `href` by itself: the end of a way that began with a form (see `pagePolicy`). Where it leads into an app,
   * its link shows at once: browsers may open apps only after a tap.
   */
  | { page: 'leaving'; href: string }
  /** The bare address: whoever opens it gets told what it is, and where to begin. */
  | { page: 'home'; application?: Entrance }
  /** No interaction: opened out of the blue, or `expired`. The application is the one that the visitor came from. */
  | { page: 'unknown-session'; expired: boolean; application?: Entrance }
  /** Something failed; `code` picks the sentence, `reference` is the request id for support. */
  | { page: 'error'; code: string; reference?: string }
