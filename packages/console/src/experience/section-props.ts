import type { ReactNode } from 'react'
import type { ExperienceForm } from './form.ts'
import type { ExperienceErrors } from './use-experience-errors.ts'

/** What every section of the sign-in experience gets. */
export interface SectionProps {
  form: ExperienceForm
  /** Which channels have a connector in use. */
  has: { sms: boolean; email: boolean }
  /** What is said of each field. */
  errors: ExperienceErrors
  change(changes: Partial<ExperienceForm>): void
  /** The server's refusal, when it is about this section as a whole. */
  problem?: ReactNode
}
