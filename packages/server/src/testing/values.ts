import fc from 'fast-check'

/** As much of a JSON schema as our declarations use. */
interface Schema {
  type?: string
  enum?: unknown[]
  const?: unknown
  nullable?: boolean
  anyOf?: Schema[]
  oneOf?: Schema[]
  pattern?: string
  format?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  items?: Schema
  minItems?: number
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
}

function texts({ pattern, format, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  // Whatever is asked to go there goes nowhere: nobody listens on that port of this machine.
  if (format === 'uri') return fc.webPath().map(path => `https://localhost:9${path}`)
  if (format === 'email') return fc.emailAddress()
  if (pattern)
    return fc.stringMatching(new RegExp(pattern, 'u')).map(text => text.slice(0, Math.min(maxLength, 100)))
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)) })
}

/** Values that a schema allows. What it cannot say (a refinement) they may break: then the server must say so. */
export function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.nullable) return fc.option(valuesOf({ ...schema, nullable: false }), { freq: 4 })
  const some = schema.anyOf ?? schema.oneOf
  if (some) return fc.oneof(...some.map(valuesOf))
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  switch (schema.type) {
    case 'string':
      return texts(schema)
    case 'integer':
    case 'number': {
      const { minimum = -1000, maximum = 1000 } = schema
      return fc.integer({ min: Math.max(minimum, -1e9), max: Math.min(maximum, 1e9) })
    }
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: 3 })
    case 'object': {
      const { properties = {}, required = [], additionalProperties } = schema
      if (Object.keys(properties).length === 0 && additionalProperties)
        return fc.dictionary(
          fc.string({ maxLength: 8 }),
          valuesOf(typeof additionalProperties === 'object' ? additionalProperties : {}),
          { maxKeys: 3 },
        )
      const members = Object.fromEntries(
        Object.entries(properties).map(([name, each]) => [name, valuesOf(each)]),
      )
      return fc.record(members, { requiredKeys: required.filter(name => name in members) })
    }
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}
