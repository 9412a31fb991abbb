import { type FormField, UsageType } from '@countersign/api'
import { isObject } from '@countersign/kit/json'
import { ActionIcon, Button, Card, Group, Input, NativeSelect, Stack, Switch, Text } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { Issue } from '../api-error.ts'
import { useSpeech } from '../language.tsx'
import { Advanced } from './advanced.tsx'
import { blankRow, sameJson } from './draft.ts'
import { FieldInput } from './field-input.tsx'
import { FindingNotes, isSet, useHasFindings } from './findings.tsx'
import { MailCard } from './mail-card.tsx'
import { areMails, follow, mailRow } from './mail-row.ts'
import { OwnTemplatesNote } from './own-templates-note.tsx'
import { isShared, shareRow, writeShared } from './shared-row.ts'
import { SharedTemplate } from './shared-template.tsx'

type Row = Record<string, unknown>

interface TemplateRowsProps {
  field: FormField
  required: readonly string[]
  /** One template may do for all usage types: it says nothing but the code. */
  shareable: boolean
  value: unknown
  /** Paths start below the list: `[0, 'templateCode']`. */
  issues: readonly Issue[]
  /** The path starts below the list; an empty path is the list itself. */
  onChange: (path: readonly (string | number)[], value: unknown) => void
}

const messageAt = (issues: readonly Issue[], ...path: (string | number)[]) =>
  issues.find(issue => issue.path.join('.') === path.join('.'))?.message

const USAGE_TYPES: readonly string[] = UsageType.options

function TemplateRow(props: {
  index: number
  field: FormField
  row: Row
  issues: readonly Issue[]
  /** The whole row, for what changes several of its members. */
  onReplace: (row: Row) => void
  onWrite: (key: string, value: unknown) => void
  onRemove: () => void
}) {
  const { texts } = useSpeech()
  const { index, row, issues } = props
  const mails = areMails(props.field)
  const type = typeof row.usageType === 'string' ? row.usageType : ''
  const hint = Object.hasOwn(texts.usage, type) ? texts.usage[type as keyof typeof texts.usage] : undefined
  const fields = Object.entries(props.field.row ?? {})
  const rare = fields.filter(([, inner]) => inner.advanced)
  const found = useHasFindings(rare.map(([key]) => [props.field.key, index, key]))
  const wanted = rare.some(
    ([key, { default: fallback }]) => isSet(row[key], fallback) || messageAt(issues, index, key),
  )
  const anyFound = useHasFindings([[props.field.key, index]])
  const troubled = anyFound || issues.some(({ path }) => path[0] === index)
  const draw = ([key, inner]: (typeof fields)[number]) => (
    <Stack key={key} gap={4}>
      <FieldInput
        name={key}
        inRow
        field={inner}
        value={row[key]}
        error={messageAt(issues, index, key)}
        issues={issues.flatMap(({ path: [at, name, ...rest], message }) =>
          at === index && name === key ? [{ path: rest, message }] : [],
        )}
        onChange={value =>
          mails && key === 'locale'
            ? props.onReplace(follow(row, { locale: value }))
            : props.onWrite(key, value)
        }
      />
      <FindingNotes path={[props.field.key, index, key]} deep />
    </Stack>
  )
  const inside = (
    <>
      <Group align="flex-end" wrap="nowrap">
        <NativeSelect
          flex={1}
          label={texts.connector.usageType}
          description={hint}
          value={type}
          data={USAGE_TYPES.includes(type) ? [...USAGE_TYPES] : [type, ...USAGE_TYPES]}
          onChange={event => {
            const usageType = event.currentTarget.value
            if (mails) props.onReplace(follow(row, { usageType }))
            else props.onWrite('usageType', usageType)
          }}
          error={messageAt(issues, index, 'usageType')}
        />
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          aria-label={`${texts.connector.removeTemplate}: ${type}`}
          onClick={props.onRemove}
        >
          <IconTrash size={18} />
        </ActionIcon>
      </Group>
      {fields.filter(([, inner]) => !inner.advanced).map(draw)}
      {rare.length > 0 && <Advanced wanted={wanted || found}>{rare.map(draw)}</Advanced>}
      {Object.keys(row)
        .filter(key => !Object.hasOwn(props.field.row ?? {}, key))
        .map(key => (
          <FindingNotes key={key} path={[props.field.key, index, key]} />
        ))}
      {messageAt(issues, index) && (
        <Text size="xs" c="red">
          {messageAt(issues, index)}
        </Text>
      )}
    </>
  )
  const label = texts.connector.template(type, row.locale ? String(row.locale) : '')
  if (mails)
    return (
      <MailCard row={row} label={label} wanted={troubled} first={index === 0}>
        {inside}
      </MailCard>
    )
  return (
    <Card component="fieldset" withBorder padding="sm" m={0} aria-label={label}>
      <Stack gap="xs">{inside}</Stack>
    </Card>
  )
}

