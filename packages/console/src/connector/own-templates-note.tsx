import { emailTemplateRoutes } from '@countersign/api'
import { Anchor, Text } from '@mantine/core'
import { Link } from 'react-router'
import { useSpeech } from '../language.tsx'
import { useRoute } from '../queries.ts'

/** Says that what an operator wrote apart from the connector takes the place of its own e-mails, where there is any. */
export function OwnTemplatesNote() {
  const { texts } = useSpeech()
  const { data = [] } = useRoute(emailTemplateRoutes.listEmailTemplates, {})
  if (data.length === 0) return null
  return (
    <Text size="sm" c="light-dark(#8a5a00, #f0c46c)">
      {texts.connector.ownTemplates}{' '}
      <Anchor component={Link} to="/sign-in-experience/email-templates" inherit underline="always">
        {texts.emailTemplates.title}
      </Anchor>
    </Text>
  )
}
