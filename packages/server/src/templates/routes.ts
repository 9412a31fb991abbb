import { emailTemplateRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import type { Templates } from './templates.ts'

/** E-mail templates of the Management API. */
export function mountEmailTemplates(mount: Mount, templates: Templates): void {
  const routes = emailTemplateRoutes
  mount
    .add(routes.putEmailTemplates, async ({ body }) => ({
      status: 200,
      body: await templates.put(body.templates),
    }))
    .add(routes.listEmailTemplates, async ({ query }) => ({ status: 200, body: await templates.list(query) }))
    .add(routes.getEmailTemplate, async ({ params }) => ({
      status: 200,
      body: await templates.get(params.id),
    }))
    .add(routes.updateEmailTemplate, async ({ params, body }) => ({
      status: 200,
      body: await templates.change(params.id, body),
    }))
    .add(routes.deleteEmailTemplate, async ({ params }) => {
      await templates.delete(params.id)
      return { status: 204 }
    })
    .add(routes.deleteEmailTemplates, async ({ query }) => ({
      status: 200,
      body: { rowCount: await templates.deleteSome(query) },
    }))
}
