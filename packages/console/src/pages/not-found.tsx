import { Button } from '@mantine/core'
import { Link } from 'react-router'
import { Empty } from '../frame/loaded.tsx'
import { useSpeech } from '../language.tsx'

/** Any address that is no page. */
export function NotFoundPage() {
  const { texts } = useSpeech()
  return (
    <Empty title={texts.errors.notFound}>
      <Button component={Link} to="/" variant="light">
        {texts.errors.goHome}
      </Button>
    </Empty>
  )
}
