const en = {
  title: 'Demo application',
  intro:
    'A separate small application that signs its users in over OpenID Connect. It knows the sign-in service by its address, {issuer}, and nothing else.',
  signedOut: 'You are signed out.',
  signIn: 'Sign in',
  register: 'Register',
  inbox: 'Codes arrive in the inbox of the development world:',
  signedInAs: 'Signed in as {name}',
  idToken: 'Claims of the ID token',
  userinfo: 'Claims of the userinfo endpoint',
  claim: 'Claim',
  value: 'Value',
  refresh: 'Refresh tokens',
  refreshed: 'The refresh token was exchanged for new tokens.',
  signOut: 'Sign out',
  failed: 'The sign-in did not finish',
  cancelled: 'The sign-in was cancelled.',
  refused: 'The sign-in service refused: {reason}',
  unknownVisit: 'This sign-in was not begun in this browser, or it has been finished already.',
  unavailable: 'The sign-in service at {issuer} does not answer. Start it, then try again.',
  unexpected: 'The answer of the sign-in service was not accepted: {reason}',
  notFound: 'There is no such page.',
  again: 'Try again',
  home: 'Back to the start',
}

export type Sentences = typeof en

const zhCN: Sentences = {
  title: '演示应用',
  intro: '一个独立的小应用，通过 OpenID Connect 让用户登录。它只知道登录服务的地址 {issuer}，别无其他。',
  signedOut: '您尚未登录。',
  signIn: '登录',
  register: '注册',
  inbox: '验证码会送到开发环境的收件箱：',
  signedInAs: '已登录：{name}',
  idToken: 'ID 令牌中的声明',
  userinfo: 'userinfo 端点返回的声明',
  claim: '声明',
  value: '值',
  refresh: '刷新令牌',
  refreshed: '已用刷新令牌换取新令牌。',
  signOut: '退出登录',
  failed: '登录未完成',
  cancelled: '登录已取消。',
  refused: '登录服务拒绝了请求：{reason}',
  unknownVisit: '这次登录不是在此浏览器中发起的，或已经完成。',
  unavailable: '登录服务 {issuer} 没有响应。请先启动它，然后重试。',
  unexpected: '登录服务的响应未被接受：{reason}',
  notFound: '没有这个页面。',
  again: '重试',
  home: '返回首页',
}

export type Locale = 'en' | 'zh-CN'

export const sentences: Record<Locale, Sentences> = { en, 'zh-CN': zhCN }

/** The first language of `Accept-Language` that we speak, by the browser's order of preference. */
export function chooseLocale(acceptLanguage: string | undefined): Locale {
  const wishes = (acceptLanguage ?? '')
    .split(',')
    .map(entry => {
      const [tag = '', ...parameters] = entry
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/)
      const quality = parameters.find(parameter => parameter.startsWith('q='))
      return { tag, quality: quality ? Number(quality.slice(2)) : 1 }
    })
    .sort((one, other) => other.quality - one.quality)
  for (const { tag, quality } of wishes) {
    if (quality === 0) continue
    if (/^zh\b/.test(tag)) return 'zh-CN'
    if (/^en\b/.test(tag)) return 'en'
  }
  return 'en'
}

/** Puts values into the `{placeholders}` of a sentence; escaping is the page's business. */
export function fill(sentence: string, values: Record<string, string>): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}
