import type { captcha as english } from '../en/captcha.ts'
import type { Translation } from '../translation.ts'

/** The check for people. */
export const captcha: Translation<typeof english> = {
  captcha: {
    title: '人机验证',
    text: '发送消息前，先确认访问者是真人而不是程序。',
    forAll: '对所有访问者启用',
    forAllText: '每次登录只验证一次，在首次发送验证码或要求输入密码之前进行。',
    provider: '服务商',
    providers: {
      altcha: '内置验证（ALTCHA）',
      aliyun: '阿里云验证码 2.0',
      tencent: '腾讯云验证码',
      turnstile: 'Cloudflare Turnstile（中国大陆访问不稳定）',
      hcaptcha: 'hCaptcha（中国大陆访问不稳定）',
    },
    own: '由访问者的浏览器完成一段计算。访问者无需辨认图片，也无需点击，不会请求任何第三方主机。',
    notYet: provider => `保存之前，仍使用：${provider}。`,
    guides: {
      aliyun:
        '在阿里云验证码 2.0 控制台新建 Web/H5 场景，取得场景 ID；身份标（prefix）见接入代码。AccessKey 请使用仅授予 AliyunYundunAFSFullAccess 权限的 RAM 用户。请关闭场景的测试模式，否则所有人都会通过验证。',
      tencent:
        '在腾讯云验证码控制台新建网页类验证，详情中有 CaptchaAppId 和 AppSecretKey。SecretId 和 SecretKey 请使用有验证码权限的 CAM 用户的密钥。腾讯云需要访问者的 IP 地址：服务位于代理之后时，请设置 TRUST_PROXY。',
      turnstile: '在 Cloudflare 控制台为登录页的域名新建 Turnstile 小组件，复制站点密钥和私钥。',
      hcaptcha: '在 hCaptcha 控制台为登录页的域名新建站点，复制 Site key；Secret 在账户设置中。',
    },
    fields: {
      prefix: '身份标（prefix）',
      sceneId: '场景 ID',
      accessKeyId: 'AccessKey ID',
      accessKeySecret: 'AccessKey Secret',
      captchaAppId: 'CaptchaAppId',
      appSecretKey: 'AppSecretKey',
      secretId: 'SecretId',
      secretKey: 'Secret Key',
      siteKey: 'Site Key',
    },
    region: '地域',
    regions: { cn: '中国内地（cn）', sgp: '新加坡（sgp）' },
    secretKept: '已保存，留空则保持不变。',
    fallback: '无法连接服务商时',
    fallbackText: '程序也可以假装无法连接服务商；启用内置验证后，实际强度以两者中较弱的为准。',
    fallbacks: { altcha: '改用内置验证', refuse: '不允许继续' },
    effort: '计算量',
    effortText: '耗时为我们的估计值，电脑更快。计算量越大，批量获取验证码的成本越高，但旧手机用户等待越久。',
    takes: (from, to) => `手机约需 ${from} 至 ${to} 秒`,
    whenAsked:
      '即使未对所有访问者启用，其他防护规则要求时，发送消息前仍会显示人机验证。后端调用和已登录的用户不需要验证。',
    saved: '人机验证设置已保存。',
  },
}
