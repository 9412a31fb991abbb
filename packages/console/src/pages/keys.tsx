import { Page } from '../frame/page.tsx'
import { KeyRing } from '../keys/key-ring.tsx'
import { SessionLifetime } from '../keys/session-lifetime.tsx'
import { useSpeech } from '../language.tsx'

/** /keys: what signs, and how long a sign-in lasts. */
export function KeysPage() {
  const { texts } = useSpeech()
  return (
    <Page title={texts.keys.title} intro={texts.keys.intro}>
      <KeyRing keyType="private-keys" />
      <KeyRing keyType="cookie-keys" />
      <SessionLifetime />
    </Page>
  )
}
