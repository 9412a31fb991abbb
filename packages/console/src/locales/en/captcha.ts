/** The check for people. */
export const captcha = {
  captcha: {
    title: 'Check for people',
    text: 'A visitor shows that they are no program before a message leaves.',
    forAll: 'Ask every visitor',
    forAllText: 'Once in each sign-in, before the first code is sent or a password is asked for.',
    provider: 'Provider',
    providers: {
      altcha: 'Our own (ALTCHA)',
      aliyun: 'Aliyun Captcha 2.0',
      tencent: 'Tencent Captcha',
      turnstile: 'Cloudflare Turnstile (unreliable from mainland China)',
      hcaptcha: 'hCaptcha (unreliable from mainland China)',
    },
    own: 'The visitor’s browser does some work. There is nothing to read or to click, and no other host is asked.',
    notYet: (provider: string) => `Until you save, the check in use stays: ${provider}.`,
    guides: {
      aliyun:
        'In the console of Captcha 2.0 add a scene for Web/H5: it has a scene ID, and its integration code has the prefix. Make a RAM user with the permission AliyunYundunAFSFullAccess for the AccessKey. End the scene’s test mode, in which everybody would pass.',
      tencent:
        'In the console of Tencent Captcha make a verification for web: its details have the CaptchaAppId and the AppSecretKey. The SecretId and SecretKey are those of a CAM user who may use Captcha. Tencent wants the addresses of visitors: behind a proxy set TRUST_PROXY.',
      turnstile:
        'In Cloudflare’s dashboard add a Turnstile widget for the host name of your sign-in pages, and copy both keys.',
      hcaptcha:
        'In hCaptcha’s dashboard add a site for the host name of your sign-in pages and copy its site key; the secret stands in the settings of your account.',
    },
    fields: {
      prefix: 'Prefix',
      sceneId: 'Scene ID',
      accessKeyId: 'AccessKey ID',
      accessKeySecret: 'AccessKey secret',
      captchaAppId: 'CaptchaAppId',
      appSecretKey: 'AppSecretKey',
      secretId: 'SecretId',
      secretKey: 'Secret key',
      siteKey: 'Site key',
    },
    region: 'Region',
    regions: { cn: 'China (cn)', sgp: 'Singapore (sgp)' },
    secretKept: 'Stored. Leave it empty to keep it.',
    fallback: 'Where the provider cannot be reached',
    fallbackText:
      'A program may pretend that it cannot reach the provider, so with our own check the weaker of the two is what counts.',
    fallbacks: { altcha: 'Show our own check instead', refuse: 'Let nobody on' },
    effort: 'Work',
    effortText:
      'By our estimate; computers are faster. More work makes many messages dearer to ask for, but owners of old phones wait longer.',
    takes: (from: string, to: string) => `About ${from} to ${to} seconds on a phone`,
    whenAsked:
      'Also while not every visitor is asked, the check is shown where another part of the protection demands it of a message. Back ends, and whoever is signed in, are never asked.',
    saved: 'The check for people is saved.',
  },
}
