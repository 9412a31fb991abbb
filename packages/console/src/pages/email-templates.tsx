import { emailTemplateRoutes } from '@countersign/api'
import { Anchor, Button, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from 'react-router'
import { Empty, Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { Records } from '../frame/records.tsx'
import { useSpeech } from '../language.tsx'
import { useRoute } from '../queries.ts'
import { languageName } from '../sentences/language-names.ts'

/** /sign-in-experience/email-templates: what e-mails say. */
export function EmailTemplatesPage() {
  const { texts, date, language } = useSpeech()
  const label = texts.emailTemplates
  const query = useRoute(emailTemplateRoutes.listEmailTemplates, {})
  return (
    <Page
      title={label.title}
      intro={label.intro}
      back={{ to: '/sign-in-experience', label: texts.sentences.back }}
      actions={
        <Button
          component={Link}
          to="/sign-in-experience/email-templates/new"
          leftSection={<IconPlus size={16} />}
        >
          {label.add}
        </Button>
      }
    >
      <Loaded
        query={query}
        empty={{
          when: list => list.length === 0,
          show: <Empty title={label.empty} text={label.emptyText} />,
        }}
      >
        {templates => (
          <Records columns={[label.subject, label.language, label.occasion, label.created]}>
            <tbody>
              {templates.map(({ id, languageTag, templateType, details, createdAt }) => (
                <tr key={id}>
                  <td data-label={label.subject}>
                    <Anchor
                      component={Link}
                      to={`/sign-in-experience/email-templates/${id}`}
                      fw={550}
                      inherit
                      className="breakable"
                    >
                      {details.subject || '–'}
                    </Anchor>
                  </td>
                  <td data-label={label.language}>{languageName(languageTag, language)}</td>
                  <td data-label={label.occasion}>
                    <div>
                      {templateType}
                      <Text size="sm" c="dimmed">
                        {texts.usage[templateType]}
                      </Text>
                    </div>
                  </td>
                  <td data-label={label.created} className="moment">
                    {date(createdAt)}
                  </td>
                </tr>
              ))}
            </tbody>
          </Records>
        )}
      </Loaded>
    </Page>
  )
}
