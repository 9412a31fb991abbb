import type { Localized } from '@countersign/kit'

const both = (en: string, zh: string): Localized => ({ en, 'zh-CN': zh })

/** What backup, restore and migrate say. */
export const UPKEEP = {
  noInstallation: (place: string) =>
    both(
      `There is no installation: no tables in ${place}. Set DATA_DIR or DATABASE_URL.`,
      `此处没有安装实例：${place} 中没有数据表。请设置 DATA_DIR 或 DATABASE_URL。`,
    ),
  noPassphrase: (variable: string) =>
    both(
      `The passphrase is missing: put it in the environment as ${variable}, or name a file with --passphrase-file.`,
      `缺少口令：请在环境变量 ${variable} 中给出，或用 --passphrase-file 指定文件。`,
    ),
  shortPassphrase: (least: number) =>
    both(
      `The passphrase is too short: whoever gets the file can go on trying. Take ${least} characters or more.`,
      `口令太短：拿到文件的人可以不断尝试。请使用 ${least} 个以上的字符。`,
    ),
  askPassphrase: both('Passphrase (not shown):', '口令（不显示）：'),
  askAgain: both('Once more:', '再次输入：'),
  notTheSame: both('The two are not the same. Begin again.', '两次输入不一致，请重新开始。'),
  unreadable: (file: string, code: string) =>
    both(`${file} cannot be read (${code}).`, `无法读取 ${file}（${code}）。`),
  exists: (file: string) =>
    both(
      `${file} is there already, and no backup is written over. Name another file.`,
      `${file} 已存在，备份不会覆盖已有文件。请换一个文件名。`,
    ),
  unwritable: (file: string, code: string) =>
    both(
      `${file} cannot be written (${code}). Name a file in a folder that this user may write to.`,
      `无法写入 ${file}（${code}）。请指定当前用户可写的目录中的文件。`,
    ),
  rows: (count: number) => both(`${count} ${count === 1 ? 'row' : 'rows'}`, `${count} 行`),
  backedUp: (place: string, file: string, tables: number, rows: number, size: string) =>
    both(
      `${place} is backed up in ${file}: ${tables} tables, ${rows} rows, ${size}.`,
      `已将 ${place} 备份到 ${file}：${tables} 张表，${rows} 行，${size}。`,
    ),
  needsKey: (id: string) =>
    both(
      `The secret key is not in it. Keep secret.key (or SECRET_KEY) elsewhere; its id is ${id}.`,
      `备份中不含密钥。请将 secret.key（或 SECRET_KEY）另行保存，其标识为 ${id}。`,
    ),
  about: (database: string, moment: string, migration: string) =>
    both(
      `Backup of ${database} of ${moment}, with the tables of ${migration}`,
      `${moment} 对 ${database} 所做的备份，表结构版本 ${migration}`,
    ),
  whole: both(
    'The backup is whole, and the key here is the one that it needs. Nothing was written.',
    '备份完整，此处的密钥正是它所需要的。未写入任何内容。',
  ),
  putBack: (place: string, tables: number, rows: number) =>
    both(
      `It stands in ${place}: ${tables} tables, ${rows} rows; counts and fingerprints of all tables agree.`,
      `已恢复到 ${place}：${tables} 张表，${rows} 行；所有表的行数与指纹均一致。`,
    ),
  broughtUp: (count: number) => both(`Then ${count} migrations were run.`, `随后执行了 ${count} 个迁移。`),
  noKey: (needed: string) =>
    both(
      `The backup needs the secret key ${needed}, and there is none here. Put that secret.key into DATA_DIR, or set SECRET_KEY, and begin again.`,
      `备份需要密钥 ${needed}，而此处没有密钥。请将对应的 secret.key 放入 DATA_DIR，或设置 SECRET_KEY，然后重试。`,
    ),
  noVaultKey: (ids: string) =>
    both(
      `The backup needs keys that VAULT_KEYS has not here: ${ids}. Set VAULT_KEYS as the server had it.`,
      `备份需要此处 VAULT_KEYS 中没有的密钥：${ids}。请按原服务器设置 VAULT_KEYS。`,
    ),
  otherKey: (needed: string, here: string) =>
    both(
      `The backup needs the secret key ${needed}; here is ${here}. With another key nothing that is sealed in it could be read. Set SECRET_KEY, or secret.key in DATA_DIR, as the server had it.`,
      `备份需要密钥 ${needed}，此处的密钥是 ${here}。使用其他密钥将无法读取其中加密的内容。请按原服务器设置 SECRET_KEY 或 DATA_DIR 中的 secret.key。`,
    ),
  upToDate: (place: string) =>
    both(`${place}: all migrations have been run.`, `${place}：所有迁移均已执行。`),
  due: (place: string, count: number) =>
    both(
      `${place}: ${count} ${count === 1 ? 'migration is' : 'migrations are'} due.`,
      `${place}：有 ${count} 个迁移待执行。`,
    ),
  ran: (place: string, count: number) =>
    both(
      `${place}: ${count} ${count === 1 ? 'migration was' : 'migrations were'} run.`,
      `${place}：已执行 ${count} 个迁移。`,
    ),
}

