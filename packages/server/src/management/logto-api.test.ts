import { LanguageTag, type Route } from '@countersign/api'
import { expect, test } from 'vitest'
import {
  ownCalls,
  publishedLanguages,
  publishedOperations,
  sharedRoutes,
  withoutArea,
} from '../testing/logto.ts'

// The routes themselves are called in the files beside this one, each for its area.

const published = publishedOperations()
const operationOf = ({ method, path }: Route) => published.get(`${method} ${path}`)

test('every route of Logto is tried in one of the areas', () => {
  expect(sharedRoutes.length).toBeGreaterThan(90)
  expect(withoutArea()).toEqual([])
})

test('what counts as our own is unknown to the types of @logto/api, and everything else is known there', () => {
  expect(ownCalls.filter(call => published.has(call))).toEqual([])
  expect(sharedRoutes.filter(route => !operationOf(route))).toEqual([])
})

test('operations have the names that Logto gave them', () => {
  const ours = sharedRoutes.map(({ method, path, operationId }) => `${method} ${path} ${operationId}`)
  const theirs = sharedRoutes.map(
    route => `${route.method} ${route.path} ${operationOf(route)?.operationId ?? 'nothing'}`,
  )
  expect(ours).toEqual(theirs)
})

test('every language that Logto takes is taken', () => {
  const languages = publishedLanguages()
  expect(languages.length).toBeGreaterThan(100)
  expect(languages.filter(tag => !LanguageTag.safeParse(tag).success)).toEqual([])
})

/** Answers that we declare and never give: what is to be deleted is never there. */
const NEVER = ['delete /api/applications/{id}/legacy-secret 204']

test('operations succeed with the statuses that the types of @logto/api know', () => {
  const unknown = sharedRoutes.flatMap(route =>
    Object.keys(route.answers)
      .filter(status => !operationOf(route)?.statuses.includes(Number(status)))
      .map(status => `${route.method} ${route.path} ${status}`),
  )
  expect(unknown.filter(each => !NEVER.includes(each))).toEqual([])
})
