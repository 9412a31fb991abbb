import { z } from 'zod'
import { UsageType } from './common.ts'
import { defineRoute } from './route.ts'

export const TemplateDetails = z.object({
  subject: z.string(),
  content: z.string(),
  contentType: z.enum(['text/html', 'text/plain']).optional(),
  replyTo: z.string().optional(),
  sendFrom: z.string().optional(),
})
export type TemplateDetails = z.output<typeof TemplateDetails>

const languageTag = z.string().min(1).max(16)

export const EmailTemplate = z.object({
  tenantId: z.string(),
  id: z.string(),
  languageTag: z.string(),
  templateType: UsageType,
  details: TemplateDetails,
  createdAt: z.number(),
})
export type EmailTemplate = z.output<typeof EmailTemplate>

const tag = 'E-mail templates'
const auth = 'management'
const byId = z.object({ id: z.string() })
const filter = z.object({ languageTag: languageTag.optional(), templateType: UsageType.optional() })

/** What e-mails say, by language and occasion; takes the place of the connector's own templates. */
export const emailTemplateRoutes = {
  putEmailTemplates: defineRoute({
    method: 'put',
    path: '/api/email-templates',
    operationId: 'ReplaceEmailTemplates',
    tag,
    auth,
    summary: 'Write e-mail templates; one of the same language and type is replaced',
    body: z.object({
      templates: z
        .array(z.object({ languageTag, templateType: UsageType, details: TemplateDetails }))
        .min(1)
        .max(500),
    }),
    answers: { 200: z.array(EmailTemplate) },
  }),
  listEmailTemplates: defineRoute({
    method: 'get',
    path: '/api/email-templates',
    operationId: 'ListEmailTemplates',
    tag,
    auth,
    summary: 'List the e-mail templates',
    query: filter,
    answers: { 200: z.array(EmailTemplate) },
  }),
  getEmailTemplate: defineRoute({
    method: 'get',
    path: '/api/email-templates/{id}',
    operationId: 'GetEmailTemplate',
    tag,
    auth,
    summary: 'Read an e-mail template',
    params: byId,
    answers: { 200: EmailTemplate },
  }),
  updateEmailTemplate: defineRoute({
    method: 'patch',
    path: '/api/email-templates/{id}/details',
    operationId: 'UpdateEmailTemplateDetails',
    tag,
    auth,
    summary: 'Change members of what an e-mail template says',
    params: byId,
    body: TemplateDetails.partial(),
    answers: { 200: EmailTemplate },
  }),
  deleteEmailTemplate: defineRoute({
    method: 'delete',
    path: '/api/email-templates/{id}',
    operationId: 'DeleteEmailTemplate',
    tag,
    auth,
    summary: 'Delete an e-mail template',
    params: byId,
    answers: { 204: null },
  }),
  deleteEmailTemplates: defineRoute({
    method: 'delete',
    path: '/api/email-templates',
    operationId: 'DeleteEmailTemplates',
    tag,
    auth,
    summary: 'Delete the e-mail templates of a language, a type, or both',
    query: filter,
    answers: { 200: z.object({ rowCount: z.number() }) },
  }),
}
