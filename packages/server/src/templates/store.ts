import type { EmailTemplate, TemplateDetails } from '@countersign/api'
import type { Database } from '../db/database.ts'
import { remembered } from '../db/memory.ts'
import type { Schema } from '../db/schema.ts'

export interface TemplateFilter {
  languageTag?: string | undefined
  templateType?: string | undefined
}

const fromRow = (row: Schema['email_templates']): EmailTemplate => ({
  tenantId: 'default',
  id: row.id,
  languageTag: row.language_tag,
  templateType: row.template_type as EmailTemplate['templateType'],
  details: JSON.parse(row.details),
  createdAt: row.created_at,
})

/** The SQL of e-mail templates. */
export function templateStore(db: Database) {
  return {
    async byId(id: string): Promise<EmailTemplate | undefined> {
      const row = await db.selectFrom('email_templates').selectAll().where('id', '=', id).executeTakeFirst()
      return row && fromRow(row)
    },
    async list({ languageTag, templateType }: TemplateFilter): Promise<EmailTemplate[]> {
      const rows = await db
        .selectFrom('email_templates')
        .selectAll()
        .$if(languageTag !== undefined, query => query.where('language_tag', '=', languageTag!))
        .$if(templateType !== undefined, query => query.where('template_type', '=', templateType!))
        .orderBy('language_tag')
        .orderBy('template_type')
        .execute()
      return rows.map(fromRow)
    },
    /** All of them, as every message asks for them. */
    all: (): Promise<EmailTemplate[]> =>
      remembered(db, 'email-templates', async () =>
        (await db.selectFrom('email_templates').selectAll().execute()).map(fromRow),
      ),
    /** Writes all or none; what has the same language and type keeps its id. */
    put: (templates: EmailTemplate[]): Promise<EmailTemplate[]> =>
      db.transaction().execute(async tx => {
        const written: EmailTemplate[] = []
        for (const { id, languageTag, templateType, details, createdAt } of templates) {
          const row = await tx
            .insertInto('email_templates')
            .values({
              id,
              language_tag: languageTag,
              template_type: templateType,
              details: JSON.stringify(details),
              created_at: createdAt,
            })
            .onConflict(conflict =>
              conflict
                .columns(['language_tag', 'template_type'])
                .doUpdateSet({ details: JSON.stringify(details) }),
            )
            .returningAll()
            .executeTakeFirstOrThrow()
          written.push(fromRow(row))
        }
        return written
      }),
    /** Adds members. Whoever comes meanwhile waits, so that no change is lost. */
    merge: (id: string, change: Partial<TemplateDetails>): Promise<EmailTemplate | undefined> =>
      db.transaction().execute(async tx => {
        // Writing the row as it is takes its lock, on both databases.
        const row = await tx
          .updateTable('email_templates')
          .set(({ ref }) => ({ details: ref('details') }))
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst()
        if (!row) return undefined
        const details = JSON.stringify({ ...JSON.parse(row.details), ...change })
        await tx.updateTable('email_templates').set({ details }).where('id', '=', id).execute()
        return fromRow({ ...row, details })
      }),
    async delete({ id, languageTag, templateType }: TemplateFilter & { id?: string }): Promise<number> {
      const { numDeletedRows } = await db
        .deleteFrom('email_templates')
        .$if(id !== undefined, query => query.where('id', '=', id!))
        .$if(languageTag !== undefined, query => query.where('language_tag', '=', languageTag!))
        .$if(templateType !== undefined, query => query.where('template_type', '=', templateType!))
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