/**
 * Whether one template is shown for all usage types: as long as the operator wants it and the rows are equal. Rows that
 * became equal while they were typed stay apart.
 */
function useShared({ required, shareable, onChange }: TemplateRowsProps, rows: readonly unknown[]) {
  const equal = shareable && isShared(rows, required)
  const [wanted, setWanted] = useState(equal)
  const [before, setBefore] = useState<{ apart: readonly unknown[]; made: unknown }>()
  if (wanted && !equal) setWanted(false)
  const share = (wish: boolean) => {
    setWanted(wish)
    if (wish) {
      const made = shareRow(rows, required)
      setBefore({ apart: rows, made })
      onChange([], made)
    }
    // Whoever looks and turns back has lost nothing.
    else if (before && sameJson(before.made, rows)) onChange([], before.apart)
  }
  return { shared: wanted && equal ? (rows as Row[]) : undefined, share }
}

/** The rows of a `templates` field. */
export function TemplateRows(props: TemplateRowsProps) {
  const { texts, pick, pickAll, list, language } = useSpeech()
  const { field, required, shareable, value, issues, onChange } = props
  const isList = value === undefined || value === null || Array.isArray(value)
  const rows: unknown[] = Array.isArray(value) ? value : []
  const used = rows.map(row => (isObject(row) ? row.usageType : undefined))
  const { shared, share } = useShared(props, rows)
  const next = [...required, ...USAGE_TYPES].find(type => !used.includes(type)) ?? 'Generic'
  return (
    <Input.Wrapper
      labelElement="div"
      label={pick(field.label)}
      description={pickAll(field.help, !shared && texts.connector.requiredTypes(list(required)))}
      withAsterisk={field.required}
      error={messageAt(issues)}
    >
      <Stack gap="sm" mt="xs">
        {!isList && <Text size="sm">{texts.connector.notAForm}</Text>}
        {areMails(field) && <OwnTemplatesNote />}
        {isList && shareable && (
          <Switch
            label={texts.connector.oneTemplate}
            checked={shared !== undefined}
            onChange={event => share(event.currentTarget.checked)}
          />
        )}
        {shared && (
          <SharedTemplate
            field={field}
            rows={shared}
            issues={issues}
            onWrite={(key, next) => onChange([], writeShared(shared, key, next))}
          />
        )}
        {(shared ? [] : rows).map((row, index) =>
          isObject(row) ? (
            <TemplateRow
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place.
              key={index}
              index={index}
              field={field}
              row={row}
              issues={issues}
              onReplace={next => onChange([index], next)}
              onWrite={(key, next) => onChange([index, key], next)}
              onRemove={() => onChange([], rows.toSpliced(index, 1))}
            />
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place.
            <Text key={index} size="sm" c="dimmed">
              {texts.connector.notAForm}
            </Text>
          ),
        )}
        {isList && !shared && (
          <Button
            variant="default"
            w="fit-content"
            leftSection={<IconPlus size={16} />}
            onClick={() => {
              const row = blankRow(field, next)
              onChange([], [...rows, areMails(field) ? mailRow(row, language) : row])
            }}
          >
            {texts.connector.addTemplate}
          </Button>
        )}
      </Stack>
    </Input.Wrapper>
  )
}
