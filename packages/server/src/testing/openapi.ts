import { Validator } from '@seriousme/openapi-schema-validator'

interface Operation {
  operationId?: string
  parameters?: { name: string; in: string }[]
}

/**
 * What is wrong with a description by the published schema of OpenAPI, and by what that schema cannot see: names
 * of operations that stand twice, and parameters of a path that nobody describes.
 */
export async function openApiProblems(description: Record<string, unknown>): Promise<string[]> {
  const { valid, errors } = await new Validator().validate(structuredClone(description))
  if (!valid) return [typeof errors === 'string' ? errors : JSON.stringify(errors)]
  const paths = description.paths as Record<string, Record<string, Operation>>
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  )
  const names = operations.map(({ operationId }) => operationId)
  return [
    ...names.filter((name, index) => names.indexOf(name) !== index).map(name => `${name} stands twice`),
    ...operations.flatMap(({ path, method, parameters = [] }) => {
      const inPath = [...path.matchAll(/\{(.*?)\}/g)].map(([, name]) => name).sort()
      const described = parameters.filter(each => each.in === 'path').map(({ name }) => name)
      return String(inPath) === String(described.sort())
        ? []
        : [`${method} ${path} has other parameters than its path`]
    }),
  ]
}
