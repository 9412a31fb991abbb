const GSM7 = /^[\n\r !"#$%&'()*+,\-./0-9:;<=>?@A-Z_a-z£¥§¿¡ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùüΔΦΓΛΩΠΨΣΘΞ^{}\\[\]~|€]*$/

/** Billed segments: 70 characters, or 67 each when there are several; 160 and 153 abroad in GSM-7. */
export function segments(text: string, international: boolean): number {
  const gsm7 = international && GSM7.test(text)
  const length = gsm7 ? text.length + (text.match(/[|^€{}[\]~\\]/g)?.length ?? 0) : text.length
  const [single, part] = gsm7 ? [160, 153] : [70, 67]
  return length <= single ? 1 : Math.ceil(length / part)
}
