import type { form as english } from '../en/form.ts'
import type { Translation } from '../translation.ts'

/** The server's own words about a value, which go on from the field's label. */
// biome-ignore format: one line per sentence
const SAID: readonly [test: RegExp, chinese: string][] = [
  [/^is required$|^must not be empty$/, '不能为空'],
  [/^must be at most (\d+) characters$/, '不能超过 $1 个字符'],
  [/^must be text; put it between double quotes$/, '必须是文本，在 JSON 中请加上双引号'],
  [/^holds half of a character; type it again$/, '含有不完整的字符，请重新输入'],
  [/^must not hold half of a character \(a lone surrogate\)$/, '含有不完整的字符，请重新输入'],
  [/^must not hold the character NUL$/, '含有无法保存的字符，请重新输入'],
  [/^has no template for (.+); add one row for each$/, '缺少以下用途的模板：$1，请为每种用途添加一行'],
  [/^(.+) stands twice; keep one$/, '重复：$1，请只保留一行'],
  [/^must not hold ##code##: .+$/, '不能包含 ##code##：云端会自行生成验证码，本服务不知道该验证码，也无法校验'],
  [/^must be digits$|^must be digits only, as many as codes have$/, '只能是数字'],
  [/^must have (\d+) digits, as every code has$/, '必须是 $1 位数字，与验证码位数一致'],
  [/^must be letters, digits and signs, without spaces and characters that nobody sees$/, '只能包含字母、数字和符号，不能有空格或不可见字符'],
  [/^must be letters, digits, - and _$/, '只能包含字母、数字、- 和 _'],
  [/^must have letters, digits, signs and spaces alone$/, '只能包含文字、数字、符号和空格'],
  [/^must be exactly one mail address such as (\S+), without a name$/, '必须是单个邮箱地址，例如 $1，不含名称'],
  [/^must be a language tag such as zh-CN$|^must be a language such as fr or fr-CA$/, '必须是语言代码，例如 zh-CN'],
  [/^must be an address like https:\/\/host, without a path$/, '必须形如 https://域名，且不含路径'],
  [/^must be an address like http:\/\/host:port$/, '必须形如 http://主机:端口'],
  [/^must be a colour such as (\S+)$/, '必须是颜色值，例如 $1'],
  [/^must be an address that begins with https:\/\/, http:\/\/ or data:$/, '必须以 https://、http:// 或 data: 开头'],
  [/^must be an address that begins with https:\/\/ or http:\/\/$/, '必须以 https:// 或 http:// 开头'],
  [/^must be the two letters of a country, such as CN$/, '必须是两个字母的国家代码，例如 CN'],
  [/^must be a moment in milliseconds since 1970$/, '必须是有效的时间'],
  [/^must lie in the future$/, '必须晚于当前时间'],
  [/^must be at most (\d+) days ahead, that is at most \d+$/, '最长为 $1 天'],
  [/^must be a phone number(?: with its country code, such as (.+)|, country code first)$/, '必须是带国家或地区代码的手机号，例如 +86 138 0013 8000'],
  [/^must not be another number where no plus stands before it$/, '有歧义，请在国家或地区代码前加上 +'],
  [/^must be the id of the user who has this number or address$/, '必须是该号码或邮箱所属用户的 ID'],
  [/^must not hold spaces or characters that nobody sees; type the address again$/, '不能包含空格或不可见字符，请重新输入'],
  [/^must not hold a user name or password; send them in a header instead$/, '不能包含用户名或密码，请改用请求头传递'],
  [/^must be the whole address that the chosen service gives to its robot$/, '必须是所选服务提供的完整机器人地址'],
  [/^must be the secret as the service shows it, without spaces$/, '必须与服务显示的密钥一致，不能有空格'],
  [/^must be left out: robots of this service have none$/, '请留空：该服务的机器人没有密钥'],
  [/^must hold no user name or password: logout tokens are signed$/, '不能包含用户名或密码：登出令牌本身已签名'],
  [/^must be an absolute http\(s\) address or an app scheme such as (\S+)$/, '必须是完整的 http(s) 地址，或 $1 这样的应用协议地址'],
  [/^must be an http\(s\) address such as (\S+)$/, '必须是 http(s) 地址，例如 $1'],
  [/^must have no fragment, so nothing from the # on: .+$/, '不能包含 # 及其后的内容，协议不允许'],
  [/^"(.+)" is no scheme, for schemes have no underscore: take (\S+) or (\S+), in the app too$/, '的协议名“$1”含有下划线，无法使用；请改为 $2 或 $3，应用中也须一并修改'],
  [/^anybody can get a name that (.+) covers; write out a name of yours after the \*$/, '范围过大：任何人都能取得 $1 所涵盖的域名，请在 * 之后写明自己的域名'],
  [/^must be a whole number from (\d+) to (\d+)$/, '必须是 $1 到 $2 之间的整数'],
  [/^must be a whole number from (\d+)$/, '必须是不小于 $1 的整数'],
  [/^must be a JSON object of texts, with \{\{code\}\} in one of them, and \{\{minutes\}\} where they belong$/, '必须是由文本组成的 JSON 对象，其中一项含 {{code}}，需要有效期的地方填 {{minutes}}'],
  [/^must be a whole number of seconds from (\d+) to (\d+)$/, '必须是 $1 到 $2 之间的整数（秒）'],
  [/^must be a whole number; leave it out for no limit$/, '必须是整数，留空表示不限'],
  [/^must be whole seconds; leave it out for no pause$/, '必须是整数（秒），留空表示不设间隔'],
  [/^must be 1 at least; to send nothing, switch the connection off$/, '不能小于 1；如需停止发送，请停用连接'],
  [/^must be 1 at least; leave it out for no pause$/, '不能小于 1，留空表示不设间隔'],
  [/^must be an absolute address without fragment$/, '必须是不含 # 的完整地址'],
  [/^must hold no spaces$/, '不能包含空格'],
  [/^must start with a letter or underscore and hold only letters, digits and underscores$/, '只能包含字母、数字和下划线，且不能以数字开头'],
  [/^must be an e-mail address such as (\S+)$/, '必须是邮箱地址，例如 $1'],
  [/^must have a domain after the @ that mail can go to, such as (\S+)$/, '的 @ 之后必须是能收邮件的域名，例如 $1'],
  [/^must not have (.+) before the @, where no mail server takes it$/, '的 @ 之前不能有 $1，没有邮件服务器接受它'],
  [/^must not begin or end with a dot before the @, nor have two in a row there$/, '的 @ 之前不能以点开头或结尾，也不能有连续的点'],
  [/^must have at most 64 bytes before the @, and 254 in all, which is the most that mail servers take$/, '过长：@ 之前最多 64 个字节，总长最多 254 个字节'],
]

const inChinese = (message: string): string | undefined => {
  const known = SAID.find(([test]) => test.test(message))
  return known && message.replace(known[0], known[1])
}

/** Why a field cannot be sent as it is. Each sentence begins with what the field is called. */
export const form: Translation<typeof english> = {
  form: {
    empty: label => `“${label}”不能为空。`,
    text: label => `“${label}”必须是文本，在 JSON 中请加上双引号。`,
    shortest: (label, least) => `“${label}”至少需要 ${least} 个字符。`,
    longest: (label, most) => `“${label}”不能超过 ${most} 个字符。`,
    number: label => `“${label}”必须是数字。`,
    whole: label => `“${label}”必须是整数。`,
    between: (label, least, most) => `“${label}”必须是 ${least} 到 ${most} 之间的整数。`,
    least: (label, least) => `“${label}”不能小于 ${least}。`,
    most: (label, most) => `“${label}”不能大于 ${most}。`,
    fewest: (label, least) => `“${label}”至少需要 ${least} 项。`,
    several: (label, most) => `“${label}”最多 ${most} 项。`,
    yesNo: label => `“${label}”必须是 true 或 false。`,
    list: label => `“${label}”必须是列表。`,
    object: label => `“${label}”必须是对象。`,
    choice: label => `“${label}”不在可选范围内。`,
    address: label => `“${label}”必须是完整的地址，例如 https://example.com。`,
    email: label => `“${label}”必须是邮箱地址，例如 name@example.com。`,
    unknown: (label, names) => `“${label}”含有无法识别的内容：${names}。`,
    invalid: label => `“${label}”的内容有误，请检查。`,
    said: (label, message) => {
      const chinese = inChinese(message)
      return chinese === undefined ? `“${label}”有误：${message}` : `“${label}”${chinese}。`
    },
    without: names => `${names}（本表单未显示）`,
    line: (label, line) => `${label}第 ${line} 行`,
    row: (label, row) => `${label}第 ${row} 行`,
    inRow: (row, label) => `${row}的${label}`,
    at: (line, sentence) => `第 ${line} 行：${sentence}`,
  },
}
