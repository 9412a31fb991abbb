import { ErrorBody, type Route } from '@countersign/api'
import { z } from 'zod'

/** What lists that are cut into pages say beside the page. */
const PAGE_HEADERS = {
  'Total-Number': { description: 'How many there are in all', schema: { type: 'string' } },
  Link: { description: 'Where the first, previous, next and last page are', schema: { type: 'string' } },
}

/** Every operation may be refused, and says why in one form. */
const REFUSAL = {
  description: 'Refused; the code says why',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
}

/** Objects with members of any kind say so in the word that generators of clients know, and not by an empty schema. */
function sayFree({ jsonSchema }: { jsonSchema: { additionalProperties?: unknown } }): void {
  const { additionalProperties: members } = jsonSchema
  if (typeof members === 'object' && members !== null && Object.keys(members).length === 0)
    jsonSchema.additionalProperties = true
}

/** An OpenAPI 3.0 description of what is mounted, from the same declarations that check requests. */
export function describeApi(routes: readonly Route[], endpoint: string): Record<string, unknown> {
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => {
    const { $schema: _, ...rest } = z.toJSONSchema(schema, {
      target: 'openapi-3.0',
      io,
      unrepresentable: 'any',
      override: sayFree,
    })
    return rest
  }
  const parameters = (schema: z.ZodType | undefined, place: 'path' | 'query') => {
    if (!schema) return []
    const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
      properties?: Record<string, object>
      required?: string[]
    }
    return Object.entries(properties).map(([name, each]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      schema: each,
    }))
  }
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    paths[route.path] ??= {}
    paths[route.path]![route.method] = {
      operationId: route.operationId,
      tags: [route.tag],
      summary: route.summary,
      parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query')],
      ...(route.body && {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
        },
      }),
      ...(route.auth === 'management' && { security: [{ OAuth2: ['all'] }] }),
      ...(route.auth === 'account' && { security: [{ UserToken: [] }] }),
      responses: {
        ...Object.fromEntries(
          Object.entries(route.answers).map(([status, schema]) => [
            status,
            {
              description: Number(status) === 204 ? 'Done' : 'Success',
              ...(route.paginated && { headers: PAGE_HEADERS }),
              ...(schema && { content: { 'application/json': { schema: schemaOf(schema, 'output') } } }),
            },
          ]),
        ),
        default: REFUSAL,
      },
    }
  }
  return {
    openapi: '3.0.1',
    info: { title: 'Countersign', version: '0.1.0' },
    servers: [{ url: endpoint }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map(name => ({ name })),
    paths,
    components: {
      schemas: { Error: schemaOf(ErrorBody, 'output') },
      securitySchemes: {
        UserToken: { type: 'http', scheme: 'bearer' },
        OAuth2: {
          type: 'oauth2',
          flows: { clientCredentials: { tokenUrl: `${endpoint}/oidc/token`, scopes: { all: 'Everything' } } },
        },
      },
    },
  }
}
