import { type Application, applicationRoutes } from '@countersign/api'
import { Anchor, Badge, Button, Code, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { Dialog } from '../frame/dialog.tsx'
import { Empty, Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { PAGE_SIZE, Pages, Records, usePageNumber } from '../frame/records.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, usePage } from '../queries.ts'

const TYPES = ['Traditional', 'SPA', 'Native', 'MachineToMachine'] as const

function CreateForm() {
  const { texts } = useSpeech()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [type, setType] = useState<Application['type']>('Traditional')
  const create = useChange(applicationRoutes.createApplication, [applicationRoutes.listApplications])

  const form = useFormErrors({
    labels: { name: texts.applications.name, type: texts.applications.type },
    mistakes: { name: name.trim() === '' ? texts.form.empty(texts.applications.name) : undefined },
    error: create.error,
    values: { name, type },
  })

  function submit() {
    create.mutate(
      { body: { name: name.trim(), type } },
      {
        onSuccess: application => {
          notifications.show({ color: 'green', message: texts.application.created })
          void navigate(`/applications/${application.id}`)
        },
      },
    )
  }

  return (
    <Form of={form} onSubmit={submit}>
      <Stack>
        <TextInput
          {...form.field('name')}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
          maxLength={256}
          required
          data-autofocus
        />
        <Radio.Group
          {...form.group('type')}
          value={type}
          onChange={value => setType(value as Application['type'])}
        >
          <Stack gap="xs" mt="xs">
            {TYPES.map(value => (
              <Radio
                key={value}
                value={value}
                label={texts.applications.types[value]}
                description={texts.applications.typeTexts[value]}
              />
            ))}
          </Stack>
        </Radio.Group>
        <Button type="submit" loading={create.isPending}>
          {texts.common.create}
        </Button>
      </Stack>
    </Form>
  )
}

function List({ applications }: { applications: readonly Application[] }) {
  const { texts, date } = useSpeech()
  const label = texts.applications
  return (
    <Records columns={[label.name, label.type, label.id, label.created]}>
      <tbody>
        {applications.map(one => (
          <tr key={one.id}>
            <td data-label={label.name}>
              <Anchor component={Link} to={`/applications/${one.id}`} fw={550} className="any-letter">
                {one.name}
              </Anchor>
            </td>
            <td data-label={label.type}>
              <Badge variant="light" color="gray" tt="none">
                {label.types[one.type]}
              </Badge>
            </td>
            <td data-label={label.id}>
              <Code className="any-letter">{one.id}</Code>
            </td>
            <td data-label={label.created} className="moment">
              <Text size="sm">{date(one.createdAt)}</Text>
            </td>
          </tr>
        ))}
      </tbody>
    </Records>
  )
}

/** /applications: what users sign in to, and what may call the API. */
export function ApplicationsPage() {
  const { texts } = useSpeech()
  const [opened, { open, close }] = useDisclosure()
  const [page] = usePageNumber()
  const query = usePage(applicationRoutes.listApplications, {
    query: { page: String(page), page_size: String(PAGE_SIZE) },
  })
  const create = (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      {texts.applications.create}
    </Button>
  )
  return (
    <Page title={texts.applications.title} intro={texts.applications.intro} actions={create}>
      <Dialog opened={opened} onClose={close} title={texts.applications.create}>
        <CreateForm />
      </Dialog>
      <Loaded
        query={query}
        empty={{
          when: list => list.total === 0,
          show: <Empty title={texts.applications.empty} text={texts.applications.emptyText} />,
        }}
      >
        {({ items, total }) => (
          <Stack>
            <List applications={items} />
            <Pages total={total} />
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}
