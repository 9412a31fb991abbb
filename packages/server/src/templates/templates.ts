import type { EmailTemplate, TemplateDetails } from '@countersign/api'
import { newId } from '../crypto/chance.ts'
import type { Database } from '../db/database.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import { type TemplateFilter, templateStore } from './store.ts'

export type TemplateInput = Pick<EmailTemplate, 'languageTag' | 'templateType' | 'details'>

/** What e-mails say, by language and occasion. */
export function createTemplates(db: Database, world: World) {
  const store = templateStore(db)
  return {
    list: store.list,
    /** Writes all of them, each in the place of one of the same language and type. */
    put: (templates: TemplateInput[]): Promise<EmailTemplate[]> =>
      store.put(
        templates.map(template => ({
          ...template,
          tenantId: 'default',
          id: newId(world.random),
          createdAt: world.now(),
        })),
      ),
    /** @throws ApiError `entity.not_exists_with_id` */
    async get(id: string): Promise<EmailTemplate> {
      const template = await store.byId(id)
      if (!template) throw new ApiError('entity.not_exists_with_id')
      return template
    },
    /** @throws ApiError `entity.not_exists_with_id` */
    async change(id: string, change: Partial<TemplateDetails>): Promise<EmailTemplate> {
      const given = Object.entries(change).filter(([, value]) => value !== undefined)
      const template = await store.merge(id, Object.fromEntries(given))
      if (!template) throw new ApiError('entity.not_exists_with_id')
      return template
    },
    /** @throws ApiError `entity.not_exists_with_id` */
    async delete(id: string): Promise<void> {
      if ((await store.delete({ id })) === 0) throw new ApiError('entity.not_exists_with_id')
    },
    /** Deletes those of a language, a type or both; returns how many. @throws ApiError when neither is given */
    async deleteSome({ languageTag, templateType }: TemplateFilter): Promise<number> {
      if (languageTag === undefined && templateType === undefined)
        throw new ApiError('connector.email_connector.bulk_deletion_no_filter')
      return store.delete({ languageTag, templateType })
    },
    /** The languages that there are any in. */
    languages: async (): Promise<string[]> => [
      ...new Set((await store.all()).map(({ languageTag }) => languageTag)),
    ],
    /** The one for an occasion: in the reader's language, in the fallback language, the general one in that. */
    async find(
      templateType: string,
      locale: string | undefined,
      fallbackLanguage: string,
    ): Promise<TemplateDetails | undefined> {
      const language = locale ?? fallbackLanguage
      const templates = await store.all()
      const places = [
        [templateType, language],
        [templateType, fallbackLanguage],
        ['Generic', fallbackLanguage],
      ]
      for (const [type, tag] of places) {
        const found = templates.find(each => each.templateType === type && each.languageTag === tag)
        if (found) return found.details
      }
      return undefined
    },
  }
}

export type Templates = ReturnType<typeof createTemplates>
