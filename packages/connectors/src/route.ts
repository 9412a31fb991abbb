import { optionalSecret, optionalText } from '@countersign/kit'

/** How requests get to the provider; the same two fields for every connector. */
export const route = {
  endpoint: optionalText({
    label: { en: 'Endpoint', 'zh-CN': '接入地址' },
    help: {
      en: 'In place of the address that follows from the region, e.g. one inside a VPC. HTTPS, without a path.',
      'zh-CN': '替代由地域决定的接入地址，例如 VPC 内网地址。须使用 HTTPS，且不含路径。',
    },
    placeholder: 'https://…',
    maxLength: 256,
    advanced: true,
    pattern: {
      // Without TLS only to this very machine, where a stand-in of the provider may run.
      test: /^(?:https:\/\/[A-Za-z0-9.-]+|http:\/\/(?:[\w-]+\.)?localhost|http:\/\/127(?:\.\d{1,3}){3})(?::\d{1,5})?\/?$/,
      message: 'must be an address like https://host, without a path',
    },
  }),
  // A secret, for the address may hold a password.
  proxy: optionalSecret({
    label: { en: 'Proxy', 'zh-CN': '代理' },
    help: {
      en: 'An HTTP proxy for requests to the provider, e.g. http://user:password@proxy.example.com:3128.',
      'zh-CN': '访问服务商接口所用的 HTTP 代理，例如 http://user:password@proxy.example.com:3128。',
    },
    placeholder: 'http://…',
    maxLength: 512,
    advanced: true,
    pattern: {
      test: /^https?:\/\/(?:[!-.0-?A-~]+@)?(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::\d{1,5})?\/?$/,
      message: 'must be an address like http://host:port',
    },
  }),
} as const

/** Where requests go: the endpoint that was set, else the host. `host` is as the `Host` header will have it. */
export function originOf(host: string, endpoint: string | undefined): { origin: string; host: string } {
  if (endpoint === undefined) return { origin: `https://${host}`, host }
  const url = new URL(endpoint)
  return { origin: url.origin, host: url.host }
}
