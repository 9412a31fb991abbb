import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** DER: a tag, the length of what follows, and what follows. */
function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts)
const time = (at: Date) => der(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`))

/** sha256WithRSAEncryption, with its empty parameters. */
const ALGORITHM = sequence(
  der(0x06, Buffer.from([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b])),
  der(0x05),
)
/** A name that has nothing but a common name. */
const nameOf = (text: string) =>
  sequence(der(0x31, sequence(der(0x06, Buffer.from([0x55, 0x04, 0x03])), der(0x0c, Buffer.from(text)))))

/** A key and the certificate of its public half, which the key itself has signed. */
export interface Identity {
  privateKey: KeyObject
  /** PEM. */
  certificate: string
}

/** Makes an identity. Node can read certificates but not make them, so this one is put together by hand (RFC 5280). */
export function makeIdentity(commonName: string): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const name = nameOf(commonName)
  const body = sequence(
    der(0x02, Buffer.from([0x01])),
    ALGORITHM,
    name,
    sequence(time(new Date('2021-01-25T00:00:00Z')), time(new Date('2049-01-25T00:00:00Z'))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey))
  const lines =
    sequence(body, ALGORITHM, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  const certificate = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
  return { privateKey, certificate }
}
