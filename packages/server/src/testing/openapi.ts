/** Anything that JSON can hold, looked at member by member. */
type Json = unknown

const isObject = (value: Json): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

/** What each object of OpenAPI 3.0.x may hold, beside members that begin with `x-`; what it must hold ends in `!`. */
const MEMBERS = {
  document: 'openapi! info! paths! servers components security tags externalDocs',
  info: 'title! version! description termsOfService contact license',
  server: 'url! description variables',
  tag: 'name! description externalDocs',
  components: 'schemas responses parameters examples requestBodies headers securitySchemes links callbacks',
  path: `$ref summary description servers parameters ${METHODS.join(' ')}`,
  operation:
    'responses! tags summary description externalDocs operationId parameters requestBody callbacks deprecated security servers',
  parameter:
    'name! in! description required deprecated allowEmptyValue style explode allowReserved schema example examples content',
  header: 'description required deprecated style explode schema example examples content',
  body: 'content! description required',
  response: 'description! headers content links',
  media: 'schema example examples encoding',
  schema:
    'title multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems maxProperties minProperties required enum type allOf oneOf anyOf not items properties additionalProperties description format default nullable discriminator readOnly writeOnly xml externalDocs example deprecated',
} as const

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string']

/** The kinds that a keyword of a schema takes. */
const KINDS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['maximum', 'minimum', 'multipleOf', 'maxLength', 'minLength', 'maxItems', 'minItems'].map(name => [
      name,
      'number',
    ]),
  ),
  ...Object.fromEntries(
    ['exclusiveMaximum', 'exclusiveMinimum', 'nullable', 'uniqueItems', 'readOnly', 'deprecated'].map(
      name => [name, 'boolean'],
    ),
  ),
  ...Object.fromEntries(['type', 'pattern', 'format', 'title', 'description'].map(name => [name, 'string'])),
}

/**
 * What is wrong with a description by the rules of OpenAPI 3.0, each with the place where it stands; written from the
 * specification (https://spec.openapis.org/oas/v3.0.4), so that it can judge what we write.
 */
