import { consoleRoutes, type Route, type RouteAnswer, type RouteCall } from '@countersign/api'
import { keepPreviousData, QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ApiError } from './api-error.ts'
import { type CallInput, call, callPage } from './client.ts'
import { session } from './session.ts'

const keyOf = (route: Route, input?: unknown) =>
  input === undefined ? [route.operationId] : [route.operationId, input]

/** Reads a route. */
export function useRoute<R extends Route>(route: R, ...input: CallInput<R>) {
  return useQuery({ queryKey: keyOf(route, input[0]), queryFn: () => call(route, ...input) })
}

/**
 * Reads a route for a form that is filled from it: never from the cache, since what is saved is the whole form
 * and would undo what was changed elsewhere in the meantime.
 */
export function useFresh<R extends Route>(route: R, ...input: CallInput<R>) {
  const query = useQuery({
    queryKey: keyOf(route, input[0]),
    queryFn: () => call(route, ...input),
    refetchOnMount: 'always',
  })
  return { ...query, data: query.isFetchedAfterMount ? query.data : undefined }
}

/** Reads one page of a route that is cut into pages; `every` seconds asks again. */
export function usePage<R extends Route & { paginated: true }>(
  route: R,
  { every, ...input }: RouteCall<R> & { every?: number },
) {
  return useQuery({
    queryKey: keyOf(route, input),
    queryFn: () => callPage(route, ...([input] as unknown as CallInput<R>)),
    placeholderData: keepPreviousData,
    ...(every !== undefined && { refetchInterval: every * 1000 }),
  })
}

/** Calls a route that changes something, then reads the routes in `stale` again. */
export function useChange<R extends Route>(route: R, stale: readonly Route[] = []) {
  const client = useQueryClient()
  return useMutation<RouteAnswer<R>, Error, RouteCall<R>>({
    mutationFn: input => call(route, ...([input] as unknown as CallInput<R>)),
    onSuccess: () => Promise.all(stale.map(one => client.invalidateQueries({ queryKey: [one.operationId] }))),
  })
}

/** Who is signed in, and which world this is; asked again whenever the page is looked at again. */
export const useConsoleState = () =>
  useQuery({
    queryKey: keyOf(consoleRoutes.getConsoleState),
    queryFn: () => call(consoleRoutes.getConsoleState),
    refetchOnWindowFocus: 'always',
  })

/** Ends the session; where it was over already, nothing is to be done. */
export const signOut = (): Promise<unknown> => call(consoleRoutes.signOutOperator).catch(() => undefined)

const isClientError = (error: Error) => error instanceof ApiError && error.status >= 400 && error.status < 500

/** The cache behind all pages. When a session is found over, reading the state again shows the sign-in. */
export function createQueryClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: { staleTime: 5000, retry: (count, error) => count < 2 && !isClientError(error) },
    },
  })
  session.onEnd(() => void client.invalidateQueries({ queryKey: keyOf(consoleRoutes.getConsoleState) }))
  return client
}
