import type { CloudId } from './cloud-ids.ts'

/** Codes that stand in the same place of an answer. */
export interface DocumentedCodes {
  clouds: CloudId[]
  /**
   * Aliyun: the gateway's shape with an error status, or the product's own with 200; of PNVS both are seen. Tencent Cloud: `Response.Error`
   * for the request as a whole, or the status of one number.
   */
  layer: 'gateway' | 'business' | 'request' | 'number'
  status: number
  codes: string[]
}
