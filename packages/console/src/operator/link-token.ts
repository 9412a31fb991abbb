import { useEffect, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'

/** The token of a one-time link. It stands in the fragment, which no server ever sees, and leaves the address bar at once. */
export function useLinkToken(): string | undefined {
  const { hash, pathname } = useLocation()
  const navigate = useNavigate()
  const fresh = new URLSearchParams(hash.slice(1)).get('token')
  const [token, setToken] = useState(fresh)
  useEffect(() => {
    if (!fresh) return
    setToken(fresh)
    void navigate(pathname, { replace: true })
  }, [fresh, pathname, navigate])
  return token ?? undefined
}
