import { Anchor } from '@mantine/core'
import { Link } from 'react-router'
import { Page } from '../frame/page.tsx'
import { useSpeech } from '../language.tsx'

/** Any address that is no page. */
export function NotFoundPage() {
  const { texts } = useSpeech()
  return (
    <Page title={texts.errors.notFound}>
      <Anchor component={Link} to="/" w="fit-content">
        {texts.errors.goHome}
      </Anchor>
    </Page>
  )
}
