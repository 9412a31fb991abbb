import type { ReactNode } from 'react'
import type { ExperienceForm } from './form.ts'

/** What every section of the sign-in experience gets. */
export interface SectionProps {
  form: ExperienceForm
  /** Which channels have a connector in use. */
  has: { sms: boolean; email: boolean }
  change(changes: Partial<ExperienceForm>): void
  /** The server's refusal, when it is about this section. */
  problem?: ReactNode
}