/** Why a backup cannot be made or put back, by what is in the way. */
export const BACKUP_PROBLEMS = {
  none: () =>
    both(
      'The file is no backup of Countersign. Name one that countersign backup has written.',
      '该文件不是 Countersign 的备份。请指定由 countersign backup 写出的文件。',
    ),
  passphrase: () =>
    both(
      'The passphrase is another one, or the file was cut or changed at its beginning.',
      '口令不正确，或文件开头被截断、改动。',
    ),
  damaged: () =>
    both(
      'The file was cut or changed, so nothing was restored. Take another copy of it.',
      '文件被截断或改动，未恢复任何内容。请使用另一份副本。',
    ),
  newer: (about: string) =>
    both(
      `A newer Countersign made it (${about} is unknown to this one). Restore it with that version or a later one.`,
      `该备份由更新版本的 Countersign 生成（当前版本不认识 ${about}）。请用该版本或更新的版本恢复。`,
    ),
  occupied: () =>
    both(
      'The database holds data, and nothing was changed. Restore into an empty one; or let --force delete all of it first, after the servers have stopped.',
      '数据库中已有数据，未作任何更改。请恢复到空数据库；或先停止服务器，再用 --force 删除全部现有数据。',
    ),
  running: (about: string) =>
    /^\d/.test(about)
      ? both(
          `Servers or commands of Countersign have this database open (sessions of PostgreSQL: ${about}), and nothing was changed. Stop them, and begin again. PgBouncer keeps sessions of stopped servers: end those with select pg_terminate_backend(<session>).`,
          `仍有 Countersign 服务器或命令连接着该数据库（PostgreSQL 会话：${about}），未作任何更改。请先停止它们，再重试。若是 PgBouncer 保留的已停止服务器的会话，请用 select pg_terminate_backend(<会话>) 结束。`,
        )
      : both(
          `Another process has ${about} open, and nothing was changed. Stop the server, and begin again.`,
          `另有进程正在使用 ${about}，未作任何更改。请先停止服务器，再重试。`,
        ),
  differs: (about: string) =>
    both(
      `What would stand in the table ${about} is not what was backed up, so nothing was restored. This is a fault of Countersign; please report it.`,
      `表 ${about} 中的内容与备份不一致，未恢复任何内容。这是 Countersign 的缺陷，请报告。`,
    ),
  value: (about: string) =>
    both(
      `${about} holds a value that cannot be kept as it is, such as the character NUL, which PostgreSQL has not. Correct it where it stands.`,
      `${about} 中有无法原样保存的值，例如 PostgreSQL 不支持的 NUL 字符。请在原处修正。`,
    ),
} as const satisfies Record<string, (about: string) => Localized>
