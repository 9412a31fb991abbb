// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cloud writes its placeholders that way.

/** The gifted signatures that the simulated account is offered; the real ones change from time to time. */
export const SIGNATURES: readonly string[] = ['示例赠送签名', '示例赠送签名二']

/**
 * The gifted templates by code. Their skeletons are as the console shows them; the exact words differ between copies.
 * Source: Alibaba Cloud help, 短信认证服务, gifted templates.
 */
export const TEMPLATES: Readonly<Record<string, string>> = {
  '100001': '您的验证码为${code}。尊敬的客户，以上验证码${min}分钟内有效，请注意保密，切勿告知他人。',
  '100002':
    '尊敬的客户，您正在进行修改手机号操作，您的验证码为${code}。以上验证码${min}分钟内有效，请注意保密，切勿告知他人。',
  '100003':
    '尊敬的客户，您正在进行重置密码操作，您的验证码为${code}。以上验证码${min}分钟内有效，请注意保密，切勿告知他人。',
  '100004':
    '尊敬的客户，您正在进行绑定手机号操作，您的验证码为${code}。以上验证码${min}分钟内有效，请注意保密，切勿告知他人。',
  '100005':
    '尊敬的客户，您正在验证绑定手机号操作，您的验证码为${code}。以上验证码${min}分钟内有效，请注意保密，切勿告知他人。',
}
