import {
  applicationRoutes,
  configRoutes,
  emailTemplateRoutes,
  hookRoutes,
  operatorRoutes,
  type Route,
  sendLimitRoutes,
  signInExperienceRoutes,
  testIdentityRoutes,
  userRoutes,
} from '@countersign/api'
import { connectors } from '@countersign/connectors'
import { type Issue, issuesOf, type SettingsTable, settingsSchema } from '@countersign/kit'
import { expect, it } from 'vitest'
import { sayIssue } from '../packages/console/src/form/say-issue.ts'
import { en } from '../packages/console/src/locales/en.ts'
import { zhCN } from '../packages/console/src/locales/zh-CN.ts'

/** What is wrong somewhere. */
const WRONG: readonly unknown[] = [
  undefined,
  null,
  '',
  ' ',
  'ü ü',
  'no such thing',
  'x'.repeat(200_000),
  '\ud800',
  '1abc',
  'ftp://a.example',
  'a_b://c',
  'https://u:p@a.example/#there',
  'https://a.example/path',
  'two@a.example two@b.example',
  'two..dots@a.example',
  'ümlaut@a.example',
  `${'long'.repeat(20)}@a.example`,
  'someone@localhost',
  7,
  7.5,
  1e12,
  true,
  [],
  ['x_y://z', 'nothing'],
  {},
]

/** Why a schema refuses, for every wrong value at every place. */
function refusals(schema: NonNullable<Route['body']>, places: readonly (string | number)[][]): Issue[] {
  return places.flatMap(path =>
    WRONG.flatMap(value => {
      const sent = path.reduceRight<unknown>(
        (inner, key) => (typeof key === 'number' ? [inner] : { [key]: inner }),
        value,
      )
      const { error } = schema.safeParse(sent)
      return error ? issuesOf(error, sent) : []
    }),
  )
}

function placesOf(table: SettingsTable): (string | number)[][] {
  return Object.entries(table).flatMap(([key, field]) => [
    [key],
    ...Object.keys(field.row ?? {}).map(inner => [key, 0, inner]),
    ...(field.kind === 'regional' ? [[key, 'china']] : []),
  ])
}

/** Says every issue in both languages, and gives what is not said in either's own words. */
function unsaid(issues: readonly Issue[]): string[] {
  const said = new Set(
    issues.flatMap(issue => {
      const [english, chinese] = [sayIssue(issue, 'Label', en.form), sayIssue(issue, '标签', zhCN.form)]
      const inEnglish = /^Label[ :].+\.$/.test(english) && !/Invalid|Too (small|big)|ZodError/.test(english)
      // Names and examples stay; sentences do not.
      const inChinese =
        /^“标签/.test(chinese) && !/[a-z]+ [a-z]+ [a-z]+/.test(chinese) && chinese.endsWith('。')
      return inEnglish && inChinese ? [] : [`${issue.message} → ${english} → ${chinese}`]
    }),
  )
  return [...said]
}

it.each(connectors.map(connector => [connector.id, connector] as const))(
  'whatever is wrong in the settings of %s is said in the words of each language',
  (_, { settings }) => {
    const issues = refusals(settingsSchema(settings), placesOf(settings))
    expect(issues.length).toBeGreaterThan(10)
    expect(unsaid(issues)).toEqual([])
  },
)

it.each<[string, Route, (string | number)[][]]>([
  ['a new application', applicationRoutes.createApplication, [['name'], ['type']]],
  [
    'an application',
    applicationRoutes.updateApplication,
    [
      ['name'],
      ['oidcClientMetadata', 'redirectUris'],
      ['oidcClientMetadata', 'postLogoutRedirectUris'],
      ['oidcClientMetadata', 'backchannelLogoutUri'],
      ['customClientMetadata', 'corsAllowedOrigins'],
    ],
  ],
  ['a secret', applicationRoutes.createApplicationSecret, [['name']]],
  ['a webhook', hookRoutes.createHook, [['name'], ['events'], ['config', 'url'], ['config', 'retries']]],
  [
    'the sign-in experience',
    signInExperienceRoutes.updateSignInExperience,
    [
      ['color', 'primaryColor'],
      ['defaultCountry'],
      ['languageInfo', 'fallbackLanguage'],
      ['termsOfUseUrl'],
      ['privacyPolicyUrl'],
      ['agreeToTermsPolicy'],
      ['supportEmail'],
      ['supportWebsiteUrl'],
      ['customCss'],
      ['signInMode'],
      ['verificationCodePolicy', 'codeLength'],
      ['verificationCodePolicy', 'resendInterval'],
    ],
  ],
  [
    'a test identity',
    testIdentityRoutes.createTestIdentity,
    [['type'], ['value'], ['code'], ['expiresAt'], ['note']],
  ],
  ['an operator', operatorRoutes.addOperator, [['name']]],
  ['a password', operatorRoutes.changeOperatorPassword, [['currentPassword'], ['password']]],
  ['a user’s password', userRoutes.setUserPassword, [['password']]],
  [
    'the limits of sends',
    sendLimitRoutes.putSendLimits,
    [
      ['sms', 'recipient', 'pause'],
      ['sms', 'all', 'day'],
    ],
  ],
  ['how long sessions live', configRoutes.updateOidcSessionConfig, [['ttl']]],
  [
    'an e-mail template',
    emailTemplateRoutes.putEmailTemplates,
    [
      ['templates', 0, 'languageTag'],
      ['templates', 0, 'details', 'subject'],
    ],
  ],
])('whatever is wrong in %s is said in the words of each language', (_, route, places) => {
  const issues = refusals(route.body!, places)
  expect(issues.length).toBeGreaterThan(0)
  expect(unsaid(issues)).toEqual([])
})

it.each([
  'must have 6 digits, as every code has',
  'must lie in the future',
  'must be at most 90 days ahead, that is at most 1790000000000',
  'must be a phone number, country code first',
  'must be a phone number with its country code, such as +86 138 0013 8000',
  'must not be another number where no plus stands before it',
  'must be the id of the user who has this number or address',
  'must not hold the character NUL',
  'must be 1 at least; to send nothing, switch the connection off',
  'must be 1 at least; leave it out for no pause',
  'anybody can get a name that https://*.github.io covers; write out a name of yours after the *',
])('what only the server knows is said in the words of each language: %s', message => {
  expect(unsaid([{ code: 'custom', path: ['value'], message }])).toEqual([])
})
