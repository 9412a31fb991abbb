import type { Control } from '../clouds.ts'
import type { Inbox } from '../inbox/inbox.ts'

export interface SiteParts {
  answer(request: Request): Promise<Response>
  inbox: Inbox
  control: Control
}

export function createSite(parts: SiteParts) {
  return (request: Request, _environment?: unknown): Promise<Response> => parts.answer(request)
}
