import type { FailureTable } from '@countersign/kit'

export const failures: FailureTable = {}
