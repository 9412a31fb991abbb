import { emailTemplateRoutes } from '@countersign/api'
import { notifications } from '@mantine/notifications'
import { IconTrash } from '@tabler/icons-react'
import { useNavigate, useParams } from 'react-router'
import { TemplateEditor } from '../email-template/editor.tsx'
import { ConfirmButton } from '../frame/confirm.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useFresh } from '../queries.ts'
import { NotFoundPage } from './not-found.tsx'

const LIST = '/sign-in-experience/email-templates'

function Delete({ id }: { id: string }) {
  const { texts } = useSpeech()
  const label = texts.emailTemplates
  const navigate = useNavigate()
  const remove = useChange(emailTemplateRoutes.deleteEmailTemplate, [emailTemplateRoutes.listEmailTemplates])
  return (
    <ConfirmButton
      label={label.delete}
      icon={<IconTrash size={16} />}
      title={label.deleteTitle}
      text={label.deleteText}
      button={{ w: 'fit-content' }}
      onConfirm={async () => {
        await remove.mutateAsync({ params: { id } })
        notifications.show({ color: 'green', message: label.deleted })
        void navigate(LIST)
      }}
    />
  )
}

/** /sign-in-experience/email-templates/:id, and …/new: one template. */
export function EmailTemplatePage() {
  const { texts } = useSpeech()
  const label = texts.emailTemplates
  const { id = '' } = useParams()
  // The list is short, and a new one needs it too, to say which it would replace.
  const query = useFresh(emailTemplateRoutes.listEmailTemplates, {})
  return (
    <Loaded query={query}>
      {templates => {
        const template = templates.find(one => one.id === id)
        if (!template && id !== 'new') return <NotFoundPage />
        return (
          <Page
            title={template ? `${template.templateType} · ${template.languageTag}` : label.add}
            back={{ to: LIST, label: label.back }}
          >
            <TemplateEditor key={id} template={template} others={templates} />
            {template && <Delete id={template.id} />}
          </Page>
        )
      }}
    </Loaded>
  )
}
