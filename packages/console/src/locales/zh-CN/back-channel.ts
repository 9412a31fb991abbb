import type { backChannel as english } from '../en/back-channel.ts'
import type { Translation } from '../translation.ts'

/** Where an application hears of sign-outs. */
export const backChannel: Translation<typeof english> = {
  backChannel: {
    title: '后端通道登出',
    address: '接收登出令牌的地址',
    addressHint: '用户在别处退出登录时，通知该应用服务端的地址。留空则不通知。',
    session: '令牌中包含会话 ID',
    sessionHint: '适用于只结束用户某一个会话、而非全部会话的应用。',
    heard: when => `最近一次登出令牌已送达（${when}）。`,
    notHeard: when => `最近一次登出令牌未送达（${when}）`,
    status: status => `状态码：${status}。`,
    entry: '查看详情',
    all: '查看发给该应用的全部登出令牌',
    reasons: {
      private_address:
        '该地址属于本机或内网。如需向其发送登出令牌，请在启动服务时设置 BACKCHANNEL_ALLOW_PRIVATE=true。',
      no_such_host: '找不到该主机名。请检查地址，以及服务器所用的 DNS。',
      not_listening: '该地址和端口上没有服务在监听。请检查地址，并确认应用正在运行。',
      no_answer: '应用未在规定时间内响应。请确认应用正在运行，且中间没有防火墙拦截。',
      certificate: '应用的证书不受信任。请更换证书，或通过 NODE_EXTRA_CA_CERTS 添加其签发机构。',
      redirects: '应用返回了重定向，而重定向不会被跟随。请直接填写重定向后的地址。',
      refused: '应用拒绝了登出令牌。请检查地址，并确认应用接受由本服务签发、与 ID 令牌签名算法一致的令牌。',
      faulty: '应用多次返回自身错误。请查看应用的日志。',
      network: '与应用的连接失败。请检查两者之间的网络。',
      busy: '同时需要通知的应用过多，或服务正在停止，因此未通知该应用。',
    },
  },
}
