import { configRoutes, type OidcKey } from '@countersign/api'
import { Badge, NativeSelect, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconRefresh, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { ConfirmButton } from '../frame/confirm.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { Records } from '../frame/records.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useRoute } from '../queries.ts'

type KeyType = 'private-keys' | 'cookie-keys'

const ALGORITHMS = { EC: 'ES384', RSA: 'RS256' } as const
type Algorithm = keyof typeof ALGORITHMS

const COLORS: Record<OidcKey['status'], string> = { Next: 'blue', Current: 'green', Previous: 'gray' }

/** Seconds: verifiers keep a key set for ten minutes. */
const USUAL_GRACE = '600'

function Rotate({ keyType, name }: { keyType: KeyType; name: string }) {
  const { texts } = useSpeech()
  const label = texts.keys
  const [grace, setGrace] = useState(USUAL_GRACE)
  const [algorithm, setAlgorithm] = useState<Algorithm | ''>('')
  const rotate = useChange(configRoutes.rotateOidcKeys, [configRoutes.getOidcKeys])
  const isPrivate = keyType === 'private-keys'
  return (
    <ConfirmButton
      label={label.rotate}
      icon={<IconRefresh size={14} />}
      title={isPrivate ? label.rotatePrivate : label.rotateCookies}
      text={isPrivate ? label.rotatePrivateText : label.rotateCookiesText}
      confirm={label.rotate}
      button={{ size: 'xs', 'aria-label': label.rotateNamed(name) }}
      onConfirm={async () => {
        await rotate.mutateAsync({
          params: { keyType },
          body: {
            rotationGracePeriod: Number(grace),
            ...(algorithm && { signingKeyAlgorithm: algorithm }),
          },
        })
        notifications.show({ color: 'green', message: label.rotated })
      }}
    >
      <NativeSelect
        label={label.grace}
        value={grace}
        onChange={event => setGrace(event.currentTarget.value)}
        data={Object.entries(label.graces).map(([value, one]) => ({ value, label: one }))}
      />
      {isPrivate && (
        <NativeSelect
          label={label.algorithm}
          description={label.algorithmHint}
          value={algorithm}
          onChange={event => setAlgorithm(event.currentTarget.value as Algorithm | '')}
          data={[
            { value: '', label: label.sameAlgorithm },
            ...Object.entries(ALGORITHMS).map(([value, one]) => ({ value, label: one })),
          ]}
        />
      )}
    </ConfirmButton>
  )
}

function Row({ keyType, one }: { keyType: KeyType; one: OidcKey }) {
  const { texts, date } = useSpeech()
  const label = texts.keys
  const remove = useChange(configRoutes.deleteOidcKey, [configRoutes.getOidcKeys])
  return (
    <tr>
      <td data-label={label.id} className="any-letter">
        {one.id}
      </td>
      {keyType === 'private-keys' && (
        <td data-label={label.algorithm}>
          <div>
            {one.signingKeyAlgorithm && ALGORITHMS[one.signingKeyAlgorithm]}
            {one.forApplications && (
              <Text size="xs" c="dimmed">
                {label.forApplications}
              </Text>
            )}
          </div>
        </td>
      )}
      <td data-label={label.created} className="moment">
        {date(one.createdAt)}
      </td>
      <td data-label={label.effective} className="moment">
        {date(one.effectiveAt)}
      </td>
      <td data-label={label.state}>
        <Badge variant="light" color={COLORS[one.status]} tt="none">
          {label.states[one.status]}
        </Badge>
      </td>
      <td>
        {(one.status !== 'Current' || one.forApplications) && (
          <ConfirmButton
            label={label.delete}
            icon={<IconTrash size={14} />}
            title={label.deleteTitle}
            text={keyType === 'private-keys' ? label.deletePrivateText : label.deleteCookiesText}
            button={{ size: 'xs', 'aria-label': label.deleteNamed(one.id) }}
            onConfirm={async () => {
              await remove.mutateAsync({ params: { keyType, keyId: one.id } })
              notifications.show({ color: 'green', message: label.deleted })
            }}
          />
        )}
      </td>
    </tr>
  )
}

/** The keys of one kind: which signs, which will, which did. */
export function KeyRing({ keyType }: { keyType: KeyType }) {
  const { texts } = useSpeech()
  const label = texts.keys
  const name = keyType === 'private-keys' ? label.private : label.cookies
  const query = useRoute(configRoutes.getOidcKeys, { params: { keyType } })
  return (
    <Section
      title={name}
      text={keyType === 'private-keys' ? label.privateText : label.cookiesText}
      actions={<Rotate keyType={keyType} name={name} />}
    >
      <Loaded query={query}>
        {keys => (
          <Records
            columns={[
              label.id,
              ...(keyType === 'private-keys' ? [label.algorithm] : []),
              label.created,
              label.effective,
              label.state,
              label.delete,
            ]}
          >
            <tbody>
              {keys.map(one => (
                <Row key={one.id} keyType={keyType} one={one} />
              ))}
            </tbody>
          </Records>
        )}
      </Loaded>
    </Section>
  )
}
