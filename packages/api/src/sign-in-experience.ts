import { z } from 'zod'
import { idle, UrlOrNothing } from './common.ts'
import { PHONE_COUNTRIES } from './countries.ts'
import { Email } from './email.ts'
import { defineRoute } from './route.ts'

const HexColor = z.string().regex(/^#(?:[\da-f]{3}|[\da-f]{6})$/i, 'must be a colour such as #6139F6')
const Identifier = z.enum(['username', 'email', 'phone'])
export const ForgotPasswordMethod = z.enum(['EmailVerificationCode', 'PhoneVerificationCode'])

export const SignInMethod = z.object({
  identifier: Identifier,
  password: z.boolean(),
  verificationCode: z.boolean(),
  isPasswordPrimary: z.boolean(),
})
export type SignInMethod = z.output<typeof SignInMethod>

export const SignUp = z.object({
  identifiers: z.array(Identifier),
  password: z.boolean(),
  verify: z.boolean(),
  secondaryIdentifiers: z
    .array(
      z.object({
        identifier: z.enum(['username', 'email', 'phone', 'emailOrPhone']),
        verify: z.boolean().optional(),
      }),
    )
    .optional(),
})
export type SignUp = z.output<typeof SignUp>

export const VerificationCodePolicy = z.object({
  /** Digits of a code; ours alone, six where it is left out. */
  codeLength: z.int().min(4).max(8).optional(),
  expirationDuration: z.int().min(60).max(3600).optional(),
  maxRetryAttempts: z.int().min(1).max(100).optional(),
  /** Seconds between two codes for one recipient that pages ask for; ours alone, 60 where it is left out. */
  resendInterval: z.int().min(0).max(600).optional(),
})

export const SentinelPolicy = z.object({
  maxAttempts: z.int().min(1).optional(),
  lockoutDuration: z.int().min(1).optional(),
})

export const EmailBlocklistPolicy = z.object({
  blockDisposableAddresses: z.boolean().optional(),
  blockSubaddressing: z.boolean().optional(),
  customAllowlist: z.array(z.string()).optional(),
  customBlocklist: z.array(z.string()).optional(),
})

export const PasswordPolicy = z.object({
  length: z.object({ min: z.int().min(1).optional(), max: z.int().min(1).optional() }).optional(),
  characterTypes: z.object({ min: z.int().min(1).max(4).optional() }).optional(),
  rejects: z
    .object({
      pwned: z.boolean().optional(),
      repetitionAndSequence: z.boolean().optional(),
      userInfo: z.boolean().optional(),
      words: z.array(z.string()).optional(),
    })
    .optional(),
})

/** `enabledAt` is the server's to write. */
export const PasswordExpiration = z.object({
  enabled: z.boolean().optional(),
  validPeriodDays: z.number().optional(),
  enabledAt: z.number().optional(),
})

export const UsernamePolicy = z.object({
  caseSensitive: z.boolean(),
  minLength: z.int().min(1).max(128),
  maxLength: z.int().min(1).max(128),
  allowedChars: z.object({
    lowercase: z.boolean(),
    uppercase: z.boolean(),
    numbers: z.boolean(),
    underscore: z.boolean(),
  }),
})

/** Second factors: there are none here, their settings are kept for those who write them. */
const Mfa = z.object({
  factors: z.array(
    z.enum(['Totp', 'WebAuthn', 'BackupCode', 'EmailVerificationCode', 'PhoneVerificationCode']),
  ),
  policy: z.enum([
    'UserControlled',
    'Mandatory',
    'PromptOnlyAtSignIn',
    'PromptAtSignInAndSignUp',
    'NoPrompt',
    'PromptAtSignInAndSignUpMandatory',
    'PromptOnlyAtSignInMandatory',
  ]),
  organizationRequiredMfaPolicy: z.enum(['NoPrompt', 'Mandatory']).optional(),
})

/** Shown as a picture and nothing else, so it may also hold the picture itself. */
const Picture = z.url({
  protocol: /^(?:https?|data)$/,
  error: 'must be an address that begins with https://, http:// or data:',
})

/** The country that phone fields begin with; ours alone, and absent from answers until it is set. Empty or null clears it. */
const DefaultCountry = z
  .union([
    z.enum(PHONE_COUNTRIES, { error: 'must be the two letters of a country, such as CN' }),
    z.literal(''),
    z.null(),
  ])
  .optional()

const fields = {
  color: z.object({ primaryColor: HexColor, isDarkModeEnabled: z.boolean(), darkPrimaryColor: HexColor }),
  branding: z.object({
    logoUrl: Picture.optional(),
    darkLogoUrl: Picture.optional(),
    favicon: Picture.optional(),
    darkFavicon: Picture.optional(),
  }),
  hideLogtoBranding: idle(z.boolean()),
  defaultCountry: DefaultCountry,
  languageInfo: z.object({ autoDetect: z.boolean(), fallbackLanguage: z.string() }),
  termsOfUseUrl: UrlOrNothing,
  privacyPolicyUrl: UrlOrNothing,
  agreeToTermsPolicy: z.enum(['Automatic', 'ManualRegistrationOnly', 'Manual']),
  signIn: z.object({ methods: z.array(SignInMethod) }),
  signUp: SignUp,
  signInMode: z.enum(['SignIn', 'Register', 'SignInAndRegister']),
  forgotPasswordMethods: z.array(ForgotPasswordMethod).nullable(),
  verificationCodePolicy: VerificationCodePolicy,
  sentinelPolicy: SentinelPolicy,
  emailBlocklistPolicy: EmailBlocklistPolicy,
  passwordPolicy: PasswordPolicy,
  passwordExpiration: PasswordExpiration,
  usernamePolicy: UsernamePolicy,
  captchaPolicy: z
    .object({ enabled: z.boolean().optional() })
    .describe('Enabled, everybody passes a check for people before a code is sent or an account is made.'),
  socialSignIn: idle(
    z.object({
      automaticAccountLinking: z.boolean().optional(),
      skipRequiredIdentifiers: z.boolean().optional(),
    }),
  ),
  socialSignInConnectorTargets: idle(z.array(z.string())),
  singleSignOnEnabled: idle(z.boolean()),
  mfa: idle(Mfa),
  adaptiveMfa: idle(z.object({ enabled: z.boolean().optional() })),
  passkeySignIn: idle(
    z.object({
      enabled: z.boolean().optional(),
      showPasskeyButton: z.boolean().optional(),
      allowAutofill: z.boolean().optional(),
    }),
  ),
  signUpProfileFields: idle(z.array(z.object({ name: z.string() })).nullable()),
  customCss: z.string().nullable(),
  customContent: idle(z.record(z.string(), z.string())),
  customUiAssets: idle(z.object({ id: z.string(), createdAt: z.number() }).nullable()),
  customUiCsp: idle(
    z.object({
      scriptSrc: z.array(z.string()).optional(),
      connectSrc: z.array(z.string()).optional(),
    }),
  ),
  supportEmail: z.union([Email, z.literal(''), z.null()]),
  supportWebsiteUrl: UrlOrNothing,
  unknownSessionRedirectUrl: UrlOrNothing,
}

export const SignInExperience = z.object({ tenantId: z.string(), id: z.string(), ...fields })
export type SignInExperience = z.output<typeof SignInExperience>

/** Long enough for every style sheet of a few pages; it is read whenever settings are. */
const LONGEST_CSS = 64 * 1024

export const SignInExperiencePatch = z
  .object({ ...fields, customCss: z.string().max(LONGEST_CSS).nullable() })
  .partial()
export type SignInExperiencePatch = z.output<typeof SignInExperiencePatch>

/** What anyone may read, plus what can be forgotten and reset right now. */
export const PublicSignInExperience = SignInExperience.omit({
  emailBlocklistPolicy: true,
  forgotPasswordMethods: true,
}).extend({
  socialConnectors: z.array(z.unknown()),
  ssoConnectors: z.array(z.unknown()),
  forgotPassword: z.object({ phone: z.boolean(), email: z.boolean() }),
  isDevelopmentTenant: z.boolean(),
  customProfileFields: z.array(z.unknown()),
  customProfileFieldCatalog: z.array(z.unknown()),
})

/** Usernames that differ by case alone. */
export const UsernameConflicts = z.object({
  totalConflicts: z.number(),
  samples: z.array(z.object({ usernameLower: z.string(), userIds: z.array(z.string()) })),
})
export type UsernameConflicts = z.output<typeof UsernameConflicts>

const tag = 'Sign-in experience'

export const signInExperienceRoutes = {
  getSignInExperience: defineRoute({
    method: 'get',
    path: '/api/sign-in-exp',
    operationId: 'GetSignInExp',
    tag,
    auth: 'management',
    summary: 'Read the sign-in experience',
    answers: { 200: SignInExperience },
  }),
  updateSignInExperience: defineRoute({
    method: 'patch',
    path: '/api/sign-in-exp',
    operationId: 'UpdateSignInExp',
    tag,
    auth: 'management',
    summary: 'Change the sign-in experience; each member given is replaced as a whole',
    query: z.object({ removeUnusedDemoSocialConnector: z.string().optional() }),
    body: SignInExperiencePatch,
    answers: { 200: SignInExperience },
  }),
  getPublicSignInExperience: defineRoute({
    method: 'get',
    path: '/api/.well-known/sign-in-exp',
    operationId: 'GetSignInExperienceConfig',
    tag: 'Well-known',
    auth: 'none',
    summary: 'Read what a sign-in page needs to know',
    query: z.object({ organizationId: z.string().optional(), appId: z.string().optional() }),
    answers: { 200: PublicSignInExperience },
  }),
  /** The same under its newer name. */
  getPublicExperience: defineRoute({
    method: 'get',
    path: '/api/.well-known/experience',
    operationId: 'GetWellKnownExperience',
    tag: 'Well-known',
    auth: 'none',
    summary: 'Read what a sign-in page needs to know',
    query: z.object({ organizationId: z.string().optional(), appId: z.string().optional() }),
    answers: { 200: PublicSignInExperience },
  }),
  checkPassword: defineRoute({
    method: 'post',
    path: '/api/sign-in-exp/default/check-password',
    operationId: 'CheckPasswordWithDefaultSignInExperience',
    tag,
    auth: 'management',
    changes: false,
    summary: 'Say whether the password policy lets a password be used',
    body: z.object({ password: z.string(), userId: z.string().optional() }),
    answers: {
      200: z.object({ result: z.literal(true) }),
      400: z.object({
        result: z.literal(false),
        issues: z.array(
          z.object({ code: z.string(), interpolation: z.record(z.string(), z.number()).optional() }),
        ),
      }),
    },
  }),
  listUsernameConflicts: defineRoute({
    method: 'get',
    path: '/api/sign-in-exp/username-policy/case-sensitivity-conflicts',
    operationId: 'GetUsernameCaseSensitivityConflicts',
    tag,
    auth: 'management',
    summary: 'List the usernames that would be the same if their case did not count',
    query: z.object({ limit: z.coerce.number().int().min(1).max(100).optional() }),
    answers: { 200: UsernameConflicts },
  }),
}
