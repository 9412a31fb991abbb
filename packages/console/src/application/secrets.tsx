import { type ApplicationSecret, applicationRoutes } from '@countersign/api'
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { ConfirmButton } from '../frame/confirm.tsx'
import { HiddenValue } from '../frame/hidden-value.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useRoute } from '../queries.ts'

const STALE = [applicationRoutes.listApplicationSecrets]

function Secret({ secret }: { secret: ApplicationSecret }) {
  const { texts, date } = useSpeech()
  const remove = useChange(applicationRoutes.deleteApplicationSecret, STALE)
  return (
    <Group justify="space-between" gap="xs">
      <Stack gap={2} miw={0} flex="1 1 14rem">
        <Text size="sm">
          {secret.name}
          {secret.expiresAt !== null && (
            <Text span size="sm" c="dimmed">
              {' '}
              · {texts.application.expires(date(secret.expiresAt))}
            </Text>
          )}
        </Text>
        <HiddenValue
          value={secret.value}
          label={secret.name}
          reveal={texts.application.revealSecret(secret.name)}
        />
      </Stack>
      <ConfirmButton
        label={texts.common.delete}
        icon={<IconTrash size={14} />}
        title={texts.application.deleteSecret(secret.name)}
        text={texts.application.deleteSecretText}
        button={{ size: 'xs' }}
        onConfirm={() => remove.mutateAsync({ params: { id: secret.applicationId, name: secret.name } })}
      />
    </Group>
  )
}

/** The secrets of an application that can keep one. */
export function Secrets({ applicationId }: { applicationId: string }) {
  const { texts } = useSpeech()
  const [name, setName] = useState('')
  const query = useRoute(applicationRoutes.listApplicationSecrets, { params: { id: applicationId } })
  const create = useChange(applicationRoutes.createApplicationSecret, STALE)

  const form = useFormErrors({
    labels: { name: texts.application.secretName },
    mistakes: { name: name.trim() === '' ? texts.form.empty(texts.application.secretName) : undefined },
    error: create.error,
    values: { name },
  })

  function add() {
    create.mutate(
      { params: { id: applicationId }, body: { name: name.trim() } },
      {
        onSuccess: () => {
          setName('')
          form.start()
        },
      },
    )
  }

  return (
    <Stack gap="sm">
      <Text size="sm" fw={500}>
        {texts.application.secrets}
      </Text>
      <Loaded
        query={query}
        empty={{
          when: list => list.length === 0,
          show: (
            <Text size="sm" c="dimmed">
              {texts.application.noSecrets}
            </Text>
          ),
        }}
      >
        {secrets => secrets.map(secret => <Secret key={secret.name} secret={secret} />)}
      </Loaded>
      <Form of={form} onSubmit={add}>
        <Group align="flex-start" gap="xs">
          <TextInput
            flex="1 1 12rem"
            maw={320}
            {...form.field('name')}
            value={name}
            onChange={event => setName(event.currentTarget.value)}
            maxLength={256}
            required
          />
          <Button
            type="submit"
            mt={24}
            variant="default"
            leftSection={<IconPlus size={16} />}
            loading={create.isPending}
          >
            {texts.application.addSecret}
          </Button>
        </Group>
      </Form>
    </Stack>
  )
}
