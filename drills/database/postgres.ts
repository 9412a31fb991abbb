import pg from 'pg'
import { startOwnPostgres } from '../../scripts/postgres.ts'
import { type Blow, chosen, type Findings, tryDatabase } from './trial.ts'

/** Runs a statement on each table in a transaction of its own: one for all could deadlock with visitors, who lock several. */
const onEachTable = (statement: string) => `
  do $$ declare name text; begin
    for name in select tablename from pg_tables where schemaname = 'public' loop
      execute format('${statement}', name);
      commit;
    end loop; end $$`

/**
 * What may happen to PostgreSQL: it is restarted, crashes, ends its sessions, stands still, and has no room left.
 *
 * @param wanted see `chosen`
 * @returns nothing when no blow is wanted
 */
export async function drillPostgres(wanted: readonly string[] = []): Promise<Findings | undefined> {
  const postgres = await startOwnPostgres({
    // What it has acknowledged must be there after a crash of its processes.
    synchronous_commit: 'on',
  })
  if (postgres.url === null) throw new Error(`PostgreSQL cannot be had here: ${postgres.reason}`)
  const ask = async (statement: string) => {
    const client = new pg.Client({ connectionString: postgres.url })
    client.on('error', () => {})
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  const terminate = () =>
    ask(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name like 'countersign%' or pid <> pg_backend_pid() and backend_type = 'client backend'`)
  const blows: Blow[] = [
    {
      title: 'restart',
      lasts: 1_500,
      strike: () => postgres.end('SIGINT'),
      heal: () => postgres.begin(),
    },
    {
      title: 'crash',
      lasts: 1_500,
      strike: () => postgres.end('SIGKILL'),
      heal: () => postgres.begin(),
    },
    {
      title: 'sessions ended',
      lasts: 0,
      async strike() {
        for (let round = 0; round < 30; round += 1) await terminate()
      },
      heal: async () => {},
    },
    {
      title: 'standstill',
      lasts: 8_000,
      strike: () => postgres.signal('SIGSTOP'),
      heal: () => postgres.signal('SIGCONT'),
    },
    {
      // A disk that is really full would take the log of the transactions along, and then it is a crash.
      title: 'no room (simulated: writes fail with 53100)',
      lasts: 2_000,
      async strike() {
        await ask(`create function drill_full() returns trigger language plpgsql as
          $$ begin raise exception 'could not extend file: no space left on device' using errcode = '53100'; end $$`)
        await ask(
          onEachTable(
            'create trigger drill_full before insert or update on %I execute function drill_full()',
          ),
        )
      },
      async heal() {
        await ask(onEachTable('drop trigger drill_full on %I'))
        await ask('drop function drill_full')
      },
    },
  ]
  const some = chosen('PostgreSQL', blows, wanted)
  try {
    if (some.length === 0) return undefined
    return await tryDatabase('PostgreSQL', { DATABASE_URL: postgres.url }, async () => some)
  } finally {
    await postgres.signal('SIGCONT')
    await postgres.stop()
  }
}