export function openApiProblems(document: Json): string[] {
  const problems: string[] = []
  const say = (at: string, what: string) => problems.push(`${at}: ${what}`)

  function members(value: Json, kind: keyof typeof MEMBERS, at: string): Record<string, Json> {
    if (!isObject(value)) {
      say(at, `is no object (${kind})`)
      return {}
    }
    const known = MEMBERS[kind].split(' ')
    for (const name of Object.keys(value))
      if (!known.includes(name) && !known.includes(`${name}!`) && !name.startsWith('x-'))
        say(at, `holds "${name}", which no ${kind} has`)
    for (const name of known)
      if (name.endsWith('!') && value[name.slice(0, -1)] === undefined)
        say(at, `lacks "${name.slice(0, -1)}"`)
    return value
  }
  const each = (value: Json, at: string, check: (value: Json, at: string) => void) => {
    for (const [name, member] of Object.entries(value ?? {})) check(member, `${at}/${name}`)
  }

  function schema(value: Json, at: string): void {
    if (isObject(value) && typeof value.$ref === 'string') {
      reference(value.$ref, at)
      return
    }
    const known = members(value, 'schema', at)
    for (const [name, kind] of Object.entries(KINDS))
      if (known[name] !== undefined && typeof known[name] !== kind) say(at, `${name} is no ${kind}`)
    const { type, items, required, enum: values, properties, additionalProperties } = known
    if (type !== undefined && !TYPES.some(each => each === type)) say(at, `has the type "${String(type)}"`)
    if ((type === 'array') !== (items !== undefined)) say(at, 'array and items belong together')
    if (items !== undefined) schema(items, `${at}/items`)
    for (const [name, list] of [
      ['required', required],
      ['enum', values],
    ] as const)
      if (
        list !== undefined &&
        !(Array.isArray(list) && list.length > 0 && new Set(list).size === list.length)
      )
        say(at, `${name} is no list of different values`)
    each(properties, `${at}/properties`, schema)
    if (isObject(additionalProperties)) schema(additionalProperties, `${at}/additionalProperties`)
    for (const name of ['allOf', 'oneOf', 'anyOf'] as const)
      if (known[name] !== undefined) each(known[name], `${at}/${name}`, schema)
    if (known.not !== undefined) schema(known.not, `${at}/not`)
  }

  function reference(target: string, at: string): void {
    const found = target
      .replace(/^#\//, '')
      .split('/')
      .reduce<Json>((value, name) => (isObject(value) ? value[name] : undefined), document)
    if (!target.startsWith('#/') || found === undefined) say(at, `refers to ${target}, which is not there`)
  }

  const content = (value: Json, at: string) =>
    each(value, at, (media, place) => schema(members(media, 'media', place).schema ?? {}, `${place}/schema`))

  function operation(value: Json, at: string, path: string, schemes: string[]): void {
    const { parameters = [], requestBody, responses, security } = members(value, 'operation', at)
    const named: string[] = []
    each(parameters, `${at}/parameters`, (parameter, place) => {
      const { name, in: where, required, schema: shape } = members(parameter, 'parameter', place)
      if (!['path', 'query', 'header', 'cookie'].some(each => each === where)) say(place, 'stands nowhere')
      if (where === 'path' && required !== true) say(place, 'is in the path and not required')
      named.push(`${String(where)} ${String(name)}`)
      schema(shape, `${place}/schema`)
    })
    if (new Set(named).size !== named.length) say(at, 'has a parameter twice')
    const inPath = named.filter(each => each.startsWith('path ')).map(each => each.slice(5))
    const inTemplate = [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1])
    if (inPath.toSorted().join() !== inTemplate.toSorted().join())
      say(at, 'has other parameters than its path')
    if (requestBody !== undefined) {
      if (/\/(?:get|head|delete)$/.test(at)) say(at, 'has a body that means nothing')
      content(members(requestBody, 'body', `${at}/requestBody`).content, `${at}/requestBody/content`)
    }
    if (Object.keys(responses ?? {}).length === 0) say(at, 'has no answer')
    each(responses, `${at}/responses`, (response, place) => {
      if (!/\/(?:[1-5](?:\d\d|XX)|default)$/.test(place)) say(place, 'is no status')
      const known = members(response, 'response', place)
      content(known.content, `${place}/content`)
      each(known.headers, `${place}/headers`, (header, where) =>
        schema(members(header, 'header', where).schema, `${where}/schema`),
      )
    })
    each(security, `${at}/security`, (requirement, place) => {
      for (const name of Object.keys(requirement ?? {}))
        if (!schemes.includes(name)) say(place, `asks for ${name}, which is not described`)
    })
  }

  const { openapi, info, servers, tags, paths, components } = members(document, 'document', '#')
  if (!/^3\.0\.\d+$/.test(String(openapi))) say('#/openapi', 'is no version of 3.0')
  members(info, 'info', '#/info')
  each(servers, '#/servers', (server, at) => members(server, 'server', at))
  each(tags, '#/tags', (tag, at) => members(tag, 'tag', at))
  const { securitySchemes, schemas } = members(components ?? {}, 'components', '#/components')
  each(schemas, '#/components/schemas', schema)
  const schemes = Object.keys(securitySchemes ?? {})
  const templates: string[] = []
  const ids: string[] = []
  for (const [path, item] of Object.entries(paths ?? {})) {
    const at = `#/paths${path}`
    if (!path.startsWith('/')) say(at, 'does not begin with a slash')
    templates.push(path.replaceAll(/\{\w+\}/g, '{}'))
    for (const [name, value] of Object.entries(members(item, 'path', at)))
      if (METHODS.includes(name)) {
        operation(value, `${at}/${name}`, path, schemes)
        if (isObject(value) && value.operationId !== undefined) ids.push(String(value.operationId))
      }
  }
  if (new Set(templates).size !== templates.length)
    say('#/paths', 'two differ by the names of parameters alone')
  if (new Set(ids).size !== ids.length) say('#/paths', 'two operations have one name')
  return problems
}
