import type { keys as english } from '../en/keys.ts'
import type { Translation } from '../translation.ts'

/** Signing keys, and how long sessions live. */
export const keys: Translation<typeof english> = {
  keys: {
    title: '密钥与会话',
    intro: '用于签署令牌和 Cookie 的密钥，以及登录的有效时长。',
    private: '令牌密钥',
    privateText: '应用使用这些密钥的公钥验证 ID 令牌和访问令牌。',
    cookies: 'Cookie 密钥',
    cookiesText: '用于签署登录页的 Cookie。',
    id: '密钥 ID',
    created: '创建时间',
    effective: '启用时间',
    state: '状态',
    states: { Next: '待启用', Current: '使用中', Previous: '已停用' },
    rotate: '轮换',
    rotateNamed: name => `轮换：${name}`,
    rotatePrivate: '为令牌生成新密钥？',
    rotateCookies: '为 Cookie 生成新密钥？',
    rotatePrivateText:
      '新密钥会立即公布，并在下方所选时间之后开始签署，以便应用提前获取。旧密钥签署的内容在到期或您删除该密钥之前一直有效。尚未启用的密钥会被替换。',
    rotateCookiesText:
      '新密钥在下方所选时间之后开始签署。旧密钥签署的 Cookie 在到期或您删除该密钥之前一直有效。尚未启用的密钥会被替换。',
    grace: '多久后启用',
    graces: { 10: '10 秒', 600: '10 分钟', 3600: '1 小时', 86400: '1 天' },
    algorithm: '算法',
    sameAlgorithm: '保持不变',
    algorithmHint:
      '用于签署 ID 令牌和访问令牌。有些库只支持 RS256；如果只有个别应用需要，可在该应用的设置中单独选择。',
    forApplications: '仅用于选择了该算法的应用',
    rotated: '新密钥已生成。',
    delete: '删除',
    deleteNamed: id => `删除密钥 ${id}`,
    deleteTitle: '删除该密钥？',
    deletePrivateText: '由它签署的令牌将不再被接受。',
    deleteCookiesText: '由它签署的 Cookie 将不再被接受，相关用户需要重新登录。',
    deleted: '密钥已删除。',
    session: '会话',
    sessionText: '用户未再次访问时，登录状态保持多久。对之后开始或继续的会话生效。',
    lifetime: '有效时长',
    unit: '单位',
    units: { minutes: '分钟', hours: '小时', days: '天' },
    saved: '有效时长已保存。',
    wrong: '请选择 1 分钟到 400 天之间的时长。',
  },
}
