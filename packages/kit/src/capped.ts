/**
 * Reads a body until its end, or until it has more bytes than the limit; then `isWhole` is false, and `bytes` has what
 * came until then. The rest is not waited for.
 *
 * @example
 * const { bytes, isWhole } = await readCapped(answer.body, 64 * 1024)
 * if (isWhole) return JSON.parse(bytes.toString('utf8'))
 */
export async function readCapped(
  body: AsyncIterable<Uint8Array> | null | undefined,
  limit: number,
): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    chunks.push(chunk)
    size += chunk.length
    if (size > limit) break
  }
  const bytes = chunks.length === 1 ? Buffer.from(chunks[0]!) : Buffer.concat(chunks, size)
  return { bytes, isWhole: size <= limit }
}
