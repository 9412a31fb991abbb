import type { ApiRequest } from '../request.ts'
import { ACS3 } from './acs3.ts'
import { ACS3_DEFAULT_FORMAT } from './unverified.ts'

export type Format = 'JSON' | 'XML'

/** The format of the answer, or undefined when the request names one that does not exist. */
export function formatOf(request: ApiRequest, parameter: string | undefined): Format | undefined {
  if (parameter !== undefined && parameter !== '') {
    const upper = parameter.toUpperCase()
    return upper === 'JSON' || upper === 'XML' ? upper : undefined
  }
  const accept = request.headers.get('accept') ?? ''
  if (request.headers.get('authorization')?.startsWith(ACS3)) {
    return /\bxml\b/.test(accept) && !/\bjson\b/.test(accept) ? 'XML' : ACS3_DEFAULT_FORMAT
  }
  return 'XML' // The documented default of the RPC style.
}

/** What an answer may hold. */
export type Value = string | number | boolean | Value[] | { [name: string]: Value }

/** Writes an answer in the wanted format; XML has the given root element and repeats that of a list. */
export function writeFields(
  format: Format,
  root: string,
  fields: Record<string, Value>,
): { contentType: string; body: string } {
  if (format === 'JSON')
    return { contentType: 'application/json;charset=utf-8', body: JSON.stringify(fields) }
  return {
    contentType: 'text/xml;charset=utf-8',
    body: `<?xml version='1.0' encoding='UTF-8'?>${element(root, fields)}`,
  }
}

function element(name: string, value: Value): string {
  if (Array.isArray(value)) return value.map(entry => element(name, entry)).join('')
  const inner =
    typeof value === 'object'
      ? Object.entries(value).map(([child, entry]) => element(child, entry))
      : [escapeXml(String(value))]
  return `<${name}>${inner.join('')}</${name}>`
}

/** The address the gateway recommends with an error; recent answers point to the OpenAPI portal. */
export function recommendation(code: string, product: string, requestId: string): string {
  return `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(code.toWellFormed())}&product=${product}&requestId=${requestId}`
}

const XML_ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write these characters at all.
  const clean = text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
  return clean.replace(/[&<>]/g, char => XML_ESCAPES[char] ?? char)
}
