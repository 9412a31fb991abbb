import type { captcha as english } from '../en/captcha.ts'
import type { Translation } from '../translation.ts'

/** The check for people. */
export const captcha: Translation<typeof english> = {
  captcha: {
    title: '人机验证',
    text: '发送消息前，由访问者的浏览器完成一段计算。访问者无需辨认图片，也无需点击，不会请求任何第三方主机。',
    forAll: '对所有访问者启用',
    forAllText: '每次登录只验证一次，在首次发送验证码或要求输入密码之前进行。',
    effort: '计算量',
    effortText: 'PBKDF2 的平均迭代次数。手机每秒约可完成一两百万次（我们的估计值）。',
    iterations: count => `${count} 次迭代`,
    whenAsked:
      '即使未对所有访问者启用，其他防护规则要求时，发送消息前仍会显示人机验证。后端调用和已登录的用户不需要验证。',
    saved: '人机验证设置已保存。',
  },
}
